"""`--explain`: every code raised anywhere is explained, and nothing that is explained is never raised."""

import re
from pathlib import Path

import pytest

from engine.errors import Missing
from engine.packs import explain
from engine.packs.explain import explained, explanation, explanations
from engine.packs.source import read_tree

PACKS = Path(explain.__file__).parent
# A code is raised where it stands as a text of its own; a docstring only speaks of it.
RAISED = re.compile(r'"(P\d{3})"')
CHINESE = re.compile("[\u4e00-\u9fff]")


def test_codes_and_explanations_are_the_same() -> None:
    """Searched in the source: a new code fails here until it is explained."""
    raised = {code for path in PACKS.glob("*.py") for code in RAISED.findall(path.read_text(encoding="utf-8"))}
    assert raised == set(explanations())


def test_the_file_itself_is_sound() -> None:
    """It is read by the same loader as every pack."""
    assert read_tree(PACKS / "explanations.yaml").faults == ()


@pytest.mark.parametrize("code", sorted(explanations()))
def test_each_says_something_in_both_languages(code: str) -> None:
    """A sentence in Chinese, one in English, and two different examples."""
    found = explanation(code)
    assert CHINESE.search(found.says.zh)
    assert not CHINESE.search(found.says.en.replace("国办发〔2020〕49号", ""))
    assert found.wrong
    assert found.right
    assert found.wrong != found.right
    assert found.says.zh.endswith("。")
    assert found.says.en.endswith(".")
    assert len(found.title.zh) <= 60
    assert len(found.title.en) <= 120


def test_the_text_shows_both_examples() -> None:
    """Code, explanation, wrong, right; in the language asked for."""
    text = explained("p511", "en")
    assert text.startswith("P511  `lifts` and `given` run in a circle")
    assert "wrong\n  甲: {effect: lift, lifts: [乙]}" in text
    assert "right\n" in text
    assert "错误\n" in explained("P511", "zh")


def test_an_unknown_code_is_answered_with_the_nearest() -> None:
    """Never a traceback."""
    with pytest.raises(Missing) as caught:
        explanation("P3O4")
    assert "P304" in caught.value.help_en
    with pytest.raises(Missing) as caught:
        explanation("what")
    assert caught.value.help_en.startswith("codes: P101 … ")
