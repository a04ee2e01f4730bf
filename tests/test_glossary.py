"""One word from YAML to answer: the README's glossary, the enumerations, the phrases and the vocabulary agree."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from engine.decision import Channel, State, Verdict
from engine.explanation import phrases
from engine.inquiry import DATES, HAPPENINGS
from engine.matching.standing import Standing
from engine.model import MOMENTS, Effect, Reach

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
README_ZH = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
CLOSED = {
    "verdict": (Verdict, phrases.VERDICTS),
    "effect": (Effect, phrases.EFFECTS),
    "state": (State, phrases.STATES),
    "standing": (Standing, phrases.STANDINGS),
    "channel": (Channel, phrases.CHANNELS),
    "reach": (Reach, phrases.REACHES),
    "moment": (MOMENTS, phrases.MOMENTS),
}


def row(text: str, kind: str) -> dict[str, str]:
    """The words of one row of the closed-words table: code to Chinese."""
    line = re.search(rf"(?m)^\| {kind} \| (`.*) \|$", text)
    assert line, f"no row for {kind}"
    return dict(re.findall(r"`([\w-]+)` ([^·|]+?)(?= ·|$)", line[1]))


def codes(words: type[StrEnum] | tuple[str, ...]) -> list[str]:
    """The codes of an enumeration or of a plain tuple."""
    return list(words) if isinstance(words, tuple) else [word.value for word in words]


@pytest.mark.parametrize("kind", CLOSED)
def test_closed_words_agree(kind: str) -> None:
    """Enumeration, phrases and README have the same words in the same order."""
    words, said = CLOSED[kind]
    assert list(said) == codes(words)
    assert row(README, kind) == {code: said[code].zh for code in codes(words)}


@pytest.mark.parametrize("kind", CLOSED)
def test_the_chinese_readme_has_the_same_rows(kind: str) -> None:
    """Neither README lags behind the other."""
    assert row(README_ZH, kind) == row(README, kind)


def test_every_date_and_event_has_a_word() -> None:
    """Whatever an entry may carry can be said in both languages."""
    assert set(phrases.DATES) == {*DATES, *HAPPENINGS}


def test_glossary_rows_agree_between_the_readmes() -> None:
    """The same terms with the same Chinese, in the same order."""
    pattern = r"(?m)^\| ([a-z_ ]+) \| ([\u4e00-\u9fff]+) \|"
    assert re.findall(pattern, README) == re.findall(pattern, README_ZH) != []


def test_pack_guide_names_every_effect_reach_and_moment() -> None:
    """Who writes a pack finds every closed word in its guide."""
    guide = (ROOT / "memoranda" / "README.md").read_text(encoding="utf-8")
    wanted = [e.value for e in Effect] + [r.value for r in Reach] + list(MOMENTS) + list(DATES)
    assert [word for word in wanted if not re.search(rf"\b{word}\b", guide)] == []
