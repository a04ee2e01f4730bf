"""Whether what a measure cites exists (P301-P303): a registered instrument, an article it has, in force in time."""

from collections.abc import Iterator
from datetime import date, timedelta

from engine.citation import Citation
from engine.errors import Fault
from engine.gate import LawfulBasis, sufficient
from engine.packs.site import NO_HELP, NOTE, WARNING, Site
from engine.packs.words import did_you_mean, shown
from engine.vocabulary import Instrument, Span, Vocabulary, Words

REGISTER = Words("在 instruments.yaml 登记该文件", "register the instrument in instruments.yaml")


def check_citations(site: Site, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Every citation of one measure."""
    dated = set[str]()
    for number, citation in enumerate(site.measure.basis):
        instrument = vocabulary.instruments.get(citation.instrument)
        if instrument is None:
            yield _unregistered(site, number, citation, vocabulary)
            continue
        yield from _article(site, number, citation, instrument)
        # Several articles of one instrument come and go together: once is enough.
        if instrument.code not in dated:
            dated.add(instrument.code)
            yield from _in_time(site, number, instrument, vocabulary)


def first_day(site: Site) -> date:
    """The first day on which the measure can be asked about: its document in force, or issued where that is unsaid."""
    return site.measure.span.since or site.pack.issued


def _unregistered(site: Site, number: int, citation: Citation, vocabulary: Vocabulary) -> Fault:
    name = shown(citation.instrument)
    near = did_you_mean(citation.instrument, vocabulary.instruments)
    mend = Words(f"是否指 `{near}`？", f"did you mean `{near}`?") if near else REGISTER
    zh, en = f"依据 `{name}` 没有登记", f"the instrument `{name}` is not registered"
    return site.fault("P301", Words(zh, en), "basis", number, mend=mend)


def _article(site: Site, number: int, citation: Citation, instrument: Instrument) -> Iterator[Fault]:
    """The article against the texts that apply while the measure is in force; texts never read prove nothing."""
    life = Span(first_day(site), site.measure.span.until)
    texts = [last for span, last in _texts(instrument) if _overlap(span, life)]
    article = citation.article
    if article is None or not texts or article <= texts[-1]:
        return
    if article > max(texts):
        zh = f"`{instrument.code}` 共 {max(texts)} 条，没有第 {article} 条"
        en = f"`{instrument.code}` has {max(texts)} articles, there is no article {article}"
        mend = Words("核对条文序号", "look up the article's number")
        yield site.fault("P302", Words(zh, en), "basis", number, mend=mend)
    else:
        zh = f"`{instrument.code}` 现行文本共 {texts[-1]} 条，第 {article} 条只见于旧文本"
        en = f"`{instrument.code}` now has {texts[-1]} articles, article {article} is only in an older text"
        mend = Words("核对修订后的条文序号", "look up the article's number after the amendment")
        yield site.fault("P302", Words(zh, en), "basis", number, severity=WARNING, mend=mend)


def _texts(instrument: Instrument) -> Iterator[tuple[Span, int]]:
    """Each text that was read, with the days on which it applies and its last article."""
    texts = instrument.versions
    for number, (since, last) in enumerate(texts):
        later = number + 1 < len(texts)
        yield Span(since, texts[number + 1][0] - timedelta(days=1) if later else instrument.span.until), last


def _in_time(site: Site, number: int, instrument: Instrument, vocabulary: Vocabulary) -> Iterator[Fault]:
    start, span = first_day(site), instrument.span
    if not _overlap(span, Span(start, site.measure.span.until)):
        zh = f"`{instrument.code}`（{_days(span, '至今')}）从未与本文件同时有效"
        en = f"`{instrument.code}` ({_days(span, 'now')}) was never in force together with this document"
        mend = Words("引用当时有效的文件", "cite what was in force at the time")
        yield site.fault("P303", Words(zh, en), "basis", number, mend=mend)
    elif span.since and span.since > start:
        # A later instrument beside an older one that stands is how readings grow; alone it leaves a gap.
        gap = sufficient(site.measure, vocabulary, start).basis is LawfulBasis.NOT_IN_FORCE
        zh = f"`{instrument.code}` 自 {span.since} 起有效，本文件自 {start} 起有效" + ("，其间没有依据" if gap else "")
        en = f"`{instrument.code}` is in force only from {span.since}, this document from {start}"
        en += ", so the measure has no basis in between" if gap else ""
        mend = Words("补上更早有效的依据", "add the basis that was in force earlier") if gap else NO_HELP
        yield site.fault("P303", Words(zh, en), "basis", number, severity=WARNING if gap else NOTE, mend=mend)


def _overlap(one: Span, other: Span) -> bool:
    starts_in_time = one.since is None or other.until is None or one.since <= other.until
    return starts_in_time and (other.since is None or one.until is None or other.since <= one.until)


def _days(span: Span, today: str) -> str:
    return f"{span.since or '?'} – {span.until or today}"
