"""What is known of one meeting: an entry, a party and an inquiry, with silence and derived facts settled."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine.calendar import Period, When
from engine.inquiry import ABSENT, ALWAYS_HELD, LEADS, UNKNOWN, Entry, Inquiry, Known, Party, Register
from engine.matching.answer import Scene
from engine.matching.standing import annulled, assess, ended_day, stated
from engine.model import PREVAILING, Reach, Window
from engine.truth import MAYBE, YES, Truth, every, negate, some, truth
from engine.vocabulary import NATIONAL, Derivation, FactRecord, FactType, Owner, Parameter, Silence, Span, Vocabulary

# Facts every measure may be tested on though no pack writes them; the mark keeps them apart from declared ones.
DAY = "@day"
TIED = "@tied"
INSIDE = "@inside:"

# A fact that term rules of a list may ask about before matching.
REPEAT = "repeat_listing"
# The register of complaints that 94号令 37 counts.
COMPLAINTS = "procurement-complaints"

# The permit an entry is about, and what an inquiry that states none lacks: `same-matter` compares the two.
PERMIT = "permit_matter"
MATTER = "matter"

CONSORTIUM_MEMBER = "consortium-member"

# 单位负责人: the legal representative or the person who heads the unit.
_HEADS = ("legal-representative-of", "responsible-person-of")


@dataclass(frozen=True, slots=True)
class Meeting:
    """One entry (or none) met by one party in one inquiry; `ties` are the days on which the relation holds."""

    inquiry: Inquiry
    party: Party
    entry: Entry | None
    reach: Reach
    ties: tuple[Span, ...]
    register: Register
    vocabulary: Vocabulary

    def value(self, fact: str, at: str) -> Known:
        """The fact's value as judged at the moment `at`."""
        if fact.startswith("@"):
            return self._structural(fact, at)
        record = self.vocabulary.facts[fact]
        if record.derived:
            return DERIVED[record.derived](self, at)
        if record.owner is Owner.ENTRY:
            return self._of_entry(fact)
        given = self.inquiry.facts if record.owner is Owner.INQUIRY else self.party.facts
        return given[fact] if fact in given else silent(record)

    def _structural(self, fact: str, at: str) -> Known:
        moment = self.inquiry.moment(at)
        if moment is None:
            return ABSENT
        if fact == DAY:
            return moment.day
        if fact == TIED:
            return any(span.holds(moment.day) for span in self.ties)
        return self.vocabulary.inside(self.inquiry.jurisdiction or NATIONAL, fact.removeprefix(INSIDE))

    def _of_entry(self, fact: str) -> Known:
        if self.entry is None:
            return ABSENT
        return stated(self.entry, self.vocabulary.lists[self.entry.list], fact)

    def scene(self, at: str) -> Scene:
        """What tests at the moment `at` may need beside the value."""
        moment = self.inquiry.moment(at)
        return Scene(moment.day if moment else None, self._moment_day, lambda code: self._figure(code, at))

    def _moment_day(self, name: str) -> date | None:
        moment = self.inquiry.moment(name)
        return moment.day if moment else None

    def _figure(self, code: str, at: str) -> tuple[int, int] | None:
        """The lowest and highest figure the parameter may have here; None where no figure is known for the day."""
        parameter = self.vocabulary.parameters[code]
        day = self._moment_day(at) if parameter.read_on == PREVAILING else self.value(parameter.read_on, at)
        base = self._base_figure(parameter, day) if isinstance(day, date) else None
        if base is None or not parameter.by_field:
            return (base, base) if base is not None else None
        sector = self.value(parameter.field_fact, at)
        if sector is ABSENT or sector is UNKNOWN:
            return base, max(base, *parameter.by_field.values())
        figure = max(base, parameter.by_field.get(str(sector), base))
        return figure, figure

    def _base_figure(self, parameter: Parameter, day: date) -> int | None:
        """The latest figure on the day, a nearer place's own before the nation's."""
        place = self.inquiry.jurisdiction or NATIONAL
        fit = [v for v in parameter.values if v.since <= day and self.vocabulary.inside(place, v.jurisdiction)]
        fit.sort(key=lambda v: (self._depth(v.jurisdiction), v.since))
        return fit[-1].value if fit else None

    def _depth(self, place: str) -> int:
        depth = 0
        while place != NATIONAL:
            place, depth = self.vocabulary.jurisdictions[place].parent, depth + 1
        return depth


def silent(record: FactRecord) -> Known:
    """What an unstated fact of the inquiry or party amounts to: a flag is no, another is absent, or unknown."""
    if record.silent is Silence.UNKNOWN:
        return UNKNOWN
    return False if record.type is FactType.FLAG else ABSENT


def _ended(meeting: Meeting, at: str) -> Known:
    if meeting.entry is None:
        return ABSENT
    return ended_day(meeting.entry, meeting.vocabulary.lists[meeting.entry.list])


def _repeat_listing(meeting: Meeting, at: str) -> Known:
    """Whether the subject was on the same list before: the entry's own word first, else its earlier entries.

    A listing annulled by the moment counts no longer.
    """
    moment = meeting.inquiry.moment(at)
    if meeting.entry is None or moment is None:
        return ABSENT
    return repeat_listing(meeting.entry, meeting.register, moment)


def repeat_listing(entry: Entry, register: Register, moment: When) -> Known:
    """See `_repeat_listing`; term rules of a list ask it too, before matching."""
    if REPEAT in entry.facts:
        return entry.facts[REPEAT]
    start = entry.dates.get("listed")
    if start is None:
        return UNKNOWN
    earlier = (
        other for other in register.by_subject[entry.subject] if other.list == entry.list and "listed" in other.dates
    )
    counted = some(negate(annulled(other, moment)) for other in earlier if other.dates["listed"].last < start.first)
    return UNKNOWN if counted is MAYBE else counted is YES


def _unfounded_complaints(meeting: Meeting, at: str) -> Known:
    """How many unfounded complaints of the party fall in the twelve months before the moment (94号令 37).

    Each counts as a decision does: not once it is annulled or while it is suspended. Where one may count, the number
    is not known.
    """
    moment = meeting.inquiry.moment(at)
    if moment is None:
        return ABSENT
    entries = meeting.register.by_subject.get(meeting.party.subject, ())
    counted = [_complained(entry, meeting, moment) for entry in entries if entry.list == COMPLAINTS]
    return UNKNOWN if MAYBE in counted else counted.count(YES)


def _complained(entry: Entry, meeting: Meeting, moment: When) -> Truth:
    """Whether the entry is an unfounded complaint decided within the year; a required fact left out leaves it open."""
    record = meeting.vocabulary.lists[entry.list]
    ground, decided = stated(entry, record, "ground"), stated(entry, record, "decided")
    unfounded = MAYBE if ground is UNKNOWN else truth(ground == "unfounded-complaint")
    recent = truth(moment.day <= Period(months=12).after(decided)) if isinstance(decided, date) else MAYBE
    return every((unfounded, recent, assess(entry, record, Window.DECIDED, (), moment).holds))


def _related_parties(meeting: Meeting, at: str) -> Known:
    """Whether a rival bidder of this inquiry has the same head, or controls this one or is controlled by it.

    政府采购法实施条例 18.1. A shareholding alone is not yet control, so it does not count.
    """
    moment = meeting.inquiry.moment(at)
    if moment is None:
        return ABSENT
    own = meeting.party.subject
    near = {other for other in _near(own, meeting.register, moment) if other != own}
    return any(p.subject in near and _rivals(p, meeting) for p in meeting.inquiry.parties) if near else False


def _near(own: str, register: Register, moment: When) -> Iterator[str]:
    """Whoever has the same head at the moment, or controls the subject or is controlled by it."""
    for tie in register.ties_of.get(own, ()):
        if not tie.span.holds(moment.day):
            continue
        if tie.kind == "controller-of":
            yield from (tie.near, tie.far)
        elif tie.kind in _HEADS and tie.far == own:
            others = register.ties_of.get(tie.near, ())
            yield from (one.far for one in others if one.kind in _HEADS and one.near == tie.near
                        and one.span.holds(moment.day))  # fmt: skip


def _rivals(other: Party, meeting: Meeting) -> bool:
    """Whether both bid, and not together: an agency or an expert competes with nobody."""
    bidders = {next(iter(meeting.vocabulary.scenarios[meeting.inquiry.scenario].roles)), CONSORTIUM_MEMBER}
    own = team(meeting.party)
    return {other.role, meeting.party.role} <= bidders and (own == "" or own != team(other))


def team(party: Party) -> str:
    """The consortium the party bids in; members without a named one belong together; none for a lone bidder."""
    return party.consortium or ("*" if party.role == CONSORTIUM_MEMBER else "")


def _same_matter(meeting: Meeting, at: str) -> Known:
    """Whether the permit now applied for is the one that the entry is about.

    行政许可法 78, 79 bar a new application for that permit (该行政许可) and for no other. It is not known unless both
    are stated; a permit that the vocabulary does not name may be any of those it does.
    """
    if meeting.entry is None:
        return ABSENT
    record = meeting.vocabulary.lists[meeting.entry.list]
    before, now = stated(meeting.entry, record, PERMIT), meeting.inquiry.matter
    if before not in meeting.vocabulary.matters or now is None:
        return UNKNOWN
    return before == now


def behind(fact: str, meeting: Meeting) -> str:
    """What to supply where the fact is not known: what `same-matter` compares, otherwise the fact itself."""
    if meeting.vocabulary.facts[fact].derived is not Derivation.SAME_MATTER:
        return fact
    return MATTER if meeting.inquiry.matter is None else PERMIT


DERIVED: Mapping[Derivation, Callable[[Meeting, str], Known]] = {
    Derivation.ENDED_DAY: _ended,
    Derivation.REPEAT_LISTING: _repeat_listing,
    Derivation.UNFOUNDED_COMPLAINTS: _unfounded_complaints,
    Derivation.RELATED_PARTIES: _related_parties,
    Derivation.SAME_MATTER: _same_matter,
}


def reached(party: Party, register: Register) -> dict[tuple[Reach, str], tuple[Span, ...]]:
    """Every subject whose entries may count for the party, by how it is reached, with the days it is."""
    ties = register.ties_of.get(party.subject)
    if not ties:
        return {(Reach.SELF, party.subject): (ALWAYS_HELD,)}
    found: dict[tuple[Reach, str], list[Span]] = {(Reach.SELF, party.subject): [ALWAYS_HELD]}
    for reach, (kind, party_is_far) in LEADS.items():
        for relation in ties:
            own, other = (relation.far, relation.near) if party_is_far else (relation.near, relation.far)
            if relation.kind == kind and own == party.subject:
                found.setdefault((reach, other), []).append(relation.span)
    return {key: tuple(spans) for key, spans in found.items()}
