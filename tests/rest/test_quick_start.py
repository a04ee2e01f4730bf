"""The README's snippets for procurement systems, as they stand there, against a real server."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.access.roles import Role
from engine.services.books import open_books, open_ledger
from engine.services.sampling import sample
from tests.ledger.desk import at_home, law
from tests.rest.serving import new_key, serving

ROOT = Path(__file__).resolve().parents[2]
README, CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))


def snippet(text: str, language: str) -> str:
    """The one block of the language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", text, re.S)
    return str(found)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What a reader has set: where the service is, and a key."""
    home = tmp_path_factory.mktemp("quick") / "home"
    with at_home(home):
        sample(open_books(), law().vocabulary, 50)
        open_ledger()
        key = new_key(home, Role.INQUIRER)
        with serving(home) as server:
            yield {**os.environ, "MEMORANDA": server.url, "KEY": key, "PYTHONUTF8": "1"}


def _ran(command: list[str], environment: dict[str, str], folder: Path) -> str:
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("text", [README, CHINESE], ids=["en", "zh"])
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(environment: dict[str, str], tmp_path: Path, text: str) -> None:
    """A decision with its verdict; in the other language it is the key's second question, which is said."""
    said = json.loads(_ran(["bash", "-c", snippet(text, "bash")], environment, tmp_path))
    assert said.get("verdict") in ("eligible", "review") or said["code"] == "key-reused"


def test_python(environment: dict[str, str], tmp_path: Path) -> None:
    """Verdict, day and receipt."""
    said = _ran([sys.executable, "-c", snippet(README, "python")], environment, tmp_path)
    assert re.fullmatch(r"(eligible|conditional|review|ineligible) \S+ /v1/decisions/[0-9a-f-]{36}/receipt\n", said)


@pytest.mark.skipif(shutil.which("javac") is None, reason="no JDK is installed")
def test_java(environment: dict[str, str], tmp_path: Path) -> None:
    """The class as a single file, run from its source."""
    (tmp_path / "MayTakePart.java").write_text(snippet(README, "java"), encoding="utf-8")
    assert '"verdict":"' in _ran(["java", "MayTakePart.java"], environment, tmp_path)
