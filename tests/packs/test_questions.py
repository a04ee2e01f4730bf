"""Inquiries and entries: read right, or refused with every fault at once, never quoting a citizen's number."""

import json
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import LAST_DAY, read_when
from engine.errors import Fault, RefusedInput
from engine.identity import synthetic_code
from engine.inquiry import RELATION_KINDS, UNKNOWN, Event, Inquiry, Party, Register
from engine.packs.questions import read_inquiry, read_register
from engine.packs.source import parse_tree
from engine.vocabulary import Span, Vocabulary
from tests.packs.conftest import codes, tree

A, B = synthetic_code(0), synthetic_code(1)
NOON = "2024-06-10T12:00+08:00"


def asked(vocabulary: Vocabulary, **keys: object) -> Inquiry:
    """A sound inquiry with these keys changed; None leaves one out."""
    usual: dict[str, object] = {"scenario": "procurement", "as_of": NOON, "parties": [{"subject": A}]}
    text = json.dumps({key: value for key, value in {**usual, **keys}.items() if value is not None}, ensure_ascii=False)
    return read_inquiry(tree(text), vocabulary)


def refused(vocabulary: Vocabulary, **keys: object) -> tuple[Fault, ...]:
    """The faults of such an inquiry."""
    with pytest.raises(RefusedInput) as caught:
        asked(vocabulary, **keys)
    return caught.value.faults


def test_the_least_one_can_ask(vocabulary: Vocabulary) -> None:
    """A scenario, a moment and a party; the rest is default."""
    found = asked(vocabulary)
    assert found.parties == (Party(A, "supplier"),)
    assert (found.moments, found.prevails) == ({"as_of": read_when(NOON)}, "as_of")
    assert (found.jurisdiction, found.matter, found.authority, found.facts) == (None, None, None, {})


def test_everything_one_can_ask(vocabulary: Vocabulary) -> None:
    """Each key has its meaning."""
    found = asked(
        vocabulary,
        scenario="permit",
        jurisdiction="420881",
        matter="food",
        authority="samr",
        moments={"cut_off": "2024-06-03"},
        prevails="cut_off",
        facts={"mandatory": "yes", "price": "１２.５", "stage": "unknown"},
        parties=[
            {"subject": A, "role": "applicant", "consortium": "X", "facts": {"collusion": "no"}},
            {"subject": "person-a1", "kind": "natural-person"},
        ],
    )
    assert found.facts == {"mandatory": True, "price": 1250, "stage": UNKNOWN}
    assert found.parties[0] == Party(A, "applicant", "X", facts={"collusion": False})
    assert found.parties[1].kind == "natural-person"
    assert (found.jurisdiction, found.matter, found.authority) == ("420881", "food", "samr")
    assert found.prevailing == read_when("2024-06-03")


def test_what_prevails(vocabulary: Vocabulary) -> None:
    """The moment named, else the scenario's if stated, else as_of."""
    assert asked(vocabulary, moments={"cut_off": NOON}).prevails == "cut_off"
    assert asked(vocabulary, moments={"award": NOON}).prevails == "as_of"
    assert asked(vocabulary, moments={"cut_off": NOON}, prevails="as_of").prevails == "as_of"


def test_the_moment_may_come_from_the_caller(vocabulary: Vocabulary) -> None:
    """The file's own word goes first."""
    later = read_when("2025-01-01")
    text = f"scenario: procurement\nparties: [{{subject: {A}}}]\n"
    assert read_inquiry(tree(text), vocabulary, later).moments == {"as_of": later}
    assert read_inquiry(tree(text + f"as_of: {NOON}\n"), vocabulary, later).moments == {"as_of": read_when(NOON)}


@pytest.mark.parametrize(
    ("keys", "code", "help_en"),
    [
        ({"scenario": "procurment"}, "P601", "did you mean `procurement`?"),
        ({"scenario": None}, "P122", ""),
        ({"as_of": None}, "P610", None),
        ({"as_of": "2024-02-30"}, "P605", None),
        ({"as_of": "2024-06-10T12:00"}, "P125", None),
        ({"as_of": "2024-06-10T25:00+08:00"}, "P605", None),
        ({"as_of": "1900-01-01"}, "P605", None),
        ({"moments": {"cutoff": NOON}}, "P123", "did you mean `cut_off`?"),
        ({"moments": {"as_of": "2024-06-09"}}, "P609", ""),
        ({"prevails": "award"}, "P609", None),
        ({"jurisdiction": "420882"}, "P601", "did you mean `420881`?"),
        ({"jurisdiction": "湖北"}, "P125", None),
        ({"matter": "food"}, "P601", ""),
        ({"authority": "sam"}, "P601", "did you mean `samr`?"),
        ({"facts": {"pryce": "1"}}, "P607", "did you mean `price`?"),
        ({"facts": {"collusion": "no"}}, "P607", None),
        ({"facts": {"amount": "1"}}, "P607", None),
        ({"facts": {"price": "1.234"}}, "P606", None),
        ({"facts": {"mandatory": "maybe"}}, "P606", None),
        ({"facts": {"stage": "awardd"}}, "P606", "did you mean `awarded`?"),
        ({"parties": None}, "P122", ""),
        ({"parties": []}, "P126", ""),
        ({"parties": [{"subject": A}] * 1001}, "P126", ""),
        ({"parties": [{"role": "supplier"}]}, "P122", ""),
        ({"parties": [{"subject": A}, {"subject": A}]}, "P604", ""),
        ({"parties": [{"subject": A, "role": "bidder"}]}, "P601", "known: supplier, agency"),
        ({"parties": [{"subject": A, "kind": "firm"}]}, "P123", None),
        ({"parties": [{"subject": A[:-1] + "7"}]}, "P603", ""),
        ({"parties": [{"subject": "91990000O00000001X"}]}, "P603", ""),
        ({"parties": [{"subject": A, "facts": {"price": "1"}}]}, "P607", None),
        ({"parties": [{"subject": A, "facts": {"collusion": "sure"}}]}, "P606", None),
    ],
)
def test_each_wrong_inquiry(keys: dict[str, object], code: str, help_en: str | None, vocabulary: Vocabulary) -> None:
    """Each fault has its code, both languages, and a way out where there is one."""
    faults = refused(vocabulary, **keys)
    assert code in codes(faults)
    fault = faults[codes(faults).index(code)]
    assert fault.zh
    assert fault.place.line == 1
    assert help_en is None or fault.help_en == help_en


def test_full_width_digits_in_a_code_are_read_right(vocabulary: Vocabulary) -> None:
    """As are blanks, hyphens and small letters."""
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in A)
    assert asked(vocabulary, parties=[{"subject": wide}]).parties[0].subject == A
    assert asked(vocabulary, parties=[{"subject": f" {A[:8]}-{A[8:].lower()} "}]).parties[0].subject == A


@pytest.mark.parametrize("number", ["11010519491231002X", "110105 19491231 0021", "110105194912310029"])
def test_a_citizens_number_is_never_repeated(number: str, vocabulary: Vocabulary) -> None:
    """Neither in a sentence nor in the line that is quoted, nor by another fault of that line."""
    faults = refused(vocabulary, parties=[{"subject": number, "role": "x"}], facts={"price": number})
    assert codes(faults) == ["P603", "P601", "P606"]
    assert number not in repr(faults)


def test_every_fault_at_once(vocabulary: Vocabulary) -> None:
    """Form and words, in the order of the file."""
    text = "scenario: x\nas_of: 2024-02-30\nplace: y\nparties:\n  - {subject: 123}\n  - {subject: ~}\n"
    with pytest.raises(RefusedInput) as caught:
        read_inquiry(tree(text), vocabulary)
    assert codes(caught.value.faults) == ["P601", "P605", "P121", "P603", "P112"]


def register(vocabulary: Vocabulary, *entries: dict[str, object], **keys: object) -> Register:
    """What a file with these entries knows."""
    return read_register(tree(json.dumps({"entries": list(entries), **keys}, ensure_ascii=False)), vocabulary)


def entry(**keys: object) -> dict[str, object]:
    """A sound entry of A with these keys changed."""
    return {"subject": A, "list": "penalties", "decided": "2024-01-05", "penalty": "fine", **keys}


def test_an_empty_register(vocabulary: Vocabulary) -> None:
    """Nothing known but that every kind of relation has arrived."""
    assert register(vocabulary) == Register((), (), {}, frozenset(RELATION_KINDS))


def test_an_entry(vocabulary: Vocabulary) -> None:
    """Event dates, typed facts, events in the order written, where it came from."""
    (one,) = register(
        vocabulary,
        entry(
            amount="２０００.5",
            times="3",
            serious="yes",
            ban_until="2025-01-04",
            disputed="2024-02-01",
            repaired="2024-03-01T09:00+08:00",
            absent={"after": "2024-04-01", "before": "2024-04-08"},
            events=[{"kind": "suspended", "on": "2024-02-02"}, {"kind": "resumed", "on": "2024-02-03"}],
            document="某罚〔2024〕1号",
            body="某局",
        ),
    ).entries
    assert one.dates == {"decided": read_when("2024-01-05"), "ban_until": read_when("2025-01-04")}
    assert one.facts == {"penalty": "fine", "amount": 200_050, "times": 3, "serious": True}
    assert [event.kind for event in one.events] == ["disputed", "repaired", "absent", "suspended", "resumed"]
    assert one.events[1] == Event("repaired", read_when("2024-03-01T09:00+08:00"))
    assert (one.events[2].when.day, one.events[2].when.last_day) == (date(2024, 4, 1), date(2024, 4, 8))
    assert (one.document, one.body) == ("某罚〔2024〕1号", "某局")


def test_unknown_is_a_value(vocabulary: Vocabulary) -> None:
    """Of a fact, and of an event date."""
    (one,) = register(vocabulary, entry(amount="unknown", ban_until="unknown")).entries
    assert one.facts["amount"] is UNKNOWN
    assert one.facts["ban_until"] is UNKNOWN
    assert "ban_until" not in one.dates


def test_arrivals_and_relations(vocabulary: Vocabulary) -> None:
    """One arrival or several; dated ties from near to far."""
    found = register(
        vocabulary,
        arrivals={"defaulters": [NOON, "2024-06-11"], "penalties": NOON},
        relations_known=["branch-of"],
        relations=[{"kind": "branch-of", "from": B, "to": A, "since": "2020-01-01", "until": "2024-12-31"}],
    )
    assert found.arrivals == {
        "defaulters": (read_when(NOON), read_when("2024-06-11")),
        "penalties": (read_when(NOON),),
    }
    assert found.relations_known == {"branch-of"}
    (tie,) = found.relations
    assert (tie.kind, tie.near, tie.far) == ("branch-of", B, A)
    assert tie.span == Span(date(2020, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"list": "penaltys"}, "P602"),
        ({"subject": "123"}, "P603"),
        ({"decided": "2024-02-30"}, "P605"),
        ({"ban_until": "2024-06-10T09:00+08:00"}, "P605"),
        ({"ban_from": "2024-06-10", "ban_until": "2024-06-09"}, "P608"),
        ({"ground": "3"}, "P607"),
        ({"amout": "3"}, "P607"),
        ({"price": "3"}, "P607"),
        ({"amount": "lots"}, "P606"),
        ({"penalty": "fyne"}, "P606"),
        ({"penalty": "x" * 65}, "P606"),
        ({"penalty": ["fine"]}, "P124"),
        ({"repaired": "yesterday"}, "P125"),
        ({"absent": {"after": "2024-04-08", "before": "2024-04-01"}}, "P608"),
        ({"events": [{"kind": "resumd", "on": "2024-02-02"}]}, "P123"),
        ({"events": [{"kind": "resumed"}]}, "P122"),
        ({"events": [{"kind": "absent", "on": "2024-02-02"}]}, "P608"),
        ({"events": [{"kind": "resumed", "on": "2024-02-02", "after": "2024-02-01"}]}, "P608"),
    ],
)
def test_each_wrong_entry(keys: dict[str, object], code: str, vocabulary: Vocabulary) -> None:
    """Each fault has its code, and the others of the file are told with it."""
    with pytest.raises(RefusedInput) as caught:
        register(vocabulary, entry(**keys), entry(subject="919900000000000000"))
    assert sorted(codes(caught.value.faults)) == sorted([code, "P603"])


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"arrivals": {"penaltys": NOON}}, "P602"),
        ({"arrivals": {"penalties": "2024-02-30"}}, "P605"),
        ({"arrivals": {"penalties": []}}, "P126"),
        ({"arrivals": {"penalties": {"a": "b"}}}, "P124"),
        ({"relations_known": ["branch"]}, "P123"),
        ({"relations": [{"kind": "branch-of", "from": A, "to": A}]}, "P611"),
        ({"relations": [{"kind": "branch-of", "from": A, "to": "x"}]}, "P603"),
        (
            {"relations": [{"kind": "branch-of", "from": A, "to": B, "since": "2024-01-02", "until": "2024-01-01"}]},
            "P608",
        ),
        ({"registry": []}, "P121"),
    ],
)
def test_each_wrong_register(keys: dict[str, object], code: str, vocabulary: Vocabulary) -> None:
    """Arrivals and relations are checked like entries."""
    with pytest.raises(RefusedInput) as caught:
        register(vocabulary, **keys)
    assert codes(caught.value.faults) == [code]


DAYS = st.dates(date(1949, 10, 1), LAST_DAY - timedelta(days=1)).map(date.isoformat)


@given(amount=st.integers(0, 10**15 - 1), day=DAYS, times=st.integers(0, 10**9 - 1))
def test_figures_and_days_survive(amount: int, day: str, times: int, vocabulary: Vocabulary) -> None:
    """Every fen, every day, every count comes back as written."""
    (one,) = register(
        vocabulary, entry(amount=f"{amount // 100}.{amount % 100:02}", times=str(times), decided=day)
    ).entries
    assert (one.facts["amount"], one.facts["times"], one.dates["decided"].text) == (amount, times, day)


@given(data=st.binary(max_size=60) | st.text("{}[]:,- \nabc'\"&*!|一１", max_size=60).map(str.encode))
def test_no_file_makes_it_raise_anything_else(data: bytes, vocabulary: Vocabulary) -> None:
    """A wrong file is RefusedInput; of a register nothing need be known, so `{}` is one."""
    with pytest.raises(RefusedInput):
        read_inquiry(parse_tree(data, "x"), vocabulary)
    with suppress(RefusedInput):
        assert read_register(parse_tree(data, "x"), vocabulary).entries == ()
