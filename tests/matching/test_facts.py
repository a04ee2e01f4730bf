"""What is known of one meeting: silence, absence, figures by day, field and place, ties, and derived facts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.calendar import read_when
from engine.inquiry import ABSENT, UNKNOWN, Party, Register, Relation
from engine.matching.facts import COMPLAINTS, DAY, INSIDE, TIED, Meeting, behind, reached, silent, team
from engine.model import Reach
from engine.vocabulary import FactRecord, FactType, Owner, Silence, Span
from tests.builders import NOON, A, B, C, D, entry, inquiry, register, words
from tests.strategies import TODAY, WORDS

PREVAILING = "prevailing"
EVER = (Span(),)


def meeting(one=None, asked=None, known=None, party=None, reach=Reach.SELF, ties=EVER) -> Meeting:
    """One meeting of the usual party at noon of the usual day."""
    asked = asked or inquiry()
    known = known or (register(one) if one else register())
    return Meeting(asked, party or asked.parties[0], one, reach, ties, known, WORDS)


# -- silence


def test_what_silence_means():
    """A flag nobody raised is no, another fact is absent; where the law makes the asker state it, it is unknown."""
    met = meeting()
    assert met.value("alleged", PREVAILING) is False
    assert met.value("stage", PREVAILING) is ABSENT
    assert met.value("staff", PREVAILING) is ABSENT
    assert met.value("mandatory", PREVAILING) is UNKNOWN
    assert met.value("budget", PREVAILING) is UNKNOWN


@pytest.mark.parametrize("kind", list(FactType))
def test_silence_that_is_unknown_is_unknown_for_every_type(kind):
    """The declaration decides, not the type."""
    assert silent(FactRecord("x", Owner.INQUIRY, kind, words("x"), Silence.UNKNOWN)) is UNKNOWN


def test_what_is_stated_is_taken_from_its_owner():
    """The inquiry's facts from the inquiry, the party's from the party, the entry's from the entry."""
    asked = inquiry(Party(A, "supplier", facts={"staff": 3}), facts={"stage": "award", "mandatory": True})
    met = meeting(entry("record", amount=7, decided="2024-06-09T23:30+08:00"), asked)
    stated = [met.value(fact, PREVAILING) for fact in ("staff", "stage", "mandatory", "amount", "decided")]
    assert stated == [3, "award", True, 7, date(2024, 6, 9)]


def test_facts_of_an_entry_where_there_is_none():
    """Absent all of them, required or not, derived or not."""
    for fact in ("amount", "listed", "ended", "repeat_listing"):
        assert meeting().value(fact, PREVAILING) is ABSENT


def test_required_optional_and_not_carried():
    """Left out: unknown where the list requires it, absent where it may be given or is no fact of the list."""
    met = meeting(entry("record", decided="2024-01-01"))
    assert met.value("penalty", PREVAILING) is UNKNOWN
    assert met.value("field", PREVAILING) is ABSENT
    assert met.value("ground", PREVAILING) is ABSENT
    assert meeting(entry("record", penalty=UNKNOWN)).value("penalty", PREVAILING) is UNKNOWN


# -- what every measure is tested on


def test_the_day_of_a_moment():
    """Each named moment has its own; one the project does not state has none."""
    asked = inquiry(moments={"award": read_when("2024-07-01T08:00+08:00")})
    met = meeting(asked=asked)
    assert met.value(DAY, PREVAILING) == TODAY
    assert met.value(DAY, "award") == date(2024, 7, 1)
    assert met.value(DAY, "contract") is ABSENT


@pytest.mark.parametrize(
    ("place", "outer", "expected"),
    [
        ("420881", "420881", True),
        ("420881", "420000", True),
        ("420000", "420881", False),
        ("110000", "420000", False),
        ("national", "420000", False),
        (None, "420000", False),
    ],
)
def test_places_are_contained_by_parent(place, outer, expected):
    """A city lies in its province, not the other way round; the nation, also if unsaid, lies in neither."""
    assert meeting(asked=inquiry(jurisdiction=place)).value(INSIDE + outer, PREVAILING) is expected


def test_a_tie_holds_on_its_days_inclusive():
    """Judged on the moment's own day."""
    ties = (Span(TODAY, TODAY), Span(date(2024, 7, 1)))
    asked = inquiry(moments={"award": read_when("2024-07-01"), "contract": read_when("2024-06-11")})
    met = meeting(entry(listed="2024-01-01"), asked, ties=ties, reach=Reach.BRANCH)
    assert [met.value(TIED, at) for at in (PREVAILING, "award", "contract")] == [True, True, False]


# -- figures


def figure(code="large-fine", at=PREVAILING, place="national", day=NOON, **said):
    """The lowest and highest figure for a record entry."""
    asked = inquiry(at=day, jurisdiction=place)
    return meeting(entry("record", **{"decided": "2024-05-01"} | said), asked).scene(at).figure(code)


def test_a_figure_begins_on_its_day():
    """The large fine is two million from 2022-02-08; before that it was a local reading, so it is not known."""
    assert figure(day="2022-02-08T00:00+08:00", field="food") == (200_000_000, 200_000_000)
    assert figure(day="2022-02-07T23:59+08:00", field="food") is None


def test_the_higher_figure_of_a_field_wins():
    """Where the field is not known the figure lies between the two."""
    assert figure(field="securities") == (500_000_000, 500_000_000)
    assert figure(field="food") == (200_000_000, 200_000_000)
    assert figure() == figure(field=UNKNOWN) == (200_000_000, 500_000_000)


def test_a_fields_lower_figure_never_wins():
    """`by_field` raises; it does not lower."""
    lower = replace(WORDS.parameters["large-fine"], by_field={"food": 1})
    words_ = replace(WORDS, parameters={"large-fine": lower})
    met = replace(meeting(entry("record", field="food")), vocabulary=words_)
    assert met.scene(PREVAILING).figure("large-fine") == (200_000_000, 200_000_000)


@pytest.mark.parametrize(
    ("place", "expected"), [("national", 3), ("110000", 3), ("420000", 2), ("420881", 2), (None, 3)]
)
def test_a_nearer_place_has_its_own_figure(place, expected):
    """The province's own before the nation's, in its cities too, even where the nation's is the newer."""
    assert figure("many", place=place) == (expected, expected)


def test_a_figure_read_on_a_date_of_the_entry():
    """`many` is read on the day of the decision: unknown before its first value and where that day is not known."""
    assert figure("many", decided="2024-01-01") == figure("many", decided="2024-03-31") == (4, 4)
    assert figure("many", decided="2024-04-01") == (3, 3)
    assert figure("many", decided="2023-12-31") is None
    assert meeting(entry("record")).scene(PREVAILING).figure("many") is None


def test_a_figure_at_a_moment_nobody_stated():
    """No day, no figure."""
    assert figure(at="award") is None


# -- who is reached


def test_whose_entries_count_and_when():
    """Its own always; one hop by each kind of relation, in its direction, with the days it held."""
    spans = (Span(until=date(2020, 1, 1)), Span(date(2023, 1, 1)))
    known = Register(
        relations=(
            Relation("branch-of", B, A, spans[0]),
            Relation("branch-of", B, A, spans[1]),
            Relation("branch-of", A, C),
            Relation("legal-representative-of", D, A),
            Relation("legal-representative-of", A, B),
            Relation("branch-of", C, B),
        )
    )
    assert reached(Party(A, "supplier"), known) == {
        (Reach.SELF, A): (Span(),),
        (Reach.BRANCH, B): spans,
        (Reach.HEAD_OFFICE, C): (Span(),),
        (Reach.LEGAL_REPRESENTATIVE, D): (Span(),),
    }


def test_teams():
    """A named consortium, or the one unnamed of all consortium members; nobody else."""
    assert team(Party(A, "supplier", "east")) == "east"
    assert team(Party(A, "consortium-member")) == team(Party(B, "consortium-member")) != ""
    assert team(Party(A, "supplier")) == ""


# -- derived facts


def repeated(*others, **said):
    """Whether A's entry of 2024-06-01 repeats any of the others."""
    one = entry(listed="2024-06-01", **said)
    return meeting(one, known=register(one, *others)).value("repeat_listing", PREVAILING)


def test_a_repeat_listing_is_one_after_another_of_the_same_subject_on_the_same_list():
    """Earlier, not the same day; not another's, not another list's."""
    assert repeated() is False
    assert repeated(entry(listed="2024-05-31")) is True
    assert repeated(entry(listed="2024-06-01")) is False
    assert repeated(entry(listed="2024-06-02")) is False
    assert repeated(entry(listed="2024-05-31", subject=B)) is False
    assert repeated(entry("endless", listed="2024-05-31")) is False
    assert repeated(entry(decided="2024-05-31")) is False


def test_the_entrys_own_word_on_repetition_comes_first():
    """Whatever the register holds, and also when that word is that nobody knows."""
    earlier = entry(listed="2020-01-01")
    assert repeated(earlier, repeat_listing=False) is False
    assert repeated(repeat_listing=True) is True
    assert repeated(earlier, repeat_listing=UNKNOWN) is UNKNOWN


def test_an_annulled_listing_is_repeated_by_none():
    """It never should have been; on the very day of the annulment nobody can say."""
    assert repeated(entry(listed="2024-01-01", annulled="2024-06-09")) is False
    assert repeated(entry(listed="2024-01-01", annulled=TODAY.isoformat())) is UNKNOWN
    assert repeated(entry(listed="2024-01-01", annulled="2024-06-11")) is True
    assert repeated(entry(listed="2024-01-01", removed="2024-02-01")) is True, "removal ends it, but it was one"


def test_without_its_own_day_repetition_is_unknown():
    """A required day left out."""
    assert meeting(entry()).value("repeat_listing", PREVAILING) is UNKNOWN


def complained(*days, **said):
    """How many unfounded complaints of A count, decided on these days."""
    found = [entry(COMPLAINTS, decided=day, ground="unfounded-complaint", **said) for day in days]
    return meeting(known=register(*found)).value("complained", PREVAILING)


def test_complaints_of_twelve_months_count():
    """Whole inclusive days back from the moment; the future does not count."""
    assert complained() == 0
    assert complained("2023-06-09") == 0
    assert complained("2023-06-10", "2024-06-09") == 2
    assert complained("2024-06-11") == 0
    assert complained("2024-06-10T12:00+08:00") == 1
    assert complained("2024-06-10T12:00:00.000001+08:00") == 0


def test_a_complaint_decided_on_the_day_itself_may_count():
    """Nobody knows the hour, so nobody knows the number."""
    assert complained("2024-01-01", "2024-06-10") is UNKNOWN


def test_a_complaint_decision_that_was_annulled_or_is_suspended_does_not_count():
    """As with any decision; repair changes nothing."""
    assert complained("2024-01-01", annulled="2024-02-01") == 0
    assert complained("2024-01-01", suspended="2024-02-01") == 0
    assert complained("2024-01-01", suspended="2024-02-01", resumed="2024-03-01") == 1
    assert complained("2024-01-01", repaired="2024-02-01") == 1


def test_only_the_partys_own_unfounded_complaints_count():
    """Neither another's, nor another ground, nor another list's."""
    others = [
        entry(COMPLAINTS, B, decided="2024-01-01", ground="unfounded-complaint"),
        entry(COMPLAINTS, decided="2024-01-01", ground="other"),
        entry("record", decided="2024-01-01", ground="unfounded-complaint"),
    ]
    assert meeting(known=register(*others)).value("complained", PREVAILING) == 0


def test_a_complaint_of_which_a_required_fact_is_not_known_may_count():
    """Its day, or its ground."""
    for said in ({"ground": "unfounded-complaint"}, {"decided": "2024-01-01"}):
        assert meeting(known=register(entry(COMPLAINTS, **said))).value("complained", PREVAILING) is UNKNOWN
    assert meeting(known=register(entry(COMPLAINTS, decided="2020-01-01"))).value("complained", PREVAILING) == 0


def same_permit(one, matter=None):
    """Whether the entry is about the permit now applied for."""
    return meeting(one, inquiry(scenario="permit", matter=matter)).value("same_permit", PREVAILING)


def test_a_permit_is_the_same_by_its_matter():
    """行政许可法 78, 79: 该行政许可, and no other."""
    before = entry("frauds", decided="2024-01-01", permit_matter="food")
    assert same_permit(before, "food") is True
    assert same_permit(before, "works") is False


def test_whether_a_permit_is_the_same_is_unknown_unless_both_are_stated():
    """No matter stated, or the entry's not; nor can a name the vocabulary lacks be compared."""
    assert same_permit(entry("frauds", permit_matter="food")) is UNKNOWN
    assert same_permit(entry("frauds"), "food") is UNKNOWN
    assert same_permit(entry("frauds", permit_matter=UNKNOWN), "food") is UNKNOWN
    assert same_permit(entry("record"), "food") is UNKNOWN
    assert same_permit(entry("frauds", permit_matter="elsewhere"), "food") is UNKNOWN


def test_without_an_entry_there_is_no_permit_to_be_the_same():
    """Absent, so every test on it is false."""
    assert same_permit(None, "food") is ABSENT


def test_what_is_behind_a_derived_fact_is_what_to_supply():
    """The matter first, which the asker knows; then the entry's permit; any other fact is asked for by its own name."""
    one = entry("frauds")
    asked = inquiry(scenario="permit", matter="food")
    assert behind("same_permit", meeting(one, inquiry(scenario="permit"))) == "matter"
    assert behind("same_permit", meeting(one, asked)) == "permit_matter"
    assert behind("repeat_listing", meeting(one, asked)) == "repeat_listing"


def related(*relations, parties=((A, ""), (B, "")), at=PREVAILING):
    """Whether the first of the parties is related to another."""
    asked = inquiry(*(Party(subject, "supplier", team_) for subject, team_ in parties))
    return meeting(asked=asked, known=register(relations=tuple(relations))).value("related", at)


@pytest.mark.parametrize("kind", ["legal-representative-of", "responsible-person-of"])
def test_rivals_under_one_head_are_related(kind):
    """单位负责人为同一人; also where one firm's legal representative heads the other."""
    assert related(Relation(kind, D, A), Relation(kind, D, B)) is True
    assert related(Relation(kind, D, A), Relation("legal-representative-of", D, B)) is True
    assert related(Relation(kind, D, A), Relation(kind, C, B)) is False
    assert related(Relation(kind, D, A)) is False


def test_a_rival_that_controls_or_is_controlled_is_related():
    """Direct control either way; a common controller, a shareholder and a branch are not yet that."""
    assert related(Relation("controller-of", A, B)) is True
    assert related(Relation("controller-of", B, A)) is True
    assert related(Relation("controller-of", D, A), Relation("controller-of", D, B)) is False
    assert related(Relation("shareholder-of", A, B)) is False


def test_only_rivals_of_this_inquiry_count():
    """Members of one consortium are no rivals; who does not bid is none either."""
    control = Relation("controller-of", A, B)
    assert related(control, parties=((A, "east"), (B, "east"))) is False
    assert related(control, parties=((A, "east"), (B, "west"))) is True
    assert related(control, parties=((A, ""), (C, ""))) is False
    assert related(control, parties=((A, ""),)) is False


def test_a_relation_counts_on_its_days():
    """Ended yesterday or begun tomorrow it counts no more, or not yet; at a moment nobody stated there is no answer."""
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    assert related(Relation("controller-of", A, B, Span(until=yesterday))) is False
    assert related(Relation("controller-of", A, B, Span(TODAY, TODAY))) is True
    assert related(Relation("controller-of", A, B, Span(tomorrow))) is False
    assert related(Relation("controller-of", A, B), at="award") is ABSENT


def test_the_day_an_entry_ended_is_a_fact():
    """Unknown where its term is."""
    assert meeting(entry(listed="2022-06-10")).value("ended", PREVAILING) == TODAY
    assert meeting(entry("endless", listed="2022-06-10")).value("ended", PREVAILING) is ABSENT
    assert meeting(entry("graded", listed="2022-06-10")).value("ended", PREVAILING) is UNKNOWN
