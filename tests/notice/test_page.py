"""The notice as a page: what it says, what it never shows, and that nothing of a receipt becomes markup."""

import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from api.notice.page import notice_page, pointed
from api.notice.seal import BORDER, seal_of
from api.notice.words import WORDS, age, day_or_instant
from engine.explanation import phrases
from engine.services.auditing import receipt_bytes
from engine.services.noticing import Noted, noted, noted_from
from tests.notice.office import DEFAULTER, ERASED, HOSTILE, LONG, PERSON, Office

GOLDEN = Path(__file__).parent / "golden"
CHARACTERS = (Path(__file__).parents[2] / "api" / "notice" / "fonts" / "characters.txt").read_text("utf-8")
# Every element a notice has; a receipt can add none, and none of them has an address or a handler.
ELEMENTS = frozenset(
    {"html", "head", "meta", "title", "style", "body", "header", "main", "section", "div", "p", "span", "strong", "pre"}
    | {"h1", "h2", "h3", "h4", "ul", "ol", "li", "table", "tbody", "thead", "tr", "th", "td", "svg", "circle", "path"}
)
ATTRIBUTES = frozenset(
    {"lang", "charset", "name", "content", "http-equiv", "class", "scope", "viewbox", "aria-hidden", "aria-label"}
    | {"role", "shape-rendering", "fill", "stroke", "stroke-width", "d", "cx", "cy", "r"}
)


class Reader(HTMLParser):
    """What a browser would see: elements, their attributes, and the text of the body's parts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements, self.attributes, self.texts = set[str](), set[str](), list[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the names."""
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.texts.append(data)

    @property
    def text(self) -> str:
        """All of it, in a row."""
        return " ".join(" ".join(self.texts).split())


def page_of(office: Office, name: str, lang: str = "zh", closed: bool = False) -> str:
    """The page of one of the office's decisions."""
    return notice_page(noted(office.ids[name], closed), lang)


def files_of(office: Office, name: str, folder: Path) -> list[Path]:
    """The decision's receipt and those of its determinations, as files."""
    first = noted(office.ids[name]).receipt
    ids = [office.ids[name], *(one["envelope"]["id"] for one in first["determinations"])]
    paths = [folder / f"{number}.json" for number in range(len(ids))]
    for path, one in zip(paths, ids, strict=True):
        path.write_bytes(receipt_bytes(one))
    return paths


def settled(page: str) -> str:
    """The page without what differs between two ledgers: numbers, hashes, times of recording, the code."""
    page = re.sub(r"(?s)<style>.*?</style>\n", "", page)
    page = re.sub(r'd="M4 4h7[^"]*"', 'd="QR"', page)
    page = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "NUMBER", page)
    page = re.sub(r'(?s)<span class="hash">.*?</span></span>', "HASH", page)
    page = re.sub(r"[0-9a-f]{64}", "HASH", page)
    page = re.sub(r"(\d{4}年\d+月\d+日|\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d", "TIME", page)
    page = re.sub(r"memoranda \d[\w.]*", "SOFTWARE", page)
    page = re.sub(r"(第 |共 |of |<td>)\d+( 号| 条| entries| \(counting)", r"\1N\2", page)
    return re.sub(r"<td>\d+ ·", "<td>N ·", page)


@pytest.mark.parametrize(("name", "lang"), [("two-measures", "zh"), ("determined", "zh"), ("green", "en")])
def test_the_page_is_the_golden_one(open_hours: Office, name: str, lang: str) -> None:
    """Word for word; `BLESS=1` writes what is now said, then read the diff."""
    path, said = GOLDEN / f"{name}.{lang}.html", settled(page_of(open_hours, name, lang))
    if os.environ.get("BLESS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_notice_is_made_from_the_receipts_alone(open_hours: Office, tmp_path: Path, lang: str) -> None:
    """By number and from files: the same bytes, in every sort of decision of which nothing was erased."""
    for name in ("two-measures", "determined", "consortium", "hostile-determined"):
        folder = tmp_path / name
        folder.mkdir()
        files = files_of(open_hours, name, folder)
        assert notice_page(noted_from(list(reversed(files))), lang) == page_of(open_hours, name, lang)


def test_it_says_what_a_party_must_know(open_hours: Office) -> None:
    """Number, verdict, documents, act, term, rights, versions and data time of a refusal on two grounds."""
    made = noted(open_hours.ids["two-measures"])
    text = Reader(notice_page(made)).text
    for said in (
        made.receipt["envelope"]["id"], "政府采购", "钟祥市", DEFAULTER, "不得参与", "发改财金〔2016〕141号",
        "财库〔2016〕125号）二（三）1", "《政府采购法》第二十二条", "失信被执行人名单，列入 2025年10月9日",
        "本记录效力至 2027年10月9日",
        "结论保持到 2027年10月9日", "名单管理机关：最高人民法院", "异议：执行法院", "修复：", "2026年11月20日 08:00",
        "1 小时",
        made.receipt["envelope"]["registry"]["digest"], made.rulebook.revision, "verify_receipt.py",
    ):  # fmt: skip
        assert said in text, said
    assert "人工认定" not in text


def test_machine_and_person_stand_apart(open_hours: Office) -> None:
    """A review that was determined twice: the machine's word, the person's, and the one it took the place of."""
    page = page_of(open_hours, "determined")
    boxes = re.findall(r'(?s)<section class="(verdict \w+|superseded)">(.*?)</section>', page)
    assert [kind for kind, _ in boxes] == ["verdict review", "verdict eligible", "superseded"]
    machine, person, earlier = (Reader(box).text for _, box in boxes)
    assert "系统结论 须人工审查" in machine
    assert "测认" not in machine
    assert all(
        said in person for said in ("人工认定 可以参与", "认定人 测试员", "认定文书 测认2号", "认定理由 另有理由")
    )
    assert "不得参与" in earlier
    assert "测认1号" in earlier


def test_a_review_that_waits_says_so(open_hours: Office, tmp_path: Path) -> None:
    """No determination yet: the notice does not pretend to one."""
    page = page_of(open_hours, "waiting")
    assert "人工认定 尚未作出" in Reader(page).text


def test_who_determined_is_shown_only_if_opened(open_hours: Office, tmp_path: Path) -> None:
    """From the decision's own receipt one sees what was determined and when, and not by whom."""
    decision, *_ = files_of(open_hours, "determined", tmp_path)
    text = Reader(notice_page(noted_from([decision]))).text
    assert "认定人 未公开" in text
    assert "测试员" not in text
    assert "人工认定 可以参与" in text


@pytest.mark.parametrize("name", ["two-measures", "consortium", "determined", "hostile", "hostile-determined"])
def test_a_closed_notice_names_nobody(open_hours: Office, name: str) -> None:
    """Neither code nor document nor officer; verdict and proof stand."""
    page, made = page_of(open_hours, name, closed=True), noted(open_hours.ids[name])
    hidden = [*made.openings.values(), *(one for opened in made.determined.values() for one in opened.values())]
    values = {text for value in hidden for text in value.values() if len(text) > 2}  # 理由 is a word of ours
    assert values
    assert not [text for text in values if text in Reader(page).text]
    assert "本告知书不载身份" in page
    assert seal_of(made).leaf[:8] in page


def test_an_erased_party_says_so_and_the_others_stay(open_hours: Office, tmp_path: Path) -> None:
    """By number and from a file alike, for another party of it is still opened."""
    for made in (noted(open_hours.ids["erased"]), noted_from(files_of(open_hours, "erased", tmp_path))):
        text = Reader(notice_page(made)).text
        assert "联合体成员 p1 （身份信息已抹除）" in text
        assert ERASED not in text
        assert made.openings["p2"]["subject"] in text


def test_a_file_without_openings_does_not_guess_why(open_hours: Office, tmp_path: Path) -> None:
    """It may have been taken closed, or erased: the notice says both."""
    path = tmp_path / "closed.json"
    path.write_bytes(receipt_bytes(open_hours.ids["eligible"], openings=False))
    assert "身份信息未公开，或已抹除" in notice_page(noted_from([path]))


@pytest.mark.parametrize("name", ["hostile", "hostile-determined"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_of_a_receipt_becomes_markup(open_hours: Office, name: str, lang: str) -> None:
    """Names with tags, quotes, template signs and turned-about text are printed as they are, and do nothing."""
    page = page_of(open_hours, name, lang)
    read = Reader(page)
    assert read.elements <= ELEMENTS
    assert read.attributes <= ATTRIBUTES
    assert pointed(HOSTILE) in "".join(read.texts)
    assert LONG in "".join(read.texts)
    assert "\u202e" not in page
    assert "〔U+202E〕" in page
    assert "default-src 'none'" in page


def dark(path: str) -> Iterator[tuple[int, int]]:
    """The modules that an SVG path of runs paints, as row and column without the border."""
    for column, row, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path):
        yield from ((int(row) - BORDER, int(column) - BORDER + at) for at in range(int(length)))


def test_the_code_holds_what_is_printed_beside_it(open_hours: Office) -> None:
    """The printed words, put together, make the code that the page paints."""
    made = noted(open_hours.ids["two-measures"])
    page, head = notice_page(made), made.receipt["head"]
    hashes = [re.sub(r"<[^>]*>", "", one) for one in re.findall(r'(?s)<span class="hash">(.*?</span>)</span>', page)]
    leaf, root, key = hashes
    assert (leaf, root, key) == (made.leaf, head["root"], head["signature"]["key"])
    number = made.receipt["envelope"]["id"]
    payload = f"memoranda-notice-1 id={number} leaf={leaf} size={head['size']} root={root} key={key}"
    code = segno.make(payload, error="m", micro=False, boost_error=False)
    painted = re.search(r'<path fill="#000" d="([^"]+)"', page)
    assert painted
    expected = {(r, c) for r, line in enumerate(code.matrix) for c, module in enumerate(line) if module}
    assert sorted(dark(painted[1])) == sorted(expected)


def test_conditions_are_said_with_their_document(open_hours: Office) -> None:
    """Who may take part on conditions reads which, and where they stand."""
    made = noted(open_hours.ids["conditional"])
    text, (party,) = Reader(notice_page(made)).text, made.receipt["core"]["parties"]
    assert party["conditions"]
    assert "附条件参与" in text
    for code in party["conditions"]:
        measure = next(one for one in made.rulebook.measures if one.id == code)
        assert (measure.condition or measure.says).zh in text
        assert measure.clause in text


def test_a_natural_person_is_shown_by_the_beginning_of_a_digest(open_hours: Office) -> None:
    """Enough to find the record again; the whole digest is in the receipt."""
    page = page_of(open_hours, "person")
    assert "自然人（登记摘要 0123456789ab…）" in page
    assert PERSON.rpartition(":")[2] not in page


def test_lists_that_were_not_known_say_so(open_hours: Office) -> None:
    """Not knowing is not the same as clean."""
    found = set[bool]()
    for name in ("eligible", "lapsed", "conditional", "stale"):
        states = noted(open_hours.ids[name]).receipt["core"]["lists"]
        said = Reader(page_of(open_hours, name)).text
        assert said.count("未及时更新，不能视为没有记录") == sum(not state["known"] for state in states)
        assert said.count("从未到达") >= sum("data_time" not in state for state in states)
        found |= {state["known"] for state in states}
    assert found == {True, False}


@given(st.text())
def test_every_character_is_certain(text: str) -> None:
    """What remains is in our font or has its code point beside it; no control or turning mark is left."""
    said = pointed(text)
    rest = re.sub(r"(.?)〔U\+([0-9A-F]{4,6})〕", "", said, flags=re.S)
    assert set(rest) <= set(CHARACTERS)
    if set(text) <= set(CHARACTERS) - {"\n"}:
        assert said == text


def test_own_words_are_whole() -> None:
    """Both languages, the same parts in both, and every character in our fonts."""
    for key, words in WORDS.items():
        assert words.zh, key
        assert set(re.findall(r"{\w+}", words.zh)) == set(re.findall(r"{\w+}", words.en)), key
        assert set(words.zh + words.en) <= set(CHARACTERS), key
    for table in (phrases.VERDICTS, phrases.EFFECTS, phrases.STATES, phrases.SAYINGS, phrases.CAUSES):
        assert set("".join(words.zh + words.en for words in table.values())) <= set(CHARACTERS)


def test_the_rulebook_prints_in_our_fonts(open_hours: Office) -> None:
    """No word of any pack or vocabulary needs another font."""
    made: Noted = noted(open_hours.ids["eligible"])
    said = "".join(measure.says.zh + measure.clause for measure in made.rulebook.measures)
    said += "".join(pack.title.zh + pack.number for pack in made.rulebook.memoranda.values())
    said += "".join(one.name.zh for one in made.rulebook.vocabulary.lists.values())
    assert set(said) <= set(CHARACTERS)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("2026-11-02", "2026年11月2日", "2026-11-02"),
        ("2026-11-20T01:00+00:00", "2026年11月20日 09:00", "2026-11-20 09:00"),
        ("2026-01-01/2026-02-01", "2026年1月1日至2026年2月1日", "2026-01-01 to 2026-02-01"),
    ],
)
def test_times_are_beijings(text: str, zh: str, en: str) -> None:
    """An instant of any offset in Beijing time; days and spans as they are."""
    assert day_or_instant(text, "zh") == zh
    assert day_or_instant(text, "en") == en


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "不足 1 小时"),
        (3_599, "不足 1 小时"),
        (3_600, "1 小时"),
        (86_399, "23 小时"),
        (86_400, "1 天"),
        (200_000, "2 天"),
    ],
)
def test_age_is_rounded_down(seconds: int, said: str) -> None:
    """Whole days or hours."""
    assert age(seconds, "zh") == said
