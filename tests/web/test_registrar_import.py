"""Imports by a form: tried first, taken when confirmed, the very bytes that were tried and by whoever tried them."""

import io
import json
import os
import re
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.web import working
from api.web.registrar import importing, trial
from engine.access.roles import Role
from engine.identity import synthetic_code
from engine.registry.store import ask
from engine.services import spooling
from tests.registry.test_persons import NUMBER
from tests.rest.test_imports import HOSTILE, bomb, csv, jsonl, row, xlsx
from tests.web.conftest import Enter
from tests.web.registrars import desk_of, door, folder, home
from tests.web.visiting import Visitor, faults, text_of

__all__ = ["door", "folder", "home"]

LIST = "judgment-defaulters"
BAD = row(9, listed="=cmd|' /C calc'!A0")
_NUMBERS = count(100)
MAPPED = "headings: {name: [户名], code: [证照号], listed: [入列], ground: [事由]}"


def send(visitor: Visitor, data: bytes, name: str = "a.csv", **form: Any) -> Any:
    """What came of trying a file."""
    return visitor.post("/registrar/import", {"list": LIST, **form}, files={"file": (name, data)})


def good(many: int = 1) -> list[list[str]]:
    """So many rows about subjects that no list knows yet."""
    return [row(next(_NUMBERS)) for _ in range(many)]


def version(door: TestClient) -> int:
    """The registry's newest."""
    with desk_of(door).books.registry.reading() as connection:
        return int(ask(connection, 'SELECT MAX(version) AS n FROM "change"')[0].n)


def figures(page: Any) -> dict[str, int]:
    """The figures of a report, by their words."""
    return {word: int(count) for word, count in re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page.text)}


def waiting(home: Path) -> list[Path]:
    """The files that wait."""
    return [*home.glob("spool/*/upload")]


@pytest.mark.parametrize("make", [csv, xlsx, jsonl])
def test_tried_then_confirmed(enter: Enter, door: TestClient, home: Path, make: Callable[..., bytes]) -> None:
    """A trial writes nothing; the confirmation writes what was tried, once, and the file is gone."""
    visitor, before = enter(Role.REGISTRAR), version(door)
    page = send(visitor, make(*good(2)), reason="每日更新", data_time="2026-11-21")
    assert re.fullmatch("/registrar/import/[0-9a-f]{24}", page.url.path), faults(page)
    assert figures(page)["新增"] == 2
    assert version(door) == before
    (file,) = waiting(home)
    assert [oct(path.stat().st_mode & 0o777) for path in (home / "spool", file.parent, file)] == [
        "0o700",
        "0o700",
        "0o600",
    ]
    done = visitor.post(page.url.path)
    assert f"名录库版本 {before + 1}" in text_of(done)
    assert visitor.post(page.url.path).url == done.url
    assert version(door) == before + 1
    assert waiting(home) == []
    with desk_of(door).books.registry.reading() as connection:
        head = ask(connection, 'SELECT * FROM "change" ORDER BY version DESC LIMIT 1')[0]
    assert (head.reason, head.data_time, head.list, head.file) == ("每日更新", "2026-11-21", LIST, "a.csv")


def test_wrong_rows_are_shown_and_taken_away(enter: Enter, door: TestClient) -> None:
    """Each with its line and reason; no cell of the table to take away is a formula; then the good rows alone."""
    visitor, before = enter(Role.REGISTRAR), version(door)
    page = send(visitor, csv(*good(), BAD, row(2, code=""), *[row(20 + n, listed="+x") for n in range(60)]))
    assert "61 行不合格" in text_of(page)
    assert page.text.count('<th scope="row"') == trial.SHOWN
    assert 'id="confirm"' not in page.text
    assert visitor.post(page.url.path).status_code == 409
    table = visitor.get(f"{page.url.path}/refused.csv")
    assert table.headers["content-disposition"].startswith("attachment")
    lines = table.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 62
    assert not [cell for line in lines for cell in line.split(",") if cell.strip('"').startswith(tuple("=+-@"))]
    again = visitor.post(f"{page.url.path}/try", {"partial": "yes"})
    assert (figures(again)["新增"], figures(again)["仅有名称"]) == (2, 1)
    assert "来样2号公司" in text_of(again)
    assert "已写入" in text_of(visitor.post(again.url.path))
    assert version(door) == before + 1


def test_a_formula_at_the_beginning_is_made_harmless(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a fault's words begin with."""
    visitor = enter(Role.REGISTRAR)
    page = send(visitor, csv(BAD))
    fault = {"row": 2, "field": "=a", "code": "@c", "zh": "=1+1", "en": "", "help_zh": "-1", "help_en": ""}
    monkeypatch.setattr(spooling.Spooled, "lines", lambda self, name: iter([json.dumps(fault)]))
    assert visitor.get(f"{page.url.path}/refused.csv").content.decode().splitlines()[1] == "2,'=a,'@c,'=1+1,'-1"


def test_too_many_endings_are_confirmed_by_their_number(enter: Enter, door: TestClient) -> None:
    """A snapshot that lost half the list is not taken before somebody wrote how many entries will end."""
    visitor = enter(Role.REGISTRAR)
    first = send(visitor, csv(*[row(number) for number in range(10)]), list="customs-advanced")
    visitor.post(first.url.path)
    page = send(visitor, csv(row(1)), list="customs-advanced", snapshot="yes")
    would_end = figures(page)["将终止"]
    assert would_end >= 9
    before = version(door)
    assert faults(visitor.post(page.url.path)) == {"endings": "确认无误的，填写将终止的条数"}
    assert faults(visitor.post(page.url.path, {"endings": "1"})) == {"endings": f"条数不是 {would_end}"}
    assert faults(visitor.post(page.url.path, {"endings": "9" * 99}))["endings"].startswith("过长")
    assert version(door) == before
    done = visitor.post(page.url.path, {"endings": str(would_end)})
    assert figures(done)["终止"] == would_end
    assert version(door) == before + 1


@pytest.mark.parametrize(
    ("form", "name", "fault"),
    [
        ({"list": ""}, "list", "请选择是哪份名单"),
        ({"list": "<script>"}, "list", "请选择一项"),
        ({"data_time": "昨天"}, "data_time", "日期或时刻读不懂"),
        ({"data_time": "2099-01-01"}, "data_time", "在将来"),
        ({"data_time": "x" * 300}, "data_time", "过长"),
        ({"reason": NUMBER}, "reason", "公民身份号码"),
        ({"reason": "x" * 3_000}, "reason", "过长"),
        ({"mapping": "headings: ["}, "mapping", "第 1 行"),
        ({"mapping": "nonsense: {a: [b]}"}, "mapping", "列名对应应为"),
        ({"mapping": "headings: {no_such: [x]}"}, "mapping", "没有这个"),
        ({"mapping": "x" * 70_000}, "mapping", "过长"),
        ({"mapping": "a: &a [*a]"}, "mapping", "第 1 行"),
    ],
)
def test_every_fault_of_the_form(enter: Enter, home: Path, form: dict[str, str], name: str, fault: str) -> None:
    """Beside its field; the file need not be sent again, and nothing typed is lost but a number."""
    visitor = enter(Role.REGISTRAR)
    page = send(visitor, csv(row(1)), **{"reason": "每日更新", "snapshot": "yes", **form})
    assert page.status_code == 422
    said = faults(page)
    assert said.keys() == {name}
    assert fault in said[name]
    assert "--" not in said[name]
    assert NUMBER not in page.text
    assert "<script>" not in page.text
    assert re.search('name="snapshot"[^>]* checked', page.text)
    assert "已上传“a.csv”" in text_of(page)
    assert len(waiting(home)) == 1
    held = re.findall('name="held" value="([0-9a-f]{24})"', page.text)[0]
    mended = visitor.post("/registrar/import", {"list": LIST, "held": held})
    assert figures(mended)["新增"] == 1
    assert len(waiting(home)) == 1


def test_a_form_without_a_file(enter: Enter) -> None:
    """Or with an empty one, or one whose name holds a person's number, or no form at all."""
    visitor = enter(Role.REGISTRAR)
    assert faults(visitor.post("/registrar/import", {"list": LIST})) == {"file": "请选择文件"}
    assert faults(send(visitor, b"")) == {"file": "文件是空的"}
    assert "公民身份号码" in faults(send(visitor, csv(row(1)), name=f"{NUMBER}.csv"))["file"]
    assert visitor.client.post("/registrar/import", content=b"x").status_code == 403
    assert visitor.post("/registrar/import", {"_proof": "x"}, files={"file": ("a", b"x")}).status_code == 403


BROKEN = {name: (data, "") for name, data in HOSTILE.items()} | {
    "zip bomb": (bomb(300 << 20), "过大"),
    "two encodings": ("主体名称\n甲乙丙丁公司\n".encode() + b"\xff\xfe\xfa", "编码"),
    "no headings": (b"a,b\n1,2\n", "没有主体名称列"),
    "utf-16": ("名称,列入日期\n".encode("utf-16"), "UTF-16"),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_file_that_cannot_be_read_is_said_beside_its_field(enter: Enter, door: TestClient, name: str) -> None:
    """The form stands again as it was filled in, and says nothing of the command line nor of where files are kept."""
    visitor, before = enter(Role.REGISTRAR), version(door)
    data, fault = BROKEN[name]
    page = send(visitor, data, reason="每日更新")
    if page.status_code == 200:  # a table without a good row
        assert 'id="confirm"' not in page.text
    else:
        assert page.status_code == 422
        assert fault in faults(page)["file"]
        assert 'value="每日更新"' in page.text
        assert "--mapping" not in page.text
        assert "spool" not in page.text
    assert version(door) == before


def test_the_same_file_taken_in_another_way(enter: Enter, home: Path) -> None:
    """Its headings are said in a second form; the file need not come again."""
    visitor = enter(Role.REGISTRAR)
    own = csv(*good()).replace("主体名称,统一社会信用代码,列入日期,ground".encode(), "户名,证照号,入列,事由".encode())
    page = send(visitor, own, reason="每日更新")
    assert "或在“列名对应”中写明" in faults(page)["file"]
    held = re.findall('name="held" value="([0-9a-f]{24})"', page.text)[0]
    fields = {"list": LIST, "held": held, "mapping": MAPPED}
    wrong = visitor.post("/registrar/import", {**fields, "data_time": "x"})
    assert faults(wrong).keys() == {"data_time"}
    assert 'name="held"' in wrong.text
    right = visitor.post("/registrar/import", fields)
    assert figures(right)["新增"] == 1
    assert len(waiting(home)) == 1
    assert "已上传“a.csv”" in text_of(visitor.get(f"/registrar/import?held={right.url.path[-24:]}"))
    assert faults(visitor.post("/registrar/import", fields))["file"].startswith("上传的文件已不在")


def test_cancelled_is_gone(enter: Enter, door: TestClient, home: Path) -> None:
    """The file is deleted, and its address leads nowhere."""
    visitor, before = enter(Role.REGISTRAR), version(door)
    page = send(visitor, csv(row(1)))
    assert "没有写入" in text_of(visitor.post(f"{page.url.path}/cancel"))
    assert waiting(home) == []
    for answer in (visitor.get(page.url.path), visitor.post(page.url.path), visitor.post(f"{page.url.path}/try"),
                   visitor.get(f"{page.url.path}/refused.csv")):  # fmt: skip
        assert answer.status_code == 404
    assert version(door) == before


def test_what_was_tampered_with_is_not_written(enter: Enter, door: TestClient, home: Path) -> None:
    """Other bytes, or something else said about them, than what was tried."""
    visitor, before = enter(Role.REGISTRAR), version(door)
    page = send(visitor, csv(row(1)))
    waiting(home)[0].write_bytes(csv(row(1), row(2)))
    assert "与上传时不同" in faults(visitor.post(page.url.path))["confirm"]
    page = send(visitor, csv(row(3)))
    said = max(home.glob("spool/*/said.json"), key=os.path.getmtime)
    said.write_text(said.read_text("utf-8").replace('"snapshot": false', '"snapshot": true'), "utf-8")
    assert visitor.post(page.url.path).status_code == 404
    assert version(door) == before


def test_another_session_knows_nothing_of_it(enter: Enter, door: TestClient) -> None:
    """Not of somebody else, and not of the same person signed in again."""
    page, before = send(enter(Role.REGISTRAR), csv(row(1))), version(door)
    other = enter(Role.REGISTRAR)
    assert other.get(page.url.path).status_code == other.post(page.url.path).status_code == 404
    assert other.get(f"{page.url.path}/refused.csv").status_code == 404
    assert faults(other.post("/registrar/import", {"list": LIST, "held": page.url.path[-24:]})).keys() == {"file"}
    subject = other.post("/registrar/entries", {"who": "919900000000001021"}).url.path[-24:]
    assert other.get(f"/registrar/import/{subject}").status_code == 404
    assert version(door) == before


def test_after_an_hour_it_is_gone(enter: Enter, home: Path) -> None:
    """Whoever comes by takes it away."""
    visitor = enter(Role.REGISTRAR)
    page = send(visitor, csv(row(1)))
    os.utime(waiting(home)[0].parent, (0, time.time() - spooling.KEPT.total_seconds() - 5))
    assert visitor.post(page.url.path).status_code == 404
    assert waiting(home) == []


def test_only_so_many_wait(enter: Enter, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In number for one person, and in bytes for all; what is done gives way."""
    monkeypatch.setattr(spooling, "MOST_OF_ONE", 2)
    visitor = enter(Role.REGISTRAR)
    done = send(visitor, csv(row(1)))
    visitor.post(done.url.path)
    for number in (2, 3):
        assert send(visitor, csv(row(number))).status_code == 200
    assert faults(send(visitor, csv(row(4)))).keys() == {"file"}
    other = enter(Role.REGISTRAR)
    assert send(other, csv(row(5))).status_code == 200
    monkeypatch.setattr("api.web.registrar.upload.FILES", 0)
    assert "等待确认的上传太多" in faults(send(other, csv(row(6))))["file"]
    assert len(waiting(home)) == 3
    assert len([*home.glob("spool/*")]) == 3


def test_a_list_that_changed_meanwhile_is_tried_again(enter: Enter, door: TestClient) -> None:
    """A report that no longer holds is not confirmed."""
    visitor = enter(Role.REGISTRAR)
    late, soon = send(visitor, csv(row(1))), send(visitor, csv(row(2)))
    visitor.post(soon.url.path)
    before = version(door)
    assert "该名单已有变动" in faults(visitor.post(late.url.path))["confirm"]
    assert version(door) == before
    again = visitor.post(f"{late.url.path}/try")
    assert "已写入" in text_of(visitor.post(again.url.path))


def test_a_long_one_is_waited_for_and_a_failed_one_told(
    enter: Enter, door: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page with how far it is, that asks again by itself; what failed can be tried again."""
    visitor, go = enter(Role.REGISTRAR), [False]
    true_import = trial.import_file

    def slow(*said: Any) -> Any:
        said[4](1, 4)
        while not go[0]:
            time.sleep(0.01)
        return true_import(*said)

    monkeypatch.setattr(importing, "MOMENT", 0.05)
    monkeypatch.setattr(trial, "import_file", slow)
    page = send(visitor, csv(row(1)))
    assert "已读 25%" in text_of(page)
    assert page.headers["refresh"] == "3"
    assert visitor.post(page.url.path).status_code == visitor.post(f"{page.url.path}/cancel").status_code == 409
    part = visitor.get(page.url.path, headers={"HX-Request": "true"})
    assert 'id="work"' in part.text
    go[0] = True
    until = time.monotonic() + 10
    while part.status_code != 204 and time.monotonic() < until:
        part = visitor.get(page.url.path, headers={"HX-Request": "true"})
    assert part.headers["hx-redirect"] == page.url.path
    monkeypatch.setattr(trial, "import_file", lambda *said: 1 / 0)
    monkeypatch.setattr(importing, "MOMENT", 10)
    failed = visitor.post(page.url.path)
    assert "程序出错，没有写入" in text_of(failed)
    monkeypatch.setattr(trial, "import_file", true_import)
    again = visitor.post(f"{page.url.path}/try")
    assert "已写入" in text_of(visitor.post(again.url.path))


def test_no_place_at_the_bench_is_said(enter: Enter, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the file is not kept."""
    visitor = enter(Role.REGISTRAR)
    monkeypatch.setattr(working.Bench, "take", lambda self, job, work: False)
    assert "太多" in faults(send(visitor, csv(row(1))))["file"]
    assert waiting(home) == []


def test_what_is_written_is_told_though_its_report_is_lost(
    enter: Enter, door: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk after the registry has the data is no failure of the import."""
    visitor, before = enter(Role.REGISTRAR), version(door)
    page = send(visitor, csv(*good()))
    true_keep = spooling.Spooled.keep

    def full(self: spooling.Spooled, name: str, data: Any) -> None:
        if name == trial.TAKEN:
            raise spooling._no_room(OSError(28, "No space left on device"))
        true_keep(self, name, data)

    monkeypatch.setattr(spooling.Spooled, "keep", full)
    done = visitor.post(page.url.path)
    assert f"名录库版本 {before + 1}" in text_of(done)
    assert figures(done)["新增"] == 1


def test_a_file_with_a_rare_path_for_a_name(enter: Enter) -> None:
    """Only its last part is kept, and nothing of it is markup."""
    page = send(enter(Role.REGISTRAR), csv(row(1)), name="..\\..\\<b>甲.csv")
    assert "&lt;b&gt;甲.csv" in page.text
    assert "<b>甲" not in page.text
    assert io.BytesIO(page.content).read(9) == b"<!doctype"


def test_nobodys_number_becomes_whose_doing_it_is(enter: Enter, door: TestClient) -> None:
    """A provider may call somebody by a citizen's number: it is refused in words, and not shown."""
    visitor, before = enter(Role.REGISTRAR), version(door)
    entry = re.findall(
        "/registrar/entries/[0-9a-f]{20}", visitor.post("/registrar/entries", {"who": synthetic_code(2)}).text
    )[0]
    with desk_of(door).access.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE session SET who = ?, account = '', roles = 'registrar' WHERE ends_at <> ''", (NUMBER,)
        )
    page = send(visitor, csv(*good()))
    assert "您的账户标识" in faults(page)["list"]
    said = {"event": "object", "on": "2026-11-20", "document": "异议1号", "place": ""}
    page = visitor.post(f"{entry}/events", said)
    assert "您的账户标识" in faults(page)["event"]
    assert NUMBER not in page.text
    assert version(door) == before
