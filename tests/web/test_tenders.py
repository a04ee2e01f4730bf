"""Tenders: one question over many parties, one table; nothing typed is lost, and nobody else's work is seen."""

import csv
import io
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook  # type: ignore[import-untyped]

from api.app import Service
from api.web import working
from api.web.tenders import asking
from engine.access import jobs
from engine.access.reads import noted
from engine.access.roles import Role
from engine.errors import Unavailable
from engine.identity import synthetic_code as code
from engine.ledger.receipt import openings_of
from engine.packs.pointers import tree_of_json
from engine.packs.questions import read_inquiry
from engine.services.ask import Asked, ask_registry
from engine.services.books import open_access, open_ledger
from engine.services.determining import Determined, determination
from engine.services.moments import utc_now
from engine.services.tendering import judged
from tests.web.conftest import Enter
from tests.web.visiting import Visitor, account, faults, signed_in, text_of

TABLE = re.compile(r"/tenders/[0-9a-f-]{36}")
JOB = re.compile(r"/tenders/jobs/[0-9a-f]{32}")
PATIENCE = 30.0


def lines(count: int, members: int = 0, mark: str = "A") -> str:
    """So many parties, the first of them in a consortium."""
    return "\n".join(f"{code(one)}\t{mark if one < members else ''}" for one in range(count))


def checked(visitor: Visitor, text: str, **more: Any) -> Any:
    """The page that follows the form: the table, or the job's."""
    return visitor.post("/tenders", {"scenario": "procurement", "at": "2026-11-20", "parties": text, **more})


def followed(visitor: Visitor, page: Any) -> Any:
    """The table, once the job is done."""
    until = time.monotonic() + PATIENCE
    while JOB.fullmatch(page.url.path) and time.monotonic() < until:
        time.sleep(0.05)
        page = visitor.get(page.url.path)
    return page


def test_a_tender_gets_a_table(enter: Enter) -> None:
    """One decision; the gravest first, the consortium as one with the reason, and nothing identifying outside."""
    page = checked(enter(Role.INQUIRER), lines(60, 9), case="ZC-2026-0113", place="420881")
    assert TABLE.fullmatch(page.url.path)
    said = text_of(page)
    assert "联合体 A，9 方，一并判断 不得参与" in said
    assert f"因联合体另一方：{code(2)}" in said
    assert "十九.1.刑事处罚" in said
    assert "ZC-2026-0113" in said
    assert "查询的名单及其数据时间" in said
    order = [said.index(word) for word in ("供应商 不得参与", "供应商 须人工审查", "供应商 可以参与")]
    assert order == sorted(order)
    outside = (
        str(page.url)
        + re.findall("<title>(.*?)</title>", page.text)[0]
        + "".join(re.findall('href="([^"]*)"', page.text))
    )
    assert not any(word in outside for word in (code(1), "合成样本", "ZC-2026"))
    assert len(page.content) < 60_000


def test_verdicts_are_filtered_and_paged_by_address(enter: Enter) -> None:
    """Links that work without scripts; what is no verdict or page is taken as none."""
    visitor = enter(Role.INQUIRER)
    page = checked(visitor, lines(60, 9))
    here, said = page.url.path, text_of(page)
    barred = int(re.findall(r"不得参与 (\d+)", said)[0])
    filtered = text_of(visitor.get(f"{here}?verdict=ineligible"))
    assert f"第 1–{barred} 个，共 {barred} 个" in filtered
    assert "供应商 可以参与" not in filtered
    second = text_of(visitor.get(f"{here}?page=2"))
    assert "第 41–60 个，共 60 个" in second
    assert "第 2 页，共 2 页" in second
    for strange in ("?verdict=%3Cscript%3E", "?page=0", "?page=-1", "?page=９", "?page=" + "9" * 50):
        assert "第 1–40 个" in text_of(visitor.get(here + strange))
    assert "第 41–60 个" in text_of(visitor.get(f"{here}?page=99999"))
    assert "没有这种结论的当事方" in text_of(visitor.get(f"{here}?verdict=conditional"))


def test_what_was_looked_at_is_written_down(enter: Enter) -> None:
    """Those whose rows are shown, and no others; an export shows all."""
    visitor = enter(Role.INQUIRER)
    here = checked(visitor, lines(60)).url.path
    access = open_access()
    with access.reading() as connection:
        seen = [one for one in map(code, range(60)) if noted(connection, [one])]
        assert len(seen) == 40
        visitor.get(f"{here}/export.csv")
        looks = noted(connection, [code(59)])
    access.close()
    assert looks
    assert looks[0].decision == here.rpartition("/")[2]


def test_exports_hold_no_formula(enter: Enter) -> None:
    """Every row, or those of a verdict; a mark that a spreadsheet would execute is a text."""
    visitor = enter(Role.INQUIRER)
    here = checked(visitor, lines(60, 3, "=1+cmd()"), case="+1").url.path
    for ending in ("csv", "xlsx"):
        rows = exported(visitor.get(f"{here}/export.{ending}").content, ending)
        assert rows[0][:2] == ["代号", "统一社会信用代码"]
        assert len(rows) == 61
        assert {row[1] for row in rows[1:]} == set(map(code, range(60)))
        assert {row[4] for row in rows[1:]} == {"'=1+cmd()", ""}
        assert {row[12] for row in rows[1:]} == {"'+1"}
        barred = exported(visitor.get(f"{here}/export.{ending}?verdict=ineligible").content, ending)
        assert {row[6] for row in barred[1:]} == {"ineligible"}
    visitor.get("/language/en")
    assert exported(visitor.get(f"{here}/export.csv").content, "csv")[0][0] == "Party"


def exported(data: bytes, ending: str) -> list[list[str]]:
    """The rows of an export; no cell of a workbook is a formula or a number."""
    if ending == "csv":
        assert data.startswith(b"\xef\xbb\xbf")
        return [*csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))]
    sheet = load_workbook(io.BytesIO(data)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {"s", "inlineStr"}
    return [[value or "" for value in row] for row in sheet.iter_rows(values_only=True)]


def test_the_bundle_proves_itself(enter: Enter, tmp_path: Path) -> None:
    """The program in it finds the receipt in it genuine, and another byte is seen."""
    visitor = enter(Role.INQUIRER)
    here = checked(visitor, lines(9, 3)).url.path
    answer = visitor.get(f"{here}/bundle.zip")
    assert answer.headers["content-disposition"].startswith('attachment; filename="tender-')
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(tmp_path)
    decision = here.rpartition("/")[2]
    assert decision in (tmp_path / "README.txt").read_text("utf-8")
    for notice in ("notice-zh.html", "notice-en.html"):
        assert decision in (tmp_path / notice).read_text("utf-8")
    command = [sys.executable, "-I", "verify_receipt.py", "receipt.json", "--key", "keys.json"]
    assert b"genuine" in subprocess.run(command, cwd=tmp_path, check=True, capture_output=True).stdout
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(receipt.read_bytes().replace(b'"verdict":"', b'"verdict":"x', 1))
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode != 0


def test_a_large_one_is_a_job_of_its_owner(enter: Enter, door: TestClient) -> None:
    """It leads to the table by itself; nobody else is told of it, and no party is left in it."""
    visitor = enter(Role.INQUIRER)
    page = checked(visitor, lines(150))
    table = followed(visitor, page)
    assert TABLE.fullmatch(table.url.path), text_of(table)
    job = (page.history[-1].headers["location"] if page.history else page.url.path).rpartition("/")[2]
    asked_by_htmx = visitor.get(f"/tenders/jobs/{job}", headers={"HX-Request": "true"})
    assert (asked_by_htmx.status_code, asked_by_htmx.headers["hx-redirect"]) == (204, table.url.path)
    access = open_access()
    with access.reading() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM job").fetchall())
    access.close()
    assert "9199" not in kept
    assert "150 个当事方" in text_of(visitor.get("/tenders"))
    assert code(1) not in visitor.get("/tenders").text
    other = signed_in(door, account((Role.INQUIRER,)))
    assert other.get(f"/tenders/jobs/{job}").status_code == 404
    assert "150 个当事方" not in text_of(other.get("/tenders"))


def test_progress_is_told_as_it_is(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many were read, then that they are judged; by a header where there are no scripts, and then no more."""
    visitor = enter(Role.INQUIRER)
    told = list[tuple[str, int]]()
    whole = asking.judged

    def slowly(inquiry: Any, library: Any, rulebook: Any, registry: Any, tell: working.Tell) -> Asked:
        def telling(stage: str, done: int) -> None:
            told.append((stage, done))
            tell(stage, done)
            time.sleep(0.3)

        return whole(inquiry, library, rulebook, registry, telling)

    monkeypatch.setattr(asking, "judged", slowly)
    page = checked(visitor, lines(250))
    assert JOB.fullmatch(page.url.path)
    assert page.headers["refresh"] == "5"
    assert "<progress" in page.text
    seen = set[str]()
    while JOB.fullmatch(page.url.path):
        seen |= set(re.findall("已读取 (\\d+) / 250|(正在判断)|(正在等候)|(正在记入)", text_of(page))[0])
        time.sleep(0.1)
        page = visitor.get(page.url.path)
    assert told == [("read", 0), ("read", 100), ("read", 200), ("judge", 250)]
    assert {"100", "200", "正在判断"} <= seen
    assert "refresh" not in page.headers


def test_a_job_that_failed_says_so(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words of ours, with the way to submit it again; nothing of what went wrong is shown."""
    visitor = enter(Role.INQUIRER)
    for fault, said in ((Unavailable("x", "x"), "数据库暂时不可用"), (RuntimeError(code(1)), "系统出错")):
        monkeypatch.setattr(asking, "judged", failing(fault))
        page = checked(visitor, lines(150), _once="1" * 32)
        while "正在核查" in text_of(page):
            page = visitor.get(page.url.path)
        assert said in text_of(page)
        assert 'href="/tenders"' in page.text
        assert code(1) not in page.text
    monkeypatch.undo()
    again = followed(visitor, checked(visitor, lines(150), _once="1" * 32))
    assert TABLE.fullmatch(again.url.path)


def test_a_small_one_that_failed_keeps_what_was_typed(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is away: the form comes back as it was."""
    visitor = enter(Role.INQUIRER)
    monkeypatch.setattr(asking, "judged", failing(Unavailable("x", "x")))
    page = checked(visitor, lines(2))
    assert "请再次提交" in faults(page)["parties"]
    assert code(1) in page.text


def failing(fault: Exception) -> Callable[..., Asked]:
    """Judges nothing."""

    def judged(*_: object) -> Asked:
        raise fault

    return judged


def test_a_process_that_died_is_said_to_have(enter: Enter) -> None:
    """A job nobody works on any more has failed once it was silent for long enough."""
    visitor = enter(Role.INQUIRER)
    owner = owner_of(visitor)
    access = open_access()
    jobs.begin(access, "a" * 32, owner, "tender", 200, utc_now() - jobs.SILENT * 2)
    access.close()
    assert "办理中断" in text_of(visitor.get(f"/tenders/jobs/{'a' * 32}"))


def owner_of(visitor: Visitor) -> str:
    """Whose the visitor's jobs are."""
    checked(visitor, lines(1))
    access = open_access()
    with access.reading() as connection:
        owner: str = connection.exec_driver_sql("SELECT who FROM job ORDER BY begun_at DESC LIMIT 1").scalar_one()
    access.close()
    return owner


def test_too_much_at_once_is_refused_and_nothing_is_lost(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """No place at the bench, or too many of one person: said beside the field, with all that was typed."""
    visitor = enter(Role.INQUIRER)
    monkeypatch.setattr(working.Bench, "take", lambda *_: False)
    page = checked(visitor, lines(150), case="ZC-1")
    assert "请稍后再提交" in faults(page)["parties"]
    assert code(149) in page.text
    assert 'value="ZC-1"' in page.text
    monkeypatch.setattr(asking, "MOST_OF_ONE", 0)
    assert "请稍后再提交" in faults(checked(visitor, lines(2)))["parties"]


def test_the_same_form_sent_twice_is_one_decision(enter: Enter) -> None:
    """A double click asks once; another text under the same form's number is another question."""
    visitor = enter(Role.INQUIRER)
    first = checked(visitor, lines(3), _once="0" * 32)
    assert checked(visitor, lines(3), _once="0" * 32).url == first.url
    assert checked(visitor, lines(4), _once="0" * 32).url != first.url


FAULTS = (
    ({"text": ""}, "parties", "请粘贴当事方"),
    ({"text": "91990000O00000001X"}, "line-1", "第 9 位是字母 O"),
    ({"text": lines(1001)}, "parties", "1,001 个当事方"),
    ({"scenario": "permit"}, "scenario", "请选择一项"),
    ({"scenario": ""}, "scenario", "请选择一项"),
    ({"place": "000000"}, "place", "请选择一项"),
    ({"at": "tomorrow"}, "at", "2024-06-10"),
    ({"at": "x" * 41}, "at", "过长"),
    ({"case": "甲" * 201}, "case", "过长"),
    ({"case": "11010119900307299X"}, "case", "公民身份号码"),
)


def test_every_field_is_explained_and_kept(enter: Enter) -> None:
    """Beside it and in the summary; what was typed stands there still."""
    visitor = enter(Role.INQUIRER)
    for fields, field, said in FAULTS:
        page = checked(visitor, **{"text": lines(2), "case": "ZC-9", **fields})
        assert page.status_code == 422
        assert said in faults(page)[field]
        assert "ZC-9" in page.text or "case" in fields
        assert code(1) in page.text or "text" in fields


def test_many_wrong_lines_are_counted_and_some_are_listed(enter: Enter) -> None:
    """The page stays small, and hostile text is text."""
    page = checked(enter(Role.INQUIRER), "<script>alert(1)</script>\n" * 500)
    found = faults(page)
    assert "有 500 行有误" in found["parties"]
    assert len(found) == 31
    assert "<script>alert" not in page.text


def test_a_file_is_read_and_must_be_chosen_again_after_a_fault(enter: Enter) -> None:
    """CSV as XLSX; both ways at once are one too many."""
    visitor = enter(Role.INQUIRER)
    good = f"统一社会信用代码,联合体\n{code(1)},A\n{code(2)},A\n".encode()
    fields = {"scenario": "procurement", "case": "ZC-7"}
    page = visitor.post("/tenders", fields, {"file": ("a.csv", good, "text/csv")})
    assert "联合体 A，2 方" in text_of(page)
    page = visitor.post("/tenders", fields, {"file": ("a.csv", good.replace(b"9199", b"919O", 1), "text/csv")})
    assert "有 1 行有误" in faults(page)["file"]
    assert "须重新选择文件" in faults(page)["file"]
    assert "第 2 行" in faults(page)["line-2"]
    assert 'value="ZC-7"' in page.text
    page = visitor.post("/tenders", fields, {"file": ("a.csv", b"x\ny\n", "text/csv")})
    assert "没有“统一社会信用代码”一列" in faults(page)["file"]
    page = visitor.post("/tenders", {**fields, "at": "?"}, {"file": ("a.csv", good, "text/csv")})
    assert faults(page)["file"] == "改正后须重新选择文件"
    page = visitor.post("/tenders", {**fields, "parties": code(1)}, {"file": ("a.csv", good, "text/csv")})
    assert "只能用一种" in faults(page)["parties"]
    assert visitor.get("/tenders/form.xlsx").content.startswith(b"PK")


def test_a_citizen_is_checked_and_nowhere_to_be_seen(enter: Enter) -> None:
    """Known by a digest; after a fault elsewhere the number must be written once more."""
    visitor, number = enter(Role.INQUIRER), "11010119900307299X"
    page = checked(visitor, f"{code(1)}\n{number}\t评审专家")
    assert TABLE.fullmatch(page.url.path)
    assert "自然人" in text_of(page)
    assert number not in page.text
    page = checked(visitor, f"{number}\t评审专家\n123")
    assert number not in page.text
    assert "*" * 18 in page.text


def test_missing_facts_are_stated_for_the_same_parties(enter: Enter) -> None:
    """What of the project some verdicts wait for: stated once, the same parties are judged again."""
    visitor = enter(Role.INQUIRER)
    page = checked(visitor, lines(150, 3), scenario="bidding", case="ZC-5")
    here = followed(visitor, page).url.path
    before = visitor.get(here)
    assert 'id="fact.works_tender"' in before.text
    wrong = visitor.post(f"{here}/again", {"fact.works_tender": "perhaps"})
    assert wrong.status_code == 422
    assert "fact.works_tender" in faults(wrong)
    facts = {"fact.works_tender": "yes", "fact.mandatory_tender": "yes", "fact.tender_rule_defaulters": "yes"}
    after = followed(visitor, visitor.post(f"{here}/again", facts))
    assert after.url.path != here
    assert "ZC-5" in text_of(after)
    assert 'id="fact.works_tender"' not in after.text
    assert "工程建设项目：是" in text_of(after)
    assert "联合体 A，3 方" in text_of(after)
    ledger = open_ledger()
    with ledger.store.reading() as connection:
        whom = [
            {one.value["subject"] for one in openings_of(connection, at.rpartition("/")[2]) if one.handle[0] == "p"}
            for at in (here, after.url.path)
        ]
    ledger.store.close()
    assert whom[0] == whom[1] == set(map(code, range(150)))


def test_what_is_left_to_a_person(enter: Enter) -> None:
    """A barred party keeps the whole from being determined: then each is asked about alone. Otherwise it is shown."""
    visitor = enter(Role.INQUIRER)
    here = checked(visitor, lines(60), place="420881", case="ZC-3").url.path
    page = visitor.get(f"{here}?verdict=review")
    assert "不能整体认定" in text_of(page)
    form = page.text[page.text.index('<form id="alone"') :]
    fields = dict(re.findall('name="([^_"][^"]*)" value="([^"]*)"', form[: form.index("</form>")]))
    chosen = re.findall('form="alone"[^>]* name="chosen" value="([^"]*)"', page.text)[0]
    alone = visitor.post("/counter", {**fields, "chosen": chosen})
    assert re.fullmatch("/counter/[0-9a-f-]{36}", alone.url.path), faults(alone)
    assert "须人工审查" in text_of(alone)
    left = exported(visitor.get(f"{here}/export.csv?verdict=review").content, "csv")[1:]
    here = checked(visitor, "\n".join(row[1] for row in left), place="420881").url.path
    assert "尚未作出认定" in text_of(visitor.get(here))
    ledger = open_ledger()
    wanted = Determined(here.rpartition("/")[2], "eligible", "审查员", reasons="同名异主体", document="测认〔2026〕1号")
    ledger.recorder.record(determination(ledger, wanted))
    ledger.store.close()
    said = text_of(visitor.get(here))
    assert "测认〔2026〕1号" in said
    assert "尚未作出认定" not in said


def test_roles_and_limits(enter: Enter) -> None:
    """Who may not ask may not; who may only read reads; scenarios and places beyond the grant are refused."""
    here = checked(enter(Role.INQUIRER), lines(3), place="420881").url.path
    for role in (Role.OPERATOR, Role.REGISTRAR):
        visitor = enter(role)
        assert visitor.get("/tenders").status_code == 403
        for part in ("", "/export.csv", "/export.xlsx", "/bundle.zip"):
            assert visitor.get(here + part).status_code == 403
    auditor = enter(Role.AUDITOR)
    assert auditor.get(here).status_code == 200
    assert "/again" not in auditor.get(here).text
    assert auditor.get("/tenders").status_code == 403
    assert auditor.post("/tenders", {"scenario": "procurement", "parties": code(1)}).status_code == 403
    assert auditor.post(f"{here}/again", {}).status_code == 403
    elsewhere = enter(Role.INQUIRER, scenarios=("bidding",), places=("310000",))
    for part in ("", "/export.csv", "/export.xlsx", "/bundle.zip"):
        assert elsewhere.get(here + part).status_code == 403
    assert "scenario" in faults(checked(elsewhere, lines(1), place="310000"))
    assert "place" in faults(checked(elsewhere, lines(1), scenario="bidding", place="420881"))
    assert checked(elsewhere, lines(1), scenario="bidding").status_code == 403
    assert enter(Role.INQUIRER).get(f"/tenders/{'0' * 8}-0000-7000-8000-{'0' * 12}").status_code == 404


def test_nobody_signed_in_and_nothing_forged(door: TestClient, enter: Enter) -> None:
    """Elsewhere to sign in; a form of another site does nothing."""
    door.cookies.clear()
    assert door.get("/tenders", follow_redirects=False).headers["location"].startswith("/sign-in")
    visitor = enter(Role.INQUIRER)
    forged = visitor.post("/tenders", {"_proof": "x", "scenario": "procurement", "parties": code(1)})
    assert forged.status_code == 403


def test_the_decision_is_the_one_the_engine_makes(door: TestClient) -> None:
    """Read part by part or at once: the same core, byte for byte."""
    service: Service = door.app  # type: ignore[assignment]
    desk = service.rest.state.desk
    law = desk.law.now
    parties = [{"subject": code(one), **({"consortium": "A"} if one < 40 else {})} for one in range(250)]
    document = {"scenario": "procurement", "parties": parties, "as_of": "2026-11-20", "jurisdiction": "420881"}
    inquiry = read_inquiry(tree_of_json(json.dumps(document).encode()), law.vocabulary)
    told = list[tuple[str, int]]()
    one = judged(inquiry, law.library, law.rulebook, desk.books.registry, lambda *said: told.append(said))
    other = ask_registry(inquiry, law.library, law.rulebook, desk.books.registry, None)
    assert one.decision.core == other.decision.core
    assert one.decision.names == other.decision.names
    assert told == [("read", 0), ("read", 100), ("read", 200), ("judge", 250)]
