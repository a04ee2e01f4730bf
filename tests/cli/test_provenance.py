"""What the library rests on, as printed: the same counts in every form, and the weak by name."""

import csv
import io
import json
from dataclasses import replace
from functools import cache

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from api.cli.main import app
from api.cli.provenance_table import NARROWEST, SECTIONS, as_html, as_json, as_sheet, as_text, sections, summary
from engine.analysis.provenance import provenance
from engine.model import Rulebook
from engine.services.provenance import Weighed, provenance_of
from engine.vocabulary import Words
from tests.builders import CHECKED, measure, rulebook
from tests.cli.test_commands import memoranda
from tests.cli.test_legality import EVIL, Page

LANGS = ("zh", "en")


@cache
def library() -> Weighed:
    """The shipped library counted."""
    return provenance_of()


def weighed(book: Rulebook) -> Weighed:
    """A small rulebook counted."""
    return Weighed(book, provenance(book, {}, 0, {}))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", [NARROWEST, 120])
def test_the_counts_fit_the_terminal(lang: str, width: int) -> None:
    """No line is wider than asked for; every section has its title."""
    text = as_text(library(), lang, width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert text.split()[0] == summary(library().found, lang).split()[0]
    flat = "".join(text.split())
    assert all("".join(title.say(lang).split()) in flat for title in SECTIONS.values())


def test_every_section_is_there_once_in_order() -> None:
    """Those that the titles name."""
    assert [section for section, _ in sections(library(), "zh")] == list(SECTIONS)


@pytest.mark.parametrize("lang", LANGS)
def test_the_sheet_has_a_row_for_each_count(lang: str) -> None:
    """Section, code and name, and each figure in a column of its own."""
    heads, *rows = csv.reader(io.StringIO(as_sheet(library(), lang).decode("utf-8-sig"), newline=""))
    expected = [
        (SECTIONS[section].say(lang), c.code, c.name, {k.say(lang): str(n) for k, n in c.figures.items()})
        for section, counts in sections(library(), lang)
        for c in counts
    ]
    found = [(row[0], row[1], row[2], {h: v for h, v in zip(heads[3:], row[3:], strict=True) if v}) for row in rows]
    assert found == expected


def test_the_data_say_the_same_as_the_counts() -> None:
    """JSON by section and code; what is only named is a list."""
    data = json.loads(as_json(library()))
    found, book = library().found, library().rulebook
    assert data["revision"] == book.revision
    assert data["all"] == {
        "documents": found.whole.packs,
        "measures": found.whole.measures,
        "effective": found.whole.effective,
        "drafts": found.whole.drafts,
    }
    assert {code: counted["measures"] for code, counted in data["source"].items()} == {
        code: group.measures for code, group in found.by_source.items()
    }
    assert {code: counted["cases"] for code, counted in data["pack"].items()} == {
        pack.memorandum.code: pack.cases for pack in found.packs
    }
    assert data["weak"] == [one.id for one in found.weak] != []
    assert sum(counted["number"] for counted in data["instrument"].values()) == len(book.vocabulary.instruments)


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_stands_alone(lang: str) -> None:
    """Well-formed, nothing loaded; the weak are on it by name."""
    data = as_html(library(), lang)
    page = Page(data)
    assert page.loads == []
    assert page.tags.count("section") == len(SECTIONS)
    assert all(one.id in data.decode() for one in library().found.weak)


def test_everything_on_the_page_is_escaped() -> None:
    """Titles and readings are text."""
    weak = replace(CHECKED, by="memory")
    book = rulebook(measure("<b>", says=EVIL, draft=True, checked=weak))
    pack = replace(book.memoranda["pack"], title=EVIL, number="<i>")
    page = Page(as_html(weighed(Rulebook(book.vocabulary, {"pack": pack}, book.revision)), "zh"))
    assert page.loads == []
    assert not {"script", "img", "b", "i"} & set(page.tags)


def test_what_is_weak_says_why() -> None:
    """On the terminal too: the measure, what it says and what is wrong with its source."""
    weak = replace(CHECKED, by="memory", confidence="low")
    book = rulebook(measure("一", says=Words("甲", "one"), draft=True, checked=weak))
    text = as_text(weighed(book), "en", 120)
    assert "pack#一" in text
    assert "one [from memory alone, low confidence]" in text


def test_a_library_without_weak_measures_says_so() -> None:
    """An empty section has a dash, not nothing."""
    text = as_text(weighed(rulebook(measure("一"))), "en", 120)
    assert text.rstrip().endswith(f"{SECTIONS['weak'].en}\n  —")


def test_the_command_answers() -> None:
    """As a user types it, with the library read anew."""
    assert json.loads(memoranda("provenance", "--format", "json"))["all"]["documents"] == library().found.whole.packs


@pytest.mark.parametrize(
    ("words", "start"),
    [
        (("--lang", "en"), "Documents "),
        (("--lang", "zh", "--format", "csv"), "\ufeff部分,代码,名称,"),
        (("--lang", "zh", "--format", "html"), '<!doctype html>\n<html lang="zh-CN">'),
    ],
)
def test_the_command_prints_every_form(words: tuple[str, ...], start: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each begins as its kind does; the library is read once for all of them."""
    monkeypatch.setattr("engine.services.provenance.provenance_of", lambda layers: library())
    done = CliRunner().invoke(app, ["provenance", *words])
    assert done.exit_code == 0
    assert done.stdout_bytes.decode("utf-8").startswith(start)


def test_a_layer_that_is_not_there_is_refused() -> None:
    """Exit 3, in words."""
    assert "nowhere" in memoranda("provenance", "--packs", "nowhere", code=3)
