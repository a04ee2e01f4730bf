"""`POST /v1/decisions`: judged, recorded and answered; once for each key; what is wrong is said where it stands."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from api.rest import docket, sheaf
from engine.access.roles import Role
from engine.canonical import canonical
from engine.errors import Unavailable
from engine.identity import synthetic_code
from engine.registry.store import ask
from engine.services.books import open_ledger
from tests.rest.asking import PURPOSE, REVIEW, decided, question
from tests.rest.conftest import Headers, KeyFor

# A citizen's number that nobody has: the standard's own example.
PERSON = "11010519491231002X"


@pytest.fixture
def mine(key_for: KeyFor) -> Headers:
    """A key that asks and reads."""
    return key_for(Role.INQUIRER)


def leaves() -> list[Any]:
    """What the ledger holds."""
    ledger = open_ledger()
    try:
        with ledger.store.reading() as connection:
            return ask(connection, "SELECT id, core, envelope, promise FROM leaf ORDER BY ticks, id")
    finally:
        ledger.store.close()


def test_an_answer_is_what_was_recorded(client: httpx2.Client, mine: Headers) -> None:
    """The core stands in it byte for byte; a clean no is a 201 too."""
    answer = client.post("/v1/decisions", json=question(REVIEW), headers=mine)
    said, (row,) = answer.json(), leaves()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/decisions/{row.id}"
    assert answer.headers["cache-control"] == "no-store"
    assert row.core.encode() in answer.content
    assert canonical(said["decision"]).decode() == row.core
    assert canonical(said["promise"]).decode() == row.promise
    assert said["verdict"] == "review"
    assert said["names"]["p1"] == {"subject": synthetic_code(REVIEW)}
    again = client.get(f"/v1/decisions/{row.id}", headers=mine | PURPOSE)
    assert again.content == answer.content


def test_what_follows_is_said_to_who_asks(client: httpx2.Client, mine: Headers) -> None:
    """Ways back unless they are not wanted, words only if they are; the same later, made again."""
    plain = decided(client, mine, REVIEW)
    assert "remedies" not in plain
    body = {name: value for name, value in question(REVIEW).items() if name != "include"}
    assert "words" not in client.post("/v1/decisions", json=body, headers=mine).json()
    assert client.post("/v1/decisions", json=body, headers=mine).json()["remedies"]["remedies"]
    full = decided(client, mine, REVIEW, include=["words"])
    assert full["words"]["zh"]["answer"].startswith("结论：须人工审查")
    assert "what would make them eligible" in full["words"]["en"]["ways_back"]
    path = f"/v1/decisions/{plain['id']}?include=words"
    assert client.get(path, headers=mine | PURPOSE).json()["words"] == full["words"]


def test_the_same_key_gets_the_same_answer(client: httpx2.Client, mine: Headers, key_for: KeyFor) -> None:
    """Byte for byte; another body with it is refused; it is nobody else's key."""
    once = mine | {"Idempotency-Key": "tender-1"}
    first = client.post("/v1/decisions", json=question(REVIEW, case="采1号", include=["words"]), headers=once)
    again = client.post("/v1/decisions", json=question(REVIEW, case="采1号", include=["words"]), headers=once)
    assert (again.status_code, again.content) == (201, first.content)
    other = client.post("/v1/decisions", json=question(REVIEW, case="采2号"), headers=once)
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    theirs = key_for(Role.INQUIRER) | {"Idempotency-Key": "tender-1"}
    assert client.post("/v1/decisions", json=question(2), headers=theirs).status_code == 201
    assert len(leaves()) == 2


def test_twins_sent_at_once_are_one_decision(client: httpx2.Client, mine: Headers) -> None:
    """Whoever is first is recorded, and all get that answer."""
    once = mine | {"Idempotency-Key": "twins"}
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(lambda _: client.post("/v1/decisions", json=question(REVIEW), headers=once), range(16))
        )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(leaves()) == 1


def test_a_natural_person_is_asked_about_without_the_number(
    client: httpx2.Client, mine: Headers, caplog: pytest.LogCaptureFixture
) -> None:
    """It is digested and dropped; a wrong one is not repeated."""
    body = question(parties=[{"person": PERSON, "role": "supplier"}])
    with caplog.at_level("DEBUG"):
        answer = client.post("/v1/decisions", json=body, headers=mine)
        wrong = client.post("/v1/decisions", json=question(parties=[{"person": PERSON[:-1] + "1"}]), headers=mine)
    assert answer.status_code == 201
    assert answer.json()["names"]["p1"]["subject"].startswith("person:")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/parties/0/person")
    for said in (answer.text, wrong.text, caplog.text, str(leaves())):
        assert PERSON[:-1] not in said


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"scenario": "procuremen"}, "/scenario"),
        ({"parties": [{"subject": "x"}]}, "/parties/0/subject"),
        ({"parties": []}, "/parties"),
        ({"purpose": ""}, "/purpose"),
        ({"purpose": ["x"]}, "/purpose"),
        ({"purpose": PERSON}, "/purpose"),
        ({"case": "x" * 5_000}, "/case"),
        ({"include": ["all"]}, "/include"),
        ({"nothing": 1}, "/nothing"),
        ({"as_of": "yesterday"}, "/as_of"),
        ({"id": "x"}, "/id"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(
    client: httpx2.Client, mine: Headers, change: dict[str, Any], pointer: str
) -> None:
    """In the caller's language, and nothing is recorded."""
    for lang in ("zh", "en"):
        answer = client.post("/v1/decisions", json=question() | change, headers=mine | {"Accept-Language": lang})
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert pointer in [error["pointer"] for error in answer.json()["errors"]]
        assert answer.json()["title"] == {"zh": "内容有误", "en": "what was sent is at fault"}[lang]
        assert PERSON not in answer.text
    assert leaves() == []


def test_what_the_program_does_wrong_answers_everybody(
    client: httpx2.Client, mine: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault while questions are judged together: each gets a 500 that shows nothing, and the next is served."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a secret detail")

    with monkeypatch.context() as patch:
        patch.setattr(sheaf, "Sitting", broken)
        with ThreadPoolExecutor(4) as threads:
            answers = list(
                threads.map(lambda n: client.post("/v1/decisions", json=question(n), headers=mine), range(8))
            )
    assert {answer.status_code for answer in answers} == {500}
    assert not any("secret" in answer.text for answer in answers)
    decided(client, mine)


def test_without_a_record_there_is_no_answer(
    client: httpx2.Client, mine: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 that says when to come again."""

    def away(*_: object) -> None:
        raise Unavailable("数据库不可用", "the database is not available")

    monkeypatch.setattr("engine.ledger.recorder.record", away)
    answer = client.post("/v1/decisions", json=question(), headers=mine)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "verdict" not in answer.text
    assert leaves() == []


def test_more_questions_than_go_together(client: httpx2.Client, mine: Headers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has its own answer."""
    monkeypatch.setattr(docket, "TOGETHER", 2)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: decided(client, mine, number), range(12)))
    assert [one["names"]["p1"]["subject"] for one in answers] == [synthetic_code(number) for number in range(12)]
    assert len({one["id"] for one in answers}) == len(leaves()) == 12
