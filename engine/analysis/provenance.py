"""What a library rests on: its measures by source, confidence, scenario and kind of document, and what is too weak."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.analysis.drafts import WEAK, draft_for
from engine.model import Form, Measure, Memorandum, Rulebook
from engine.reading import Checked
from engine.vocabulary import Rank, Vocabulary

KINDS = ("punishment", "incentive", "mixed")
# How readings are ordered wherever they are counted: the best first, and what says nothing of itself last.
SOURCES = ("text", "official-copy", "press", "translation", "memory", "")
CONFIDENCES = ("high", "medium", "low", "")


@dataclass(frozen=True, slots=True)
class Group:
    """Measures that have something in common, and in how many packs they stand; a draft changes no verdict."""

    packs: int
    effective: int
    drafts: int

    @property
    def measures(self) -> int:
        """All of them, drafts too."""
        return self.effective + self.drafts


@dataclass(frozen=True, slots=True)
class PackCount:
    """One pack: its measures, and the cases beside it."""

    memorandum: Memorandum
    effective: int
    drafts: int
    cases: int


@dataclass(frozen=True, slots=True)
class ListTerms:
    """Lists by what is said of how long an entry stands: a rule, why there is none, or nothing."""

    ruled: tuple[str, ...]
    untimed: tuple[str, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InstrumentCount:
    """Instruments of one rank that were checked alike; `by` and `confidence` are empty where it is not said."""

    rank: Rank
    by: str
    confidence: str
    number: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """The counts of a library. Of groups by scenario a measure is in each that it names, elsewhere in one.

    `weak` are the measures that rest on memory or are of low confidence, `weak_packs` the packs with no other,
    `weak_instruments` the instruments registered so, or without a word of how.
    """

    whole: Group
    by_confidence: Mapping[str, Group]
    by_source: Mapping[str, Group]
    by_scenario: Mapping[str, Group]
    by_kind: Mapping[str, Group]
    by_form: Mapping[str, Group]
    packs: tuple[PackCount, ...]
    shared_cases: int
    lists: ListTerms
    instruments: tuple[InstrumentCount, ...]
    weak: tuple[Measure, ...]
    weak_packs: tuple[str, ...]
    weak_instruments: tuple[str, ...]


def provenance(
    rulebook: Rulebook, cases: Mapping[str, int], shared_cases: int, instruments: Mapping[str, Checked | None]
) -> Provenance:
    """The library counted. `cases` is the number beside each pack, `instruments` says how each was checked."""
    measures, words = tuple(rulebook.measures), rulebook.vocabulary
    packs = [rulebook.memoranda[code] for code in sorted(rulebook.memoranda)]
    kind = {pack.code: pack.kind for pack in packs}
    weak = {measure.id: measure for measure in measures if WEAK.intersection(draft_for(measure, words))}
    return Provenance(
        _group(measures),
        _grouped(measures, lambda m: (m.checked.confidence,), CONFIDENCES),
        _grouped(measures, lambda m: (m.checked.by,), SOURCES),
        _grouped(measures, lambda m: m.scenarios, words.scenarios),
        _grouped(measures, lambda m: (kind[m.pack],), KINDS),
        _grouped(measures, lambda m: (m.form.value,), Form),
        tuple(_pack(pack, cases.get(pack.code, 0)) for pack in packs),
        shared_cases,
        _terms(words),
        tuple(_instruments(words, instruments)),
        tuple(weak.values()),
        tuple(pack.code for pack in packs if all(measure.id in weak for measure in pack.measures)),
        tuple(code for code in words.instruments if (how := instruments.get(code)) is None or how.draft),
    )


def _group(measures: Iterable[Measure]) -> Group:
    found = list(measures)
    drafts = sum(measure.draft for measure in found)
    return Group(len({measure.pack for measure in found}), len(found) - drafts, drafts)


def _grouped(
    measures: Iterable[Measure], of: Callable[[Measure], Iterable[str]], order: Iterable[str] = ()
) -> dict[str, Group]:
    """The measures by what `of` says of them; in this order, what it leaves out after it by name."""
    found: dict[str, list[Measure]] = defaultdict(list)
    for measure in measures:
        for key in dict.fromkeys(of(measure)):
            found[key].append(measure)
    ordered = [key for key in dict.fromkeys((*order, *sorted(found))) if key in found]
    return {key: _group(found[key]) for key in ordered}


def _pack(memorandum: Memorandum, cases: int) -> PackCount:
    group = _group(memorandum.measures)
    return PackCount(memorandum, group.effective, group.drafts, cases)


def _terms(vocabulary: Vocabulary) -> ListTerms:
    ruled = tuple(code for code, record in vocabulary.lists.items() if record.terms)
    untimed = tuple(code for code, record in vocabulary.lists.items() if not record.terms and record.untimed)
    silent = tuple(code for code, record in vocabulary.lists.items() if not record.terms and not record.untimed)
    return ListTerms(ruled, untimed, silent)


def _instruments(vocabulary: Vocabulary, checked: Mapping[str, Checked | None]) -> Iterable[InstrumentCount]:
    found: Counter[tuple[Rank, str, str]] = Counter()
    for instrument in vocabulary.instruments.values():
        how = checked.get(instrument.code)
        found[instrument.rank, how.by if how else "", how.confidence if how else ""] += 1
    ranks = list(Rank)
    for (rank, by, sure), number in sorted(
        found.items(), key=lambda one: (ranks.index(one[0][0]), SOURCES.index(one[0][1]), CONFIDENCES.index(one[0][2]))
    ):
        yield InstrumentCount(rank, by, sure, number)
