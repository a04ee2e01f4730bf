"""The overview: each role sees what it may, charts and tables say the same, and nothing of it identifies anybody."""

import re
from html import unescape

import httpx2
import pytest

from engine.access.roles import Role
from engine.identity import synthetic_code
from tests.web.conftest import Enter
from tests.web.visiting import Visitor, ids_of, text_of

WAITS = 60


def ask(visitor: Visitor, number: int, scenario: str = "procurement", place: str = "420881") -> None:
    """A decision on a subject of the sample."""
    asked = visitor.post("/counter", {"who": synthetic_code(number), "scenario": scenario, "place": place})
    assert "/counter/" in asked.url.path


def table(page: httpx2.Response, head: str) -> list[list[str]]:
    """The cells of that table beside a chart whose first column is called so, its head first."""
    tables = [
        [
            [unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
            for row in re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL)
        ]
        for found in re.findall(r'<table class="counts">(.*?)</table>', page.text, re.DOTALL)
    ]
    (found,) = [one for one in tables if one[0][0] == head]
    return found


def test_what_was_decided_is_counted(enter: Enter) -> None:
    """By verdict, day and scenario; what waits is among it, with its age."""
    visitor = enter(Role.INQUIRER)
    for number, scenario in ((1, "permit"), (2, "permit"), (WAITS, "procurement")):
        ask(visitor, number, scenario)
    page = visitor.get("/overview")
    waits, by_day, by_scenario = (table(page, head) for head in ("已等", "日期", "应用场景"))
    assert by_day[0] == ["日期", "可以参与", "附条件参与", "不得参与", "须人工审查", "合计"]
    assert (by_day[1][0], by_day[1][-1], len(by_day)) == ("合计", "3", 32)
    assert by_day[2][1:] == by_day[1][1:], "all of them today"
    assert {row[0]: row[-1] for row in by_scenario[1:]} == {"行政许可": "2", "政府采购": "1"}
    assert waits[1] == ["不到 1 天", by_day[1][4]]
    months = visitor.get("/overview?period=months&scenario=permit")
    by_month = table(months, "月份")
    assert (len(by_month), by_month[1][-1]) == (14, "2")


def test_each_chart_has_a_name_a_description_and_its_table(enter: Enter) -> None:
    """Images with their own words; patterns and letters beside colours; no style but the sheet's."""
    visitor = enter(Role.AUDITOR, Role.INQUIRER)
    ask(visitor, WAITS)
    for lang in ("zh", "en"):
        visitor.get(f"/language/{lang}")
        page = visitor.get("/overview?lists=all")
        charts = re.findall(r'<svg class="chart"[^>]*role="img"[^>]*aria-labelledby="(\S+) (\S+)">', page.text)
        assert len(charts) == page.text.count('<table class="counts">') == page.text.count("<caption") == 5
        for title, desc in charts:
            assert re.search(rf'<title id="{title}">[^<]+</title>\s*<desc id="{desc}">[^<]+</desc>', page.text)
        assert len(ids_of(page)) == len(set(ids_of(page)))
        assert not re.search(r"<[^>]+ style=|<style|<script>", page.text)
        assert {*re.findall(r"url\(#([^)]+)\)", page.text)} <= {*ids_of(page)}
        assert len(page.content) < 60_000, "with every list"


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.AUTHOR, Role.OPERATOR])
def test_who_reads_no_decisions_sees_none_counted(enter: Enter, role: Role) -> None:
    """Lists and deadlines are everybody's, what was decided is not."""
    ask(enter(Role.INQUIRER), WAITS)
    page = enter(role).get("/overview")
    assert page.status_code == 200
    assert page.text.count('<table class="counts">') == 2
    assert "核查决定" not in text_of(page).split("总览", 2)[-1]


def test_somebody_limited_sees_what_is_theirs(enter: Enter) -> None:
    """By scenario and by place; deadlines by the law of a place of theirs, whatever they ask for."""
    everywhere = enter(Role.INQUIRER)
    for number, scenario, place in ((1, "permit", "420881"), (2, "permit", ""), (3, "procurement", "420881")):
        ask(everywhere, number, scenario, place)
    limited = enter(Role.AUDITOR, scenarios=("permit",), places=("420000",))
    page = limited.get("/overview?place=310000&scenario=procurement")
    assert table(page, "日期")[1][-1] == "1"
    assert '<option value="310000"' not in page.text
    assert '<option value="420000" selected' in page.text
    assert "政府采购" not in [row[0] for row in table(page, "应用场景")]
    assert table(enter(Role.AUDITOR).get("/overview"), "日期")[1][-1] == "3"


@pytest.mark.parametrize(
    "query", ["period=%3Cscript%3E&scenario=x'--&place=%00", "place=../..&lists=%F0%9F%92%A3", "period=" + "x" * 90]
)
def test_what_nobody_offers_is_not_asked_for(enter: Enter, query: str) -> None:
    """Whatever stands in the address, the page is the plain one and repeats nothing of it."""
    page = enter(Role.OPERATOR).get(f"/overview?{query}")
    assert page.status_code in (200, 404)
    assert "x'--" not in page.text
    assert "<script>" not in page.text
    assert "x" * 90 not in page.text.partition("<main")[2]


def test_lists_are_shown_by_how_pressing_they_are(enter: Enter) -> None:
    """Those past their limit first, with age and limit; the rest behind a link."""
    visitor = enter(Role.OPERATOR)
    few, every = table(visitor.get("/overview"), "名单"), table(visitor.get("/overview?lists=all"), "名单")
    assert len(few) == 13
    assert len(every) > 80
    assert every[:13] == few
    shares = [float(row[2].split()[0]) / float(row[3].split()[0]) for row in every[1:]]
    assert all(row[4] == ("超过时效" if share > 1 else "可依凭") for row, share in zip(every[1:], shares, strict=True))


def test_deadlines_are_counted_by_the_law_of_a_place(enter: Enter) -> None:
    """As many as there are pending; where no source gives a time, it is said to be unknown."""
    visitor = enter(Role.OPERATOR)
    anywhere, shanghai = (table(visitor.get(f"/overview?place={place}"), "事项")[1] for place in ("", "310000"))
    assert sum(map(int, anywhere[1:])) == sum(map(int, shanghai[1:])) > 0
    assert int(shanghai[5]) < int(anywhere[5])


def test_nobody_is_named(enter: Enter) -> None:
    """No code stands on the page, in its address or title; who signed in not, goes to the entrance."""
    visitor = enter(Role.INQUIRER)
    ask(visitor, WAITS)
    assert synthetic_code(WAITS) not in visitor.get("/overview").text
    visitor.client.cookies.clear()
    assert visitor.get("/overview", follow_redirects=False).headers["location"] == "/sign-in?next=/overview"
