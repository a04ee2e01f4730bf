"""Bad packs and exactly what the checker says of them, in both languages: `bad/X.yaml` beside `bad/X.txt`.

After a change of wording `BLESS=1 pytest tests/packs/test_bad.py` writes the texts anew; read the diff, line by line.
A folder in `bad/` is a layer of its own over the shipped words; a file is a pack judged alone.
"""

import os
import re
from functools import cache
from pathlib import Path

import pytest

from api.cli.diagnostics import render_text, summary
from engine.errors import Fault
from engine.packs.build import build_pack
from engine.packs.cases import read_cases
from engine.packs.check import check
from engine.packs.library import Library, PackSource, read_library, shipped
from engine.packs.source import parse_tree
from engine.vocabulary import Vocabulary

BAD = Path(__file__).parent / "bad"
ROOT = BAD.parents[2]
NAMES = sorted(
    {path.name.partition(".")[0] for path in BAD.iterdir() if path.suffix == ".yaml" or path.is_dir()},
)
# Raised by what stands around a pack, a question or a test bench, not by a pack; tried in their own tests.
ELSEWHERE = {"P102", "P114", "P115", "P116", "P117", "P213", "P222", "P231", "P232", "P401", "P404", "P405", "P406"}


@cache
def _words() -> Vocabulary:
    """The shipped vocabulary alone: the packs here are judged by nobody else's clauses."""
    return read_library([shipped()]).vocabulary


def _alone(name: str) -> Library:
    """A library of one pack, with the cases beside it if there are any."""
    tree = parse_tree((BAD / f"{name}.yaml").read_bytes(), f"bad/{name}.yaml")
    built = build_pack(tree, name, f"{name}.yaml", _words())
    faults = list(built.faults)
    source = PackSource(name, Path(f"{name}.yaml"), tree, built.memorandum, sound=built.sound)
    beside = BAD / f"{name}.cases.yaml"
    if beside.exists():
        cases_tree = parse_tree(beside.read_bytes(), f"bad/{name}.cases.yaml")
        cases, wrong = read_cases(cases_tree, _words(), name)
        faults += wrong
        source = PackSource(name, source.path, tree, built.memorandum, cases, cases_tree, built.sound)
    return Library(_words(), {name: source}, (), tuple(faults), "", {})


def _layer(name: str) -> list[Fault]:
    """What is said of a folder, without the shipped library's own notes."""
    return [fault for fault in check(read_library([shipped(), BAD / name])) if str(BAD) in fault.place.file]


@cache
def _said(name: str) -> tuple[Fault, ...]:
    """All faults; that a pack here has no cases is said only where it is the point."""
    found = _layer(name) if (BAD / name).is_dir() else check(_alone(name))
    return tuple(fault for fault in found if fault.code != "P503" or name == "no-cases")


def _golden(name: str) -> str:
    faults = _said(name)
    texts = (f"{render_text(faults, lang)}\n\n{_counts(faults, lang)}" for lang in ("zh", "en"))
    text = f"\n\n{'=' * 40}\n\n".join(texts) + "\n"
    text = text.replace(f"{BAD.parent}/", "").replace("tests/packs/bad/", "bad/").replace(f"{ROOT}/", "")
    # Where a shipped word stands is not the point, and moves with every word that is added.
    return re.sub(r"(memoranda/vocabulary/\w+\.yaml) (第 |line )\d+", r"\1 \2N", text)


def _counts(faults: tuple[Fault, ...], lang: str) -> str:
    """The last part of the summary: how many of each severity."""
    return summary(faults, 1, 0, lang).partition("：" if lang == "zh" else ": ")[2]


@pytest.mark.parametrize("name", NAMES)
def test_the_checker_says_exactly_this(name: str) -> None:
    """The whole text, place, underline and help included."""
    golden = BAD / f"{name}.txt"
    text = _golden(name)
    if os.environ.get("BLESS"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_each_bad_pack_is_complained_of(name: str) -> None:
    """Something is said, in both languages, at a line of the file."""
    assert _said(name)
    for fault in _said(name):
        assert fault.place.line >= 1
        assert fault.zh
        assert fault.en


def test_no_golden_text_is_left_over() -> None:
    """Every text belongs to a pack."""
    assert {path.stem for path in BAD.glob("*.txt")} == set(NAMES)


def test_the_folder_shows_every_code_of_packs_and_cases() -> None:
    """Whoever writes a pack finds each of its faults here; a code added later wants a bad pack too."""
    from engine.packs.explain import explanations

    shown = {fault.code for name in NAMES for fault in _said(name)}
    assert {code for code in explanations() if not code.startswith("P6")} - shown - ELSEWHERE == set()


def test_underlines_stand_below_what_they_mean() -> None:
    """In every golden text the carets begin where the fault's first character is shown, by cells."""
    from rich.cells import cell_len

    for name in NAMES:
        for fault in _said(name):
            text = render_text([fault])
            if not (found := re.search(r"\n  (\d+ \| )(.*)\n  ( *\| )( *)(\^+)", text)):
                continue
            margin, line, pad, before, carets = found.groups()
            assert len(margin) == len(pad)
            start = next(n for n in range(len(line) + 1) if cell_len(line[:n]) == len(before))
            end = next(
                n for n in range(start, len(line) + 1) if cell_len(line[start:n]) == len(carets) or n == len(line)
            )
            marked = fault.place.source[fault.place.column - 1 :][: fault.place.length]
            assert line[start:end].rstrip("…")[:1] in ("", "\ufffd", *marked[:1])
