"""What measures say of one another (P51x): `lifts`, `given` and closed routes, and the order in which to judge them.

An arrow leads from what is judged first to what waits for it: a lift before its target, a given before its measure.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from engine.errors import Fault
from engine.model import ALL, BENEFITS, Measure
from engine.packs.site import WARNING, Site
from engine.packs.words import advice, shown
from engine.vocabulary import Words

MEET = Words(
    "核对条款、名单和场景；跨记录的例外写 scope: inquiry",
    "look at the clause, its lists and scenarios; an exception across entries says `scope: inquiry`",
)


def check_graph(sites: Sequence[Site], faulty: Collection[str] = ()) -> Iterator[Fault]:
    """Unknown targets, cycles, lifts and conditions that can never meet, closed routes that nothing grants.

    `faulty` names packs that were read in part only: what they say, or grant, is not known yet.
    """
    known = {site.measure.id: site for site in sites}
    granted = {(scenario, m.route) for m in (site.measure for site in sites) if m.route for scenario in m.scenarios}
    for site in sites:
        yield from _targets(site, known, faulty)
        if not faulty:
            yield from _routes(site, granted)
    yield from _cycles(known)


def lift_order(measures: Iterable[Measure]) -> tuple[str, ...]:
    """The identities of all measures, each after the lifts and conditions it waits for; graphlib's CycleError if none.

    Deterministic: the order of the measures given does not matter.
    """
    return tuple(TopologicalSorter(_waits({measure.id: measure for measure in measures})).static_order())


def _waits(measures: Mapping[str, Measure]) -> dict[str, list[str]]:
    """For each measure the ones judged before it; unknown targets are left out."""
    waits: dict[str, list[str]] = {name: [] for name in sorted(measures)}
    for name in sorted(measures):
        waits[name] += (given for given in measures[name].given if given in measures)
        for target in measures[name].lifts:
            if target in measures:
                waits[target].append(name)
    return waits


def _targets(site: Site, known: Mapping[str, Site], faulty: Collection[str]) -> Iterator[Fault]:
    for key, names in (("lifts", site.measure.lifts), ("given", site.measure.given)):
        for number, name in enumerate(names):
            if name not in known and name.partition("#")[0] in faulty:
                continue
            if name not in known:
                zh, en = f"没有 `{shown(name)}` 这一条", f"there is no clause `{shown(name)}`"
                yield site.fault("P510", Words(zh, en), key, number, mend=_nearest(name, known))
            elif not _can_meet(site.measure, known[name].measure, same_entry=key == "lifts"):
                zh = f"`{name}` 与本条没有共同的名单或场景，两者永远不会同时命中"
                en = f"`{name}` shares no list or scenario with this clause, so the two can never meet"
                yield site.fault("P512", Words(zh, en), key, number, severity=WARNING, mend=MEET)


def _nearest(name: str, known: Mapping[str, Site]) -> Words:
    """The clause meant, of the same pack if there is such a pack; else the pack meant."""
    pack, _, _ = name.partition("#")
    codes = dict.fromkeys(site.source.code for site in known.values())
    zh, en = advice(name, [other for other in known if other.startswith(f"{pack}#")] if pack in codes else codes)
    return Words(zh, en)


def _can_meet(one: Measure, other: Measure, *, same_entry: bool) -> bool:
    if not set(one.scenarios) & set(other.scenarios):
        return False
    if not same_entry or one.lifts_inquiry:
        return True
    if one.on_inquiry or other.on_inquiry:
        return one.on_inquiry and other.on_inquiry
    return bool(set(one.lists) & set(other.lists))


def _routes(site: Site, granted: Set[tuple[str, str]]) -> Iterator[Fault]:
    for number, route in enumerate(site.measure.withholds):
        if (
            route == ALL
            or route in BENEFITS
            or any((scenario, route) in granted for scenario in site.measure.scenarios)
        ):
            continue
        zh, en = f"没有措施给予 `{route}`，关闭它没有意义", f"no measure grants `{route}`, so closing it does nothing"
        mend = Words("先写出给予它的条款（effect: route）", "write the clause that grants it first (effect: route)")
        yield site.fault("P513", Words(zh, en), "withholds", number, severity=WARNING, mend=mend)


def _cycles(known: Mapping[str, Site]) -> Iterator[Fault]:
    """Each cycle once, at its first member by identity; the arrows of a cycle found are cut to find the next."""
    waits = _waits({name: site.measure for name, site in known.items()})
    while True:
        try:
            TopologicalSorter(waits).prepare()
            return
        except CycleError as error:
            ring = error.args[1]
        yield _cycle(known, ring[:-1])
        for before, after in pairwise(ring):
            waits[after] = [name for name in waits[after] if name != before]


def _cycle(known: Mapping[str, Site], ring: Sequence[str]) -> Fault:
    start = ring.index(min(ring))
    names = [*ring[start:], *ring[:start], ring[start]]
    path = " → ".join(f"`{name}`" for name in names)
    site = known[names[0]]
    zh, en = f"`lifts` 与 `given` 绕成一圈：{path}", f"`lifts` and `given` run in a circle: {path}"
    mend = Words("去掉其中一个", "take one of them out")
    key = "lifts" if site.measure.lifts else "given"
    return site.fault("P511", Words(zh, en), key, mend=mend)
