"""The registrar's desk: what is due, the lists, entries found and looked at, events recorded once and within limits."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from engine.access.roles import Role
from engine.identity import synthetic_code
from engine.registry.store import ask
from engine.registry.workdays import Calendar
from tests.registry.test_persons import NUMBER
from tests.rest.conftest import arrive
from tests.rest.test_entries import CSV, ELSEWHERE, EVERYWHERE, LOCAL
from tests.web.conftest import Enter
from tests.web.registrars import desk_of, door, folder, home
from tests.web.visiting import Visitor, faults, ids_of, text_of

__all__ = ["door", "folder", "home"]

GOOD = {"event": "object", "on": "2026-11-20", "document": "异议1号", "reason": "已缴清", "place": "410000"}
HOSTILE = "'; DROP TABLE entry; --<script>alert(1)</script>=cmd()"


def bring(visitor: Visitor) -> None:
    """Three entries: one for 钟祥, one for 上海, one for everywhere."""
    sent = {"list": "judgment-defaulters"}
    tried = visitor.post("/registrar/import", sent, files={"file": ("a.csv", CSV)})
    assert tried.status_code == 200, text_of(tried)
    assert "已写入" in text_of(visitor.post(tried.url.path))


def entry_of(visitor: Visitor, subject: str) -> str:
    """The address of the subject's newest entry."""
    found = visitor.post("/registrar/entries", {"who": subject})
    return re.findall(r"/registrar/entries/[0-9a-f]{20}", found.text)[0]


def events_in(door: TestClient, entry: str) -> list[tuple[Any, ...]]:
    """What the books know to have happened to the entry."""
    with desk_of(door).books.registry.reading() as connection:
        query = 'SELECT e.kind, e.at, e.document, e.reason, c.who FROM event e JOIN "change" c ON c.id = e.change'
        return [tuple(row) for row in ask(connection, f"{query} WHERE e.entry = ? ORDER BY e.id", (entry[-20:],))]


def looks_at(door: TestClient, subject: str) -> list[tuple[str, str]]:
    """Which looks at the subject were noted, and what for."""
    with desk_of(door).access.reading() as connection:
        rows = ask(connection, 'SELECT act, purpose FROM "read" WHERE subject = ? ORDER BY id', (subject,))
    return [(row.act, row.purpose) for row in rows]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_stands(enter: Enter, lang: str) -> None:
    """In both languages, with ids that are there once, and small enough."""
    visitor = enter(Role.REGISTRAR)
    paths = ("", "/due", "/due?when=ahead", "/due?when=unknown&place=410000", "/lists", "/lists?which=wrong", "/import",
             "/import?list=wage-defaulters", "/entries")  # fmt: skip
    for path in paths:
        page = visitor.get(f"/registrar{path}", headers={"Accept-Language": lang})
        assert (page.status_code, page.text.count("<h1")) == (200, 1), path
        ids = ids_of(page)
        assert len(ids) == len(set(ids)), path
        assert len(page.content) < 60_000, path


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.REGISTRAR}))
def test_it_is_the_registrars_desk(enter: Enter, role: Role) -> None:
    """Others may know of lists and deadlines, as over REST, and nothing more."""
    visitor = enter(role)
    for path in ("", "/import", "/entries", "/entries/" + "0" * 20, "/import/" + "0" * 24):
        assert visitor.get(f"/registrar{path}").status_code == 403, path
    for path in ("/entries", "/entries/" + "0" * 20, "/import", "/import/" + "0" * 24):
        assert visitor.post(f"/registrar{path}").status_code == 403, path
    assert visitor.get("/registrar/due").status_code == visitor.get("/registrar/lists").status_code == 200
    assert "/registrar/entries/" not in visitor.get("/registrar/due?place=410000").text


def test_what_is_due_comes_oldest_first_and_in_pages(enter: Enter) -> None:
    """By the law of the place; each step leads to its entry, and the last page follows the first."""
    visitor = enter(Role.REGISTRAR)
    page = visitor.get("/registrar/due?place=410000")
    assert "《河南省社会信用条例》第四十一条第二款" in text_of(page)
    days = [int(days) for days in re.findall("逾期 ([0-9]+) 天", text_of(page))]
    assert len(days) == 50
    assert days == sorted(days, reverse=True)
    following = re.search(r'href="(/registrar/due\?[^"]*cursor=[^"]*)"', page.text)
    assert following is not None
    rest = visitor.get(following[1].replace("&amp;", "&"))
    assert next(int(one) for one in re.findall("逾期 ([0-9]+) 天", text_of(rest))) <= days[-1]
    entry = re.findall(r"/registrar/entries/[0-9a-f]{20}", page.text)[0]
    assert visitor.get(entry).status_code == 200
    assert visitor.get("/registrar/due").text.count('value="410000" selected') == 1  # it is remembered


@pytest.mark.parametrize("place", ["999999", "<script>", "x" * 5_000])
def test_a_place_that_is_none_is_said(enter: Enter, place: str) -> None:
    """Beside the field, and never repeated as it came."""
    page = enter(Role.REGISTRAR).get("/registrar/due", params={"place": place})
    assert (page.status_code, faults(page)) == (422, {"place": "没有这个地区"})
    assert "<script>" not in page.text.replace('<script src="', "").replace("<script type=", "")


def test_a_gap_in_the_calendar_is_said(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A last day in a year whose days off are not announced is never guessed."""
    monkeypatch.setattr(
        Calendar, "of", classmethod(lambda cls, vocabulary: cls(frozenset({2014}), frozenset(), frozenset()))
    )
    visitor = enter(Role.REGISTRAR)
    page = visitor.get("/registrar/due?place=410000")
    assert "不作推测" in text_of(page)
    unknown = visitor.get("/registrar/due?place=410000&when=unknown")
    assert "放假安排尚未公布" in text_of(unknown)
    assert "逾期" not in text_of(unknown).split("时限无法计算")[1]
    assert "放假安排尚未公布" in text_of(visitor.post(entry_of(visitor, synthetic_code(2)), GOOD))
    assert "没有为此规定时限" in text_of(visitor.post(entry_of(visitor, synthetic_code(2)), {**GOOD, "event": "lift"}))


def test_every_list_says_whether_it_counts(enter: Enter, home: Path) -> None:
    """Age, limit and whether scenarios may rely on it; stale ones stand at the start."""
    arrive(home, "tax-violators")
    visitor = enter(Role.REGISTRAR)
    page = visitor.get("/registrar/lists")
    assert page.text.count('scope="row"') == 82
    assert "不可以" in text_of(page)
    wrong = visitor.get("/registrar/lists?which=wrong").text.count('scope="row"')
    assert 0 < wrong < 82
    assert "失信被执行人名单" in text_of(visitor.get("/registrar"))


@pytest.mark.parametrize(
    ("who", "fault"),
    [
        ("", "请输入代码或名称"),
        ("91990000O00000001X", "字母 O"),
        ("919900000000000011", "校验位"),
        ("乌有之乡", "没有名称相近"),
    ],
)
def test_the_box_explains(enter: Enter, who: str, fault: str) -> None:
    """What is wrong with a code; what was typed stands there still."""
    page = enter(Role.REGISTRAR).post("/registrar/entries", {"who": who})
    assert page.status_code == 422
    assert fault in faults(page)["who"]
    assert f'value="{who}"' in page.text


def test_a_name_leads_to_candidates_and_a_number_to_its_entry(enter: Enter) -> None:
    """And no address or title names anybody."""
    visitor = enter(Role.REGISTRAR)
    page = visitor.post("/registrar/entries", {"who": "合成样本000002号（测试）有限公司"})
    chosen = re.findall(r'name="chosen" type="radio" value="([0-9a-f]{24})"', page.text)
    assert chosen
    assert (
        "请选择一个代码"
        in faults(visitor.post("/registrar/entries", {"who": "合成样本000002号（测试）有限公司", "choosing": "yes"}))[
            "chosen"
        ]
    )
    found = visitor.post("/registrar/entries", {"who": "合成样本000002号（测试）有限公司", "chosen": chosen[0]})
    assert re.fullmatch("/registrar/entries/of/[0-9a-f]{24}", found.url.path)
    entry = re.findall(r"/registrar/entries/([0-9a-f]{20})", found.text)[0]
    by_number = visitor.post("/registrar/entries", {"who": f" {entry.upper()} "})
    assert by_number.url.path == f"/registrar/entries/{entry}"
    for one in (found, by_number):
        title = re.findall("<title>(.*?)</title>", one.text)[0]
        assert "合成" not in title + str(one.url)
        assert synthetic_code(2) not in title + str(one.url)


def test_looks_are_noted_before_anything_is_shown(enter: Enter, door: TestClient) -> None:
    """Each with its purpose; who has none is asked first, by a form as well."""
    visitor = enter(Role.REGISTRAR)
    before = len(looks_at(door, synthetic_code(2)))
    entry = entry_of(visitor, synthetic_code(2))
    visitor.get(entry)
    visitor.post(entry, GOOD)
    assert looks_at(door, synthetic_code(2))[before:] == [("read-subject", "行政许可受理")] * 3
    desk = desk_of(door)
    with desk.access.writing() as connection:
        connection.exec_driver_sql("UPDATE session SET chosen = '{}'")
    for answer in (visitor.get(entry), visitor.post(entry, GOOD), visitor.post("/registrar/entries", {"who": "x"})):
        assert answer.url.path == "/purpose"
    assert len(looks_at(door, synthetic_code(2))) == before + 3


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"event": ""}, {"event": "请选择办理事项"}),
        ({"event": "settle"}, {"event": "请选择一项"}),
        ({"event": HOSTILE}, {"event": "请选择一项"}),
        ({"on": ""}, {"on": "请写明发生在哪一天"}),
        ({"on": "2026-02-30"}, {"on": "日期或时刻读不懂"}),
        ({"on": "x" * 5_000}, {"on": "过长"}),
        ({"on": "2099-01-01"}, {"on": "在将来"}),
        ({"document": " "}, {"document": "请写明所依据的文书号"}),
        ({"document": "x" * 2_001}, {"document": "过长"}),
        ({"reason": f"他是{NUMBER}"}, {"reason": "公民身份号码"}),
        ({"document": NUMBER}, {"document": "公民身份号码"}),
        ({"place": "999999"}, {"place": "请选择一项"}),
        (dict.fromkeys(GOOD), {"event": "请选择", "on": "请写明", "document": "请写明"}),
    ],
)
@pytest.mark.parametrize("action", ["", "/events"])
def test_every_fault_of_an_event_is_said(
    enter: Enter, door: TestClient, action: str, wrong: dict[str, str], fault: dict[str, str]
) -> None:
    """Beside its field, at both steps; nothing is recorded, nothing typed is lost but a person's number."""
    visitor = enter(Role.REGISTRAR)
    entry = entry_of(visitor, synthetic_code(2))
    page = visitor.post(f"{entry}{action}", {**GOOD, **wrong})
    assert page.status_code == 422
    said = faults(page)
    assert said.keys() == fault.keys()
    assert all(fault[name] in said[name] for name in fault)
    assert NUMBER not in page.text
    assert "<script>alert" not in page.text
    if "reason" not in wrong:
        assert "已缴清" in page.text
    assert not [event for event in events_in(door, entry) if event[2] == "异议1号"]


def test_an_objection_from_the_box_to_the_books(enter: Enter, door: TestClient) -> None:
    """What follows is shown first; it is recorded once however often its form is sent, as the visitor's doing."""
    visitor = enter(Role.REGISTRAR)
    entry = entry_of(visitor, synthetic_code(2))
    seen = visitor.post(entry, {**GOOD, "document": HOSTILE})
    assert "异议期间记录仍有效力" in text_of(seen)
    assert "《河南省社会信用条例》第四十一条第二款" in text_of(seen)
    assert "逾期 2 天" in text_of(seen) or "最迟日" in text_of(seen)
    assert events_in(door, entry)[-1:] == [] or events_in(door, entry)[-1][2] != HOSTILE
    form = {**GOOD, "document": HOSTILE, "_once": "1" * 32}
    done = visitor.post(f"{entry}/events", form)
    assert "已登记：提出异议" in text_of(done)
    assert visitor.post(f"{entry}/events", form).url == done.url
    recorded = [event for event in events_in(door, entry) if event[0] == "disputed"]
    assert [event[:4] for event in recorded] == [("disputed", "2026-11-20", HOSTILE, "已缴清")]
    assert "异议处理中" in text_of(done)
    assert "<script>alert" not in done.text
    assert 'value="settle"' in done.text
    assert "已登记：" not in text_of(visitor.get(f"{entry}?done=1"))
    assert "返回修改" not in text_of(visitor.post(entry, {**GOOD, "change": "yes"}))


def test_the_same_repair_sent_twice_is_shown_as_done(enter: Enter) -> None:
    """Though it could not follow itself."""
    visitor = enter(Role.REGISTRAR)
    bring(visitor)
    entry = entry_of(visitor, EVERYWHERE)
    form = {**GOOD, "event": "repair", "_once": "2" * 32}
    first = visitor.post(f"{entry}/events", form)
    assert "已信用修复" in text_of(first)
    assert visitor.post(f"{entry}/events", form).url == first.url
    assert faults(visitor.post(f"{entry}/events", {**form, "_once": "3" * 32})) == {"event": "请选择一项"}
    assert "登记处理" in text_of(visitor.post(f"{entry}/events", {**GOOD, "event": "annul"}))
    assert "记录已撤销" in text_of(visitor.get(entry))


def test_a_limited_account_records_within_its_limits(enter: Enter) -> None:
    """It may look everywhere, as over REST, and record where the decision's territory is its own."""
    bring(enter(Role.REGISTRAR))
    visitor = enter(Role.REGISTRAR, places=("420881",))
    own = {**GOOD, "place": "420881"}
    for subject, allowed in ((LOCAL, True), (ELSEWHERE, False), (EVERYWHERE, False)):
        entry = entry_of(visitor, subject)
        assert ("只能查看" in text_of(visitor.get(entry))) is not allowed
        assert visitor.post(f"{entry}/events", own).status_code == (200 if allowed else 403)
    assert visitor.get("/registrar/import").status_code == 403
    assert visitor.post("/registrar/import", files={"file": ("a.csv", CSV)}).status_code == 403
    assert "名单是全国的" in text_of(visitor.get("/registrar"))
    assert visitor.get("/registrar/due?place=310000").status_code == 403
    assert visitor.get("/registrar/due?place=").status_code == 403


def test_an_account_limited_to_scenarios_sees_their_lists(enter: Enter) -> None:
    """An entry of a list that its scenarios do not consult is not shown, nor may that list be brought."""
    visitor = enter(Role.REGISTRAR, scenarios=("gov-procurement",))
    whole = enter(Role.REGISTRAR)
    everything = re.findall(
        r"/registrar/entries/[0-9a-f]{20}", whole.post("/registrar/entries", {"who": synthetic_code(2)}).text
    )
    visitor = enter(Role.REGISTRAR, scenarios=("gov-procurement",))
    shown = visitor.post("/registrar/entries", {"who": synthetic_code(2)})
    own = re.findall(r"/registrar/entries/[0-9a-f]{20}", shown.text)
    assert "只列出您的账户所及场景" in text_of(shown)
    hidden = set(everything) - set(own)
    assert hidden
    assert visitor.get(hidden.pop()).status_code == 403


@pytest.mark.parametrize(
    "number", ["0" * 20, "x" * 20, "919900000000000027", NUMBER, "0" * 19, "..%2f..", "of/x", "of/" + "0" * 24]
)
def test_an_entry_that_is_none_is_a_page_that_says_so(enter: Enter, number: str) -> None:
    """Without repeating what was asked for, and without a word of the command line."""
    page = enter(Role.REGISTRAR).get(f"/registrar/entries/{number}")
    assert page.status_code == 404
    assert "memoranda subject" not in page.text
    assert NUMBER not in text_of(page)
