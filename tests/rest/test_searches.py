"""Decisions in lists over HTTP: found, waiting for a person, to be revisited; in pages, within a key's reach."""

from typing import Any

import httpx2
import pytest

from engine.access.roles import Role
from engine.calendar import read_when
from engine.identity import synthetic_code
from engine.registry.chain import latest
from engine.registry.events import Happened
from engine.services import searching
from engine.services.books import open_books
from engine.services.registering import record
from tests.rest.asking import PURPOSE, REVIEW, decided
from tests.rest.conftest import Headers, KeyFor


def walked(client: httpx2.Client, path: str, headers: Headers, name: str) -> list[list[dict[str, Any]]]:
    """Every page of a list."""
    pages, cursor = list[list[dict[str, Any]]](), ""
    while cursor is not None:
        answer = client.get(path + (f"&cursor={cursor}" if cursor else ""), headers=headers)
        assert answer.status_code == 200, answer.text
        pages.append(answer.json()[name])
        cursor = answer.json()["next"]
    return pages


def test_decisions_in_pages(client: httpx2.Client, key_for: KeyFor) -> None:
    """The newest first, each once, and no word on whom they concern."""
    mine = key_for(Role.INQUIRER)
    made = [decided(client, mine, number) for number in range(7)]
    pages = walked(client, "/v1/decisions?limit=3", mine, "decisions")
    assert [len(page) for page in pages] == [3, 3, 1]
    lines = [line for page in pages for line in page]
    assert [line["id"] for line in lines] == [one["id"] for one in reversed(made)]
    assert [line["verdict"] for line in lines] == [one["verdict"] for one in reversed(made)]
    assert all(synthetic_code(number) not in str(lines) for number in range(7))


def test_decisions_are_found_by_what_is_said(client: httpx2.Client, key_for: KeyFor) -> None:
    """Scenario, verdict and time; nothing else comes along."""
    mine = key_for(Role.INQUIRER)
    review, other = decided(client, mine, REVIEW), decided(client, mine, 1, scenario="bidding")
    assert review["verdict"] == "review"

    def ids(query: str) -> list[str]:
        return [line["id"] for page in walked(client, f"/v1/decisions?{query}", mine, "decisions") for line in page]

    assert ids("scenario=bidding") == [other["id"]]
    assert review["id"] in ids("verdict=review")
    assert ids("scenario=procurement&verdict=review") == [review["id"]]
    assert ids("until=2020-01-01") == ids("since=2099-01-01") == ids("scenario=nothing") == []
    at = review["recorded_at"].replace("+", "%2B")
    assert ids(f"since={at}&until={at}") == [review["id"]]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "verdict=perhaps", "since=yesterday", "until=2026", "cursor=%25", "cursor=YWJj"]
)
def test_a_search_at_fault(client: httpx2.Client, key_for: KeyFor, query: str) -> None:
    """Is refused, and what was sent is not repeated."""
    answer = client.get(f"/v1/decisions?{query}", headers=key_for(Role.AUDITOR))
    assert answer.status_code == 422
    assert "yesterday" not in answer.text


def test_a_key_finds_only_what_it_reaches(client: httpx2.Client, key_for: KeyFor) -> None:
    """Other scenarios and places are not there for it; a page that is filtered goes on."""
    asks = key_for(Role.INQUIRER)
    here, there = decided(client, asks), decided(client, asks, 1, jurisdiction="110000")
    nowhere = decided(client, asks, 2, jurisdiction="national")
    other = decided(client, asks, 1, scenario="bidding")

    def ids(**limits: tuple[str, ...]) -> set[str]:
        mine = key_for(Role.AUDITOR, **limits)
        return {line["id"] for page in walked(client, "/v1/decisions?limit=1", mine, "decisions") for line in page}

    assert ids() == {here["id"], there["id"], nowhere["id"], other["id"]}
    assert ids(places=("420000",)) == {here["id"], other["id"]}
    assert ids(places=("110000",)) == {there["id"]}
    assert ids(scenarios=("bidding",)) == {other["id"]}
    assert ids(scenarios=("bidding",), places=("110000",)) == set()
    assert client.get("/v1/decisions", headers=key_for(Role.REGISTRAR)).status_code == 403


def test_a_page_looks_at_so_many_rows(client: httpx2.Client, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it is short, has a next, and nothing is lost."""
    asks = key_for(Role.INQUIRER)
    made = [decided(client, asks, number, jurisdiction="110000" if number % 3 else "420881") for number in range(9)]
    monkeypatch.setattr(searching, "MOST_ROWS", 2)
    pages = walked(client, "/v1/decisions?limit=1", key_for(Role.AUDITOR, places=("420881",)), "decisions")
    assert [] in pages
    assert [line["id"] for page in pages for line in page] == [made[n]["id"] for n in (6, 3, 0)]


def test_what_waits_for_a_person(client: httpx2.Client, key_for: KeyFor) -> None:
    """The oldest first with its age; a determination ends the wait and is told in the search."""
    asks, officer = key_for(Role.INQUIRER), key_for(Role.REVIEWER)
    first, second = decided(client, asks, REVIEW), decided(client, asks, REVIEW)
    pages = walked(client, "/v1/reviews?limit=1", officer, "reviews")
    assert [[line["id"] for line in page] for page in pages] == [[first["id"]], [second["id"]]]
    assert [line["days"] for page in pages for line in page] == [0, 0]
    said = {"answer": "eligible", "reasons": "同名异主体", "document": "测认1号"}
    path = f"/v1/decisions/{first['id']}/determinations"
    assert client.post(path, json=said, headers=officer).status_code == 201
    left = walked(client, "/v1/reviews?limit=5", officer, "reviews")
    assert [line["id"] for page in left for line in page] == [second["id"]]
    lines = client.get("/v1/decisions", headers=asks).json()["decisions"]
    assert [(line["verdict"], line["determined"]) for line in lines] == [("review", None), ("review", "eligible")]
    assert client.get("/v1/reviews", headers=key_for(Role.REVIEWER, places=("110000",))).json()["reviews"] == []


def test_what_to_revisit(client: httpx2.Client, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that was annulled turns the answer; the look is noted, and the list comes in pages."""
    asks, auditor = key_for(Role.INQUIRER), key_for(Role.AUDITOR) | PURPOSE
    made = [decided(client, asks, number) for number in range(40)]
    refused = next(one for one in made if one["verdict"] == "ineligible" and _own(one))
    books = open_books()
    with books.registry.reading() as connection:
        version = latest(connection).number
    for number in _entries_of(books, refused):
        record(books, Happened(number, "annul", read_when("2026-11-19").text, "撤1号", "错列"), "tests")
    books.registry.close()
    monkeypatch.setattr(searching, "MOST_ASKED", 15)
    pages = walked(client, f"/v1/ledger/revisits?since={version}", auditor, "revisits")
    assert len(pages) == 3
    found = {one["id"]: one for page in pages for one in page}
    assert refused["id"] in found
    turned = found[refused["id"]]
    assert turned["then"]["verdict"] == "ineligible"
    assert turned["now"]["verdict"] != "ineligible"
    assert turned["causes"][0]["kind"] == "annulled"
    with client.app.state.desk.access.reading() as connection:  # type: ignore[attr-defined]
        looks = connection.exec_driver_sql('SELECT act, decision FROM "read"').all()
    assert ("revisit", refused["id"]) in [tuple(look) for look in looks]
    strangers = key_for(Role.AUDITOR, scenarios=("bidding",)) | PURPOSE
    assert not any(walked(client, f"/v1/ledger/revisits?since={version}", strangers, "revisits"))


def test_a_revisit_list_at_fault(client: httpx2.Client, key_for: KeyFor) -> None:
    """A version that is not there yet, no purpose, no right."""
    auditor = key_for(Role.AUDITOR)
    assert client.get("/v1/ledger/revisits?since=0", headers=auditor).status_code == 422
    ahead = client.get("/v1/ledger/revisits?since=99999", headers=auditor | PURPOSE)
    assert ahead.json()["errors"][0]["code"] == "R724"
    assert client.get("/v1/ledger/revisits", headers=auditor | PURPOSE).status_code == 422
    assert client.get("/v1/ledger/revisits?since=0", headers=key_for(Role.INQUIRER) | PURPOSE).status_code == 403


def _own(one: dict[str, Any]) -> bool:
    """Whether nobody's entries but the party's stand in a decision."""
    return {entry["of"] for entry in one["decision"]["entries"]} == {"p1"}


def _entries_of(books: Any, refused: dict[str, Any]) -> list[str]:
    """The numbers of a party's entries on the lists that its decision names."""
    lists = {entry["list"] for entry in refused["decision"]["entries"]}
    query = "SELECT number, list FROM entry WHERE subject = ?"
    with books.registry.reading() as connection:
        rows = connection.exec_driver_sql(query, (refused["names"]["p1"]["subject"],)).all()
    return [row.number for row in rows if row.list in lists]
