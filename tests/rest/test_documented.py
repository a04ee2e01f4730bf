"""The OpenAPI document: every status, shape and example of the routes, and which of them want a key."""

import json
import re
from typing import Any

import httpx2
import pytest
from jsonschema import Draft202012Validator

from api.rest.app import create_app
from api.rest.settings import settings
from engine.access.roles import Role
from tests.rest.asking import PURPOSE, REVIEW, decided, question, sequenced
from tests.rest.conftest import KeyFor

OPEN = {"/healthz", "/readyz"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as it is served, through JSON as its readers see it."""
    said: dict[str, Any] = json.loads(json.dumps(create_app(settings({})).openapi()))
    return said


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every operation with its path."""
    return [(path, said) for path, methods in document["paths"].items() for said in methods.values()]


def whole(document: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """An answer, or the shared one it refers to."""
    found: dict[str, Any] = answer
    if "$ref" in answer:
        found = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return found


def checked(document: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """What of a value does not fit."""
    validator = Draft202012Validator({**schema, "components": document["components"]})
    return [error.message for error in validator.iter_errors(value)]


def test_whatever_is_named_is_there(document: dict[str, Any]) -> None:
    """No reference leads nowhere."""
    named = set(re.findall(r"#/components/schemas/([^\"]+)", json.dumps(document)))
    assert named - set(document["components"]["schemas"]) == set()


def test_every_route_but_health_wants_a_key_and_says_its_problems(document: dict[str, Any]) -> None:
    """401, 403, 429, 500, 503 and 504 wherever there is a key; 422 as our problem and never as the framework's."""
    for path, said in operations(document):
        assert (said["security"] == []) == (path in OPEN), path
        wanted = {"500", "504"} if path in OPEN else {"401", "403", "429", "500", "503", "504"}
        assert wanted <= set(said["responses"]), path
        for status, given in said["responses"].items():
            answer = whole(document, given)
            if int(status) >= 400 and path not in OPEN:
                assert set(answer["content"]) == {"application/problem+json"}, (path, status)
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_example_fits_its_shape(document: dict[str, Any]) -> None:
    """Of bodies and of answers."""
    count = 0
    for path, said in operations(document):
        bodies = [said["requestBody"]] if "requestBody" in said else []
        for part in [*bodies, *(whole(document, one) for one in said["responses"].values())]:
            for content in part.get("content", {}).values():
                for name, shown in content.get("examples", {}).items():
                    assert checked(document, content["schema"], shown["value"]) == [], (path, name)
                    count += 1
    assert count > 50


def test_worked_questions_are_answered_as_the_document_says(
    client: httpx2.Client, key_for: KeyFor, document: dict[str, Any]
) -> None:
    """Each example of a question can be sent as it stands, and its answer fits."""
    post = document["paths"]["/v1/decisions"]["post"]
    for shown in post["requestBody"]["content"]["application/json"]["examples"].values():
        answer = client.post("/v1/decisions", json=shown["value"], headers=key_for(Role.INQUIRER))
        assert answer.status_code == 201, answer.text
        assert checked(document, {"$ref": "#/components/schemas/Answer"}, answer.json()) == []


def test_answers_and_problems_fit_their_shapes(
    client: httpx2.Client, key_for: KeyFor, document: dict[str, Any]
) -> None:
    """What the routes answer is what the document says."""
    mine = key_for(*Role)
    one = decided(client, mine, REVIEW)
    sequenced(client, one["receipt"], mine | PURPOSE)
    asked = {
        "/v1/decisions/{decision}/receipt": one["receipt"],
        "/v1/decisions/{decision}/replay": f"/v1/decisions/{one['id']}/replay",
        "/v1/decisions/{decision}": f"/v1/decisions/{one['id']}",
        "/v1/decisions": "/v1/decisions",
        "/v1/reviews": "/v1/reviews",
        "/v1/ledger/head": "/v1/ledger/head",
        "/v1/ledger/keys": "/v1/ledger/keys",
        "/v1/ledger/proofs/inclusion": "/v1/ledger/proofs/inclusion?number=0&size=1",
        "/v1/ledger/proofs/consistency": "/v1/ledger/proofs/consistency?old=1&new=1",
        "/v1/ledger/revisits": "/v1/ledger/revisits?since=0",
        "/readyz": "/readyz",
    }
    for path, url in asked.items():
        answer = client.get(url, headers=mine | PURPOSE)
        schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert answer.status_code == 200, path
        assert checked(document, schema, answer.json()) == [], path
    refused = client.post("/v1/decisions", json=question(scenario="nothing"), headers=mine)
    assert checked(document, {"$ref": "#/components/schemas/Problem"}, refused.json()) == []
