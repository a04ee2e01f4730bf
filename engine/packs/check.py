"""Everything the checker has to say about a library, in the order of its files: form, words, law, limits, cases."""

from collections.abc import Iterator, Sequence

from engine.errors import Fault, Place
from engine.model import Measure, Memorandum
from engine.packs.cases import Case
from engine.packs.graph import check_graph
from engine.packs.law import check_law
from engine.packs.library import Library, PackSource
from engine.packs.limits import check_limits
from engine.packs.site import WARNING, Site, clauses, sites
from engine.packs.words import advice, shown
from engine.vocabulary import Words

_SHARED = ("把用例移到 cases/ 文件夹", "move the case to the folder cases/")


def check(library: Library) -> tuple[Fault, ...]:
    """Every fault of the library, sorted by file, line and column; an error in one place hides none in another."""
    measures = tuple(sites(library))
    found = {
        *library.faults,
        *check_law(measures, library.vocabulary),
        *check_graph(measures, [code for code, source in library.packs.items() if source.memorandum is None]),
        *check_limits(measures),
        *check_cases(library, measures),
    }
    return tuple(sorted(found, key=_reading_order))


def _reading_order(fault: Fault) -> tuple[str, int, int, str, str]:
    place = fault.place
    return place.file, place.line, place.column, fault.code, fault.en


def check_cases(library: Library, measures: Sequence[Site]) -> Iterator[Fault]:
    """Packs without cases, effective measures that no case of their pack touches, clauses that no pack has."""
    for code in sorted(library.packs):
        source = library.packs[code]
        if source.sound is not None and source.cases_tree is None:
            yield _without_cases(source, source.sound)
    for site in measures:
        cases = site.source.cases
        if cases and not site.measure.draft and not any(_touches(case, site.measure) for case in cases):
            yield _untouched(site)
    yield from _unknown_clauses(library)


def _without_cases(source: PackSource, memorandum: Memorandum) -> Fault:
    name = f"{source.code}.cases.yaml"
    return Fault(
        code="P503",
        place=source.tree.place(("title",), key=True),
        zh="这份文件没有用例",
        en="this pack has no cases",
        help_zh=f"在旁边写 `{name}`",
        help_en=f"write `{name}` beside it",
        severity=WARNING,
        title=memorandum.title.zh,
    )


def _touches(case: Case, measure: Measure) -> bool:
    """As far as can be told without judging: its scenario, and an entry on one of its lists."""
    if case.inquiry.scenario not in measure.scenarios:
        return False
    return measure.on_inquiry or any(entry.list in measure.lists for entry in case.register.entries)


def _untouched(site: Site) -> Fault:
    zh, en = "没有用例涉及这一条", "no case touches this clause"
    mend = Words("写一个同场景、有其名单记录的用例", "write a case in its scenario with an entry on its list")
    return site.fault("P501", Words(zh, en), "clause", severity=WARNING, mend=mend)


def _unknown_clauses(library: Library) -> Iterator[Fault]:
    """`because` of a case that needs several packs: `pack#clause`, or a clause that only one pack has.

    A pack's own case is judged by that pack alone, so it cannot name another's clause.
    """
    labels = {code: clauses(source.tree) for code, source in library.packs.items()}
    # Of a file that breaks off the rest is not known.
    torn = {code for code, source in library.packs.items() if not source.tree.whole}
    for code, source in library.packs.items():
        for case in source.cases if code not in torn else ():
            yield from _own(case, code, labels[code])
    known = [f"{code}#{label}" for code in sorted(labels) for label in labels[code]]
    for case in library.cases:
        for name, place in zip(case.because or (), case.because_at, strict=True):
            pack, mark, _ = name.rpartition("#")
            if not torn or (mark and pack not in torn):
                yield from _shared(name, place, known)


def _own(case: Case, code: str, labels: Sequence[str]) -> Iterator[Fault]:
    for name, place in zip(case.because or (), case.because_at, strict=True):
        pack, _, label = name.rpartition("#")
        if pack != code:
            yield _about(place, name, "本包的用例不能引用别的包", "a pack's own case cannot name", _SHARED)
        elif label not in labels:
            yield _about(place, label, "没有条款", "there is no clause", advice(label, labels))


def _shared(name: str, place: Place, known: Sequence[str]) -> Iterator[Fault]:
    owners = [one for one in known if one == name or one.partition("#")[2] == name]
    if not owners:
        yield _about(place, name, "没有条款", "there is no clause", advice(name, known))
    elif len(owners) > 1:
        names = [f"`{one}`" for one in owners]
        mend = (f"写明是哪一条：{'、'.join(names)}", f"say which: {', '.join(names)}")
        yield _about(place, name, "不止一份文件有条款", "several packs have the clause", mend)


def _about(place: Place, name: str, zh: str, en: str, mend: tuple[str, str]) -> Fault:
    return Fault("P502", place, f"{zh} `{shown(name)}`", f"{en} `{shown(name)}`", *mend)
