"""An answer as the pages show it: the notice's contents, what would change it, and what was left unsaid."""

from dataclasses import dataclass
from typing import Any

from api.notice.contents import Contents, contents_of
from api.web.links import linked
from api.web.visits import Visit
from engine.access.roles import Act
from engine.explanation.speaker import Speaker
from engine.ledger.envelope import read_json
from engine.model import Rulebook
from engine.services.telling import Told, noted_now, row_of, told_in
from engine.vocabulary import FactRecord

# What would change a decision is tried out, party by party, while somebody waits: with more of them it takes seconds.
MOST_TRIED = 12


@dataclass(frozen=True, slots=True)
class Answer:
    """A recorded decision, in one language; `ways` are lines with their indents, `missing` the facts nobody stated."""

    told: Told
    contents: Contents
    ways: list[str]
    missing: list[FactRecord]
    speaker: Speaker

    @property
    def row(self) -> Any:
        """The leaf's row."""
        return self.told.row

    @property
    def core(self) -> Any:
        """The core as recorded, read."""
        return self.told.noted.receipt["core"]

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook it was made by."""
        return self.told.noted.rulebook

    @property
    def place(self) -> str | None:
        """The place asked for."""
        return self.told.place

    @property
    def matter(self) -> str:
        """The matter asked for, if any."""
        return str(self.core["question"].get("matter", ""))


def answer_of(visit: Visit, decision: str) -> Answer:
    """A decision the visitor may see; the look is written down before anything is shown. Missing if there is none."""
    desk = visit.desk
    row = row_of(desk.ledger.store, decision)
    told = _told(visit, row)
    visit.within(row.scenario, told.place)
    visit.look(Act.READ_DECISION, told.subjects, row.id)
    words = told.noted.rulebook.vocabulary
    missing = [words.facts[code] for code in told.noted.receipt["core"]["missing"] if code in words.facts]
    speaker = Speaker(told.noted.rulebook, visit.lang)
    contents = linked(contents_of(told.noted, visit.lang), desk.law.now.rulebook, told.noted.rulebook.revision)
    return Answer(told, contents, told.ways(visit.lang), missing, speaker)


def _told(visit: Visit, row: Any) -> Told:
    """All of it; with many parties, without what would change it."""
    desk, current = visit.desk, visit.desk.law.now.rulebook
    if len(read_json(row.core)["parties"]) > MOST_TRIED:
        return Told(row, noted_now(desk.ledger, row, current), None)
    return told_in(desk.ledger, desk.books.registry, row, current)
