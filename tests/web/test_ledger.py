"""The ledger's pages: search without a word on whom, the head, proofs that anybody can check, what to revisit."""

import json
import re
from html import unescape
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest

from api.web.ledger import pages, proofs, revisits
from engine.access.roles import Role
from engine.calendar import read_when
from engine.identity import synthetic_code
from engine.ledger.envelope import Caller
from engine.ledger.merkle import consistent, included
from engine.ledger.signing import genuine
from engine.registry.chain import latest
from engine.registry.events import Happened
from engine.services import searching
from engine.services.books import open_access, open_books, open_ledger
from engine.services.deciding import number, record_decision
from engine.services.determining import Determined, determine
from engine.services.registering import record
from tests.ledger.desk import asked
from tests.web.conftest import Enter
from tests.web.lasting import door, enter
from tests.web.visiting import faults, ids_of, text_of

__all__ = ["door", "enter"]

CLEAN, REVIEW = 1, 60


def recorded(subject: int = CLEAN, **more: str) -> str:
    """A decision on a subject of the sample, numbered; its id."""
    ledger = open_ledger()
    made = record_decision(ledger, asked(subject, **more), Caller("tests", "why")).id
    number(ledger)
    return made


def found(page: httpx2.Response) -> list[str]:
    """The decisions a page leads to, in order."""
    return re.findall(r'href="/decisions/([0-9a-f-]{36})"', page.text)


def following(page: httpx2.Response) -> str:
    """The address of the next page; empty at the end."""
    said = re.search(r'rel="next" href="([^"]+)"', page.text)
    return unescape(said[1]) if said else ""


@pytest.mark.parametrize(("lang", "words"), [("zh", "政府采购 钟祥市"), ("en", "government procurement")])
def test_decisions_are_found_and_nobody_is_named(enter: Enter, lang: str, words: str) -> None:
    """The newest first, with the verdict of the machine and of a person."""
    first, second = recorded(CLEAN), recorded(REVIEW)
    determine(Determined(second, "eligible", "赵主任", "理由", "测认1号"))
    visitor = enter(Role.AUDITOR)
    visitor.client.headers["Accept-Language"] = lang
    page = visitor.get("/ledger")
    assert page.status_code == 200
    assert found(page)[:2] == [second, first]
    assert words.lower() in text_of(page).lower()
    for secret in (synthetic_code(CLEAN), synthetic_code(REVIEW), "赵主任"):
        assert secret not in page.text
    assert len(ids_of(page)) == len(set(ids_of(page)))


def test_filters_and_pages(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """By scenario, verdict and days; the filters go along from page to page, and nothing is lost between them."""
    monkeypatch.setattr(pages, "LINES", 2)
    made = [recorded(one, scenario="permit") for one in (CLEAN, 2, 3, 4, 5)]
    visitor, path, seen = enter(Role.AUDITOR), "/ledger?scenario=permit&since=2026-01-01&until=", list[str]()
    while path:
        page = visitor.get(path)
        assert len(found(page)) <= 2
        assert '<option value="permit" selected>' in page.text
        seen, path = seen + found(page), following(page)
    assert seen == made[::-1]
    assert found(visitor.get("/ledger?scenario=permit&until=2020-01-01")) == []
    assert "没有符合条件的决定" in text_of(visitor.get("/ledger?verdict=review&until=2020-01-01"))
    for one in found(visitor.get("/ledger?scenario=permit&verdict=eligible")):
        assert one in made


def test_limits_of_an_account(enter: Enter) -> None:
    """Other scenarios and places are not there; roles that read no decisions are let in nowhere."""
    here, there = recorded(CLEAN), recorded(CLEAN, place="110000")
    shown = found(enter(Role.AUDITOR, places=("420000",)).get("/ledger"))
    assert here in shown
    assert there not in shown
    page = enter(Role.AUDITOR, scenarios=("permit",)).get("/ledger?scenario=procurement")
    assert page.status_code == 422
    for role in (Role.REGISTRAR, Role.OPERATOR, Role.AUTHOR):
        assert enter(role).get("/ledger").status_code == 403
        assert enter(role).get("/ledger/head").status_code == 200
        assert enter(role).get("/ledger/revisits?since=0").status_code == 403
    assert enter(Role.INQUIRER).get("/ledger/revisits?since=0").status_code == 403


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("scenario=%3Cscript%3E", "scenario"), ("verdict=perhaps", "verdict"), ("since=yesterday", "since"),
        ("until=2026-13-01", "until"), ("since=%27%20OR%201=1--", "since"), (f"until={'9' * 50}", "until"),
    ],
)  # fmt: skip
def test_a_search_at_fault(enter: Enter, query: str, field: str) -> None:
    """Is explained beside its field."""
    page = enter(Role.AUDITOR).get(f"/ledger?{query}")
    assert page.status_code == 422
    assert [*faults(page)] == [field]
    assert "<script>" not in page.text
    assert found(page) == []


def test_a_cursor_of_nobody(enter: Enter) -> None:
    """Is refused in words."""
    for cursor in ("%25", "YWJj", "MSAnOyBEUk9QIFRBQkxF"):
        assert enter(Role.AUDITOR).get(f"/ledger?cursor={cursor}").status_code in (200, 422)


def test_by_number_or_its_beginning(enter: Enter) -> None:
    """On to the decision; what is typed never gets into an address."""
    visitor, decision = enter(Role.AUDITOR), recorded()
    for said in (decision, f" {decision.upper()} ", decision[:30]):
        assert visitor.post("/ledger", {"decision": said}).url.path == f"/decisions/{decision}"
    typed = {
        "": "请填写", synthetic_code(CLEAN): "按主体查", decision[:7]: "至少写前 8 位", "%%%%%%%%": "决定编号由",
        "f" * 8: "没有以此开头", "<script>": "决定编号由", "0" * 61: "过长",
    }  # fmt: skip
    for said, fault in typed.items():
        page = visitor.post("/ledger", {"decision": said})
        assert page.status_code == 422
        assert fault in faults(page)["decision"], said
        assert page.url.path == "/ledger"
        assert "<script>" not in page.text
        assert found(page)  # the list stays


def test_a_page_reads_no_more_than_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the index of times, from where the page before ended: a ledger may be long."""
    recorded()
    asked_for = list[tuple[str, Any]]()

    def noted(connection: Any, query: str, values: Any = ()) -> Any:
        asked_for.append((query, values))
        return ask(connection, query, values)

    ask = searching.ask
    monkeypatch.setattr(searching, "ask", noted)
    ledger = open_ledger().store
    searching.search(ledger, searching.Search(), lambda scenario, place: True, 5, None)
    query, values = asked_for[0]
    with ledger.reading() as connection:
        plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", tuple(values))]
    assert any("USING INDEX ix_leaf_ticks" in step for step in plan), plan
    assert not any("OR" in step.split() or step == "USE TEMP B-TREE FOR ORDER BY" for step in plan), plan


def test_the_head_and_its_keys(enter: Enter) -> None:
    """Signed by the key whose fingerprint is shown; the files are what the command line takes."""
    recorded()
    visitor = enter(Role.OPERATOR)
    shown, file = (visitor.get(f"/ledger/head{kind}") for kind in ("", ".json"))
    head, keys = file.json(), visitor.get("/ledger/keys.json").json()
    signature = head.pop("signature")
    assert genuine(head, signature, keys)
    assert re.fullmatch(r'attachment; filename="head-\d+\.json"', file.headers["content-disposition"])
    for part in (head["root"], signature["key"], f"--checkpoint head-{head['size']}.json", "verify_receipt.py"):
        assert part in shown.text


def test_an_empty_ledger(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has no head and no proofs, and says so."""
    monkeypatch.setattr(proofs, "newest", lambda connection: None)
    visitor = enter(Role.AUDITOR)
    for path in ("/ledger", "/ledger/head", "/ledger/proofs"):
        page = visitor.get(path)
        assert page.status_code == 200
        assert "台账还是空的" in text_of(page)
    assert visitor.get("/ledger/head.json").status_code == 404
    assert "台账还是空的" in faults(visitor.get("/ledger/proofs?record=0"))["size"]


def test_a_proof_that_a_decision_is_in_the_log(enter: Enter) -> None:
    """By its number, its beginning or its place; as shown and as a file it holds by the rules of RFC 9162."""
    decision, _ = recorded(), recorded()
    visitor = enter(Role.OPERATOR)
    for said in (decision, decision[:30].upper()):
        page = visitor.post("/ledger/proofs", {"record": said, "size": ""})
        assert re.fullmatch(r"record=\d+&size=\d+", page.url.query.decode())
        assert "已证明：该记录在台账头之下" in text_of(page)
    file = next(unescape(one) for one in re.findall(r'href="([^"]+)"', page.text) if "inclusion.json" in one)
    proof = visitor.get(file).json()
    path = [bytes.fromhex(part) for part in proof["path"]]
    leaf, root = bytes.fromhex(proof["leaf"]), bytes.fromhex(proof["root"])
    assert included(proof["number"], proof["size"], leaf, path, root)
    assert proof["leaf"] in page.text
    assert all(part in page.text for part in proof["path"])
    assert visitor.get(f"/ledger/proofs?record={proof['number']}").status_code == 200


def test_a_proof_that_the_log_only_grew(enter: Enter) -> None:
    """From an earlier size to the newest, or to one between."""
    for _ in range(3):
        recorded()
    visitor = enter(Role.AUDITOR)
    page = visitor.post("/ledger/proofs", {"old": "1"})
    assert page.url.query.startswith(b"old=1&new=")
    assert "请填写" in faults(visitor.post("/ledger/proofs"))["record"]
    assert "后来的台账以早先的为开头" in text_of(page)
    proof = visitor.get("/ledger/proofs/consistency.json?old=1&new=3").json()
    path = [bytes.fromhex(part) for part in proof["path"]]
    assert consistent(1, 3, bytes.fromhex(proof["old_root"]), bytes.fromhex(proof["new_root"]), path)
    assert json.loads(visitor.get("/ledger/proofs/consistency.json?old=1").content)["old_root"] in page.text


@pytest.mark.parametrize(
    ("query", "field", "fault"),
    [
        ("record=%3Cscript%3E", "record", "没有这个编号"),
        ("record=ffffffff", "record", "没有这个编号"),
        ("record=9999999", "record", "编号须小于大小"),
        ("record=0&size=x", "size", "请写整数"),
        ("record=0&size=0", "size", "请写整数"),
        ("record=0&size=9999999", "size", "台账只到"),
        (f"record={'1' * 41}", "record", "过长"),
        ("record=&size=1", "record", "请填写"),
        ("old=2&new=1", "old", "old 不得大于 new"),
        ("old=1&new=9999999", "new", "台账只到"),
        ("old=&new=1", "old", "请填写"),
        ("old=%E2%91%A0", "old", "请写整数"),
        ("old=99999999999999999", "old", "请写整数"),
    ],
)
def test_a_proof_at_fault(enter: Enter, query: str, field: str, fault: str) -> None:
    """Is explained beside its field; as a file there is none."""
    recorded(), recorded()
    visitor = enter(Role.AUDITOR)
    page = visitor.get(f"/ledger/proofs?{query}")
    assert page.status_code == 422
    assert fault in faults(page)[field]
    assert "<script>" not in page.text
    typed = dict(part.split("=") for part in query.split("&"))
    again = visitor.post("/ledger/proofs", {name: unquote(value) for name, value in typed.items()})
    assert again.status_code == 422
    assert faults(again) == faults(page)
    kind = "consistency" if query.startswith("old") else "inclusion"
    assert visitor.get(f"/ledger/proofs/{kind}.json?{query}").status_code == 404


def turned() -> tuple[str, int, int]:
    """A decision that an annulment turned, on whom, and the version of the registry before it."""
    books = open_books()
    for subject in range(40):
        found = asked(subject).decision.data
        if found["verdict"] == "ineligible" and {entry["of"] for entry in found["entries"]} == {"p1"}:
            break
    decision = recorded(subject)
    lists = {entry["list"] for entry in found["entries"]}
    with books.registry.reading() as connection:
        version = latest(connection).number
        rows = connection.exec_driver_sql(
            "SELECT number, list FROM entry WHERE subject = ?", (synthetic_code(subject),)
        ).all()
    for number_ in [row.number for row in rows if row.list in lists]:
        record(books, Happened(number_, "annul", read_when("2026-11-19").text, "撤1号", "错列"), "tests")
    books.registry.close()
    return decision, subject, version


def test_what_to_revisit(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then and now with the cause in words, nobody named; each look is written down with its purpose."""
    decision, subject, version = turned()
    visitor = enter(Role.AUDITOR)
    assert found(visitor.get("/ledger/revisits")) == []
    for lang, words in (("en", "annulled"), ("zh", "的记录：撤销")):
        visitor.client.headers["Accept-Language"] = lang
        page = visitor.get(f"/ledger/revisits?since={version}")
        assert page.status_code == 200
        assert decision in found(page)
        assert words in text_of(page)
        assert "撤1号" in text_of(page)
        assert synthetic_code(subject) not in page.text
    with open_access().reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT act, purpose, subject FROM \"read\" WHERE decision = ? AND act = 'revisit'", (decision,)
        ).all()
    assert set(rows) == {("revisit", "行政许可受理", synthetic_code(subject))}
    by_day = visitor.get("/ledger/revisits?since=2026-01-01")
    assert decision in found(by_day)
    monkeypatch.setattr(searching, "MOST_ASKED", 2)
    monkeypatch.setattr(revisits, "PATIENCE", 0.0)
    path, seen, walked = f"/ledger/revisits?since={version}", list[str](), 0
    while path:
        page = visitor.get(path)
        seen, path, walked = seen + found(page), following(page), walked + 1
    assert decision in seen
    assert walked > 1
    assert "已查完全部决定" in text_of(page)


def test_many_to_revisit_come_in_pages(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more on one than it says, and none twice or lost."""
    decision, subject, version = turned()
    monkeypatch.setattr(revisits, "SHOWN", 1)
    visitor, path, seen = enter(Role.AUDITOR), "/ledger/revisits?since=0", list[str]()
    while path:
        page = visitor.get(path)
        assert len(found(page)) <= 1
        seen, path = seen + found(page), following(page)
    assert decision in seen
    assert len(seen) == len(set(seen))
    limited = enter(Role.AUDITOR, places=("110000",))
    assert decision not in found(limited.get(f"/ledger/revisits?since={version}"))
    assert subject >= 0


@pytest.mark.parametrize("since", ["x", "-1", "99999", "2026-13-01", "<script>", "1" * 41])
def test_a_version_at_fault(enter: Enter, since: str) -> None:
    """Is explained, and what was typed stands there still."""
    page = enter(Role.AUDITOR).get("/ledger/revisits", params={"since": since})
    assert page.status_code == 422
    assert [*faults(page)] == ["since"]
    assert "<script>" not in page.text
