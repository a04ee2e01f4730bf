"""Cases: a few lines become an inquiry and a register, omissions filled in as the README says."""

from datetime import timedelta

import pytest

from engine.calendar import happened, read_when
from engine.errors import Fault
from engine.identity import synthetic_code
from engine.inquiry import RELATION_KINDS, Party
from engine.packs.cases import Case, read_cases
from engine.truth import NO, YES
from engine.vocabulary import Vocabulary
from tests.packs.conftest import codes, tree

A, B, C = (synthetic_code(number) for number in range(3))
CASE = """\
- case: a defaulter on the cut-off day
  cut_off: 2024-06-10T09:00+08:00
  entries:
    - {list: defaulters, ground: 3, listed: 2023-10-09}
  inquiry: {scenario: procurement, role: supplier}
  expect: ineligible
  because: [一]
"""


def read(text: str, vocabulary: Vocabulary, pack: str = "notice") -> tuple[tuple[Case, ...], tuple[Fault, ...]]:
    """The cases of a file."""
    return read_cases(tree(text), vocabulary, pack)


def only(text: str, vocabulary: Vocabulary, pack: str = "notice") -> Case:
    """The one case of a sound file."""
    cases, faults = read(text, vocabulary, pack)
    assert faults == ()
    (case,) = cases
    return case


def test_a_case(vocabulary: Vocabulary) -> None:
    """One party A, place national, the scenario's moment, lists fresh, relations known."""
    case = only(CASE, vocabulary)
    assert (case.name, case.pack, case.expect) == ("a defaulter on the cut-off day", "notice", "ineligible")
    assert (case.place.line, case.place.column) == (1, 9)
    assert case.inquiry.parties == (Party(A, "supplier"),)
    assert (case.inquiry.jurisdiction, case.inquiry.prevails) == ("national", "cut_off")
    assert case.inquiry.moments == dict.fromkeys(["cut_off", "as_of"], read_when("2024-06-10T09:00+08:00"))
    (entry,) = case.register.entries
    assert (entry.subject, entry.list, entry.facts) == (A, "defaulters", {"ground": "3"})
    assert case.register.relations_known == set(RELATION_KINDS)
    assert set(case.register.arrivals) == set(vocabulary.lists)


def test_what_is_not_said_is_not_tested(vocabulary: Vocabulary) -> None:
    """None says nothing, an empty list says none."""
    case = only(CASE, vocabulary)
    assert (case.benefits, case.withheld, case.missing, case.flags) == (None, None, None, ())
    more = CASE + "  benefits: []\n  withheld: [spare]\n  missing: [amount]\n  flags: [disputed]\n"
    case = only(more, vocabulary)
    assert (case.benefits, case.withheld, case.missing, case.flags) == ((), ("spare",), ("amount",), ("disputed",))
    assert only(CASE.replace("  because: [一]\n", ""), vocabulary).because is None


def test_clauses_are_full_identities_within_a_pack(vocabulary: Vocabulary) -> None:
    """Elsewhere a bare clause stays as written."""
    text = CASE.replace("[一]", "[一, notice#二, other#三]")
    assert only(text, vocabulary).because == ("notice#一", "notice#二", "other#三")
    assert only(text, vocabulary, pack="").because == ("一", "notice#二", "other#三")


def test_lists_are_fresh_unless_stale(vocabulary: Vocabulary) -> None:
    """Fresh at the latest moment; stale is longer ago than any list stays fresh."""
    case = only(CASE + "  award: 2024-07-01\n  stale: [penalties]\n", vocabulary)
    award = read_when("2024-07-01")
    ((fresh,), (old,)) = (case.register.arrivals[name] for name in ("defaulters", "penalties"))
    assert case.inquiry.moments["as_of"] == award
    assert happened(award, fresh) == YES
    assert happened(case.inquiry.prevailing, old) == NO
    assert case.inquiry.prevailing.day - old.day == timedelta(days=47)


def test_relations_that_never_arrived(vocabulary: Vocabulary) -> None:
    """`no_relations` takes their kinds away."""
    case = only(CASE + "  no_relations: [branch-of]\n", vocabulary)
    assert case.register.relations_known == set(RELATION_KINDS) - {"branch-of"}


def test_parties_relations_and_whose_entry_it_is(vocabulary: Vocabulary) -> None:
    """Names are numbered as they appear; an entry without `of` is the first party's."""
    text = """\
- case: members and branches
  as_of: 2024-06-10
  inquiry: {scenario: procurement, prevails: as_of, facts: {mandatory: yes}}
  parties:
    - {name: 甲, consortium: X, facts: {collusion: no}}
    - {name: 乙, role: agency, consortium: X, kind: individual-business}
  entries:
    - {list: defaulters, ground: 1, listed: 2024-01-01}
    - {of: 丙, list: defaulters, ground: 2, listed: 2024-01-01}
  relations: [{kind: branch-of, from: 丙, to: 乙, since: 2020-01-01}]
  expect: review
"""
    case = only(text, vocabulary)
    assert case.inquiry.parties == (
        Party(A, "supplier", "X", facts={"collusion": False}),
        Party(B, "agency", "X", "individual-business"),
    )
    assert case.inquiry.facts == {"mandatory": True}
    assert [entry.subject for entry in case.register.entries] == [A, C]
    (tie,) = case.register.relations
    assert (tie.near, tie.far) == (C, B)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("expect: ineligible", "expect: refused", "P123"),
        ("expect: ineligible", "expects: ineligible", "P122"),
        ("scenario: procurement", "scenario: buying", "P601"),
        ("role: supplier", "role: bidder", "P601"),
        ("list: defaulters", "list: defaulter", "P602"),
        ("ground: 3", "serious: yes", "P607"),
        ("2024-06-10T09:00+08:00", "2024-06-31T09:00+08:00", "P605"),
        ("  cut_off: 2024-06-10T09:00+08:00\n", "", "P610"),
        ("role: supplier", "prevails: award", "P609"),
        ("expect:", "stale: [defaulter]\n  expect:", "P602"),
        ("expect:", "no_relations: [branch]\n  expect:", "P123"),
        ("expect:", "parties: [{name: A}]\n  expect:", "P522"),
        ("role: supplier}", "role: ~}", "P112"),
    ],
)
def test_each_wrong_case(old: str, new: str, code: str, vocabulary: Vocabulary) -> None:
    """A case with a fault is not judged; the sound one after it is."""
    cases, faults = read(CASE.replace(old, new, 1) + CASE.replace("a defaulter", "another"), vocabulary)
    assert code in codes(faults)
    assert [case.name for case in cases] == ["another on the cut-off day"]


def test_two_cases_of_one_name(vocabulary: Vocabulary) -> None:
    """A sentence names one situation."""
    cases, faults = read(CASE + CASE, vocabulary)
    assert codes(faults) == ["P521"]
    assert len(cases) == 1


@pytest.mark.parametrize(
    "text", ["", "a", "a: b", "[a]", "- {}", "- {case: a, inquiry: b, entries: {c: d}, parties: e}"]
)
def test_no_file_makes_it_raise(text: str, vocabulary: Vocabulary) -> None:
    """A file that holds no cases is faults."""
    cases, faults = read(text, vocabulary)
    assert cases == ()
    assert faults
