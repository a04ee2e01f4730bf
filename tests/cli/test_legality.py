"""Which measures bite on a day, as printed: complete and the same in every form, safe to open, in both languages."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from html.parser import HTMLParser

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from api.cli.legality_table import COLUMNS, NARROWEST, as_html, as_sheet, as_text
from api.cli.legality_words import CONTESTED, DRAFTS, LACKS, Teller
from api.cli.main import app
from engine.analysis.bite import Lack, bites_of, tally
from engine.analysis.drafts import DraftFor
from engine.calendar import SHANGHAI
from engine.citation import parse_citation
from engine.model import Contested, Form, Measure
from engine.packs.library import read_library, shipped
from engine.services.legality import Legality
from engine.vocabulary import Edition, Span, Words
from tests.builders import VOCABULARY, measure, rulebook
from tests.cli.test_commands import memoranda

GATE, TODAY = date(2020, 12, 18), date(2026, 11, 22)
LANGS = ("zh", "en")
EVIL = Words("<script>alert(1)</script>", "\"><img src=x onerror='1'>")
VOID = {"meta", "col", "br"}


@cache
def library(day: date) -> Legality:
    """Every shipped measure on the day."""
    book = read_library([shipped()], with_cases=False).rulebook()
    return Legality(book, day, bites_of(book, day))


def of(*measures: Measure, day: date = GATE) -> Legality:
    """These measures on the day, by a basic list with one edition, which was not read."""
    editions = (Edition("2020", GATE, "no"),)
    book = rulebook(
        *measures, vocabulary=replace(VOCABULARY, basic_list=replace(VOCABULARY.basic_list, editions=editions))
    )
    return Legality(book, day, bites_of(book, day))


def sheet(found: Legality, lang: str) -> list[dict[str, str]]:
    """The CSV as a spreadsheet reads it, by its English column names."""
    heads, *rows = csv.reader(io.StringIO(as_sheet(found, lang).decode("utf-8-sig"), newline=""))
    assert heads == [column.say(lang) for column in COLUMNS]
    return [dict(zip((column.en for column in COLUMNS), row, strict=True)) for row in rows]


class Page(HTMLParser):
    """Opens a page as a browser would: tags must close in order, and what they load or run is noted."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.feed(data.decode("utf-8"))
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value or "" for key, value in attrs if key == "id"]
        self.loads += [
            f"{tag} {key}={value}"
            for key, value in attrs
            if key == "src" or key.startswith("on") or (key == "href" and not (value or "").startswith("#"))
        ]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


# -- the whole library, in every form


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", [NARROWEST, 120, 200])
def test_the_table_fits_the_terminal(lang: str, width: int) -> None:
    """No line is wider than asked for; the last lines sum up."""
    text = as_text(library(TODAY), lang, width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert str(TODAY) in text.splitlines()[0]
    assert "".join(Teller(library(TODAY).rulebook, lang).sums(library(TODAY).rows, TODAY)).replace(" ", "") in "".join(
        text.split()
    )


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("day", [date(2020, 12, 17), GATE, TODAY])
def test_the_sheet_has_every_measure_once(day: date, lang: str) -> None:
    """In the order of the library; a reason exactly where there is no effect; the instruments with their ranks."""
    found = library(day)
    rows = sheet(found, lang)
    assert [(row["pack"], row["clause"]) for row in rows] == [(b.measure.pack, b.measure.clause) for b in found.rows]
    for row, bite in zip(rows, found.rows, strict=True):
        assert bool(row["lack"]) == (bite.lack is not None)
        assert bool(row["why"]) == (bite.lack is not None or bool(bite.contested))
        assert len(row["carried by"].splitlines()) == sum(one.carries for one in bite.support)
        assert len(row["cited, but not enough"].splitlines()) == sum(not one.carries for one in bite.support)
        assert bool(row["item of the basic list"]) == bool(row["edition in force"]) == (bite.item is not None)


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_stands_alone(lang: str) -> None:
    """Well-formed, nothing loaded, no script; a row for each measure, a place to jump to for each document."""
    found = library(TODAY)
    data = as_html(found, lang)
    page = Page(data)
    assert page.loads == []
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert page.tags.count("tr") == len(found.rows) + len(found.rulebook.memoranda)
    assert page.ids == sorted(found.rulebook.memoranda)
    assert f'<html lang="{ {"zh": "zh-CN", "en": "en"}[lang] }">' in data.decode()
    assert b"url(" not in data


def test_the_summary_adds_up() -> None:
    """Its numbers are those of the tally, by reason, and it names the editions not seen."""
    found = library(TODAY)
    counted = tally(found.rows)
    first, second = Teller(found.rulebook, "en").sums(found.rows, TODAY)
    assert f"measures {counted.measures}. Effective: {counted.effective};" in first
    for lack, number in counted.without.items():
        assert f"{LACKS[lack].en} {number}" in first
    unread = sum(row.footing.edition_not_read for row in found.rows)
    assert f"not seen: {unread};" in second


# -- what a row says


def test_a_lapsed_measure_says_since_when_and_why() -> None:
    """The gate day, the document that made it, and the citation that is not enough, with its rank."""
    (row,) = sheet(of(measure("一", basis=(parse_citation("某备忘录 3"),))), "en")
    assert (row["state"], row["lack"]) == ("without effect", LACKS[Lack.LAPSED].en)
    assert "2020-12-18" in row["why"]
    assert "国办发〔2020〕49号" in row["why"]
    assert (row["so since"], row["so until"], row["carried by"]) == ("2020-12-18", "", "")
    assert row["cited, but not enough"] == "某备忘录, art. 3 (memorandum)"


def test_the_eve_of_the_gate() -> None:
    """The same measure the day before: effective, until that day, carried by the memorandum."""
    (row,) = sheet(of(measure("一", basis=(parse_citation("某备忘录 3"),)), day=date(2020, 12, 17)), "zh")
    assert (row["state"], row["lack"], row["so until"]) == ("有效", "", "2020-12-17")
    assert row["carried by"] == "《某备忘录》第三条（备忘录）"


def test_a_contested_measure_says_from_when_by_whom_and_what() -> None:
    """In the columns of the sheet and in the words of the other forms."""
    question = Contested("法制机构", Words("能否适用", "may it apply"), date(2020, 1, 1))
    found = of(measure("一", contested=question))
    (row,) = sheet(found, "en")
    assert (row["state"], row["contested from"], row["for whom to answer"], row["question"]) == (
        "undetermined",
        "2020-01-01",
        "法制机构",
        "may it apply",
    )
    for said in (as_text(found, "en", 200), as_html(found, "en").decode()):
        assert all(part in said for part in ("contested from 2020-01-01", "法制机构", "may it apply"))


def test_a_draft_says_why_it_is_one_and_what_else_it_lacks() -> None:
    """Both, so that who mends the source knows what then still stands in the way."""
    weak = replace(measure("一").checked, by="memory")
    (row,) = sheet(of(measure("一", draft=True, checked=weak, basis=(parse_citation("某备忘录 3"),))), "zh")
    assert row["lack"] == "草稿"
    assert DRAFTS[DraftFor.MEMORY].zh in row["why"]
    assert "国办发〔2020〕49号" in row["why"]


def test_an_ended_document_says_until_when_and_by_what() -> None:
    """The note beside its last day is shown."""
    found = of(measure("一", span=Span(date(2010, 1, 1), date(2019, 12, 31))))
    rows = tuple(replace(row, memorandum=replace(row.memorandum, ending="第2号废止")) for row in found.rows)
    (row,) = sheet(replace(found, rows=rows), "zh")
    assert row["lack"] == "文件已失效"
    assert "2019-12-31" in row["why"]
    assert "第2号废止" in row["why"]


def test_an_edition_that_was_not_read_is_said() -> None:
    """Beside the item; a measure on no list says neither."""
    listed, unlisted = sheet(of(measure("一", list_item="M10"), measure("二")), "en")
    assert listed["item of the basic list"].startswith("M10 ")
    assert listed["edition in force"] == "edition 2020 of the basic list: not seen"
    assert (unlisted["item of the basic list"], unlisted["edition in force"]) == ("", "")
    (before,) = sheet(of(measure("一", list_item="M10"), day=date(2020, 12, 17)), "en")
    assert before["edition in force"] == "no edition of the basic list yet"


def test_a_measure_judged_at_a_moment_of_its_own_says_so() -> None:
    """The day of the table is then that moment's."""
    (row,) = sheet(of(measure("一", at="award")), "en")
    assert row["scenarios"].splitlines() == ["procurement", "judged at: award"]


# -- safe to open


def evil() -> Legality:
    """A document whose every text tries to be markup, with a question and an ending."""
    one = measure("=<b>", says=EVIL, contested=Contested(EVIL.zh, EVIL, None), form=Form.LOCAL_PLAN, effect="inform")
    found = of(one)
    pack = replace(found.rulebook.memoranda["pack"], title=EVIL, number=EVIL.en, ending=EVIL.zh)
    return replace(found, rows=tuple(replace(row, memorandum=pack) for row in found.rows))


@pytest.mark.parametrize("lang", LANGS)
def test_everything_on_the_page_is_escaped(lang: str) -> None:
    """No text of a pack becomes a tag or runs."""
    page = Page(as_html(evil(), lang))
    assert page.loads == []
    assert not {"script", "img", "b"} & set(page.tags)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_cell_of_the_sheet_is_a_formula(sign: str) -> None:
    """What a policy officer wrote is text in the spreadsheet too."""
    said = Words(f"{sign}1+1", f"{sign}cmd|' /C calc'!A0")
    (row,) = sheet(of(measure(f"{sign}一", says=said)), "en")
    assert (row["clause"], row["measure"]) == (f"'{sign}一", f"'{said.en}")


def test_brackets_are_text_on_the_terminal() -> None:
    """Never rich's markup."""
    assert "[red]甲[/red]" in as_text(of(measure("一", says=Words("[red]甲[/red]", "x"))), "zh", 200)


def test_the_same_day_gives_the_same_bytes() -> None:
    """No date of printing, no order of chance."""
    assert as_html(of(measure("一")), "zh") == as_html(of(measure("一")), "zh")
    assert as_sheet(of(measure("一")), "zh") == as_sheet(of(measure("一")), "zh")


def test_every_lack_and_reason_has_a_word() -> None:
    """None can be met that cannot be said."""
    assert set(LACKS) == set(Lack)
    assert set(DRAFTS) == set(DraftFor)
    said: Sequence[Words] = (*LACKS.values(), *DRAFTS.values(), CONTESTED)
    assert len({words.en for words in said}) == len({words.zh for words in said}) == len(said)


# -- the command


def test_the_command_answers_for_a_pack_and_a_day() -> None:
    """By name or by file, a pack named twice once; the rest of the library is left out."""
    by_name = memoranda("legality", "judgment-defaulters", "judgment-defaulters", "--on", "2020-12-18")
    by_file = memoranda("legality", "memoranda/national/judgment-defaulters.yaml", "--on", "2020-12-18")
    assert by_name == by_file
    assert by_name.startswith("Which measures bite on 2020-12-18\n")
    assert "2020-12-18: documents 1, " in by_name


def test_the_command_prints_a_sheet_and_a_page() -> None:
    """The sheet with its mark first, the page in the language asked for."""
    said = memoranda("legality", "permit-law", "--on", "2020-12-18", "--format", "csv", lang="zh")
    assert said.startswith("\ufeff规则包,文件,")
    page = memoranda("legality", "permit-law", "--on", "2020-12-18", "--format", "html", "--lang", "en")
    assert page.startswith('<!doctype html>\n<html lang="en">')


def test_the_day_is_today_unless_said() -> None:
    """Today in Shanghai; the day may turn while the command runs."""
    before = datetime.now(UTC).astimezone(SHANGHAI).date()
    said = memoranda("legality", "permit-law", "--format", "html")
    after = datetime.now(UTC).astimezone(SHANGHAI).date()
    assert any(f"<title>Which measures bite on {day}</title>" in said for day in (before, after))


@pytest.mark.parametrize("day", ["2020-02-30", "20201218", "1900-01-01", "2200-01-01", "", "today"])
def test_a_wrong_day_is_wrong_usage(day: str) -> None:
    """Exit 2, and the option is named."""
    done = CliRunner().invoke(app, ["legality", "--on", day])
    assert done.exit_code == 2
    assert "--on" in done.output


def test_an_unknown_pack_is_named_with_those_there_are() -> None:
    """Exit 3, in words."""
    said = memoranda("legality", "permit-laws", code=3)
    assert "`permit-laws`" in said
    assert "permit-law、" in said
