"""The service against its own document: whatever the document allows, and much that it forbids, is asked for.

The short form runs everywhere; thousands of cases with `-m slow`.
"""

import json
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from starlette.types import Receive, Scope, Send

from api.rest import law as served_law
from api.rest.app import create_app
from api.rest.settings import settings as rest_settings
from engine.access.keys import Wanted, create
from engine.access.roles import Role
from engine.services.books import open_access
from engine.services.moments import utc_now
from tests.ledger.desk import at_home, law
from tests.rest.asking import decided
from tests.rest.conftest import TestClient

# A question can be of the right form and yet mean nothing: a scenario, list or place that the vocabulary does not
# have, a code whose check digit is wrong, a cursor that is not ours. No schema can say so, and 422 is the right answer;
# so 422 for what fits the schema is no fault here. What must not happen is in the other checks. The same goes for 400:
# a form of uploads that its boundary does not fit; and for 410 and 413.
ACCEPTED = ["2xx", "3xx", "400", "401", "403", "404", "409", "410", "413", "422", "429"]
DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"
_SERVED: dict[str, FastAPI] = {}


async def served(scope: Scope, receive: Receive, send: Send) -> None:
    """Whatever service the fixture has set up: cases are made when tests are collected, before there is one."""
    if scope["type"] != "lifespan":  # schemathesis would start and stop it for every operation
        await _SERVED["app"](scope, receive, send)


def document(thorough: bool) -> Any:
    """The committed document, as cases are made from it; thoroughly: each bound of it and what lies past it as well."""
    said = {
        "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
        "phases": {"coverage": {"enabled": thorough}},
    }
    schema = schemathesis.openapi.from_path(DOCUMENT, config=SchemathesisConfig.from_dict(said))
    schema.app = served
    return schema


@dataclass(frozen=True)
class World:
    """What the cases are sent with: a key of all roles, and a decision that exists."""

    headers: dict[str, str]
    decision: str


@pytest.fixture(scope="module")
def world(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A service on a sample registry, with one recorded decision."""
    folder = tmp_path_factory.mktemp("tried") / "home"
    shutil.copytree(furnished, folder)
    with pytest.MonkeyPatch.context() as patch, at_home(folder):
        patch.setattr(served_law, "law_of", lambda layers=(): law())
        patch.setattr(served_law, "CELLS", 0)
        access = open_access()
        key = create(access, Wanted("tests", tuple(Role)), "tests", utc_now(), secrets.token_bytes)
        access.close()
        headers = {"Authorization": f"Bearer {key}"}
        _SERVED["app"] = create_app(rest_settings({"MEMORANDA_RATE": "100000000"}))
        with TestClient(_SERVED["app"]) as client:
            yield World(headers, decided(client, headers)["id"])


brief, thorough = document(thorough=False), document(thorough=True)
PHASES = [Phase.explicit, Phase.generate]
CHECKS = [*HealthCheck]
BRIEF = settings(
    max_examples=4, deadline=None, derandomize=True, database=None, suppress_health_check=CHECKS, phases=PHASES
)
THOROUGH = settings(max_examples=200, deadline=None, database=None, suppress_health_check=CHECKS, phases=PHASES)


@schemathesis.serializer("application/x-ndjson")
def lines(context: schemathesis.SerializationContext, value: Any) -> bytes:
    """A body of lines, as it is sent: a text as it stands, anything else as one line."""
    return (value if isinstance(value, str) else json.dumps(value)).encode(errors="replace")


@brief.parametrize()
@BRIEF
def test_the_service_keeps_its_document(case: schemathesis.Case, world: World) -> None:
    """No 5xx, no undocumented status, content types and bodies as the document has them; with a key and without."""
    ask(case, world)
    case.call_and_validate()


@pytest.mark.slow
@thorough.parametrize()
@THOROUGH
def test_the_service_keeps_its_document_thoroughly(case: schemathesis.Case, world: World) -> None:
    """Thousands of cases, among them whatever lies on a bound of the document or just past it."""
    ask(case, world)
    case.call_and_validate()


def ask(case: schemathesis.Case, world: World) -> None:
    """Send a case and hold the answer against the document by every check there is.

    Made-up identifiers find nothing: where the case is sound, it is about the decision that exists, every other time.
    """
    if any(value in (None, [], {}) for value in (case.query or {}).values()):
        return  # what is wrong with it does not show in an address: over the wire it is sound
    path = dict(case.path_parameters or {})
    if "decision" in path and case.meta.generation.mode is GenerationMode.POSITIVE and len(str(path["decision"])) % 2:
        case.path_parameters["decision"] = world.decision
    case.call_and_validate(headers=world.headers)
