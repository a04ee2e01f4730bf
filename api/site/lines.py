"""A measure as the pages show it: in one language, with its anchor, its source, and whether it bites on the day."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from api.cli.legality_words import Teller
from api.site.words import TAGS, WORDS, effect_word
from engine.analysis.atlas import Atlas, left_open
from engine.analysis.bite import Bite
from engine.explanation.speaker import Speaker
from engine.explanation.table import Row, annex
from engine.model import Measure
from engine.vocabulary import NATIONAL, Span

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Text:
    """Words on a page; `href` counts from the language's own folder, `foreign` names the language if not the page's."""

    text: str
    href: str = ""
    foreign: str = ""


def written(text: str, lang: str) -> Text:
    """A text that policy staff wrote in one language only, marked where that is not the page's."""
    chinese, latin = len(_CHINESE.findall(text)), len(_LATIN.findall(text))
    own = "zh" if 2 * chinese > latin else "en"
    return Text(text, foreign=TAGS[own] if text and own != lang else "")


@dataclass(frozen=True, slots=True)
class Line:
    """One measure as its annex `row`; `brief` is whom and when without the names of lists, for pages that name them.

    `why` says what is not plainly effective, and `rests` whether it is without effect; `place` is empty for the whole
    nation; `then` are the authority's next steps.
    """

    anchor: str
    fragment: str
    effect: str
    effect_word: str
    row: Row
    brief: tuple[str, ...]
    pack: str
    title: str
    number: str
    place: str
    state: str
    rests: bool
    why: tuple[str, ...]
    asides: tuple[str, ...]
    then: tuple[str, ...]
    note: Text


class Lines:
    """The lines of every measure of an atlas, by identity."""

    def __init__(self, atlas: Atlas, speaker: Teller) -> None:
        self._atlas, self._speaker = atlas, speaker
        self._lines: dict[str, Line] = {}
        for sheet in atlas.sheets.values():
            rows = annex(sheet.memorandum, atlas.vocabulary, speaker.lang)
            anchors = anchors_of(row.clause for row in rows)
            for one, row in zip(sheet.bites, rows, strict=True):
                self._lines[one.measure.id] = self._line(one, row, anchors[row.clause])

    def of(self, bites: Iterable[Bite]) -> tuple[Line, ...]:
        """The lines of these measures, in their order."""
        return tuple(self._lines[one.measure.id] for one in bites)

    def by_id(self, name: str) -> Line | None:
        """The line of `pack#clause`, if there is such a measure."""
        return self._lines.get(name)

    def _line(self, one: Bite, row: Row, anchor: str) -> Line:
        measure, memorandum, lang = one.measure, one.memorandum, self._speaker.lang
        told = self._speaker.line(one)
        return Line(
            anchor=anchor,
            fragment=quote(anchor),
            effect=str(measure.effect),
            effect_word=effect_word(measure.effect, self._open(one), lang),
            row=row,
            brief=self._brief(one.measure, row),
            pack=measure.pack,
            title=memorandum.title.say(lang),
            number=memorandum.number,
            place="" if measure.jurisdiction == NATIONAL else self._speaker.place(measure.jurisdiction),
            state=told.state,
            rests=one.lack is not None,
            why=told.why,
            asides=tuple(self._asides(one)),
            then=tuple(_steps(measure, self._speaker)),
            note=written(measure.note.say(lang) if measure.note else "", lang),
        )

    def _open(self, one: Bite) -> tuple[str, ...]:
        return (WORDS["left_open"].say(self._speaker.lang),) if left_open(one) else ()

    def _brief(self, measure: Measure, row: Row) -> tuple[str, ...]:
        names = self._speaker.join(self._speaker.list_name(code) for code in measure.lists)
        cut = (line.removeprefix(names).lstrip("：: ") if names else line for line in row.applies)
        return tuple(line for line in cut if line)

    def _asides(self, one: Bite) -> Iterable[str]:
        """What is said beside a measure that bites: until when, and that the basic list in force was not read."""
        if one.lack:
            return
        if one.holds.until:
            yield self._speaker.days(Span(until=one.holds.until))
        if one.footing.edition_not_read:
            yield WORDS["unread"].say(self._speaker.lang)


def anchors_of(clauses: Iterable[str]) -> Mapping[str, str]:
    """Each clause's anchor on its document's page: the clause without blanks, told apart where that is not enough."""
    found: dict[str, str] = {}
    for clause in clauses:
        anchor = anchor_of(clause)
        while anchor in found.values():
            anchor += "-"
        found[clause] = anchor
    return found


def anchor_of(clause: str) -> str:
    """A clause's anchor where no other clause of the document differs from it only by blanks and hyphens."""
    return "c-" + "-".join(clause.split())


def _steps(measure: Measure, speaker: Speaker) -> Iterable[str]:
    for stage, words in measure.then.items():
        told = speaker.value("stage", stage) if stage else ""
        colon = "：" if speaker.lang == "zh" else ": "
        yield f"{told}{colon}{speaker.word(words)}" if told else speaker.word(words)
