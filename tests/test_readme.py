"""The READMEs tell the truth: every console block is run and compared, every excerpt stands in its file.

`BLESS=1 pytest tests/test_readme.py` writes what is now true; then read the diff.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md", "memoranda/README.md")
CONSOLE = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.S)
EXCERPT = re.compile(r"<!-- excerpt: (?P<file>\S+) (?P<what>\S+) -->\n```yaml\n(?P<text>.*?)```", re.S)


def run(command: str) -> str:
    """What a `memoranda …` command prints, standard error included, from the project's root."""
    program, *arguments = shlex.split(command)
    assert program == "memoranda", f"only memoranda commands are run: {command}"
    nowhere = str(ROOT / ".no-registry")  # what the README shows needs none
    environment = {**os.environ, "MEMORANDA_HOME": nowhere, "NO_COLOR": "1", "COLUMNS": "120", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "api.cli.main", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.stdout


def excerpt(file: str, what: str) -> str:
    """One block of a YAML list: the first, or the one whose clause is named, its indent taken off."""
    blocks = re.split(r"(?m)^(?=[ ]*- (?:clause|case):)", (ROOT / file).read_text(encoding="utf-8"))[1:]
    chosen = blocks[0] if what == "first" else next(b for b in blocks if f"clause: {what}\n" in b)
    lines = [line for line in chosen.rstrip().splitlines() if not line.lstrip().startswith("# --")]
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[indent:] for line in lines).rstrip() + "\n"


def truth(text: str) -> str:
    """The README with every console block and every excerpt as it should be."""
    text = CONSOLE.sub(lambda m: f"```console\n$ {m['command']}\n{run(m['command'])}```", text)
    return EXCERPT.sub(
        lambda m: f"<!-- excerpt: {m['file']} {m['what']} -->\n```yaml\n{excerpt(m['file'], m['what'])}```", text
    )


@pytest.mark.parametrize("name", READMES)
def test_commands_and_excerpts_are_true(name: str) -> None:
    """What the README shows is what the program prints and what the packs say."""
    path = ROOT / name
    text = path.read_text(encoding="utf-8")
    expected = truth(text)
    if os.environ.get("BLESS"):
        path.write_text(expected, encoding="utf-8")
    assert text == expected or os.environ.get("BLESS")


@pytest.mark.parametrize("name", READMES[:2])
def test_both_readmes_show_the_two_commands(name: str) -> None:
    """A newcomer finds the two commands on the first screen."""
    top = (ROOT / name).read_text(encoding="utf-8")[:3000]
    assert "python3 dev.py demo" in top
    assert "python3 dev.py test" in top


def test_files_named_in_the_readme_exist() -> None:
    """Every link and every path in backticks that looks like one of ours is there."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\]\(([^)#:]+)\)", text)) | set(
        re.findall(r"`((?:engine|api|memoranda|tests)/[\w./-]*)`", text)
    )
    missing = [name for name in named if not (ROOT / name).exists()]
    assert not missing
