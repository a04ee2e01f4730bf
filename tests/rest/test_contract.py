"""The contract as it is committed: a change of it is seen, and what every operation must say is said."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.cli.schema import Kind, schema_text

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
REWRITE = "memoranda schema openapi > docs/openapi.json"
# Bodies that are texts of their own: a pack at fault is judged, and so is each line of a batch, not refused.
JUDGED = {"application/yaml", "application/x-ndjson"}
# A file of this kind cannot stand in a JSON document.
BINARY = {"application/pdf"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The committed document."""
    said: dict[str, Any] = json.loads(COMMITTED.read_text(encoding="utf-8"))
    return said


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation under its name on the wire."""
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            yield f"{method.upper()} {path}", said


def contents(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every body of an operation: what it takes, and each answer, with its kind; shared answers are looked up."""
    shared = document["components"]["responses"]
    answers = [
        shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in operation["responses"].values()
    ]
    parts = [operation.get("requestBody", {}), *answers]
    for part in parts:
        for kind, said in part.get("content", {}).items():
            yield {"kind": kind, **said}


def test_the_committed_contract_is_that_of_the_program() -> None:
    """A contract is changed on purpose: its change stands in the same commit, for everybody to see."""
    said = f"the contract changed; if that is meant: {REWRITE}"
    assert COMMITTED.read_text(encoding="utf-8") == schema_text(Kind.openapi), said


def test_it_does_not_depend_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of the environment are not in it."""
    monkeypatch.setenv("MEMORANDA_DOCS", "0")
    monkeypatch.setenv("MEMORANDA_MAX_BODY", "17")
    assert schema_text(Kind.openapi) == schema_text(Kind.openapi)
    assert COMMITTED.read_text(encoding="utf-8") == schema_text(Kind.openapi)


def test_every_operation_says_what_it_is(document: dict[str, Any]) -> None:
    """A stable id of its own, known tags, a line in both languages, and whether a key is wanted."""
    tags, ids = {tag["name"] for tag in document["tags"]}, list[str]()
    for name, said in operations(document):
        ids.append(said["operationId"])
        assert re.fullmatch(r"[a-z]+_[a-z_]*[a-z]", said["operationId"]), name
        assert said["tags"], name
        assert set(said["tags"]) <= tags, name
        assert re.fullmatch(r"[^A-Za-z]*(PDF)?[^A-Za-z]* · [A-Z].*|.* · [A-Z].*", said["summary"]), name
        assert said["security"] in ([], [{"key": []}]), name
    assert len(set(ids)) == len(ids)


def test_everything_has_an_example_in_both_languages(document: dict[str, Any]) -> None:
    """Every body that is taken or answered, but for files; its line is Chinese and English."""
    count = 0
    for name, said in operations(document):
        for one in contents(document, said):
            if one["kind"] in BINARY:
                continue
            shown = one.get("examples", {})
            assert shown, (name, one["kind"])
            for example in shown.values():
                bilingual = re.search("[\u4e00-\u9fff]", example["summary"]) and " · " in example["summary"]
                assert bilingual or "application/problem" in one["kind"], (name, example["summary"])
                count += 1
    assert count > 300


def test_bodies_are_closed(document: dict[str, Any]) -> None:
    """No object that is taken lets unknown members through: a misspelt key is a fault, never a silent default."""
    for name, said in operations(document):
        for kind, content in said.get("requestBody", {}).get("content", {}).items():
            schema = content["schema"]
            if "$ref" in schema:
                schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            if schema.get("type") == "object":
                assert schema["additionalProperties"] is False, (name, kind)
            elif kind not in JUDGED:
                assert schema["type"] == "string", (name, kind)
