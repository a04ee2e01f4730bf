"""A subject's page: found by code, number or name, noted before it is shown, and answers that nobody recorded."""

import re
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.rest import law as served_law
from engine.access.reads import Look, note
from engine.access.roles import Act, Role
from engine.identity import synthetic_code
from engine.ledger.recording import DECISION
from engine.services.books import open_access, open_books, open_ledger
from engine.services.moments import utc_now
from tests.ledger.desk import at_home, law
from tests.web.conftest import Enter
from tests.web.enlisted import BRANCH, CODE, FORMER, NAME, NUMBER, enlist, enlist_person
from tests.web.visiting import PURPOSE, Visitor, faults, text_of


@pytest.fixture(scope="module")
def enlisted(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A home in which the subject of these tests has its past; the registry's version before its events."""
    folder = tmp_path_factory.mktemp("enlisted") / "home"
    shutil.copytree(furnished, folder)
    with at_home(folder):
        books = open_books()
        version = enlist(books)
        enlist_person(books)
        books.registry.close()
    return folder, version


@pytest.fixture
def home(enlisted: tuple[Path, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it for each test."""
    folder = tmp_path / "home"
    shutil.copytree(enlisted[0], folder)
    monkeypatch.setattr(served_law, "law_of", lambda layers=(): law())
    monkeypatch.setattr(served_law, "CELLS", 0)
    with at_home(folder):
        yield folder


def page_of(visitor: Visitor, who: str = CODE) -> str:
    """The address of a subject's page."""
    return visitor.post("/subjects", {"who": who}).url.path


def looked(home: Path) -> list[tuple[str, ...]]:
    """The looks there are, the oldest first: act, purpose, subject."""
    access = open_access()
    with access.reading() as connection:
        rows = connection.exec_driver_sql('SELECT act, purpose, subject FROM "read" ORDER BY id').all()
    access.close()
    return [tuple(row) for row in rows]


def decisions() -> int:
    """How many decisions the ledger holds."""
    ledger = open_ledger()
    with ledger.store.reading() as connection:
        count: int = connection.exec_driver_sql("SELECT COUNT(*) FROM leaf WHERE kind = ?", (DECISION,)).scalar_one()
    ledger.store.close()
    return count


def test_all_of_a_subject(enter: Enter, home: Path) -> None:
    """Names with their days, entries under any key, events, the branch; the address and the title name nobody."""
    visitor = enter(Role.INQUIRER)
    page = visitor.post("/subjects", {"who": f" {CODE.lower()} "})
    said = text_of(page)
    assert re.fullmatch(r"/subjects/[0-9a-f]{24}", page.url.path)
    former = "旧名（测试）有限公司（自 2015年1月1日 起，至 2019年12月31日 止）"
    for one in (NAME, former, FORMER, BRANCH, "分支机构", "合成单位", "异议1号", "重大税收违法失信主体", "禁止期"):
        assert one in said, one
    assert CODE not in str(page.url) + re.findall("<title>(.*?)</title>", page.text)[0]
    assert looked(home) == [("read-subject", PURPOSE, CODE)]
    assert "style=" not in page.text
    assert len(page.content) < 60_000


def test_every_code_leads_to_the_same_subject(enter: Enter) -> None:
    """Under the organisation code of before the entries of today stand too."""
    visitor = enter(Role.INQUIRER)
    handle = page_of(visitor)
    held = text_of(visitor.get(handle))
    assert held.count("测2016第1号") == 1, "the entry under the older code is among them"


def test_previews_are_not_recorded_until_somebody_asks(enter: Enter) -> None:
    """The page says so; the button judges and records, once for a form sent twice, and leads to the answer."""
    visitor = enter(Role.INQUIRER)
    page = visitor.get(page_of(visitor) + "?day=2024-02-10&place=420881")
    assert "没有记入台账" in text_of(page)
    assert decisions() == 0
    forms = re.findall(r'<form method="post" action="/counter".*?</form>', page.text, re.DOTALL)
    assert len(forms) == 8, "four scenarios now, four on the day"
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', forms[4]))
    assert (fields["scenario"], fields["at"], fields["place"]) == ("procurement", "2024-02-10", "420881")
    assert len({dict(re.findall(r'name="([^"]+)" value="([^"]*)"', one))["_once"] for one in forms}) == 8
    first, again = visitor.post("/counter", fields), visitor.post("/counter", fields)
    assert re.fullmatch(r"/counter/[0-9a-f-]{36}", first.url.path)
    assert first.url == again.url
    assert "不得参与" in text_of(first)
    assert decisions() == 1


def test_answers_are_what_a_decision_would_say(enter: Enter) -> None:
    """On a day in the ban: refused, for a reason that links to its clause, until the ban is over."""
    visitor = enter(Role.INQUIRER)
    page = visitor.get(page_of(visitor) + "?day=2025-10-01")
    cards = re.findall(r'<li class="answer-card answer-(\w+)">(.*?)</li>', page.text, re.DOTALL)
    assert cards[4][0] == "ineligible"
    assert re.search(r'<a class="govuk-link" href="/library/[^"#]+#[^"]+">', cards[4][1])
    assert "2026年1月31日" in cards[4][1]


def test_then_and_now(enter: Enter, enlisted: tuple[Path, int]) -> None:
    """The suspension that was learned later stands in one column only, and turns the answer."""
    visitor, before = enter(Role.INQUIRER), enlisted[1]
    page = visitor.get(page_of(visitor) + f"?day=2024-04-01&known={before}")
    then, now = re.findall(r'<section class="then-side".*?</section>', page.text, re.DOTALL)
    assert "已中止" not in then
    assert "已中止" in now
    assert "不得参与" in then
    assert "不得参与" not in now
    assert "结论不同" in then
    assert f"第 {before} 版" in then
    early = text_of(visitor.get(page.url.path + "?known=1999-01-01"))
    assert "当时还没有任何数据" in early
    assert early.count("当时不知道这条记录") == 3
    assert "1999年1月1日" in early, "the moment said is the one that is judged"
    assert "第 1 版" in text_of(visitor.get(page.url.path + "?known=1"))


WRONG = (
    ("day=gestern", "day", "日期或时刻读不懂"), ("day=2024-02-30", "day", "日期或时刻读不懂"),
    ("day=1066-10-14", "day", "日期或时刻读不懂"), ("day=" + "9" * 500, "day", "过长"),
    ("day=%3Cscript%3Ealert(1)%3C/script%3E", "day", "日期或时刻读不懂"), ("known=999999", "known", "尚无版本"),
    ("known=soon", "known", "既不是版本号也不是时间"), ("known=2024-W01-1", "known", "日期或时刻读不懂"),
    ("known=0001-01-01T00:00%2B14:00", "known", "日期或时刻读不懂"),
    ("known=9999-12-31T23:59-14:00", "known", "日期或时刻读不懂"), ("known=0001-01-01", "known", "日期或时刻读不懂"),
    ("known=' OR 1=1 --", "known", "既不是版本号也不是时间"), ("known=" + "9" * 500, "known", "过长"),
    ("place=1", "place", "请选择一项"),
)  # fmt: skip


def test_a_wrong_field_is_explained_and_the_rest_shown(enter: Enter) -> None:
    """Beside its field and in the summary; what was typed stands there still, and nothing of it is a tag."""
    visitor = enter(Role.INQUIRER)
    path = page_of(visitor, synthetic_code(60))
    for query, field, said in WRONG:
        page = visitor.get(f"{path}?{query}")
        assert page.status_code == 422, query
        assert said in faults(page)[field], query
        assert "<script>alert" not in page.text
        assert "合成样本000060号" in text_of(page)


def test_no_part_of_the_entries_breaks_the_page(enter: Enter) -> None:
    """Beyond the last entry there are none."""
    visitor = enter(Role.INQUIRER)
    path = page_of(visitor, synthetic_code(60))
    for part in ("-1", "x", "9" * 30, "20", "²"):
        assert visitor.get(path, params={"part": part}).status_code == 200, part


BOX = (
    ("", "请输入代码或名称"), ("91990000O00000001X", "第 9 位是字母 O"), ("919900000000000011", "校验位"),
    ("没有这样的名字有限公司", "没有名称相近的主体"), ("x" * 5_000, "过长"), ("<script>alert(1)</script>", ""),
    ("'; DROP TABLE entry; --", ""),
)  # fmt: skip


def test_a_wrong_box_is_explained(enter: Enter) -> None:
    """Nothing is shown, nothing typed is lost."""
    visitor = enter(Role.INQUIRER)
    for said, fault in BOX:
        page = visitor.post("/subjects", {"who": said})
        assert page.status_code == 422
        assert page.url.path == "/subjects"
        assert fault in faults(page)["who"]
        assert f'value="{escape(said)}"' in page.text.replace("&#39;", "&#x27;")
        assert "<title>错误：" in page.text


def test_a_name_leads_to_candidates(enter: Enter, home: Path) -> None:
    """Each was looked at; the one chosen is shown, none chosen is a fault."""
    visitor = enter(Role.INQUIRER)
    page = visitor.post("/subjects", {"who": NAME})
    handles = re.findall(r'name="chosen" type="radio" value="([0-9a-f]+)"', page.text)
    assert handles
    assert ("read-subject", PURPOSE, CODE) in looked(home)
    assert "请选择一个代码" in faults(visitor.post("/subjects", {"who": NAME, "choosing": "yes"}))["chosen"]
    chosen = visitor.post("/subjects", {"who": NAME, "choosing": "yes", "chosen": handles[0]})
    assert chosen.url.path == f"/subjects/{handles[0]}"
    forged = visitor.post("/subjects", {"who": NAME, "choosing": "yes", "chosen": "0" * 24})
    assert "只在原来的登录中有效" in faults(forged)["who"]


def test_a_part_of_a_name_leads_to_some(enter: Enter) -> None:
    """Those that hold it, each by its code; the rest is counted. What tells too little finds nobody."""
    visitor = enter(Role.INQUIRER)
    page = visitor.post("/subjects", {"who": "合成样本00006"})
    assert page.text.count('name="chosen"') == 10
    assert synthetic_code(60) in page.text
    assert synthetic_code(70) not in page.text
    many = visitor.post("/subjects", {"who": "合成样本"})
    assert many.text.count('name="chosen"') == 20
    assert re.search("另有至少 [0-9]+ 个名称相近", text_of(many))
    for nobody in ("合成", "合成样", "样本样本样本"):
        assert "没有名称相近" in faults(visitor.post("/subjects", {"who": nobody}))["who"]


def test_a_handle_is_of_one_session(enter: Enter, home: Path) -> None:
    """A stranger's, an older session's and a forged one are no address; nobody was looked at by them."""
    visitor = enter(Role.INQUIRER)
    path = page_of(visitor, synthetic_code(60))
    count = len(looked(home))
    for other in (enter(Role.INQUIRER), enter(Role.AUDITOR)):
        for where in (path, f"{path}/looks", "/subjects/" + "0" * 24, "/subjects/' OR 1=1 --"):
            said = other.get(where)
            assert said.status_code in (403, 404), where
            assert "合成样本" not in said.text
    assert "这个地址只在" in said.text or "只在原来的登录中有效" in said.text or said.status_code == 404
    assert len(looked(home)) == count


def test_a_natural_person_is_never_named(enter: Enter, home: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Found by the number, which is dropped: shown are the mask and the beginning of the digest; no address has it."""
    visitor = enter(Role.INQUIRER)
    page = visitor.post("/subjects", {"who": NUMBER})
    said = text_of(page)
    assert page.status_code == 200, faults(page)
    assert "张＊" in said
    assert "自然人（登记摘要" in said
    assert NUMBER not in page.text + str(page.url) + caplog.text
    assert "三丰" not in page.text
    (look,) = looked(home)
    assert look[2].startswith("person:")
    assert look[2] not in page.text
    among = visitor.post("/subjects", {"who": f"张三 {NUMBER}"})
    assert among.status_code == 422
    assert NUMBER not in among.text


@pytest.mark.parametrize("role", Role)
def test_who_may_look(enter: Enter, role: Role) -> None:
    """Whoever may read subjects; only who may decide has the button, only auditors see who looked."""
    visitor = enter(role)
    may = role in (Role.INQUIRER, Role.REGISTRAR, Role.REVIEWER, Role.AUDITOR)
    page = visitor.post("/subjects", {"who": synthetic_code(60)})
    assert page.status_code == (200 if may else 403)
    if may:
        assert ("记录为决定" in page.text) is (role is Role.INQUIRER)
        assert ("/looks" in page.text) is (role is Role.AUDITOR)
        assert visitor.get(f"{page.url.path}/looks").status_code == (200 if role is Role.AUDITOR else 403)


def test_nobody_looks_unsigned_or_without_a_purpose(door: TestClient, enter: Enter) -> None:
    """First the door, then what for."""
    assert door.get("/subjects").url.path == "/sign-in"
    visitor = enter(Role.INQUIRER)
    access = open_access()
    with access.writing() as connection:
        connection.exec_driver_sql("UPDATE session SET chosen = '{}'")
    access.close()
    assert visitor.get("/subjects").url.path == "/purpose"
    assert visitor.post("/subjects", {"who": "合成样本000060号（测试）有限公司"}).url.path == "/purpose"
    assert visitor.client.post("/subjects", data={"who": CODE}).status_code == 403, "a form of nowhere"


def test_a_limited_account_sees_what_is_its_business(enter: Enter) -> None:
    """Of the entries those its scenarios consult, of the answers those of its scenarios, in its places only."""
    visitor = enter(Role.INQUIRER, scenarios=("bidding",), places=("420881",))
    page = visitor.get(page_of(visitor))
    said = text_of(page)
    assert "您的账户只用于部分场景" in said
    assert len(re.findall('<li class="answer-card', page.text)) == 1
    consulted = {one for one in law().vocabulary.scenarios["bidding"].consults}
    assert "procurement-violators" not in consulted
    assert "异议1号" not in said, "of a list that its scenario does not consult"
    assert "钟祥市" in said
    refused = visitor.get(f"{page.url.path}?place=110000")
    assert refused.status_code == 422
    assert "place" in faults(refused)


def test_who_looked(enter: Enter, home: Path) -> None:
    """By every key, the latest first, page by page; the auditor's own look is the first."""
    access = open_access()
    note(access, [Look("u1", Act.READ_SUBJECT, f"第{n}次", "案1", FORMER) for n in range(70)], utc_now())
    access.close()
    visitor = enter(Role.AUDITOR)
    path = page_of(visitor)
    first = visitor.get(f"{path}/looks")
    assert re.findall(r"<tr.*?</tr>", first.text, re.DOTALL)[1].count("查阅留痕") == 1
    assert "测试员" in text_of(first)
    assert "第69次" in first.text, "looks under the older code count"
    onwards = re.findall(r'href="([^"]+before=\d+)"', first.text)
    second = visitor.get(onwards[0])
    shown = [int(one) for page in (first, second) for one in re.findall(r"第(\d+)次", page.text)]
    assert shown == sorted(range(70), reverse=True)[: len(shown)]
    assert CODE not in first.text.split("<main")[0]
    for odd in ("x", "-1", "9" * 40):
        assert visitor.get(f"{path}/looks?before={odd}").status_code == 200


def test_a_subject_nobody_knows(enter: Enter, home: Path) -> None:
    """Answered as anybody, said to have no entries; the look is noted all the same."""
    nobody = synthetic_code(9_999)
    page = enter(Role.INQUIRER).post("/subjects", {"who": nobody})
    assert page.status_code == 200
    assert "名录库中没有该主体的记录" in page.text
    assert '<svg class="timeline"' not in page.text
    assert [row[2] for row in looked(home)] == [nobody]


def test_nothing_is_shown_that_was_not_noted(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the look cannot be written, nobody is read."""
    from api.web import visits
    from engine.errors import Unavailable

    visitor = enter(Role.INQUIRER)
    path = page_of(visitor)

    def away(*_: Any) -> None:
        raise Unavailable("磁盘已满", "the disk is full")

    monkeypatch.setattr(visits, "note", away)
    page = visitor.get(path)
    assert page.status_code == 503
    assert NAME not in page.text
