"""The annex of a pack on a terminal and on paper: complete, in order, in both languages, and safe to open anywhere."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from rich.cells import cell_len

from api.cli.annex import NARROWEST, as_page, as_text
from engine.explanation.table import annex
from engine.model import Memorandum
from engine.packs.library import read_library, shipped
from engine.vocabulary import Vocabulary, Words
from tests import builders

LIBRARY = read_library([shipped()])
PACKS = sorted(LIBRARY.packs)
VOID = {"meta", "col", "br"}


def _memorandum(code: str) -> Memorandum:
    found = LIBRARY.packs[code].memorandum
    assert found
    return found


def _built(**changes: object) -> tuple[Memorandum, Vocabulary]:
    one = builders.measure("一", **changes)
    return builders.rulebook(one).memoranda["pack"], builders.VOCABULARY


class _Page(HTMLParser):
    """Opens a page as a browser would: tags must close in order, and what they load or run is noted."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [f"{tag} {key}={value}" for key, value in attrs if key in {"src", "href"} or key.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _opened(page: str) -> _Page:
    found = _Page()
    found.feed(page)
    found.close()
    assert found.open == []
    return found


@pytest.mark.parametrize("code", PACKS)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [NARROWEST, 100, 160])
def test_the_table_fits_the_terminal(code: str, lang: str, width: int) -> None:
    """No line is wider than asked for, counted in cells; nothing of the clause's text is lost at a good width."""
    memorandum = _memorandum(code)
    text = as_text(memorandum, LIBRARY.vocabulary, lang, width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert text.startswith(memorandum.title.say(lang)[:20])
    assert memorandum.number in text


@pytest.mark.parametrize("code", PACKS)
def test_the_rows_keep_the_documents_order(code: str) -> None:
    """One row for each measure, in both languages."""
    memorandum = _memorandum(code)
    for lang in ("zh", "en"):
        rows = annex(memorandum, LIBRARY.vocabulary, lang)
        assert [row.clause for row in rows] == [measure.clause for measure in memorandum.measures]
        assert all(row.measure and row.basis and row.by and row.applies and row.checked for row in rows)


def test_nothing_is_dropped_on_a_narrow_terminal() -> None:
    """Words fold, they are not cut: every character of a reading is there."""
    memorandum, vocabulary = _built(says=Words("限制参加政府采购活动" * 5, "barred"))
    lines = as_text(memorandum, vocabulary, "zh", NARROWEST).splitlines()
    column = "".join(line.split("│")[2].strip() for line in lines if line.startswith("│"))
    assert "限制参加政府采购活动" * 5 in column


def test_brackets_are_text_and_not_styling() -> None:
    """What a policy officer writes is never read as rich's markup."""
    memorandum, vocabulary = _built(says=Words("[red]甲[/red]", "[bold]x[/bold]"))
    assert "[red]甲[/red]" in as_text(memorandum, vocabulary, "zh", 200)


@pytest.mark.parametrize("code", PACKS)
def test_the_page_stands_alone(code: str) -> None:
    """Well-formed, nothing loaded from anywhere, no script; A4 landscape; every clause and both readings."""
    memorandum = _memorandum(code)
    page = as_page(memorandum, LIBRARY.vocabulary)
    opened = _opened(page)
    assert opened.loads == []
    assert not {"script", "link", "img", "iframe"} & set(opened.tags)
    assert "http" not in page
    assert "url(" not in page
    assert "size: A4 landscape" in page
    assert opened.tags.count("tr") == len(memorandum.measures) + 1
    assert all(measure.says.zh in page for measure in memorandum.measures)


def test_the_page_has_chinese_fonts_first_to_hand() -> None:
    """Those of Debian, macOS and Windows."""
    page = as_page(*_built())
    assert all(font in page for font in ("Noto Serif CJK SC", "Songti SC", "SimSun"))
    assert '<html lang="zh-CN">' in page
    assert '<meta charset="utf-8">' in page


def test_everything_on_the_page_is_escaped() -> None:
    """A title or a reading cannot smuggle in markup."""
    evil = Words("<script>alert(1)</script>", "\"><img src=x onerror='1'>")
    memorandum, vocabulary = _built(says=evil)
    memorandum = replace(memorandum, title=evil, number=evil.zh, note=evil, ending=evil.zh)
    opened = _opened(as_page(memorandum, vocabulary))
    assert opened.loads == []
    assert "script" not in opened.tags
    assert "img" not in opened.tags


def test_drafts_are_marked() -> None:
    """On paper by a grey row with a mark, on the terminal in words, and counted at the foot."""
    memorandum, vocabulary = _built(draft=True)
    assert "草稿，不生效" in as_text(memorandum, vocabulary, "zh", 160)
    assert "Measures: 1, drafts among them: 1." in as_text(memorandum, vocabulary, "en", 160)
    page = as_page(memorandum, vocabulary)
    assert '<tr class="draft">' in page
    assert "draft, no effect" in page


def test_the_same_pack_gives_the_same_bytes() -> None:
    """No date of printing, no order of chance."""
    memorandum = _memorandum(PACKS[0])
    assert as_page(memorandum, LIBRARY.vocabulary) == as_page(memorandum, LIBRARY.vocabulary)
