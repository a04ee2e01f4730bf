"""Subjects looked up: noted before they are shown, by code or number, and by name only who may be meant."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.rest import subjects
from api.rest.paging import PAGE
from api.rest.subjects import MOST_CANDIDATES
from engine.access.reads import Look, note
from engine.access.roles import Act, Role
from engine.errors import Unavailable
from engine.identity import synthetic_code
from engine.services.books import open_access
from engine.services.moments import utc_now
from tests.ledger.desk import law
from tests.rest.conftest import SAMPLE, KeyFor

LOOKUP, LOOKS = "/v1/subjects/lookup", "/v1/subjects/looks"
CODE = synthetic_code(60)
# Of the standard itself (GB 11643-1999), nobody's.
NUMBER = "11010519491231002X"


def looked(home: Path) -> list[Any]:
    """The looks there are, the oldest first."""
    access = open_access()
    with access.reading() as connection:
        rows = connection.exec_driver_sql("SELECT who, act, purpose, matter, subject FROM read ORDER BY id").all()
    access.close()
    return [tuple(row) for row in rows]


def test_a_subject_by_its_code(client: TestClient, key_for: KeyFor, home: Path) -> None:
    """Names, entries, timeline and ties as the registry knows them; the look stands in the book."""
    holder = key_for(Role.INQUIRER)
    said = client.post(
        LOOKUP, json={"subject": CODE.lower(), "purpose": "招标资格审查", "case": "采2026-1号"}, headers=holder
    )
    assert said.status_code == 200
    body = said.json()
    assert body["subject"] == CODE
    assert body["names"] == ["合成样本000060号（测试）有限公司"]
    assert {one["list"] for one in body["entries"]} == {one["list"] for one in body["timeline"]} != set()
    assert [one["on"] for one in body["timeline"]] == sorted(one["on"] for one in body["timeline"])
    assert all(one["since_version"] <= body["registry"] for one in body["timeline"])
    assert body["limited_to"] is None
    key = holder["Authorization"].split("_")[1]
    assert looked(home) == [(key, "read-subject", "招标资格审查", "采2026-1号", CODE)]


def test_what_was_known_then(client: TestClient, key_for: KeyFor) -> None:
    """At the first version only names were there; a version that there is not yet is a 404."""
    holder = key_for(Role.AUDITOR)
    asked = {"subject": CODE, "purpose": "审计"}
    early = client.post(LOOKUP, json={**asked, "known_at": "1"}, headers=holder).json()
    assert early["entries"] == early["timeline"] == []
    assert early["names"] == ["合成样本000060号（测试）有限公司"]
    assert client.post(LOOKUP, json={**asked, "known_at": "9999"}, headers=holder).status_code == 404
    assert client.post(LOOKUP, json={**asked, "known_at": "soon"}, headers=holder).status_code == 422


@pytest.mark.usefixtures("home")
def test_nothing_is_shown_that_was_not_noted(
    client: TestClient, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the look cannot be written, nobody is read."""
    read = list[object]()

    def away(*_: object) -> None:
        raise Unavailable("磁盘已满", "the disk is full")

    monkeypatch.setattr(subjects, "note", away)
    monkeypatch.setattr(subjects, "subject_timeline", lambda *said: read.append(said))
    for asked in ({"subject": CODE}, {"name": "合成样本000060号（测试）有限公司"}):
        said = client.post(LOOKUP, json={**asked, "purpose": "x"}, headers=key_for(Role.INQUIRER))
        assert said.status_code == 503
        assert CODE not in said.text
    assert read == []


def test_a_look_is_noted_though_nothing_was_found(client: TestClient, key_for: KeyFor, home: Path) -> None:
    """Of a subject nobody knows, and where the registry was away afterwards."""
    nobody = synthetic_code(SAMPLE + 1)
    said = client.post(LOOKUP, json={"subject": nobody, "purpose": "x"}, headers=key_for(Role.INQUIRER))
    assert said.json()["entries"] == said.json()["names"] == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subjects, "subject_timeline", lambda *_: (_ for _ in ()).throw(Unavailable("不", "no")))
        asked = {"subject": CODE, "purpose": "y"}
        assert client.post(LOOKUP, json=asked, headers=key_for(Role.INQUIRER)).status_code == 503
    assert [row[4] for row in looked(home)] == [nobody, CODE]


def test_a_citizens_number_goes_no_further(
    client: TestClient, key_for: KeyFor, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Digested at the door: it is in no answer, no log and no book, right or misspelt."""
    caplog.set_level(logging.DEBUG)
    holder = key_for(Role.INQUIRER)
    said = client.post(LOOKUP, json={"person": NUMBER, "purpose": "x"}, headers=holder)
    assert said.status_code == 200
    assert said.json()["subject"].startswith("person:")
    again = client.post(LOOKUP, json={"person": f" {NUMBER.lower()} ", "purpose": "x"}, headers=holder)
    assert again.json()["subject"] == said.json()["subject"]
    wrong = NUMBER[:-1] + "1"
    for body in (
        {"person": wrong, "purpose": "x"}, {"subject": NUMBER, "purpose": "x"}, {"subject": CODE, "purpose": NUMBER},
        {"subject": CODE, "purpose": "x", NUMBER: "x"}, {"subject": CODE, "purpose": "x", "known_at": NUMBER},
        {"name": NUMBER, "person": "1", "purpose": "x"}, {"person": int(NUMBER[:-1]), "purpose": "x"},
        {"person": [NUMBER], "purpose": "x"},
    ):  # fmt: skip
        refused = client.post(LOOKUP, json=body, headers=holder)
        assert refused.status_code in (404, 422), body
        assert NUMBER[:-1] not in refused.text
        assert refused.headers["content-type"] == "application/problem+json"
    assert NUMBER[:-1] not in caplog.text
    written = b"".join(path.read_bytes() for path in home.rglob("*.db*"))
    assert NUMBER[:-1].encode() not in written


def test_by_name_only_who_may_be_meant(client: TestClient, key_for: KeyFor, home: Path) -> None:
    """Codes and registered names, nothing about them; each candidate shown was looked at."""
    asked = {"name": "合成样本000060号（测试）有限责任公司", "purpose": "x"}
    said = client.post(LOOKUP, json=asked, headers=key_for(Role.INQUIRER)).json()
    assert said == {"candidates": [{"subject": CODE, "names": ["合成样本000060号（测试）有限公司"]}], "more": 0}
    nobody = client.post(LOOKUP, json={"name": "没有这样的公司", "purpose": "y"}, headers=key_for(Role.INQUIRER)).json()
    assert nobody == {"candidates": [], "more": 0}
    assert [(row[2], row[4]) for row in looked(home)] == [("x", CODE), ("y", "")]


def test_candidates_are_few(client: TestClient, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is counted."""
    many = {synthetic_code(number): ("某",) for number in range(MOST_CANDIDATES + 5)}
    monkeypatch.setattr(subjects, "named_like", lambda *_: many)
    said = client.post(LOOKUP, json={"name": "某公司", "purpose": "x"}, headers=key_for(Role.INQUIRER)).json()
    assert len(said["candidates"]) == MOST_CANDIDATES
    assert said["more"] == 5


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({"subject": CODE}, {("A721", "/purpose")}),
        ({"subject": CODE, "purpose": " "}, {("P112", "/purpose")}),
        ({"purpose": "x"}, {("A732", "")}),
        ({"subject": CODE, "name": "某公司", "purpose": "x"}, {("A732", "")}),
        ({"subject": "X" * 18, "purpose": "x"}, {("P604", "/subject")}),
        ({"name": "某", "purpose": "x"}, {("R663", "/name")}),
        ({"name": "某" * 300, "purpose": "x"}, {("R663", "/name")}),
        ({"subject": 7, "colour": "red"}, {("P121", ""), ("A721", "/purpose"), ("P604", "/subject")}),
        ([], {("P124", "")}),
        ("x", {("P124", "")}),
        ({"subject": CODE, "purpose": "x" * 2_001}, {("R644", "/purpose")}),
        ({"subject": {"a": {}}, "purpose": "x"}, {("P124", "/subject")}),
    ],
)
def test_every_fault_at_once(
    client: TestClient, key_for: KeyFor, home: Path, body: Any, codes: set[tuple[str, str]]
) -> None:
    """With its pointer; nobody was looked at."""
    said = client.post(LOOKUP, json=body, headers=key_for(Role.INQUIRER))
    assert said.status_code == 422
    assert {(one["code"], one["pointer"]) for one in said.json()["errors"]} == codes
    assert looked(home) == []


def test_other_bodies(client: TestClient, key_for: KeyFor) -> None:
    """Of another kind 415, no JSON 422, too large 413."""
    holder = key_for(Role.INQUIRER)
    assert client.post(LOOKUP, data={"subject": CODE}, headers=holder).status_code == 415
    typed = {**holder, "Content-Type": "application/json"}
    for data in (b"", b"{", b"[" * 100_000, b'{"a": 1, "a": 2}', b'{"purpose": 1' + b"0" * 10_000 + b"}", b"\xff"):
        assert client.post(LOOKUP, content=data, headers=typed).status_code == 422
    assert client.post(LOOKUP, content=b" " * (2 << 20), headers=typed).status_code == 413


def test_a_key_for_some_scenarios_sees_what_they_consult(client: TestClient, key_for: KeyFor) -> None:
    """And is told so; entries of other lists are not its business."""
    asked, vocabulary = {"subject": CODE, "purpose": "x"}, law().vocabulary
    whole = client.post(LOOKUP, json=asked, headers=key_for(Role.INQUIRER)).json()
    lists = {one["list"] for one in whole["entries"]}
    for code, scenario in vocabulary.scenarios.items():
        part = client.post(LOOKUP, json=asked, headers=key_for(Role.INQUIRER, scenarios=(code,))).json()
        consulted = {*scenario.consults, *scenario.benefits_consult}
        assert set(part["limited_to"]) == consulted
        assert {one["list"] for one in part["entries"]} == lists & consulted
        assert {one["list"] for one in part["timeline"]} == lists & consulted
    assert any(not lists <= {*one.consults, *one.benefits_consult} for one in vocabulary.scenarios.values())


def test_who_looked(client: TestClient, key_for: KeyFor) -> None:
    """For auditors, the latest first, page by page; their own look is the first of all."""
    holder = key_for(Role.INQUIRER)
    for number in range(3):
        client.post(LOOKUP, json={"subject": CODE, "purpose": f"第{number}次"}, headers=holder)
    client.post(LOOKUP, json={"subject": synthetic_code(1), "purpose": "another"}, headers=holder)
    asked = {"subject": CODE, "purpose": "审计", "case": "审1号"}
    said = client.post(LOOKS, json=asked, headers=key_for(Role.AUDITOR)).json()
    assert [one["purpose"] for one in said["looks"]] == ["审计", "第2次", "第1次", "第0次"]
    assert [one["act"] for one in said["looks"]] == ["read-looks"] + ["read-subject"] * 3
    assert said["looks"][0]["case"] == "审1号"
    assert {one["name"] for one in said["looks"]} == {"tests"}
    assert said["next"] is None
    for role in Role:
        if role is not Role.AUDITOR:
            assert client.post(LOOKS, json=asked, headers=key_for(role)).status_code == 403


def test_looks_go_on_after_a_cursor(client: TestClient, key_for: KeyFor, home: Path) -> None:
    """Every look once, in order; no other cursor is taken."""
    access = open_access()
    note(access, [Look("k", Act.READ_SUBJECT, f"{number}", subject=CODE) for number in range(2 * PAGE)], utc_now())
    access.close()
    holder, asked = key_for(Role.AUDITOR), {"subject": CODE, "purpose": "审计"}
    found, cursor = list[str](), None
    for _ in range(4):
        body = asked | ({"cursor": cursor} if cursor else {})
        said = client.post(LOOKS, json=body, headers=holder).json()
        found += [one["purpose"] for one in said["looks"]]
        cursor = said["next"]
        if cursor is None:
            break
    assert [one for one in found if one != "审计"] == [f"{number}" for number in reversed(range(2 * PAGE))]
    for wrong in ("x", "!!", "LTE", "YQ", "0" * 500):
        assert client.post(LOOKS, json={**asked, "cursor": wrong}, headers=holder).status_code == 422


def test_it_is_all_json(client: TestClient, key_for: KeyFor) -> None:
    """Whatever stands on the sample's entries; and never kept by anybody on the way."""
    holder = key_for(Role.INQUIRER)
    for number in range(0, SAMPLE, 17):
        said = client.post(LOOKUP, json={"subject": synthetic_code(number), "purpose": "x"}, headers=holder)
        assert said.headers["cache-control"] == "no-store"
        for entry in json.loads(said.content)["entries"]:
            assert all(isinstance(value, int | str | bool) for value in entry["facts"].values())
