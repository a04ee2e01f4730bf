"""Golden reasons: nine situations in two languages at three depths. `BLESS=1 pytest …` rewrites them; read the diff."""

import os
import re
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path

import pytest

from engine.calendar import read_when
from engine.decide import decide
from engine.decision import Why
from engine.explanation.render import Depth, render
from engine.inquiry import RELATION_KINDS, Event
from engine.matching.standing import Standing
from engine.resolution.resolve import CONSORTIUM
from engine.vocabulary import Words
from tests.builders import entry, inquiry, register, rulebook
from tests.explanation.situations import BAR, SITUATIONS, SPOKEN, barred

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = ("zh", "en")


def told(name: str) -> str:
    """All six texts of a situation, each under its own heading."""
    situation = SITUATIONS[name]()
    decision = decide(*situation)
    head = f"{SITUATIONS[name].__doc__}\n"
    parts = [
        f"\n===== {lang} · {depth.value} =====\n\n{render(decision, situation.rulebook, lang, depth)}"
        for lang, depth in product(LANGUAGES, Depth)
    ]
    return head + "".join(parts)


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_reasons_read_as_agreed(name):
    """A changed word is a visible diff that a lawyer can read."""
    path, text = GOLDEN / f"{name}.txt", told(name)
    if os.environ.get("BLESS"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"if the new words are right: BLESS=1 pytest {__file__}"


def test_no_golden_text_is_left_over():
    """Every file has its situation."""
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(SITUATIONS)


@pytest.mark.parametrize("name", SITUATIONS)
def test_each_depth_says_all_that_the_one_before_it_says(name):
    """The lawyer reads the counter's lines, some longer, the auditor the lawyer's: nothing is taken away."""
    situation = SITUATIONS[name]()
    decision = decide(*situation)
    for lang in LANGUAGES:
        texts = [render(decision, situation.rulebook, lang, depth).splitlines() for depth in Depth]
        for shallow, deep in pairwise(texts):
            assert [line for line in shallow if not any(longer.startswith(line) for longer in deep)] == []


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_verdict_comes_first_and_its_words_are_of_one_language(name):
    """One look must be enough; no English text slips into Chinese nor the reverse, save names and codes."""
    situation = SITUATIONS[name]()
    decision = decide(*situation)
    assert render(decision, situation.rulebook, "zh").startswith("结论：")
    english = render(decision, situation.rulebook, "en", Depth.LAWYER)
    assert english.startswith("verdict: ")
    for record in situation.rulebook.vocabulary.lists.values():
        assert record.name.zh == record.name.en or record.name.zh not in english


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("depth", list(Depth))
def test_no_code_of_ours_is_shown_where_people_read(name, depth):
    """Every cause and flag has its words; bodies, matters, places, ties and figures go by name in Chinese text."""
    situation = SITUATIONS[name]()
    vocabulary = situation.rulebook.vocabulary
    tables = (vocabulary.lists, vocabulary.issuers, vocabulary.matters, vocabulary.jurisdictions, vocabulary.parameters)
    codes = {code for table in tables for code in table} | {*RELATION_KINDS, CONSORTIUM, *Why, *Standing}
    text = render(decide(*situation), situation.rulebook, "zh", depth)
    assert not {code for code in codes if re.search(rf"(?<![\w-]){re.escape(code)}(?![\w-])", text)}


def test_braces_in_a_packs_words_are_taken_as_they_are():
    """A reading may hold any character; it is never a template."""
    situation = barred()
    curly = Words("{不得}参加 {0} %s", "{not} {0} %s")
    book = rulebook(replace(BAR, says=curly, pack="curly"), vocabulary=SPOKEN)
    decision = decide(situation.inquiry, situation.register, book)
    assert curly.zh in render(decision, book, "zh", Depth.AUDITOR)
    assert curly.en in render(decision, book, "en", Depth.AUDITOR)


def test_what_happened_twice_is_told_twice():
    """Suspended, resumed and suspended again: each with its day, in order."""
    one = replace(
        entry(listed="2024-01-01"),
        events=tuple(
            Event(kind, read_when(f"2024-0{month}-01"))
            for month, kind in enumerate(("suspended", "resumed", "suspended", "resumed"), 2)
        ),
    )
    text = render(decide(inquiry(), register(one), barred().rulebook), barred().rulebook)
    assert "列入 2024-01-01、中止 2024-02-01、恢复 2024-03-01、中止 2024-04-01、恢复 2024-05-01" in text
