"""Events on entries: by whom and on what document, once for each key, and never beyond a key's reach."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.rest import repeating
from api.rest.desk import Desk
from engine.access.roles import Role
from engine.errors import Unavailable
from engine.identity import synthetic_code
from engine.registry.store import ask
from tests.rest.conftest import Headers, KeyFor

LOCAL, ELSEWHERE, EVERYWHERE = synthetic_code(900), synthetic_code(901), synthetic_code(902)
CSV = (
    "code,name,listed,ground,territory\n"
    f"{LOCAL},本地公司,2026-01-02,2,420881\n"
    f"{ELSEWHERE},外地公司,2026-01-02,2,310000\n"
    f"{EVERYWHERE},各地公司,2026-01-02,2,\n"
).encode()


def bring(client: TestClient, key_for: KeyFor) -> None:
    """Three entries: one whose decision limits itself to 钟祥, one to 上海, one to nowhere."""
    said = client.post("/v1/lists/judgment-defaulters/imports", files={"file": CSV}, headers=key_for(Role.REGISTRAR))
    assert said.status_code == 201, said.text


def number_of(client: TestClient, key_for: KeyFor, subject: str) -> str:
    """The number of the subject's first entry."""
    asked = {"subject": subject, "purpose": "x"}
    entries = client.post("/v1/subjects/lookup", json=asked, headers=key_for(Role.REGISTRAR)).json()["entries"]
    number: str = entries[0]["entry"]
    return number


def an_entry(client: TestClient, key_for: KeyFor) -> str:
    """An entry nothing has happened to."""
    bring(client, key_for)
    return number_of(client, key_for, EVERYWHERE)


def event(client: TestClient, holder: Headers, entry: str, verb: str, on: str = "2026-11-20", **more: str) -> Any:
    """What came of reporting it."""
    body = {"event": verb, "on": on, "document": "处1号", **more}
    return client.post(f"/v1/entries/{entry}/events", json=body, headers=holder)


def events_of(client: TestClient, entry: str) -> list[Any]:
    """The entry's events and who recorded them."""
    desk: Desk = client.app.state.desk  # type: ignore[attr-defined]
    with desk.books.registry.reading() as connection:
        query = 'SELECT e.kind, e.document, e.reason, c.who FROM event e JOIN "change" c ON c.id = e.change'
        return [tuple(row) for row in ask(connection, f"{query} WHERE e.entry = ? ORDER BY e.id", (entry,))]


def test_an_objection_from_end_to_end(client: TestClient, key_for: KeyFor) -> None:
    """Raised, settled, the entry repaired: each in the registry as the key's doing, with document and reason."""
    holder, entry = key_for(Role.REGISTRAR), an_entry(client, key_for)
    raised = event(client, holder, entry, "object", document="异议1号", reason="不属实")
    assert raised.status_code == 201
    assert raised.json() == {
        "entry": entry, "list": "judgment-defaulters", "event": "object", "kind": "disputed",
        "words": {"zh": "提出异议", "en": "disputed"}, "on": "2026-11-20", "document": "异议1号",
        "registry": raised.json()["registry"],
    }  # fmt: skip
    assert event(client, holder, entry, "settle").json()["registry"] == raised.json()["registry"] + 1
    assert event(client, holder, entry, "repair", on="2026-11-20T10:00+08:00").status_code == 201
    key = holder["Authorization"].split("_")[1]
    assert events_of(client, entry) == [
        ("disputed", "异议1号", "不属实", key), ("settled", "处1号", "", key), ("repaired", "处1号", "", key),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({}, {("P122", "/event"), ("P122", "/on"), ("P122", "/document")}),
        ({"event": "absent", "on": "2026-11-20", "document": "1"}, {("P123", "/event")}),
        ({"event": "object", "on": "soon", "document": "1"}, {("R641", "/on")}),
        ({"event": "object", "on": "2026-11-20", "document": " "}, {("P112", "/document")}),
        ({"event": "object", "on": "2026-11-20", "document": "x" * 2_001}, {("R644", "/document")}),
        (
            {"event": "object", "on": "2026-11-20", "document": "1", "reason": "身份证11010519491231002X"},
            {("R647", "/reason")},
        ),
        ({"event": "object", "on": "2026-11-20", "document": "1", "who": "me"}, {("P121", "")}),
        ({"event": "settle", "on": "2026-11-20", "document": "1"}, {("R611", "")}),
        ({"event": "object", "on": "2099-01-01", "document": "1"}, {("R613", "")}),
        ([1], {("P124", "")}),
    ],
)
def test_what_cannot_be_recorded(client: TestClient, key_for: KeyFor, body: Any, codes: set[tuple[str, str]]) -> None:
    """Every fault with its pointer; nothing is written."""
    entry = an_entry(client, key_for)
    said = client.post(f"/v1/entries/{entry}/events", json=body, headers=key_for(Role.REGISTRAR))
    assert said.status_code == 422
    assert {(one["code"], one["pointer"]) for one in said.json()["errors"]} == codes
    assert "1101051949" not in said.text
    assert events_of(client, entry) == []


def test_entries_there_are_not(client: TestClient, key_for: KeyFor) -> None:
    """404; and the beginning of a number is no number here."""
    holder, entry = key_for(Role.REGISTRAR), an_entry(client, key_for)
    assert event(client, holder, "0" * 20, "object").status_code == 404
    for wrong in (entry[:8], entry.upper(), entry + "0", "x"):
        assert event(client, holder, wrong, "object").status_code == 422


def test_a_key_of_one_place_reaches_its_own(client: TestClient, key_for: KeyFor) -> None:
    """Entries whose decision limits itself to a territory there; what counts everywhere is beyond it."""
    bring(client, key_for)
    local, elsewhere, everywhere = (number_of(client, key_for, one) for one in (LOCAL, ELSEWHERE, EVERYWHERE))
    for places, reached in {
        ("420881",): {local}, ("420800",): {local}, ("310000",): {elsewhere}, ("420881", "310000"): {local, elsewhere},
        ("420802",): set(), (): {local, elsewhere, everywhere},
    }.items():  # fmt: skip
        holder = key_for(Role.REGISTRAR, places=places)
        for entry in (local, elsewhere, everywhere):
            count = len(events_of(client, entry))
            said = event(client, holder, entry, "object")
            assert said.status_code == (201 if entry in reached else 403)
            assert len(events_of(client, entry)) == count + (entry in reached)


def test_a_key_of_some_scenarios_reaches_their_own(client: TestClient, key_for: KeyFor) -> None:
    """Only lists that no other scenario consults: this one, nearly all do."""
    entry = an_entry(client, key_for)
    one = key_for(Role.REGISTRAR, scenarios=("procurement",))
    assert event(client, one, entry, "object").status_code == 403
    scenarios = client.get("/v1/lists", headers=one).json()["lists"][0]["consulted_by"]
    assert event(client, key_for(Role.REGISTRAR, scenarios=tuple(scenarios)), entry, "object").status_code == 201
    fewer = key_for(Role.REGISTRAR, scenarios=tuple(scenarios[1:]))
    assert event(client, fewer, entry, "object").status_code == 403


def test_once_for_a_key(client: TestClient, key_for: KeyFor) -> None:
    """The same answer, byte for byte, and one event; the key is the holder's own, for one entry and body."""
    bring(client, key_for)
    entry, other = number_of(client, key_for, EVERYWHERE), number_of(client, key_for, LOCAL)
    holder = {**key_for(Role.REGISTRAR), "Idempotency-Key": "重1".encode().hex()}
    first = event(client, holder, entry, "object")
    again = event(client, holder, entry, "object")
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    assert len(events_of(client, entry)) == 1
    for changed in (event(client, holder, entry, "suspend"), event(client, holder, other, "object")):
        assert changed.status_code == 422
        assert changed.json()["code"] == "key-reused"
    mine = {**key_for(Role.REGISTRAR), "Idempotency-Key": holder["Idempotency-Key"]}
    assert event(client, mine, entry, "object").status_code == 201
    assert len(events_of(client, entry)) == 2
    assert events_of(client, other) == []


def test_without_a_key_each_is_another(client: TestClient, key_for: KeyFor) -> None:
    """Two objections by one document are what was said."""
    holder, entry = key_for(Role.REGISTRAR), an_entry(client, key_for)
    event(client, holder, entry, "object")
    event(client, holder, entry, "object")
    assert len(events_of(client, entry)) == 2
    too_long = {**holder, "Idempotency-Key": "x" * 201}
    assert event(client, too_long, entry, "object").status_code == 422


def test_a_refused_one_may_come_again(client: TestClient, key_for: KeyFor) -> None:
    """With its key: nothing was written, so what is true by then counts."""
    holder, entry = key_for(Role.REGISTRAR), an_entry(client, key_for)
    keyed = {**holder, "Idempotency-Key": "k"}
    assert event(client, keyed, entry, "settle").status_code == 422
    event(client, holder, entry, "object")
    assert event(client, keyed, entry, "settle").status_code == 201
    assert [row[0] for row in events_of(client, entry)] == ["disputed", "settled"]


Failing = Callable[..., None]


def away(*_: object, **__: object) -> None:
    """A book that is away."""
    raise Unavailable("数据库不可用", "the database is not available")


def broken(*_: object, **__: object) -> None:
    """A fault of ours."""
    raise RuntimeError("11010519491231002X")


def test_where_its_beginning_cannot_be_noted_nothing_is_done(
    client: TestClient, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 503 that says so, truly."""
    holder, entry = key_for(Role.REGISTRAR), an_entry(client, key_for)
    monkeypatch.setattr(repeating, "begin", away)
    assert event(client, {**holder, "Idempotency-Key": "k"}, entry, "object").status_code == 503
    assert events_of(client, entry) == []


@pytest.mark.parametrize("how", [away, broken])
def test_where_nobody_knows_its_end(
    client: TestClient, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch, how: Failing
) -> None:
    """Begun and cut off: whoever sends it again is told to look first, and it is not done twice."""
    holder, entry = {**key_for(Role.REGISTRAR), "Idempotency-Key": "k"}, an_entry(client, key_for)
    with monkeypatch.context() as patch:
        patch.setattr("api.rest.entries.record", how)
        said = event(client, holder, entry, "object")
        assert said.status_code == (503 if how is away else 500)
        assert "11010519491231002X" not in said.text
    for _ in range(2):
        again = event(client, {**holder, "Accept-Language": "en"}, entry, "object")
        assert again.status_code == 409
        assert "look first" in again.json()["help"]
    assert events_of(client, entry) == []
    assert event(client, {**holder, "Idempotency-Key": "k2"}, entry, "object").status_code == 201


def test_what_is_done_is_answered_though_it_cannot_be_noted(
    client: TestClient, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never a 503 for what was written."""
    holder, entry = {**key_for(Role.REGISTRAR), "Idempotency-Key": "k"}, an_entry(client, key_for)
    monkeypatch.setattr(repeating, "finish", away)
    assert event(client, holder, entry, "object").status_code == 201
    assert event(client, holder, entry, "object").status_code == 409
    assert len(events_of(client, entry)) == 1
