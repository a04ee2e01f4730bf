"""Faults as text, JSON and SARIF: places, underlines by cell width, both languages, nothing that fools a terminal."""

import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from api.cli.diagnostics import WIDEST, render_json, render_sarif, render_text, summary
from engine.errors import Fault, Place
from engine.packs.explain import explanations

SOURCE = "    lists: [失信被执行人, judgement-defaulters]"
FAULT = Fault(
    code="P202",
    place=Place("memoranda/national/x.yaml", 27, SOURCE.index("judgement") + 1, len("judgement-defaulters"), SOURCE),
    zh="没有这个名单：`judgement-defaulters`",
    en="there is no list `judgement-defaulters`",
    help_zh="是否指 `judgment-defaulters`？",
    help_en="did you mean `judgment-defaulters`?",
    clause="三",
    title="关于某事的通知",
)
WARNING = replace(FAULT, code="P307", severity="warning", help_zh="", help_en="", title="", clause="")
NOTE = replace(FAULT, code="P304", severity="note")


def test_a_fault_in_chinese() -> None:
    """Place, clause, code, sentence; the document; the line underlined; the help."""
    assert render_text([FAULT], "zh") == (
        "memoranda/national/x.yaml:27:21  条款 三  P202 错误  没有这个名单：`judgement-defaulters`\n"
        "  《关于某事的通知》\n"
        "  27 |     lists: [失信被执行人, judgement-defaulters]\n"
        "     |                           ^^^^^^^^^^^^^^^^^^^^\n"
        "  帮助：是否指 `judgment-defaulters`？"
    )


def test_a_fault_in_english() -> None:
    """The same words apart."""
    text = render_text([FAULT], "en")
    assert "clause 三  P202 error  there is no list" in text
    assert text.endswith("help: did you mean `judgment-defaulters`?")


def test_what_is_not_there_is_left_out() -> None:
    """No clause, no title, no help, no line."""
    text = render_text([WARNING, replace(WARNING, place=Place("x.yaml"))], "en")
    assert "help" not in text
    assert "clause" not in text
    assert text.splitlines()[-1] == "x.yaml  P307 warning  there is no list `judgement-defaulters`"


def test_colour_is_only_painted_when_asked() -> None:
    """Red, yellow and cyan by severity; plain text is the same without the codes."""
    painted = render_text([FAULT, WARNING, NOTE], "zh", colour=True)
    assert [f"\x1b[{code}m" in painted for code in (31, 33, 36)] == [True] * 3
    assert re.sub(r"\x1b\[\d*m", "", painted) == render_text([FAULT, WARNING, NOTE], "zh")


def test_no_character_of_a_faulty_file_commands_the_terminal() -> None:
    """Escapes, direction marks and zero-width characters are shown as a mark, in line, sentence and help alike."""
    evil = "\x1b[31m\u202e\u200b\ufeff\x07"
    place = Place("x.yaml", 1, 3, 2, f"a{evil}b")
    text = render_text([replace(FAULT, place=place, zh=evil, help_zh=evil, clause=evil, title=evil)], "zh")
    assert not set(text) & set("\x1b\u202e\u200b\ufeff\x07")


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=300)


@given(TEXTS, st.integers(1, 320), st.integers(0, 320))
def test_the_underline_stands_below_what_it_means(source: str, column: int, length: int) -> None:
    """For any line, place and length: margins align, and nothing is wider than the bound."""
    text = render_text([replace(WARNING, place=Place("x.yaml", 7, column, length, source or "a"))], "en")
    shown, carets = text.splitlines()[-2:]
    assert cell_len(shown) <= WIDEST + 6
    assert cell_len(carets) <= WIDEST + 6
    assert carets.startswith("    | ")
    assert shown.startswith("  7 | ")
    assert set(carets[6:].strip()) == {"^"}


@pytest.mark.parametrize("before", ["x" * 250, "失" * 120, "失x" * 90])
def test_a_long_line_is_cut_around_the_fault(before: str) -> None:
    """What is underlined stays in view, whatever stands before and behind it."""
    source = f"{before}HERE{'y' * 300}"
    text = render_text([replace(WARNING, place=Place("x.yaml", 7, len(before) + 1, 4, source))], "en")
    shown, carets = text.splitlines()[-2:]
    start = carets.index("^")
    cells = 0
    for number, letter in enumerate(shown):
        if cells == start:
            assert shown[number : number + 4] == "HERE"
        cells += cell_len(letter)
    assert shown.endswith("…")
    assert carets.count("^") == 4


def test_the_summary_counts_every_severity() -> None:
    """One line, singular and plural right."""
    assert summary([FAULT, NOTE, NOTE], 12, 132, "zh") == "检查 12 份文件、132 条措施：1 个错误，0 个警告，2 个提示"
    assert summary([FAULT, NOTE, NOTE], 1, 132, "en") == "checked 1 pack, 132 measures: 1 error, 0 warnings, 2 notes"


def test_files_are_shown_from_where_the_user_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the working folder by their path from it, elsewhere in full."""
    monkeypatch.chdir(tmp_path)
    near = replace(WARNING, place=Place(str(tmp_path / "packs" / "x.yaml"), 1, 1, 1, "a"))
    far = replace(WARNING, place=Place("/elsewhere/x.yaml", 1, 1, 1, "a"))
    assert render_text([near]).startswith("packs/x.yaml:1:1")
    assert render_text([far]).startswith("/elsewhere/x.yaml:1:1")


def test_json_has_both_languages_and_the_counts() -> None:
    """Readable Chinese, no escapes, every key always there."""
    text = render_json([FAULT, WARNING])
    assert "没有这个名单" in text
    body = json.loads(text)
    assert body["summary"] == {"errors": 1, "warnings": 1, "notes": 0}
    first = body["faults"][0]
    assert (first["code"], first["severity"], first["clause"]) == ("P202", "error", "三")
    assert (first["file"], first["line"], first["column"], first["length"]) == ("memoranda/national/x.yaml", 27, 21, 20)
    assert first["help"]["en"] == FAULT.help_en
    assert json.loads(render_json([]))["faults"] == []


def test_sarif_is_one_run_with_its_rules() -> None:
    """Version 2.1.0; each result points at its rule by number, and each rule has help text."""
    log = json.loads(render_sarif([WARNING, FAULT, NOTE, FAULT], "en"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["P202", "P304", "P307"]
    assert all(rule["help"]["text"].startswith(rule["id"]) and rule["shortDescription"]["text"] for rule in rules)
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == ["P307", "P202", "P304", "P202"]
    assert [result["level"] for result in run["results"]] == ["warning", "error", "note", "error"]
    assert run["results"][1]["message"]["text"].endswith("did you mean `judgment-defaulters`?")


def test_sarif_regions_count_characters() -> None:
    """Columns from 1 in code points, the end behind the last character."""
    (run,) = json.loads(render_sarif([FAULT]))["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert SOURCE[region["startColumn"] - 1 : region["endColumn"] - 1] == "judgement-defaulters"
    assert region["snippet"]["text"] == SOURCE
    assert run["results"][0]["locations"][0]["logicalLocations"][0]["name"] == "三"


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("memoranda/national/x.yaml", "memoranda/national/x.yaml"),
        ("bad/Credit Query.yaml", "bad/Credit%20Query.yaml"),
        ("/packs/钟祥.yaml", "file:///packs/%E9%92%9F%E7%A5%A5.yaml"),
    ],
)
def test_sarif_names_files_by_uri(file: str, uri: str) -> None:
    """Relative where they are, escaped where they must be; a fault without a line has no region."""
    (run,) = json.loads(render_sarif([replace(FAULT, place=Place(file))]))["runs"]
    physical = run["results"][0]["locations"][0]["physicalLocation"]
    assert physical == {"artifactLocation": {"uri": uri}}
    assert file in unquote(uri)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_code_makes_a_rule(lang: str) -> None:
    """No code lacks what SARIF shows of it."""
    (run,) = json.loads(render_sarif([replace(FAULT, code=code) for code in explanations()], lang))["runs"]
    assert len(run["tool"]["driver"]["rules"]) == len(explanations())


def test_nothing_found_is_an_empty_run() -> None:
    """No fault is no text, and still a valid log."""
    assert render_text([]) == ""
    (run,) = json.loads(render_sarif([]))["runs"]
    assert run["results"] == []
