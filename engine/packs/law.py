"""What the law says against a measure (P3xx): no lawful basis and from which day, a local document that deprives,
law of another place, a personal score, a deprivation without an end; its citations are checked next door."""

from collections.abc import Iterable, Iterator
from datetime import date

from engine.condition import Op, Test, tests_of
from engine.errors import Fault
from engine.gate import RESTRICTS, LawfulBasis, law_days, sufficient
from engine.model import Effect, Window
from engine.packs.citations import check_citations, first_day
from engine.packs.site import ERROR, NOTE, WARNING, Site
from engine.vocabulary import NATIONAL, Colour, Vocabulary, Words

HIGHER = Words(
    "引用法律、行政法规、党中央国务院文件，或本地的地方性法规",
    "cite a law, an administrative regulation, a Party or State Council document, or a local regulation of the place",
)
HIGHER_OR_RULE = Words(
    f"{HIGHER.zh}；第二类措施也可引用全国性部门规章或规范性文件",
    f"{HIGHER.en}; for class 2 also a national department rule or normative document",
)
GIVE = Words("地方文件此后只能给予激励或作提示", "a local document may from then on only give benefits and inform")


def check_law(sites: Iterable[Site], vocabulary: Vocabulary) -> Iterator[Fault]:
    """Every measure against the instruments it cites, the legality gate and the limits on depriving anyone."""
    for site in sites:
        yield from check_citations(site, vocabulary)
        # An instrument nobody registered may be anything: what follows from ranks waits until it is known.
        if all(citation.instrument in vocabulary.instruments for citation in site.measure.basis):
            yield from _footing(site, vocabulary)
            yield from _territory(site, vocabulary)
        yield from _score(site)
        yield from _exit(site, vocabulary)


def _footing(site: Site, vocabulary: Vocabulary) -> Iterator[Fault]:
    """The first day on which the measure lacks effect, once for each reason."""
    start, span = first_day(site), site.measure.span
    days = [start, *(day for day in law_days(site.measure, vocabulary) if day > start)]
    told = {LawfulBasis.OK}
    for day in days:
        basis = sufficient(site.measure, vocabulary, day).basis
        if basis in told or not (day == start or span.holds(day)):
            continue
        told.add(basis)
        # A later document that never had a basis claims what it may not; an older one merely lost its own.
        claims = site.pack.issued >= vocabulary.basic_list.gate and day <= max(start, site.pack.issued)
        if basis is LawfulBasis.NOT_IN_FORCE:
            if day > start:
                yield _ended(site, day)
        elif claims or not site.measure.draft:
            yield _unfounded(site, day, basis, claims, vocabulary)


def _ended(site: Site, day: date) -> Fault:
    zh, en = f"从 {day} 起，所引依据均已失效", f"from {day} on nothing that is cited is in force any more"
    mend = Words("补上后继文件，或写明本文件的失效日", "add the successor, or say when the document ended")
    return site.fault("P303", Words(zh, en), "basis", severity=NOTE, mend=mend)


def _unfounded(site: Site, day: date, basis: LawfulBasis, claims: bool, vocabulary: Vocabulary) -> Fault:
    severity = ERROR if claims else NOTE
    gate = vocabulary.basic_list.gate
    if basis is LawfulBasis.LOCAL:
        effect = site.measure.effect
        zh = f"地方性法规以下的地方文件从 {gate if claims else day} 起不得有 `{effect}` 措施"
        en = f"from {gate if claims else day} on a local document below local regulation may not `{effect}`"
        return site.fault("P305", Words(zh, en), "effect", severity=severity, mend=GIVE)
    if claims:
        zh = f"{gate} 以后发的文件，措施没有足够的法律依据"
        en = f"a document issued since {gate} claims a measure without a sufficient lawful basis"
    else:
        zh = f"从 {day} 起没有足够的法律依据，此后不影响结论"
        en = f"from {day} on there is no sufficient lawful basis, so the measure changes no verdict"
    item = vocabulary.basic_list.items.get(site.measure.list_item)
    mend = HIGHER_OR_RULE if item and item.level == 2 else HIGHER
    return site.fault("P304", Words(zh, en), "basis", severity=severity, mend=mend)


def _territory(site: Site, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Law of one place carries nothing in another, nor in the whole country."""
    place = site.measure.jurisdiction
    cited = [vocabulary.instruments[citation.instrument] for citation in site.measure.basis]
    if place == NATIONAL:
        if cited and all(instrument.jurisdiction != NATIONAL for instrument in cited):
            zh, en = "全国性文件只引用了地方依据", "a national document cites nothing but local law"
            yield site.fault("P308", Words(zh, en), "basis", mend=Words("引用全国性依据", "cite national law"))
        return
    for number, instrument in enumerate(cited):
        if not vocabulary.inside(place, instrument.jurisdiction):
            zh = f"`{instrument.code}` 适用于{_place(vocabulary, instrument.jurisdiction).zh}"
            en = f"`{instrument.code}` is the law of {_place(vocabulary, instrument.jurisdiction).en}"
            zh, en = f"{zh}，不适用于{_place(vocabulary, place).zh}", f"{en}, not of {_place(vocabulary, place).en}"
            mend = Words("引用本地或全国的依据", "cite law of the place, or national law")
            yield site.fault("P308", Words(zh, en), "basis", number, mend=mend)


def _place(vocabulary: Vocabulary, code: str) -> Words:
    known = vocabulary.jurisdictions.get(code)
    return known.name if known else Words(code, code)


def _tests(site: Site) -> Iterator[tuple[str, Test]]:
    for key, condition in (("when", site.measure.when), ("unless", site.measure.unless)):
        for test in tests_of(condition) if condition else ():
            yield key, test


def _score(site: Site) -> Iterator[Fault]:
    if site.measure.effect not in RESTRICTS:
        return
    for key, test in _tests(site):
        if test.fact.replace("-", "_").endswith("personal_score"):
            zh, en = "个人信用分不得用来限制任何人", "a personal score may never restrict anyone"
            mend = Words("改用具体的失信事实", "test the concrete conduct instead")
            yield site.fault("P306", Words(zh, en), key, test.fact, mend=mend)


def _exit(site: Site, vocabulary: Vocabulary) -> Iterator[Fault]:
    """A bar or limit on a black list wants an end: of the list, of the measure, a ban window, or a look-back."""
    measure = site.measure
    if measure.effect not in {Effect.BAR, Effect.LIMIT} or measure.term or measure.window is Window.BAN:
        return
    if any(test.op is Op.WITHIN for _, test in _tests(site)):
        return
    records = (vocabulary.lists.get(code) for code in measure.lists)
    endless = [record for record in records if record and record.colour is Colour.BLACK and not record.terms]
    if endless:
        # That no source gives a term is worth a note once somebody has looked; until then it is a gap.
        severity = NOTE if all(record.untimed for record in endless) else WARNING
        zh = f"限制没有期限：`{'`、`'.join(record.code for record in endless)}` 没有期限规则"
        en = f"the measure has no end: `{'`, `'.join(record.code for record in endless)}` has no term rule"
        mend = Words("写上 `term`，或在 lists.yaml 登记期限", "write a `term`, or register one in lists.yaml")
        yield site.fault("P307", Words(zh, en), "effect", severity=severity, mend=mend)
