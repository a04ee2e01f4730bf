"""The public page on which receipts and notices are checked: genuine or not, when, which verdict, and no more."""

import json
import re
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.notice.seal import seal_of
from api.rest.limits import Rate
from engine.access.roles import Role
from engine.canonical import canonical
from engine.identity import synthetic_code
from engine.ledger.envelope import Caller
from engine.services.auditing import receipt_bytes
from engine.services.books import open_ledger
from engine.services.deciding import number, record_decision
from engine.services.determining import Determined, determine, erase
from engine.services.noticing import noted_in
from tests.ledger.desk import asked, law
from tests.web.conftest import Enter
from tests.web.lasting import door, enter
from tests.web.visiting import faults, ids_of, text_of

__all__ = ["door", "enter"]

CLEAN, REVIEW = 1, 60


def recorded(number: int = CLEAN) -> str:
    """A decision on a subject of the sample; its number."""
    return record_decision(open_ledger(), asked(number), Caller("tests", "why")).id


def sent(door: TestClient, receipt: bytes | None = None, code: str = "", lang: str = "zh") -> httpx2.Response:
    """The form as a stranger sends it."""
    files = {"receipt": ("receipt.json", receipt, "application/json")} if receipt is not None else None
    return door.post("/verify", data={"code": code}, files=files, headers={"Accept-Language": lang})


def payload(decision: str) -> str:
    """The text of the notice's code."""
    ledger = open_ledger()
    number(ledger)
    return seal_of(noted_in(ledger, decision, closed=True, judge=law().rulebook())).payload


def nobody_named(page: httpx2.Response, number: int) -> None:
    """Whom the record concerns is not on the page, and neither is anything else of what it was about."""
    assert synthetic_code(number) not in page.text
    assert "采购" not in text_of(page)
    assert "420881" not in page.text


def heading(page: httpx2.Response) -> str:
    """The heading of the page."""
    return re.sub(r"<[^>]+>", "", re.findall(r"<h1[^>]*>(.*?)</h1>", page.text, re.S)[0]).strip()


@pytest.mark.parametrize(("lang", "word", "verdict"), [("zh", "真实", "可以参与"), ("en", "Genuine", "may take part")])
def test_a_genuine_receipt(door: TestClient, lang: str, word: str, verdict: str) -> None:
    """With its verdict and time, for somebody who is not signed in, with and without what opens it."""
    decision = recorded()
    for openings in (True, False):
        page = sent(door, receipt_bytes(decision, openings), lang=lang)
        assert page.status_code == 200
        assert heading(page) == word
        assert verdict in text_of(page)
        nobody_named(page, CLEAN)


def test_a_genuine_code(door: TestClient) -> None:
    """As a scanner gives it, and with the line breaks of whatever it went through."""
    code = payload(recorded())
    for said in (code, f"  {code.replace(' ', chr(10))}\n"):
        page = sent(door, code=said)
        assert heading(page) == "真实"
        nobody_named(page, CLEAN)


def test_what_a_person_determined_is_told(door: TestClient) -> None:
    """Also to the holder of an older receipt; of those that were superseded too, and not by whom or why."""
    decision = recorded(REVIEW)
    old = receipt_bytes(decision)
    assert "人工认定 无" in text_of(sent(door, old))
    first = determine(Determined(decision, "ineligible", "赵主任", "伪造证照", "测认1号"))
    determine(Determined(decision, "eligible", "钱主任", "另有理由", "测认2号", first))
    for page in (sent(door, old), sent(door, receipt_bytes(decision)), sent(door, code=payload(decision))):
        said = text_of(page)
        assert re.search(r"人工认定 可以参与（.* 记录，以此为准）", said)
        assert re.search(r"已被取代的认定 不得参与（", said)
        for secret in ("主任", "伪造证照", "测认"):
            assert secret not in said
    alone = sent(door, receipt_bytes(first))
    assert "记录种类 人工认定" in text_of(alone)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda said: said["core"].update(verdict="ineligible"), "决定内容与信封不符"),
        (lambda said: said["envelope"].update(recorded_at="2020-01-01T00:00:00.000000+00:00"), "包含证明不成立"),
        (lambda said: said["head"].update(size=said["head"]["size"] + 1), "台账头的签名不是所固定密钥的"),
        (lambda said: said["openings"][0]["value"].update(subject="x"), "公开内容与承诺不符"),
        (lambda said: said.update(note="<script>alert(1)</script>"), "成员不对"),
    ],
)
def test_a_receipt_that_was_changed(door: TestClient, change: Callable[[Any], object], fault: str) -> None:
    """Is not genuine, and which check failed is said."""
    said = json.loads(receipt_bytes(recorded()))
    change(said)
    page = sent(door, canonical(said) + b"\n")
    assert heading(page) == "不真实"
    assert fault in text_of(page)
    assert "<script>alert" not in page.text
    assert "可以参与" not in text_of(page)


@pytest.mark.parametrize("data", [b"{}", b"null", b"\xff\xfe", b"[" * 20_000, b'{"a": 1e400}', b"=cmd()"])
def test_what_is_no_receipt(door: TestClient, data: bytes) -> None:
    """Is not genuine either, and never a fault of ours."""
    page = sent(door, data)
    assert page.status_code == 200
    assert heading(page) == "不真实"


def test_a_receipt_of_a_ledger_that_was_replaced(door: TestClient) -> None:
    """The signature holds, and the record is not there: that is said."""
    decision = recorded()
    receipt = receipt_bytes(decision)
    with open_ledger().store.writing() as connection:
        connection.exec_driver_sql("UPDATE leaf SET leaf = ? WHERE id = ?", ("0" * 64, decision))
    page = sent(door, receipt)
    assert heading(page) == "不真实"
    assert "本台账中没有这条记录" in text_of(page)


@pytest.mark.parametrize(
    ("part", "other", "word"),
    [
        ("id", "01a2015e-4e1c-7248-87bb-1a34bc5756f0", "不认识"),
        ("leaf", "0" * 64, "不认识"),
        ("root", "0" * 64, "不真实"),
        ("size", "7", "不真实"),
        ("key", "0" * 32, "不真实"),
    ],
)
def test_a_code_that_was_changed(door: TestClient, part: str, other: str, word: str) -> None:
    """Without the record's own number and hash nothing is told; with a head that is not ours it is not genuine."""
    recorded()
    page = sent(door, code=re.sub(rf"{part}=\S+", f"{part}={other}", payload(recorded())))
    assert heading(page) == word
    assert "可以参与" not in text_of(page)


def test_a_code_with_a_head_of_before_the_record(door: TestClient) -> None:
    """A head that is ours and has not the record under it proves nothing."""
    early, late = payload(recorded()), payload(recorded())
    head = re.search(r"size=.*", early)
    assert head
    page = sent(door, code=re.sub(r"size=.*", head[0], late))
    assert heading(page) == "不真实"
    assert "尚不包含" in text_of(page)


def test_by_address_only_with_the_hash(door: TestClient) -> None:
    """A wrong hash, part of a number, and a number that is not there are the same to who asks."""
    decision, leaf = (parts := payload(recorded()).split())[1][3:], parts[2][5:]
    assert heading(door.get(f"/verify/{decision}?leaf={leaf}")) == "真实"
    tried = [
        f"/verify/{decision}", f"/verify/{decision}?leaf={'0' * 64}", f"/verify/{decision}?leaf=%E5%8F%B6",
        f"/verify/{decision[:13]}?leaf={leaf}", f"/verify/01a2015e-4e1c-7248-87bb-1a34bc5756f0?leaf={leaf}",
        "/verify/%25?leaf=%25",
    ]  # fmt: skip
    told = {text_of(door.get(path)) for path in tried}
    assert len(told) == 1
    assert "不认识" in told.pop()
    assert door.get(f"/verify/{'a' * 101}").status_code == 404
    assert door.get(f"/verify/{decision}?leaf={'a' * 101}").status_code == 404


def test_an_erasure_is_no_record_to_check(door: TestClient) -> None:
    """Its leaf says how many decisions somebody stood in."""
    recorded()
    erase(synthetic_code(CLEAN), "依申请", "测试员")
    with open_ledger().store.reading() as connection:
        row = connection.exec_driver_sql("SELECT id, leaf FROM leaf WHERE kind = 'erasure'").one()
    assert heading(door.get(f"/verify/{row.id}?leaf={row.leaf}")) == "不认识"


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("", ""),
        ("<script>alert(1)</script>", "不是告知书二维码的文字"),
        ("memoranda-notice-1 id=1", "不是告知书二维码的文字"),
        (f"memoranda-notice-1 id={'a' * 36} leaf={'A' * 64} size=1 root={'0' * 64} key={'0' * 32}", "不是"),
        (f"memoranda-notice-1 id={'a' * 36} leaf={'a' * 64} size={'9' * 16} root={'0' * 64} key={'0' * 32}", "不是"),
        ("长" * 601, "过长"),
    ],
)
def test_a_form_at_fault(door: TestClient, code: str, fault: str) -> None:
    """Nothing at all, and what is no code; what was pasted stands there still."""
    page = sent(door, code=code)
    assert page.status_code == 422
    said = faults(page)
    assert (fault in said["code"]) if fault else ("请选择凭证文件" in said["receipt"])
    assert "<script>alert" not in page.text
    assert len(ids_of(page)) == len(set(ids_of(page)))


def test_files_are_bounded(door: TestClient) -> None:
    """An empty one, one that no receipt is as large as, and one that is not even read."""
    assert "空的" in faults(sent(door, b""))["receipt"]
    assert "8 MB" in faults(sent(door, b"x" * ((8 << 20) + 1)))["receipt"]
    assert sent(door, b"x" * (9 << 20)).status_code == 413


def test_strangers_ask_so_often_and_no_more(door: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """By forms and by addresses alike; whoever is refused is told when to come back."""
    monkeypatch.setitem(door.app.pages.state._state, "open_rate", Rate(2))  # type: ignore[attr-defined]
    assert sent(door, code="x").status_code == 422
    assert door.get("/verify/x").status_code == 200
    for refused in (door.get("/verify/x"), sent(door, code="x")):
        assert refused.status_code == 429
        assert "retry-after" in refused.headers
    assert door.get("/verify").status_code == 200


def test_signed_in_the_form_needs_its_proof(door: TestClient, enter: Enter) -> None:
    """As every form does; another site's is refused."""
    visitor = enter(Role.AUDITOR)
    code = payload(recorded())
    assert heading(visitor.post("/verify", {"code": code}, files={})) == "真实"
    assert visitor.client.post("/verify", data={"code": code}).status_code == 403
    assert door.post("/verify", data={"code": code}, headers={"Origin": "https://evil.example"}).status_code == 403
