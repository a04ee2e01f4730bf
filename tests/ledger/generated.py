"""Questions without end about a sample's subjects, and a ledger of the decisions on them: for replay, at any size."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from engine.calendar import When, read_when
from engine.decide import decide
from engine.identity import synthetic_code
from engine.inquiry import UNKNOWN, Inquiry, Known, Party
from engine.ledger.envelope import Caller, openings
from engine.ledger.recording import Circumstances, Entered, entered, keep_rulebook, record
from engine.ledger.sequencing import BATCH as NUMBERED
from engine.ledger.sequencing import sequence
from engine.model import MOMENTS
from engine.packs.asked_shapes import KINDS
from engine.registry.chain import latest, version_at
from engine.registry.reading import register_of
from engine.services.books import open_books, open_ledger
from engine.services.sampling import TODAY, sample
from engine.vocabulary import NATIONAL, FactRecord, FactType, Owner, Vocabulary
from tests.ledger.desk import NOON, Chance, at_home, law

# Leaves written in one commit.
BATCH = 500
# Decisions read one of so many of the newest versions of the registry, half of them the newest.
VERSIONS = 12


class Questions:
    """Random questions from a seed: every scenario, place, moment, role and fact, about these subjects.

    Their days lie up to `spread` before or after the sample's own today.
    """

    def __init__(self, vocabulary: Vocabulary, subjects: Sequence[str], seed: int, spread: int) -> None:
        self._words, self._subjects, self._draw, self._spread = vocabulary, subjects, Random(seed), spread
        self._places = (None, NATIONAL, *vocabulary.jurisdictions)
        own = [fact for fact in vocabulary.facts.values() if not fact.derived]
        self._facts = {owner: [fact for fact in own if fact.owner is owner] for owner in Owner}

    def one(self) -> Inquiry:
        """The next question."""
        draw = self._draw
        scenario = self._words.scenarios[draw.choice(sorted(self._words.scenarios))]
        moments = {"as_of": self._when()}
        moments |= {name: self._when() for name in MOMENTS if name != "as_of" and draw.random() < 0.2}
        if draw.random() < 0.7:
            moments[scenario.moment] = self._when()
        prevails = scenario.moment if scenario.moment in moments else "as_of"
        if draw.random() < 0.1:
            prevails = draw.choice(sorted(moments))
        matters = [code for code, one in self._words.matters.items() if scenario.code in one.scenarios]
        return Inquiry(
            scenario.code,
            tuple(self._parties([*scenario.roles])),
            moments,
            prevails,
            draw.choice(self._places),
            draw.choice(matters) if matters and draw.random() < 0.5 else None,
            draw.choice(sorted(self._words.issuers)) if draw.random() < 0.3 else None,
            self._known(Owner.INQUIRY),
        )

    def _parties(self, roles: list[str]) -> Iterator[Party]:
        draw, seen = self._draw, set[tuple[str, str]]()
        several = draw.choice(("", "联合体甲")) if draw.random() < 0.2 else None
        for _ in range(1 if several is None else draw.randrange(2, 5)):
            subject, role = draw.choice(self._subjects), draw.choice(roles)
            if (subject, role) not in seen:
                seen.add((subject, role))
                kind = draw.choice(KINDS) if draw.random() < 0.1 else KINDS[0]
                yield Party(subject, role, several or "", kind, self._known(Owner.PARTY))

    def _known(self, owner: Owner) -> dict[str, Known]:
        draw = self._draw
        return {fact.code: self._value(fact) for fact in self._facts[owner] if draw.random() < 0.15}

    def _value(self, fact: FactRecord) -> Known:
        draw = self._draw
        if draw.random() < 0.1:
            return UNKNOWN
        if fact.type is FactType.MONEY:
            return draw.choice((0, 1, 99, 150_000_00, 2_000_000_50, draw.randrange(10**12)))
        if fact.type is FactType.COUNT:
            return draw.randrange(12)
        if fact.type is FactType.DATE:
            return self._day()
        if fact.type is FactType.FLAG:
            return draw.random() < 0.5
        return draw.choice(sorted(fact.values)) if fact.values else draw.choice(("1", "x-2", "其他"))

    def _day(self) -> date:
        return TODAY + timedelta(days=self._draw.randint(-self._spread, self._spread))

    def _when(self) -> When:
        hour = self._draw.choice(("", "T09:00+08:00", "T23:59:59+08:00", "T01:30Z"))
        return read_when(self._day().isoformat() + hour)


@dataclass(frozen=True, slots=True)
class Written:
    """A decision in the ledger: its id, what was asked, and the version of the registry it read."""

    id: str
    inquiry: Inquiry
    version: int


def write_ledger(folder: Path, count: int, subjects: int, spread: int = 1_500, seed: int = 1) -> list[Written]:
    """A home with a sample of so many subjects, and so many decisions made at its last versions."""
    with at_home(folder):
        books, ledger, book = open_books(), open_ledger(), law().rulebook()
        sample(books, book.vocabulary, subjects)
        asked_about = [synthetic_code(number) for number in range(subjects + subjects // 10)]
        questions, draw = Questions(book.vocabulary, asked_about, seed, spread), Random(seed)
        keep_rulebook(ledger.store, book.revision, law().files, NOON)
        salts, leaves, found = Chance(f"salts {seed}"), list[Entered](), list[Written]()
        with books.registry.reading() as known:
            last = latest(known).number
            # The last write of a sample is its events, the one before its relations: half see both.
            versions = [version_at(known, number) for number in range(max(1, last - VERSIONS + 1), last + 1)]
            for number in range(count):
                inquiry, version = questions.one(), draw.choice([draw.choice(versions), versions[-1]])
                subjects_of = [party.subject for party in inquiry.parties]
                register = register_of(known, subjects_of, version.number, book.vocabulary)
                found.append(Written(f"00000000-0000-7000-8000-{number:012x}", inquiry, version.number))
                now = NOON + timedelta(milliseconds=number)
                at = Circumstances(found[-1].id, now, version, book.revision, "tests")
                decision = decide(inquiry, register, book)
                leaves.append(entered(decision, at, openings(decision.names, salts), Caller("tests"), ledger.keys))
                if len(leaves) == BATCH or number == count - 1:
                    record(ledger.store, leaves)
                    leaves.clear()
        for _ in range(0, count, NUMBERED):
            sequence(ledger.store, ledger.keys, datetime.now(UTC))
    return found
