"""The counter: one box, one answer; names lead to codes, mistakes are explained, nothing typed is lost."""

import re

import pytest

from engine.access.roles import Role
from engine.identity import synthetic_code
from tests.web.conftest import Enter
from tests.web.visiting import faults, text_of


def test_a_code_gets_an_answer_under_its_own_address(enter: Enter) -> None:
    """The address names the decision and nobody; loading it again decides nothing again."""
    visitor = enter(Role.INQUIRER)
    asked = visitor.post("/counter", {"who": synthetic_code(1), "scenario": "permit", "place": "420881"})
    assert re.fullmatch(r"/counter/[0-9a-f-]{36}", asked.url.path)
    assert "可以参与" in text_of(asked)
    assert synthetic_code(1) in text_of(asked)
    assert visitor.get(asked.url.path).text.count("<h1") == 1
    assert synthetic_code(1) not in str(asked.url) + re.findall("<title>(.*?)</title>", asked.text)[0]


@pytest.mark.parametrize("scanned", ["https://example.invalid/q?uniscid={}&x=1", "  {}\n", "９１９９{}"])
def test_what_a_scanner_sends_is_read(enter: Enter, scanned: str) -> None:
    """A code within an address, with blanks, in full width."""
    code = synthetic_code(1)
    said = scanned.format(code[4:] if scanned.startswith("９") else code)
    asked = enter(Role.INQUIRER).post("/counter", {"who": said, "scenario": "permit"})
    assert asked.status_code == 200, faults(asked)
    assert code in text_of(asked)


@pytest.mark.parametrize(
    ("said", "fault"),
    [("", "请输入代码或名称"), ("91990000O00000001X", "第 9 位是字母 O"), ("919900000000000011", "校验位")],
)
def test_a_wrong_code_is_explained(enter: Enter, said: str, fault: str) -> None:
    """Which character, and what it may be; what was typed stands there still."""
    page = enter(Role.INQUIRER).post("/counter", {"who": said, "scenario": "permit"})
    assert page.status_code == 422
    assert fault in faults(page)["who"]
    assert f'value="{said}"' in page.text
    assert "<title>错误：" in page.text


def test_the_same_form_sent_twice_is_one_decision(enter: Enter) -> None:
    """A double click asks once."""
    visitor = enter(Role.INQUIRER)
    fields = {"who": synthetic_code(1), "scenario": "permit", "at": "2026-11-20", "_once": "0" * 32}
    assert visitor.post("/counter", fields).url == visitor.post("/counter", fields).url


def test_who_goes_back_and_changes_the_form_asks_anew(enter: Enter) -> None:
    """The browser shows the form as it was, with its number: another question is another decision, not an error."""
    visitor = enter(Role.INQUIRER)
    fields = {"who": synthetic_code(1), "scenario": "permit", "at": "2026-11-20", "_once": "0" * 32}
    first, second = visitor.post("/counter", fields), visitor.post("/counter", {**fields, "who": synthetic_code(2)})
    assert (first.status_code, second.status_code) == (200, 200)
    assert synthetic_code(2) in text_of(second)
    assert visitor.post("/counter", fields).url == first.url
