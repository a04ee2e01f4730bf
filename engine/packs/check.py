"""Everything the checker has to say about a library, in the order of its files: form, words, law, limits, cases."""

from collections.abc import Collection, Iterator, Sequence

from engine.errors import Fault
from engine.model import Measure, Memorandum
from engine.packs.cases import Case
from engine.packs.graph import check_graph
from engine.packs.law import check_law
from engine.packs.library import Library, PackSource
from engine.packs.limits import check_limits
from engine.packs.site import WARNING, Site, sites
from engine.packs.words import advice, shown
from engine.vocabulary import Words

_SHARED = ("把用例移到 cases/ 文件夹", "move the case to the folder cases/")


def check(library: Library) -> tuple[Fault, ...]:
    """Every fault of the library, sorted by file, line and column; an error in one place hides none in another."""
    measures = tuple(sites(library))
    found = {
        *library.faults,
        *check_law(measures, library.vocabulary),
        *check_graph(measures),
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
        if source.memorandum is not None and source.cases_tree is None:
            yield _without_cases(source, source.memorandum)
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
    known = {site.measure.id for site in sites(library)}
    for code, source in library.packs.items():
        own = [name for name in known if name.startswith(f"{code}#")]
        # Of a pack that could not be read the clauses are not known.
        for case in source.cases if source.memorandum else ():
            for name in case.because or ():
                if not name.startswith(f"{code}#"):
                    yield _about(case, name, "本包的用例不能引用别的包", "a pack's own case cannot name", _SHARED)
                elif name not in known:
                    yield _about(case, name, "没有条款", "there is no clause", advice(name, own))
    if all(source.memorandum for source in library.packs.values()):
        for case in library.cases:
            for name in case.because or ():
                yield from _shared(case, name, known)


def _shared(case: Case, name: str, known: Collection[str]) -> Iterator[Fault]:
    owners = [one for one in known if one == name or one.partition("#")[2] == name]
    if not owners:
        yield _about(case, name, "没有条款", "there is no clause", advice(name, known))
    elif len(owners) > 1:
        names = [f"`{one}`" for one in sorted(owners)]
        mend = (f"写明是哪一条：{'、'.join(names)}", f"say which: {', '.join(names)}")
        yield _about(case, name, "不止一份文件有条款", "several packs have the clause", mend)


def _about(case: Case, name: str, zh: str, en: str, mend: tuple[str, str]) -> Fault:
    word = shown(name)
    return Fault("P502", case.place, f"{zh} `{word}`", f"{en} `{word}`", *mend)
