"""The pages on one decision: reasons at three depths, receipt, notice, replay, and what persons determined."""

import json
import re
import time
from dataclasses import replace
from html import unescape
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.notice import pdf
from api.web.ledger import reading
from engine.access.roles import Role
from engine.errors import Missing
from engine.identity import synthetic_code
from engine.ledger.envelope import Caller
from engine.ledger.receipt import faults_of_receipt
from engine.services.ask import ask_registry
from engine.services.books import open_access, open_books, open_ledger
from engine.services.deciding import number, record_decision
from engine.services.determining import Determined, determine, erase
from tests.ledger.desk import asked, law
from tests.web.conftest import Enter
from tests.web.lasting import door, enter
from tests.web.seating import seated
from tests.web.visiting import ids_of, text_of

__all__ = ["door", "enter"]

CLEAN, REVIEW = 1, 60
DEPTHS = ("counter", "lawyer", "auditor")


def recorded(subject: int = CLEAN, **more: str) -> str:
    """A decision on a subject of the sample, numbered; its id."""
    ledger = open_ledger()
    made = record_decision(ledger, asked(subject, **more), Caller("tests", "why")).id
    number(ledger)
    return made


def refused() -> tuple[str, int]:
    """A decision that says no, and on whom."""
    for subject in range(40):
        if asked(subject).decision.data["verdict"] == "ineligible":
            return recorded(subject), subject
    raise AssertionError("nobody of the sample is refused")


def of_many(count: int) -> str:
    """A decision on many parties, numbered; its id."""
    ledger, found = open_ledger(), asked(CLEAN)
    inquiry = found.decision.answer.inquiry
    parties = tuple(replace(inquiry.parties[0], subject=synthetic_code(one)) for one in range(count))
    again = ask_registry(replace(inquiry, parties=parties), law(), law().rulebook(), open_books().registry, None)
    made = record_decision(ledger, again, Caller("tests")).id
    number(ledger)
    return made


def looks(decision: str) -> list[tuple[str, str, str]]:
    """Who was looked at with the decision, and for what."""
    with open_access().reading() as connection:
        rows = connection.exec_driver_sql('SELECT act, purpose, subject FROM "read" WHERE decision = ?', (decision,))
        return [(row.act, row.purpose, row.subject) for row in rows]


def links(page: httpx2.Response) -> list[str]:
    """Where the page leads to."""
    return [unescape(one) for one in re.findall(r'href="([^"]+)"', page.text)]


@pytest.mark.parametrize(("lang", "word"), [("zh", "不得参与"), ("en", "may not take part")])
def test_a_decision_is_told_at_three_depths(enter: Enter, lang: str, word: str) -> None:
    """Each deeper one says more; the auditor's has codes and checks, the counter's has not."""
    visitor, (decision, subject) = enter(Role.AUDITOR), refused()
    visitor.client.headers["Accept-Language"] = lang
    sizes, told = [], {}
    for depth in DEPTHS:
        page = visitor.get(f"/decisions/{decision}?depth={depth}")
        assert page.status_code == 200
        assert re.search(rf"<h1[^>]*>.*{word}</h1>", page.text, re.S)
        assert synthetic_code(subject) in text_of(page)
        assert len(ids_of(page)) == len(set(ids_of(page)))
        assert page.text.count('class="leaf"') <= page.text.count("<details")
        sizes.append(page.text.count("<details"))
        told[depth] = text_of(page)
    assert sizes == sorted(sizes)
    assert len(set(sizes)) > 1
    label = {"zh": "措施编号", "en": "Measure"}[lang]
    assert label in told["auditor"]
    assert label not in told["counter"]
    assert {"zh": "本条来源不足，仅为草稿", "en": "a draft"}[lang] in told["auditor"]
    assert {"zh": "本条来源不足，仅为草稿", "en": "a draft"}[lang] not in told["lawyer"]


def test_the_depth_is_remembered(enter: Enter) -> None:
    """For the next decision; one that there is not changes nothing."""
    visitor, decision = enter(Role.REVIEWER, Role.AUTHOR), recorded()
    assert 'depth=counter#reasons" aria-current="true"' in visitor.get(f"/decisions/{decision}").text
    visitor.get(f"/decisions/{decision}?depth=auditor")
    for path in (f"/decisions/{decision}", f"/decisions/{recorded(2)}?depth=%3Cscript%3E"):
        page = visitor.get(path)
        assert 'depth=auditor#reasons" aria-current="true"' in page.text


def test_every_reason_leads_to_its_clause(enter: Enter) -> None:
    """In the library that is served: the page is there, and so is the place on it."""
    visitor, (decision, _) = enter(Role.AUDITOR), refused()
    page = visitor.get(f"/decisions/{decision}?depth=auditor")
    found = {one for one in links(page) if one.startswith("/library/")}
    assert found
    for one in found:
        address, _, anchor = one.partition("#")
        there = visitor.get(address)
        assert there.status_code == 200, one
        assert httpx2.URL(f"/#{anchor}").fragment in ids_of(there), one


def test_every_look_is_written_down(enter: Enter) -> None:
    """Page, receipt, notice and replay each; and nobody is named in title or address."""
    visitor, decision = enter(Role.AUDITOR), recorded()
    paths = ["", "/receipt.json", "/receipt.json?openings=no", "/notice.html", "/replayed"]
    for seen, path in enumerate(paths, 1):
        page = visitor.get(f"/decisions/{decision}{path}")
        assert page.status_code == 200, path
        noted = looks(decision)
        assert noted.count(("read-decision", "行政许可受理", synthetic_code(CLEAN))) == seen
        assert {one[:2] for one in noted} == {("read-decision", "行政许可受理")}
    page = visitor.get(f"/decisions/{decision}")
    assert synthetic_code(CLEAN) not in re.findall("<title>(.*?)</title>", page.text)[0] + "".join(links(page))


def test_without_a_purpose_nothing_is_shown(door: TestClient) -> None:
    """It is asked for first."""
    decision, visitor = recorded(), seated(door, Role.AUDITOR, purpose="")
    for path in ("", "/receipt.json", "/notice.pdf", "/replayed"):
        answer = visitor.get(f"/decisions/{decision}{path}")
        assert answer.headers["location"].startswith("/purpose?next=/decisions/")
    assert looks(decision) == []


@pytest.mark.parametrize("path", ["", "/receipt.json", "/notice.html", "/notice.pdf", "/replayed"])
def test_who_may_see_it(enter: Enter, path: str) -> None:
    """Roles, scenarios and places, for every door to a decision; what is refused is not looked at."""
    decision = recorded()
    for role in (Role.REGISTRAR, Role.OPERATOR, Role.AUTHOR):
        assert enter(role).get(f"/decisions/{decision}{path}").status_code == 403
    assert enter(Role.AUDITOR, scenarios=("permit",)).get(f"/decisions/{decision}{path}").status_code == 403
    assert enter(Role.AUDITOR, places=("110000",)).get(f"/decisions/{decision}{path}").status_code == 403
    assert looks(decision) == []
    visitor = enter(Role.AUDITOR, places=("420000",))
    assert visitor.get(f"/decisions/01a2015e-0000-7000-8000-000000000000{path}").status_code == 404
    assert visitor.get(f"/decisions/%3Cscript%3E{path}").status_code == 404


def test_a_receipt_is_a_file_that_proves_itself(enter: Enter) -> None:
    """With names and without; byte for byte what the verifier takes."""
    visitor, decision = enter(Role.INQUIRER), recorded()
    for query, named in (("", True), ("?openings=no", False)):
        answer = visitor.get(f"/decisions/{decision}/receipt.json{query}")
        assert answer.headers["content-disposition"].startswith(f'attachment; filename="receipt-{decision}')
        assert [*faults_of_receipt(answer.content, open_ledger().keys.public)] == []
        assert (synthetic_code(CLEAN) in answer.text) is named
        assert bool(json.loads(answer.content)["openings"]) is named


def test_a_notice_to_print(enter: Enter) -> None:
    """As a PDF and as a page, in the language asked for, with and without names."""
    visitor, decision = enter(Role.INQUIRER), recorded()
    answer = visitor.get(f"/decisions/{decision}/notice.pdf?lang=en")
    assert answer.status_code == 200, text_of(answer)
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-language"] == "en"
    assert f'filename="notice-{decision}.pdf"' in answer.headers["content-disposition"]
    for lang, word in (("zh", "核查告知书"), ("en", "Notice of a decision"), ("fr", "核查告知书")):
        page = visitor.get(f"/decisions/{decision}/notice.html?lang={lang}")
        assert word in page.text
        assert synthetic_code(CLEAN) in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
    assert synthetic_code(CLEAN) not in visitor.get(f"/decisions/{decision}/notice.html?openings=no").text


def test_where_no_type_can_be_set(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page says how to print it otherwise, and leads there."""

    def lacking() -> Any:
        raise Missing("缺少 Pango", "Pango is missing", "运行 apt-get", "run apt-get")

    monkeypatch.setattr(pdf, "_weasyprint", lacking)
    decision = recorded()
    page = enter(Role.INQUIRER).get(f"/decisions/{decision}/notice.pdf?lang=en")
    assert page.status_code == 503
    assert "缺少 Pango 运行 apt-get" in text_of(page)
    assert f"/decisions/{decision}/notice.html?lang=en" in links(page)


def test_the_print_button_waits_for_the_number(enter: Enter) -> None:
    """A notice asked for at once simply comes."""
    visitor = enter(Role.INQUIRER)
    made = visitor.post("/counter", {"who": synthetic_code(CLEAN), "scenario": "permit", "place": "420881"})
    decision = made.url.path.rpartition("/")[2]
    answer = visitor.get(f"/decisions/{decision}/notice.html")
    assert answer.status_code == 200
    assert "核查告知书" in answer.text


@pytest.mark.parametrize("path", ["receipt.json", "notice.html", "notice.pdf"])
def test_a_log_that_takes_its_time(enter: Enter, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Then a page says so and goes on by itself."""
    monkeypatch.setattr(reading, "PATIENCE", 0.05)
    monkeypatch.setattr(reading, "size_of", lambda connection: 0)
    page = enter(Role.INQUIRER).get(f"/decisions/{recorded()}/{path}")
    assert page.status_code == 202
    assert page.headers["refresh"] == "1"
    assert "片刻即好" in text_of(page)


def test_a_replay_that_comes_out_the_same(enter: Enter) -> None:
    """By a button; its result has an address of its own that can be loaded again."""
    visitor, (decision, _) = enter(Role.AUDITOR), refused()
    page = visitor.post(f"/decisions/{decision}/replay")
    assert page.url.path == f"/decisions/{decision}/replayed"
    assert "完全一致" in text_of(page)
    assert "逐字节相同" in text_of(visitor.get(page.url.path))
    assert visitor.client.post(f"/decisions/{decision}/replay").status_code == 403


def test_a_replay_that_differs(enter: Enter) -> None:
    """Says what was recorded, what comes out now, and in which parts they differ."""
    visitor, (decision, _) = enter(Role.AUDITOR), refused()
    with open_ledger().store.writing() as connection:
        core = connection.exec_driver_sql("SELECT core FROM leaf WHERE id = ?", (decision,)).scalar_one()
        altered = core.replace('"verdict":"ineligible"', '"verdict":"eligible"')
        assert altered != core
        connection.exec_driver_sql("UPDATE leaf SET core = ?, verdict = 'eligible' WHERE id = ?", (altered, decision))
    page = visitor.post(f"/decisions/{decision}/replay")
    said = text_of(page)
    assert "不一致" in said
    assert "记录的结论 可以参与" in said
    assert "复现的结论 不得参与" in said
    assert "/parties/0/verdict" in said
    assert visitor.get(f"/decisions/{decision}").status_code == 200


def test_a_replay_of_what_was_erased_or_lost(enter: Enter) -> None:
    """Is explained, and never a fault of ours; a decision without its parties is still shown."""
    visitor = enter(Role.AUDITOR)
    decision, lost = recorded(CLEAN), recorded(2)
    erase(synthetic_code(CLEAN), "依申请", "测试员")
    page = visitor.post(f"/decisions/{decision}/replay")
    assert "当事方信息已依法删除" in text_of(page)
    shown = visitor.get(f"/decisions/{decision}")
    assert "身份信息已抹除" in text_of(shown)
    assert synthetic_code(CLEAN) not in shown.text
    with open_ledger().store.writing() as connection:
        connection.exec_driver_sql("UPDATE leaf SET rulebook = ? WHERE id = ?", ("0" * 64, lost))
    page = visitor.post(f"/decisions/{lost}/replay")
    assert page.status_code == 200
    assert "不能复现" in text_of(page)
    assert visitor.get(f"/decisions/{lost}").status_code == 404
    assert visitor.get(f"/decisions/{lost}/receipt.json").status_code == 200


def test_what_a_person_determined_stands_first(enter: Enter) -> None:
    """With the superseded ones; whoever may determine is led to where it is done, the others are not."""
    decision = recorded(REVIEW)
    reviewer = enter(Role.REVIEWER)
    assert f"/reviews/{decision}" in links(reviewer.get(f"/decisions/{decision}"))
    assert f"/reviews/{decision}" not in links(enter(Role.AUDITOR).get(f"/decisions/{decision}"))
    first = determine(Determined(decision, "ineligible", "赵主任", "<b>伪造证照</b>", "测认1号"))
    determine(Determined(decision, "eligible", "钱主任", "另有理由", "测认2号", first))
    page = enter(Role.AUDITOR).get(f"/decisions/{decision}")
    said = text_of(page)
    assert said.index("钱主任") < said.index("以下认定已被后来的取代") < said.index("赵主任")
    assert "<b>伪造" not in page.text
    assert "&lt;b&gt;伪造证照" in page.text


def test_a_decision_on_many_parties(enter: Enter) -> None:
    """Some at a time, within the page's bounds, all of them reached; what would change it is not tried for so many."""
    visitor, decision = enter(Role.AUDITOR), of_many(25)
    began = time.monotonic()
    page = visitor.get(f"/decisions/{decision}?depth=auditor")
    assert time.monotonic() - began < 3
    assert len(page.content) < 120_000
    assert "第 1 至 10 个当事方，共 25 个" in text_of(page)
    assert "不逐一试算" in text_of(page)
    seen = set(re.findall(r"\bp\d+ ", text_of(page)))
    while rest := [one for one in links(page) if "?start=" in one]:
        page = visitor.get(rest[0])
        seen |= set(re.findall(r"\bp\d+ ", text_of(page)))
    assert len(seen) == 25
    for odd in ("999999", "-1", "%E2%91%A0", "1e9"):
        assert visitor.get(f"/decisions/{decision}?start={odd}").status_code == 200
