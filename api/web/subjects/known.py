"""What the registry knows of a subject, as its page says it: who it is, its entries and their state, its ties."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from api.notice.words import day_or_instant
from api.rest.subjects import consulted
from api.web.subjects.answers import Voice
from api.web.subjects.timeline import row_key
from api.web.subjects.words import KINDS, SCHEMES, TIES
from api.web.visits import Visit
from engine.calendar import When
from engine.explanation import phrases
from engine.inquiry import ABSENT, DATES, Entry, Relation
from engine.matching.standing import Standing, assess, disputed, stated
from engine.model import Window
from engine.registry.overview import Timeline
from engine.registry.persons import masked_name
from engine.services.looking import subject_timeline
from engine.services.whois import Who, names_known, recorded_at, who_is
from engine.truth import NO

_PERSON, _DIGITS = "person", 12
MOST_RELATIONS = 20


@dataclass(frozen=True, slots=True)
class Known:
    """A subject at a version, only what the visitor may see; `keys` name the rows of its entries, the latest first."""

    who: Who
    timeline: Timeline
    recorded_at: str
    entries: tuple[Entry, ...]
    keys: Mapping[str, str]
    limited: bool

    @property
    def version(self) -> int:
        """The registry's version."""
        return self.timeline.version


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry in words."""

    key: str
    number: str
    list: str
    dates: tuple[tuple[str, str], ...]
    document: str
    body: str
    state: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TieLine:
    """A relation in words; the handle leads to the other end."""

    what: str
    who: str
    name: str
    handle: str
    since: str
    until: str


def known_of(visit: Visit, subject: str, at: str | None = None) -> Known:
    """The subject now, or as known at a version or time. Missing or RefusedInput for what is neither."""
    desk, vocabulary = visit.desk, visit.desk.law.now.vocabulary
    line = subject_timeline(desk.books, vocabulary, subject, at)
    lists = consulted(visit.grant, vocabulary)
    if lists is not None:
        line = replace(
            line,
            entries=tuple(one for one in line.entries if one.list in lists),
            lines=tuple(one for one in line.lines if one.entry.list in lists),
        )
    who = who_is(desk.books, line.subject, line.version)
    entries = tuple(sorted(line.entries, key=_begun, reverse=True))
    keys = {entry.number: row_key(number) for number, entry in enumerate(entries)}
    recorded = recorded_at(desk.books, line.version)
    return Known(who, line, recorded, entries, keys, lists is not None)


def shown_key(subject: str, voice: Voice) -> str:
    """A subject's code; a natural person only by the beginning of the digest."""
    if not subject.startswith(_PERSON):
        return subject
    return voice.say("person_key", digest=subject.rpartition(":")[2][:_DIGITS])


def name_of(who: Who, voice: Voice) -> str:
    """What to call the subject: its latest registered name, or the key where there is none."""
    names = [name.name for name in who.names if not name.printed] or [name.name for name in who.names]
    if who.subject.startswith(_PERSON):
        return masked_name(names[-1]) if names else shown_key(who.subject, voice)
    return names[-1] if names else voice.say("nameless")


def facts_of(known: Known, voice: Voice) -> Iterator[tuple[str, str]]:
    """Labels and texts of who the subject is."""
    who = known.who
    yield voice.say("code"), shown_key(who.subject, voice)
    yield voice.say("kind"), voice.word(KINDS[who.kind]) if who.kind in KINDS else who.kind
    for name in who.names:
        said = masked_name(name.name) if who.subject.startswith(_PERSON) else name.name
        when = [voice.say("since", day=_day(name.since, voice))] if name.since else []
        when += [voice.say("until_day", day=_day(name.until, voice))] if name.until else []
        when += [voice.say("printed")] if name.printed else []
        yield voice.say("former_name" if name.until else "names"), _with(said, when, voice)
    for scheme, code in who.codes:
        kind = voice.word(SCHEMES[scheme]) if scheme in SCHEMES else scheme
        yield voice.say("other_codes"), _with(shown_key(code, voice), [kind], voice)
    yield voice.say("version"), version_text(known, voice)


def version_text(known: Known, voice: Voice) -> str:
    """The version read and when it was recorded."""
    if not known.version:
        return voice.say("as_empty")
    return voice.say("as_version", number=known.version, when=day_or_instant(known.recorded_at, voice.lang))


def entry_line(entry: Entry, key: str, moment: When, voice: Voice) -> EntryLine:
    """An entry with its dates and its state at the moment."""
    dates = tuple(
        (voice.word(phrases.DATES[name]), day_or_instant(entry.dates[name].text, voice.lang))
        for name in DATES
        if name in entry.dates
    )
    listed = voice.lists[entry.list]
    return EntryLine(key, entry.number, listed, dates, entry.document, entry.body, state_of(entry, moment, voice))


def state_of(entry: Entry, moment: When, voice: Voice) -> tuple[str, ...]:
    """What the entry amounts to at a moment: its standing on the list, a pending objection, its ban."""
    record = voice.vocabulary.lists[entry.list]
    found = assess(entry, record, Window.LISTED, (), moment)
    said = [voice.word(phrases.STANDINGS[found.standing.value])]
    if found.standing is Standing.CURRENT and found.until:
        said.append(voice.say("until_day", day=_day(found.until.isoformat(), voice)))
    if found.holds is not NO and disputed(entry, moment):
        said.append(voice.say("disputed"))
    if any(stated(entry, record, name) is not ABSENT for name in ("ban_from", "ban_until")):
        ban = assess(entry, record, Window.BAN, (), moment)
        said.append(voice.say("ban_state", state=voice.word(phrases.STANDINGS[ban.standing.value])))
    return tuple(said)


def tie_lines(visit: Visit, known: Known, voice: Voice) -> list[TieLine]:
    """The first of the subject's relations, each with who the other is."""
    ties = known.timeline.relations[:MOST_RELATIONS]
    mine = known.who.subject
    others = [tie.near if tie.far == mine else tie.far for tie in ties]
    names = names_known(visit.desk.books, others, known.version)
    handles = visit.handles(others)
    return [
        _tie(tie, (other, names.get(other, ""), handle), voice)
        for tie, other, handle in zip(ties, others, handles, strict=True)
    ]


def _tie(tie: Relation, far: tuple[str, str, str], voice: Voice) -> TieLine:
    other, name, handle = far
    words = TIES[tie.kind][tie.near == other] if tie.kind in TIES else phrases.TIES[tie.kind]
    named = masked_name(name) if name and other.startswith(_PERSON) else name
    days = (_day(day.isoformat(), voice) if day else "" for day in (tie.span.since, tie.span.until))
    return TieLine(voice.word(words), shown_key(other, voice), named, handle, *days)


def _begun(entry: Entry) -> tuple[int, str]:
    dates: Any = [entry.dates[name].first for name in ("listed", "decided") if name in entry.dates]
    return (dates[0] if dates else 0), entry.number


def _day(day: str, voice: Voice) -> str:
    return day_or_instant(day, voice.lang)


def _with(said: str, more: list[str], voice: Voice) -> str:
    if not more:
        return said
    return f"{said}（{'，'.join(more)}）" if voice.lang == "zh" else f"{said} ({', '.join(more)})"
