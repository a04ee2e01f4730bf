"""Lists with their age, and what is pending with its last day."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.rest.paging import cursor_of
from engine.access.roles import Role
from engine.services import looking
from tests.ledger.desk import law
from tests.rest.conftest import KeyFor, arrive
from tests.rest.test_entries import an_entry, event


def test_every_list(client: TestClient, key_for: KeyFor, home: Path) -> None:
    """Of the vocabulary, in its order, with whoever consults it; the sample's data are of its own today."""
    arrive(home, "tax-violators")
    body = client.get("/v1/lists", headers=key_for(Role.AUTHOR)).json()
    vocabulary = law().vocabulary
    assert [one["list"] for one in body["lists"]] == list(vocabulary.lists)
    for one in body["lists"]:
        record = vocabulary.lists[one["list"]]
        assert (one["data_time"] == "2026-11-20T06:00:00+08:00") is (one["list"] != "tax-violators")
        assert one["age_seconds"] >= 0
        assert one["entries"] > 0
        assert one["colour"] == record.colour.value
        assert one["consulted_by"] == [
            code for code, s in vocabulary.scenarios.items() if one["list"] in s.consults + s.benefits_consult
        ]
        assert one["relied_on_now"] == (one["relied_until"] >= body["at"])
    assert {one["relied_on_now"] for one in body["lists"]} == {True, False}


def test_lists_as_known_before(client: TestClient, key_for: KeyFor) -> None:
    """At version 0 nothing had come; a version that there is not yet is a 404."""
    holder = key_for(Role.AUDITOR)
    body = client.get("/v1/lists?known_at=0", headers=holder).json()
    assert {(one["data_time"], one["age_seconds"], one["relied_on_now"], one["entries"]) for one in body["lists"]} == {
        (None, None, False, 0)
    }
    assert client.get("/v1/lists?known_at=9999", headers=holder).status_code == 404
    assert client.get("/v1/lists?known_at=x", headers=holder).status_code == 422
    assert client.get("/v1/lists?known_at=" + "1" * 41, headers=holder).status_code == 422


def test_what_is_due(client: TestClient, key_for: KeyFor) -> None:
    """An objection raised is pending until it is settled, with its last day by the law of the place."""
    holder, entry = key_for(Role.REGISTRAR), an_entry(client, key_for)
    before = client.get("/v1/due?in=420881", headers=holder).json()["due"]
    event(client, holder, entry, "object", on="2026-11-18")
    due = client.get("/v1/due?in=420881", headers=holder).json()["due"]
    mine = [one for one in due if one["entry"] == entry]
    assert len(due) > len(before)
    assert mine
    assert {one["procedure"]["procedure"] for one in mine} == {"objection"}
    assert all(one["since"] == "2026-11-18" and one["basis"] for one in mine)
    assert [one["last_day"] or "9999" for one in due] == sorted(one["last_day"] or "9999" for one in due)
    event(client, holder, entry, "settle", on="2026-11-19")
    assert client.get("/v1/due?in=420881", headers=holder).json()["due"] == before


def test_due_in_pages(client: TestClient, key_for: KeyFor) -> None:
    """One at a time gives the same as all at once."""
    holder = key_for(Role.REGISTRAR)
    event(client, holder, an_entry(client, key_for), "object", on="2026-11-18")
    whole = client.get("/v1/due?in=420881&limit=200", headers=holder).json()["due"]
    found, query = list[object](), "in=420881&limit=1"
    for _ in range(len(whole) + 1):
        body = client.get(f"/v1/due?{query}", headers=holder).json()
        found += body["due"]
        if not body["next"]:
            break
        query = f"in=420881&limit=1&cursor={body['next']}"
    assert found == whole
    for wrong in ("limit=0", "limit=201", "limit=x", "cursor=!", "cursor=" + "a" * 500, "in=42"):
        assert client.get(f"/v1/due?{wrong}", headers=holder).status_code == 422
    assert client.get(f"/v1/due?in=420881&cursor={cursor_of('9999-12-32')}", headers=holder).json()["due"] == []


def test_due_for_a_key_of_one_place(client: TestClient, key_for: KeyFor) -> None:
    """It asks by the law of its own place and of what lies in it."""
    holder = key_for(Role.REGISTRAR, places=("420800",))
    answers = {place: client.get(f"/v1/due?in={place}", headers=holder).status_code for place in ("420881", "420800")}
    assert answers == {"420881": 200, "420800": 200}
    for place in ("in=420000", "in=310000", "in=national", ""):
        assert client.get(f"/v1/due?{place}", headers=holder).status_code == 403


def test_no_book_is_opened_for_a_request(client: TestClient, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service works at the books it opened when it began."""
    holder = key_for(Role.REGISTRAR, Role.AUDITOR)
    entry = an_entry(client, key_for)
    opened = list[object]()
    monkeypatch.setattr("engine.registry.store.Store.__init__", lambda *said, **more: opened.append(said))
    assert not hasattr(looking, "open_books")
    assert client.get("/v1/lists", headers=holder).status_code == 200
    assert client.get("/v1/due", headers=holder).status_code == 200
    event(client, holder, entry, "object")
    assert opened == []
