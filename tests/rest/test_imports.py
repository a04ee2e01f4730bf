"""Uploads: whole or not at all, told by their content, bounded in every way, and for no key that is limited."""

import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import Workbook

from api.rest import imports
from api.rest.app import create_app
from api.rest.desk import Desk
from api.rest.imports import AT_ONCE, MOST_ROWS
from api.rest.settings import settings
from engine.access.roles import Role
from engine.errors import Unavailable
from engine.identity import synthetic_code
from engine.registry.store import ask
from tests.rest.conftest import Headers, KeyFor

AT = "/v1/lists/judgment-defaulters/imports"
HEAD = ["主体名称", "统一社会信用代码", "列入日期", "ground"]
FEW = 3  # entries of the list that are brought first


def row(number: int, **wrong: str) -> list[str]:
    """A row about an invented subject, right but for what is said otherwise."""
    right = {
        "name": f"来样{number}号公司",
        "code": synthetic_code(5_000 + number),
        "listed": "2026-01-02",
        "ground": "2",
    }
    return [*{**right, **wrong}.values()]


def csv(*rows: list[str]) -> bytes:
    """A file of them."""
    return "\n".join(",".join(one) for one in (HEAD, *rows)).encode()


def xlsx(*rows: list[str]) -> bytes:
    """The same as a workbook."""
    book = Workbook()
    for one in (HEAD, *rows):
        book.active.append(one)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def jsonl(*rows: list[str]) -> bytes:
    """The same as JSON Lines."""
    return "\n".join(json.dumps(dict(zip(HEAD, one, strict=True))) for one in rows).encode()


def send(client: TestClient, holder: Headers, data: bytes, name: str = "a.csv", at: str = AT, **form: str) -> Any:
    """What came of an upload."""
    return client.post(at, files={"file": (name, data)}, data=form, headers=holder)


def version(client: TestClient) -> int:
    """The registry's newest."""
    found: int = client.app.state.desk.books.registry and newest(client)["version"]  # type: ignore[attr-defined]
    return found


def newest(client: TestClient) -> dict[str, Any]:
    """The head of the newest change."""
    desk: Desk = client.app.state.desk  # type: ignore[attr-defined]
    with desk.books.registry.reading() as connection:
        row = ask(connection, 'SELECT * FROM "change" WHERE version IS NOT NULL ORDER BY version DESC LIMIT 1')[0]
    return dict(row._asdict())


@pytest.mark.parametrize(
    ("make", "name"),
    [(csv, "a.csv"), (xlsx, "a.xlsx"), (jsonl, "a.jsonl"), (xlsx, "a.csv"), (jsonl, "a.xlsx"), (csv, "")],
)
def test_a_file_is_told_by_its_content(client: TestClient, key_for: KeyFor, make: Any, name: str) -> None:
    """Whatever it is called, its rows are taken and reported."""
    holder = key_for(Role.REGISTRAR)
    said = send(
        client, holder, make(row(1), row(2)), name or "x", reason="每日更新", data_time="2026-11-21T06:00+08:00"
    )
    assert said.status_code == 201, said.text
    report = said.json()
    assert report["counts"]["new"] == 2
    assert report["registry"] == version(client)
    assert report["refusal"] is None
    head = newest(client)
    key = holder["Authorization"].split("_")[1]
    assert (head["who"], head["reason"], head["list"]) == (key, "每日更新", "judgment-defaulters")
    assert head["data_time"] == "2026-11-21T06:00:00+08:00"


def test_the_same_bytes_change_no_entry(client: TestClient, key_for: KeyFor) -> None:
    """Sent again without a key, they arrive again, and that is all."""
    holder = key_for(Role.REGISTRAR)
    send(client, holder, csv(row(1), row(2)))
    again = send(client, holder, csv(row(1), row(2))).json()
    assert (again["counts"]["new"], again["counts"]["changed"], again["counts"]["unchanged"]) == (0, 0, 2)


def test_once_for_a_key(client: TestClient, key_for: KeyFor) -> None:
    """The same report and no second arrival; another file, list or form is another request."""
    holder = {**key_for(Role.REGISTRAR), "Idempotency-Key": "k"}
    first = send(client, holder, csv(row(1)))
    at = version(client)
    again = send(client, holder, csv(row(1)), "another-name.csv")
    assert (again.status_code, again.content) == (201, first.content)
    assert version(client) == at
    elsewhere = AT.replace("judgment-defaulters", "tax-violators")
    for other in (
        send(client, holder, csv(row(2))), send(client, holder, csv(row(1)), at=elsewhere),
        send(client, holder, csv(row(1)), partial="true"),
    ):  # fmt: skip
        assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    assert version(client) == at


def test_a_trial_writes_nothing(client: TestClient, key_for: KeyFor) -> None:
    """It says what would be, also what would be refused."""
    holder, at = key_for(Role.REGISTRAR), version(client)
    said = send(client, holder, csv(row(1), row(2, listed="x")), dry_run="true")
    assert said.status_code == 200
    assert said.json()["refusal"] == "rows"
    assert said.json()["registry"] is None
    assert [one["row"] for one in said.json()["rows"]] == [3]
    assert version(client) == at


def test_refused_whole(client: TestClient, key_for: KeyFor) -> None:
    """Every faulty row is counted, the first are named, nothing is taken."""
    holder, at = key_for(Role.REGISTRAR), version(client)
    rows = [row(number, listed="someday") for number in range(MOST_ROWS + 50)]
    said = send(client, {**holder, "Accept-Language": "en"}, csv(row(9_999), *rows))
    assert said.status_code == 422
    body = said.json()
    assert str(MOST_ROWS + 50) in body["detail"]
    assert "partial" in body["detail"]
    assert len(body["errors"]) == MOST_ROWS
    assert {one["pointer"] for one in body["errors"]} == {"/file"}
    assert [one["line"] for one in body["errors"][:3]] == [3, 4, 5]
    assert version(client) == at


def test_the_good_rows_alone(client: TestClient, key_for: KeyFor) -> None:
    """With `partial`, and the others with their reasons."""
    rows = [row(number, listed="someday") for number in range(MOST_ROWS + 50)]
    said = send(client, key_for(Role.REGISTRAR), csv(row(9_999), *rows), partial="true")
    assert said.status_code == 201
    assert said.json()["counts"] | {"new": 1, "refused": MOST_ROWS + 50} == said.json()["counts"]
    assert len(said.json()["rows"]) == MOST_ROWS
    assert {one["field"] for one in said.json()["rows"]} == {"listed"}


def test_a_snapshot_that_would_end_too_much(client: TestClient, key_for: KeyFor) -> None:
    """Is taken for a broken file until somebody says how many endings are right."""
    holder = key_for(Role.REGISTRAR)
    full = csv(*(row(10 + number) for number in range(FEW)))
    assert send(client, holder, full, snapshot="true", accept_endings="99", data_time="2026-11-21").status_code == 201
    at = version(client)
    said = send(client, holder, csv(row(1)), snapshot="true")
    assert said.status_code == 422
    assert said.json()["detail"] == "现有 3 条中将终止 3 条，过多，未收；确认无误请设 accept_endings=3"
    assert version(client) == at
    assert send(client, holder, csv(row(1)), snapshot="true", accept_endings=str(FEW - 1)).status_code == 422
    right = send(client, holder, csv(row(1)), snapshot="true", accept_endings=str(FEW))
    assert right.status_code == 201
    assert right.json()["counts"]["ended"] == FEW


def test_an_older_snapshot_stands_in_conflict(client: TestClient, key_for: KeyFor) -> None:
    """409: what is there is newer."""
    holder = key_for(Role.REGISTRAR)
    said = send(client, holder, csv(row(1)), snapshot="true", data_time="2026-01-01", accept_endings="99")
    assert said.status_code == 409
    assert "data_time" in said.json()["detail"]


def test_who_is_known_by_name_only_is_named(client: TestClient, key_for: KeyFor) -> None:
    """For a person to compare."""
    said = send(client, key_for(Role.REGISTRAR), csv(row(1, code="", name="合成样本000060号（测试）有限责任公司")))
    assert said.json()["counts"]["by_name"] == 1
    assert said.json()["unnamed"] == [{"row": 2, "name": "合成样本000060号（测试）有限责任公司", "possible": 1}]


def test_a_mapping_comes_along(client: TestClient, key_for: KeyFor) -> None:
    """As text; a faulty one is said to be so."""
    holder = key_for(Role.REGISTRAR)
    data = csv(row(1)).replace("列入日期".encode(), b"Day")
    assert send(client, holder, data).status_code == 422
    mapping = "headings: {name: [主体名称], code: [统一社会信用代码], listed: [Day], ground: [ground]}"
    said = send(client, holder, data, mapping=mapping)
    assert said.status_code == 201, said.text
    wrong = send(client, holder, data, mapping="headings: {nothing: [Day]}")
    assert wrong.status_code == 422
    assert {one["pointer"] for one in wrong.json()["errors"]} == {"/mapping"}


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"snapshot": "yes"}, "/snapshot"), ({"partial": "1"}, "/partial"), ({"dry_run": "TRUE"}, "/dry_run"),
        ({"accept_endings": "-1"}, "/accept_endings"), ({"accept_endings": "9" * 30}, "/accept_endings"),
        ({"accept_endings": "٣"}, "/accept_endings"), ({"data_time": "soon"}, "/data_time"),
        ({"data_time": "2099-01-01"}, "/data_time"), ({"reason": "x" * 2_001}, "/reason"),
        ({"reason": "身份证11010519491231002X"}, "/reason"), ({"colour": "red"}, ""),
    ],
)  # fmt: skip
def test_faulty_fields(client: TestClient, key_for: KeyFor, form: dict[str, str], pointer: str) -> None:
    """Each with its pointer; nothing is written."""
    at = version(client)
    said = send(client, key_for(Role.REGISTRAR), csv(row(1)), **form)
    assert said.status_code == 422
    assert [one["pointer"] for one in said.json()["errors"]] == [pointer]
    assert "1101051949" not in said.text
    assert version(client) == at


def test_other_bodies(client: TestClient, key_for: KeyFor) -> None:
    """No file, two files, a file that is a text, no form at all, a broken one, a list that there is not."""
    holder, at = key_for(Role.REGISTRAR), version(client)
    two = [("file", ("a.csv", csv(row(1)))), ("file", ("b.csv", csv(row(2))))]
    statuses = [
        client.post(AT, files={"other": b"x"}, headers=holder).status_code,
        client.post(AT, files=two, headers=holder).status_code,
        client.post(AT, files={"reason": b"x"}, data={"file": "a"}, headers=holder).status_code,
        client.post(AT, json={}, headers=holder).status_code,
        client.post(AT, content=csv(row(1)), headers={**holder, "Content-Type": "text/csv"}).status_code,
        client.post(AT, content=b"x", headers={**holder, "Content-Type": "multipart/form-data"}).status_code,
        client.post(AT, content=b"--b\r\n", headers={**holder, "Content-Type": "multipart/form-data; boundary=b"})
        .status_code,
        client.post(AT, files={"file": csv(row(1))}, data={f"f{n}": "x" for n in range(50)}, headers=holder)
        .status_code,
        client.post(AT, files={"file": csv(row(1))}, data={"mapping": "x" * 100_000}, headers=holder).status_code,
        send(client, holder, csv(row(1)), at="/v1/lists/nobodys/imports").status_code,
    ]  # fmt: skip
    assert statuses == [422, 400, 422, 415, 415, 400, 422, 400, 400, 404]
    assert version(client) == at


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd", "passwd"), ("C:\\lists\\a.csv", "a.csv"), ("/", "upload"), ("..", ".."),
        ("名单 2026.csv", "名单 2026.csv"), ("x" * 999, "x" * 200),
    ],
)  # fmt: skip
def test_a_file_name_is_a_word_and_no_path(client: TestClient, key_for: KeyFor, name: str, kept: str) -> None:
    """It is kept in the registry's history, and names nothing on our disk."""
    assert send(client, key_for(Role.REGISTRAR), csv(row(1)), name).status_code == 201
    assert newest(client)["file"] == kept


def test_a_persons_number_in_a_file_name(client: TestClient, key_for: KeyFor) -> None:
    """Is not taken and not repeated."""
    said = send(client, key_for(Role.REGISTRAR), csv(row(1)), "11010519491231002X.csv")
    assert said.status_code == 422
    assert "1101051949" not in said.text


def test_only_registrars_without_limits(client: TestClient, key_for: KeyFor) -> None:
    """A list is the whole country's, and felt in every scenario that consults it."""
    at = version(client)
    for limits in ({"places": ("420881",)}, {"places": ("420000", "310000")}, {"scenarios": ("procurement",)}):
        assert send(client, key_for(Role.REGISTRAR, **limits), csv(row(1))).status_code == 403
    for role in set(Role) - {Role.REGISTRAR}:
        assert send(client, key_for(role), csv(row(1))).status_code == 403
    assert send(client, {}, csv(row(1))).status_code == 401
    assert version(client) == at
    scenarios = client.get("/v1/lists", headers=key_for(Role.AUTHOR)).json()["lists"][0]["consulted_by"]
    assert send(client, key_for(Role.REGISTRAR, scenarios=tuple(scenarios)), csv(row(1))).status_code == 201


def test_nothing_is_read_for_who_may_not(client: TestClient, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch) -> None:
    """No part of a form is parsed and no file is made before the key is known."""
    parsed = list[object]()
    monkeypatch.setattr("starlette.requests.Request.form", lambda *said, **more: parsed.append(said))
    for holder, status in (({}, 401), (key_for(Role.AUDITOR), 403)):
        assert send(client, holder, b"x" * (5 << 20)).status_code == status
    assert parsed == []


def test_uploads_have_a_bound_of_their_own(home: Path, key_for: KeyFor) -> None:
    """Larger than other bodies', and kept; what is larger is never written down whole."""
    said = {"MEMORANDA_MAX_BODY": "1000", "MEMORANDA_MAX_UPLOAD": "200000"}
    with TestClient(create_app(settings(said)), raise_server_exceptions=False) as client:
        holder = key_for(Role.REGISTRAR)
        whole = csv(*(row(number) for number in range(3_000)))
        assert 150_000 < len(whole) < 200_000, len(whole)
        assert send(client, holder, whole).status_code == 201
        refused = send(client, holder, whole + whole)
        assert refused.status_code == 413
        assert refused.json()["code"] == "too-large"
        other = {"subject": synthetic_code(1), "purpose": "x" * 2_000}
        assert client.post("/v1/subjects/lookup", json=other, headers=holder).status_code == 413

        def endless() -> Any:  # a body that does not say how long it is
            yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
            for _ in range(1_000):
                yield b"x" * 1_000

        typed = {**holder, "Content-Type": "multipart/form-data; boundary=b"}
        assert client.post(AT, content=endless(), headers=typed).status_code == 413


def bomb(size: int, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook one part of which unpacks to so much."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(row(1)))) as right, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as wrong:
        for part in right.namelist():
            if part != name:
                wrong.writestr(part, right.read(part))
        with wrong.open(name, "w", force_zip64=True) as part_:
            for _ in range(size >> 20):
                part_.write(b"\0" * (1 << 20))
    return out.getvalue()


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "more.bin"])
def test_a_zip_bomb_is_refused(client: TestClient, key_for: KeyFor, name: str) -> None:
    """By what its parts would unpack to, before any is unpacked."""
    data, at = bomb(300 << 20, name), version(client)
    assert len(data) < 1 << 20
    said = send(client, key_for(Role.REGISTRAR), data, "a.xlsx")
    assert said.status_code == 422
    assert [one["code"] for one in said.json()["errors"]] == ["R312"]
    assert version(client) == at


HOSTILE = {
    "nul": b"\0" * 1_000,
    "half a zip": xlsx(row(1))[:2_000],
    "an empty zip": b"PK\x05\x06" + b"\0" * 18,
    "xml": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    "old excel": b"\xd0\xcf\x11\xe0" + b"\0" * 999,
    "deep json": b'{"a":' * 50_000,
    "huge number": b'{"a": 1' + b"0" * 99_999 + b"}",
    "one line": b"a," * 500_000,
    "quotes": b'"' * 100_001,
    "nothing": b"",
    "blank": b"\n" * 10_000,
    "headings alone": csv(),
    "utf-16": "主体名称".encode("utf-16"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files(
    client: TestClient, key_for: KeyFor, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused with a code of their own; no path of ours is told, and no file stays behind."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # apart from what other tests upload meanwhile
    before, at = set(Path(tempfile.gettempdir()).glob("memoranda-upload-*")), version(client)
    said = send(client, key_for(Role.REGISTRAR), HOSTILE[what], "a")
    assert said.status_code == 422
    assert "memoranda-upload" not in said.text
    assert "passwd" not in said.text
    assert version(client) == at
    assert set(Path(tempfile.gettempdir()).glob("memoranda-upload-*")) <= before


def test_few_at_a_time(client: TestClient, key_for: KeyFor) -> None:
    """Another is asked to come again, with its key as good as before; afterwards there is room."""
    holder = {**key_for(Role.REGISTRAR), "Idempotency-Key": "k"}
    while AT_ONCE.acquire(blocking=False):
        pass
    try:
        said = send(client, holder, csv(row(1)))
        assert said.status_code == 503
        assert said.headers["Retry-After"]
    finally:
        for _ in range(2):
            AT_ONCE.release()
    assert send(client, holder, csv(row(1))).status_code == 201


def test_room_is_given_back(client: TestClient, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever became of an import."""
    holder = key_for(Role.REGISTRAR)

    def away(*_: object) -> None:
        raise Unavailable("磁盘已满", "the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(imports, "import_file", away)
        assert [send(client, holder, csv(row(1))).status_code for _ in range(4)] == [503] * 4
    assert [send(client, holder, b"\0").status_code for _ in range(4)] == [422] * 4
    assert send(client, holder, csv(row(1))).status_code == 201
