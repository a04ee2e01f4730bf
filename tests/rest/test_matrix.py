"""Who may do what, from the table of routes itself: a route without a rule fails, and one that nobody tried here too.

Each route is asked for by every role, by nobody, and by keys limited to its own and to another place and scenario.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.rest.app import create_app
from api.rest.auth import Allowed
from api.rest.settings import settings
from engine.access.roles import MAY, Act, Role
from engine.identity import synthetic_code
from tests.rest.conftest import Headers, KeyFor
from tests.rest.test_entries import LOCAL, bring, number_of

# Served to anybody: whether the process lives, and what the contract is.
PUBLIC = {"/healthz", "/readyz", "/openapi.json", "/docs", "/docs/oauth2-redirect"}
PLACE, SCENARIO = "420881", "procurement"
OTHER_PLACE, OTHER_SCENARIO = "310000", "bidding"
WHY = {"Memoranda-Purpose": "audit"}


class Felt(Enum):
    """What a key's limits do on a route."""

    BOTH = "beyond its place or its scenario: 403"
    SCENARIO_TOO = "a place of its own is needed; its scenario alone is never enough"
    PLACE = "beyond its place, or without one: 403"
    NEVER = "no limited key may"
    FEWER = "others' decisions are not shown"
    LINES = "the line is refused, not the request"
    LISTS = "what its scenarios do not consult is not shown"
    NOT = "nothing there belongs to a place or a scenario"


@dataclass(frozen=True)
class World:
    """What the routes are asked about."""

    decision: str
    entry: str
    revision: str
    csv: bytes


@dataclass(frozen=True)
class Case:
    """How a route is asked for, and what limits do there."""

    felt: Felt
    ask: Callable[[World], Mapping[str, Any]] = lambda world: {}
    path: str = ""


def question(world: World) -> dict[str, Any]:
    """A question in the place and scenario of the tests."""
    party = {"subject": synthetic_code(60)}
    return {"scenario": SCENARIO, "jurisdiction": PLACE, "parties": [party], "purpose": "x", "include": []}


def lines(world: World) -> Mapping[str, Any]:
    """A batch of one."""
    import json

    data = json.dumps(question(world)).encode()
    return {"content": data, "headers": {"Content-Type": "application/x-ndjson"}}


SEEN = Case(Felt.BOTH, lambda world: {"headers": WHY})
LAW = Case(Felt.NOT)
LOG = Case(Felt.NOT)
CASES: dict[tuple[str, str], Case] = {
    ("POST", "/v1/decisions"): Case(Felt.BOTH, lambda world: {"json": question(world)}),
    ("POST", "/v1/decisions/batch"): Case(Felt.LINES, lines),
    ("GET", "/v1/decisions"): Case(Felt.FEWER),
    ("GET", "/v1/reviews"): Case(Felt.FEWER),
    ("GET", "/v1/decisions/{decision}"): SEEN,
    ("GET", "/v1/decisions/{decision}/receipt"): SEEN,
    ("GET", "/v1/decisions/{decision}/notice.html"): SEEN,
    ("GET", "/v1/decisions/{decision}/notice.pdf"): SEEN,
    ("GET", "/v1/decisions/{decision}/replay"): SEEN,
    ("POST", "/v1/decisions/{decision}/determinations"): Case(
        Felt.BOTH, lambda world: {"json": {"answer": "ineligible", "reasons": "x", "document": "1"}}
    ),
    ("GET", "/v1/ledger/revisits"): Case(Felt.FEWER, lambda world: {"params": {"since": 0}, "headers": WHY}),
    ("GET", "/v1/ledger/head"): LOG,
    ("GET", "/v1/ledger/keys"): LOG,
    ("GET", "/v1/ledger/proofs/inclusion"): LOG,
    ("GET", "/v1/ledger/proofs/consistency"): LOG,
    ("POST", "/v1/subjects/lookup"): Case(
        Felt.LISTS, lambda world: {"json": {"subject": synthetic_code(60), "purpose": "x"}}
    ),
    ("POST", "/v1/subjects/looks"): Case(
        Felt.NOT, lambda world: {"json": {"subject": synthetic_code(60), "purpose": "x"}}
    ),
    ("GET", "/v1/lists"): Case(Felt.NOT),
    ("GET", "/v1/due"): Case(Felt.PLACE, lambda world: {"params": {"in": PLACE}}),
    ("POST", "/v1/entries/{number}/events"): Case(
        Felt.SCENARIO_TOO, lambda world: {"json": {"event": "object", "on": "2026-11-20", "document": "1"}}
    ),
    ("POST", "/v1/lists/{list_code}/imports"): Case(Felt.NEVER, lambda world: {"files": {"file": world.csv}}),
    ("GET", "/v1/memoranda"): LAW,
    ("GET", "/v1/memoranda/{memorandum}"): LAW,
    ("GET", "/v1/rulebooks/current"): LAW,
    ("GET", "/v1/rulebooks/{revision}"): LAW,
    ("POST", "/v1/reloads"): LAW,
    ("POST", "/v1/packs/check"): Case(
        Felt.NOT,
        lambda world: {
            "content": b"title: x", "params": {"name": "x"}, "headers": {"Content-Type": "application/yaml"},
        },
    ),
    ("GET", "/metrics"): Case(Felt.NOT),
}  # fmt: skip


def routes(app: FastAPI) -> Iterator[tuple[str, str, frozenset[Act]]]:
    """Method, path and acts of every route, those of routers included."""
    for route in app.routes:
        contexts = getattr(route, "effective_route_contexts", None)
        for one in contexts() if contexts else [route]:
            dependant = getattr(one, "dependant", None)
            acts = frozenset(acts_of(dependant)) if dependant else frozenset[Act]()
            for method in sorted((one.methods or set()) - {"HEAD"}):
                yield method, one.path, acts


def acts_of(dependant: Any) -> Iterator[Act]:
    """The acts a route depends on, however deep."""
    for one in dependant.dependencies:
        if isinstance(one.call, Allowed):
            yield one.call.act
        yield from acts_of(one)


ROUTES = [(method, path, acts) for method, path, acts in routes(create_app(settings({}))) if path not in PUBLIC]


def test_the_table_of_routes_is_read() -> None:
    """Routers and all: so that the tests below try what they say."""
    paths = {path for _, path, _ in routes(create_app(settings({})))}
    assert {"/v1/decisions", "/v1/lists/{list_code}/imports", "/metrics"} | PUBLIC <= paths
    assert len(ROUTES) >= 28


def test_every_route_has_one_act() -> None:
    """One that anybody may call stands in the short list of those."""
    assert [(method, path) for method, path, acts in ROUTES if len(acts) != 1] == []


def test_every_route_is_tried() -> None:
    """A new route needs a case here: what its act is, and what a key's limits do there."""
    assert {(method, path) for method, path, _ in ROUTES} == set(CASES)


def test_every_act_has_a_route() -> None:
    """No power without a use."""
    assert {act for _, _, acts in ROUTES for act in acts} == set(Act)


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    """The service, at a rate no test reaches."""
    with TestClient(create_app(settings({"MEMORANDA_RATE": "100000"})), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def world(client: TestClient, key_for: KeyFor) -> World:
    """A decision for a person to determine and an entry, both of the place of the tests."""
    bring(client, key_for)
    asked = client.post("/v1/decisions", json=question(World("", "", "", b"")), headers=key_for(Role.INQUIRER))
    assert asked.json()["verdict"] == "review"
    revision = asked.json()["decision"]
    assert revision
    current = client.get("/v1/rulebooks/current", headers=key_for(Role.AUTHOR)).json()["rulebook"]
    csv = f"code,name,listed,ground\n{synthetic_code(950)},公司,2026-01-02,2\n".encode()
    return World(asked.json()["id"], number_of(client, key_for, LOCAL), current, csv)


def send(client: TestClient, world: World, method: str, path: str, holder: Headers) -> Any:
    """Ask for a route as somebody."""
    case = dict(CASES[method, path].ask(world))
    address = path.format(
        decision=world.decision, number=world.entry, revision=world.revision, memorandum="salt",
        list_code="judgment-defaulters",
    )  # fmt: skip
    headers = {**case.pop("headers", {}), **holder}
    return client.request(method, address, headers=headers, **case)


def test_every_route_by_every_role(client: TestClient, world: World, key_for: KeyFor) -> None:
    """401 for nobody, 403 for a role that is not enough, and never 403 for one that is."""
    keys = {role: key_for(role) for role in Role}
    strangers = {
        "nobody": {}, "no scheme": {"Authorization": keys[Role.OPERATOR]["Authorization"].removeprefix("Bearer ")},
        "another scheme": {"Authorization": keys[Role.OPERATOR]["Authorization"].replace("Bearer", "Basic")},
        "a false key": {"Authorization": f"Bearer memo_{'0' * 12}_{'0' * 48}"},
    }  # fmt: skip
    wrong = list[tuple[Any, ...]]()
    for method, path, (act, *_) in ((method, path, [*acts]) for method, path, acts in ROUTES):
        for who, headers in strangers.items():
            answer = send(client, world, method, path, headers)
            if answer.status_code != 401 or "WWW-Authenticate" not in answer.headers:
                wrong.append((method, path, who, answer.status_code))
        for role, headers in keys.items():
            status = send(client, world, method, path, headers).status_code
            if (status == 403) != (role not in MAY[act]) or status in (401, 405, 415) or status >= 500:
                wrong.append((method, path, role, status))
    assert wrong == []


def test_a_key_without_a_role_may_nothing(client: TestClient, world: World, key_for: KeyFor) -> None:
    """Nor may one that was revoked; all roles together may everything."""
    every = key_for(*Role)
    assert {send(client, world, m, p, every).status_code in (401, 403) for m, p, _ in ROUTES} == {False}
    desk = client.app.state.desk  # type: ignore[attr-defined]
    with desk.access.writing() as connection:
        connection.exec_driver_sql("UPDATE api_key SET roles = ''")
    client.app.state.doorkeeper._seen.clear()  # type: ignore[attr-defined]
    assert {send(client, world, m, p, every).status_code for m, p, _ in ROUTES} == {403}
    with desk.access.writing() as connection:
        connection.exec_driver_sql("UPDATE api_key SET revoked_at = '2026'")
    client.app.state.doorkeeper._seen.clear()  # type: ignore[attr-defined]
    assert {send(client, world, m, p, every).status_code for m, p, _ in ROUTES} == {401}


OWN, ELSEWHERE, OTHERWISE = "its own", "another place", "another scenario"


@pytest.mark.parametrize(("method", "path"), sorted(CASES), ids=lambda said: said)
def test_every_route_within_limits(client: TestClient, world: World, key_for: KeyFor, method: str, path: str) -> None:
    """What a key of all roles may that is limited to its own place and scenario, to another place, or scenario."""
    limited = {
        OWN: {"places": (PLACE,), "scenarios": (SCENARIO,)}, ELSEWHERE: {"places": (OTHER_PLACE,)},
        OTHERWISE: {"scenarios": (OTHER_SCENARIO,)},
    }  # fmt: skip
    one = partial(send, client, world, method, path)
    answers = {name: one(key_for(*Role, **how)) for name, how in limited.items()}
    refused = {name for name, answer in answers.items() if answer.status_code == 403}
    assert all(answer.status_code < 500 for answer in answers.values())
    match CASES[method, path].felt:
        case Felt.BOTH:
            assert refused == {ELSEWHERE, OTHERWISE}
        case Felt.SCENARIO_TOO:
            assert refused == {OWN, ELSEWHERE, OTHERWISE}
            assert one(key_for(*Role, places=(PLACE,))).status_code != 403
        case Felt.PLACE:
            assert refused == {ELSEWHERE}
        case Felt.NEVER:
            assert refused == {OWN, ELSEWHERE, OTHERWISE}
        case Felt.LINES:
            assert refused == set()
            assert {name: "forbidden" in answer.text for name, answer in answers.items()} == {
                OWN: False, ELSEWHERE: True, OTHERWISE: True,
            }  # fmt: skip
        case Felt.FEWER:
            assert refused == set()
            assert not any(world.decision in answers[name].text for name in (ELSEWHERE, OTHERWISE))
            whole = one(key_for(*Role))
            assert (world.decision in answers[OWN].text) == (world.decision in whole.text)
            assert world.decision in whole.text or "revisits" in path
        case Felt.LISTS:
            assert refused == set()
            assert answers[OWN].json()["limited_to"] != answers[OTHERWISE].json()["limited_to"]
            assert answers[ELSEWHERE].json()["limited_to"] is None
        case Felt.NOT:
            assert refused == set()
