"""The picture of a timeline: what it shows stands in the table beside it, and the table's rows in the picture."""

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.app import Service
from api.rest import law as served_law
from api.rest.settings import settings
from api.web.subjects.layout import APART, LEFT, RIGHT, drawn
from api.web.subjects.timeline import Item, Lane, Timeline, row_key
from engine.access.roles import Role
from engine.services.books import open_books
from tests.ledger.desk import at_home, law
from tests.web.enlisted import CODE, enlist
from tests.web.visiting import account, signed_in

TODAY = date(2026, 11, 20)


def mark(number: int, day: date) -> Item:
    """An event of a row."""
    return Item(f"t{number}", "A", "mark", "中止", day, None, day.isoformat(), "", "pause", number)


def bar(shape: str, since: date | None, until: date | None, what: str = "x", tone: str = "") -> Item:
    """A bar of a row."""
    return Item(f"b{since}{until}", "A", shape, what, since, until, str(since), str(until), tone)


@pytest.fixture(scope="module")
def page(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Response]:
    """The page of a subject with a past."""
    folder = tmp_path_factory.mktemp("pictured") / "home"
    shutil.copytree(furnished, folder)
    with at_home(folder), pytest.MonkeyPatch.context() as patch:
        patch.setattr(served_law, "law_of", lambda layers=(): law())
        patch.setattr(served_law, "CELLS", 0)
        books = open_books()
        enlist(books)
        books.registry.close()
        with TestClient(Service(settings({}))) as door:
            yield signed_in(door, account((Role.INQUIRER,))).post("/subjects", {"who": CODE})


def picture_of(page: httpx2.Response) -> ElementTree.Element:
    """The picture, which is well-formed by itself."""
    found = re.search(r'<svg class="timeline".*?</svg>', page.text, re.DOTALL)
    assert found
    return ElementTree.fromstring(found[0])


def rows_of(page: httpx2.Response) -> Iterator[tuple[str, list[str], list[str]]]:
    """Of every row of the table its id, its days and its cells' texts."""
    for found in re.finditer(r'<tr class="govuk-table__row" id="(t\d+)">(.*?)</tr>', page.text, re.DOTALL):
        days = re.findall(r'<time datetime="([^"]+)"', found[2])
        yield found[1], days, [re.sub(r"<[^>]+>", "", cell).strip() for cell in found[2].split("<td")[1:]]


def test_the_picture_and_the_table_say_the_same(page: httpx2.Response) -> None:
    """Every bar and mark is a row, every row a bar or mark, with the same words and days."""
    groups = {one.attrib["data-item"]: one for one in picture_of(page).iter("g")}
    rows = {name: (days, cells) for name, days, cells in rows_of(page)}
    assert groups.keys() == rows.keys()
    assert len(rows) > 15
    for name, (_, cells) in rows.items():
        title = groups[name].findtext("title") or ""
        what = re.sub(r'^class="[^"]*">(?:\d+ )?', "", cells[0])
        assert title.startswith(what), (title, cells)
        for day in re.findall(r"\d+年\d+月\d+日", " ".join(cells[1:3])):
            assert day in title
    numbers = {one.findtext("text") for one in groups.values() if one.attrib["class"].startswith("tl-mark")}
    assert numbers == {str(number) for number in range(1, 6)}


def test_bars_stand_where_their_days_are(page: httpx2.Response) -> None:
    """Later days stand further to the right, in the picture as in the table; what ends has an edge, what does not an
    arrow."""
    starts = dict[str, float]()
    picture = picture_of(page)
    for group in picture.iter("g"):
        if (rect := group.find("rect")) is not None and not group.attrib["class"].startswith("tl-mark"):
            starts[group.attrib["data-item"]] = float(rect.attrib["x"])
            assert LEFT <= float(rect.attrib["x"]) <= float(rect.attrib["x"]) + float(rect.attrib["width"]) <= RIGHT + 3
    days = {name: days for name, days, _ in rows_of(page)}
    dated = sorted((days[name][0], x) for name, x in starts.items() if days[name])
    assert [x for _, x in dated] == sorted(x for _, x in dated)
    for group in picture.iter("g"):
        name = group.attrib["data-item"]
        arrow = any(path.attrib.get("class") == "tl-arrow" for path in group.iter("path"))
        if name in starts:
            assert arrow is (len(days[name]) < 2), name


def test_it_is_said_what_the_picture_is(page: httpx2.Response) -> None:
    """A name and a description for who does not see it; no colour or size by a style attribute."""
    picture = picture_of(page)
    assert picture.attrib["role"] == "img"
    named = picture.attrib["aria-labelledby"].split()
    assert [one.attrib["id"] for one in picture if one.tag in ("title", "desc")] == named
    assert "3 条记录、5 个事件" in (picture.findtext("desc") or "")
    assert all("style" not in one.attrib for one in picture.iter())
    assert CODE not in ElementTree.tostring(picture, encoding="unicode")


def test_what_lies_beyond_runs_to_the_edge() -> None:
    """A ban for ever and a day before all others do not press the rest into a corner."""
    lane = Lane(
        "A", "某名单", (bar("listed", date(1950, 1, 1), date(2199, 12, 31)), bar("ban", None, date(2027, 1, 1)))
    )
    (row,) = drawn(Timeline((lane,), ()), TODAY).rows
    ban, listed = row.shapes
    assert (listed.before, listed.after) == (True, True)
    assert (ban.before, ban.after) == (True, False)
    assert ban.x + ban.width < RIGHT


def test_marks_of_one_day_stand_side_by_side() -> None:
    """Each can be read; the line to its day stays."""
    marks = tuple(mark(number, TODAY) for number in range(1, 4))
    (row,) = drawn(Timeline((Lane("A", "某名单", (bar("listed", date(2020, 1, 1), None), *marks)),), ()), TODAY).rows
    xs = [shape.x for shape in row.shapes if shape.item.shape == "mark"]
    assert all(after - before >= APART or after == RIGHT - 8 for before, after in pairwise(xs))
    assert len({shape.true for shape in row.shapes if shape.item.shape == "mark"}) == 1


@pytest.mark.parametrize("years", [0, 1, 3, 9, 30])
def test_ticks_can_be_read(years: int) -> None:
    """Never too many, whatever the span; at least one."""
    items = [bar("listed", TODAY - timedelta(days=366 * years), TODAY)]
    ticks = drawn(Timeline((Lane("A", "某名单", tuple(items)),), ()), TODAY).ticks
    assert 1 <= len(ticks) <= 12
    assert all(after.x - before.x > 35 for before, after in pairwise(ticks))


def test_a_verdict_has_its_word_or_its_sign() -> None:
    """Not colour alone: the word where there is room, once for neighbours that say the same."""
    days = [date(2020, 1, 1), date(2023, 1, 1), date(2026, 1, 1), date(2026, 6, 1)]
    says = ("不得参与", "不得参与", "可以参与")
    tones = ("ineligible", "ineligible", "eligible")
    items = tuple(
        bar("verdict", since, until - timedelta(days=1), what, tone)
        for since, until, what, tone in zip(days, days[1:], says, tones, strict=False)
    )
    (row,) = drawn(Timeline((), (Lane("p", "政府采购", items),)), TODAY).rows
    assert [shape.text for shape in row.shapes] == ["不得参与", "", "+"]


def test_rows_have_letters() -> None:
    """As many as there are entries."""
    assert [row_key(number) for number in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
