"""The auditor's commands as they are typed, in a home of their own."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from api.cli import main
from engine.identity import synthetic_code
from tests.ledger.desk import at_home, furnish

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = str(ROOT / "pyproject.toml")


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A home with decisions, made once."""
    folder = tmp_path_factory.mktemp("furnished")
    return folder, furnish(folder)


@pytest.fixture
def home(furnished: tuple[Path, list[str]], tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(furnished[0], tmp_path / "home"))


def memoranda(home: Path, *words: str, lang: str = "en", code: int = 0) -> str:
    """What the command prints on both streams; it must end with `code`. Run in this process."""
    said, status = StringIO(), 0
    with at_home(home), pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(said):
        patch.setenv("MEMORANDA_LANG", lang)
        patch.setenv("COLUMNS", "120")
        patch.setattr(sys, "argv", ["memoranda", *words])
        try:
            main.run()
        except SystemExit as ended:
            status = int(ended.code or 0)
    assert status == code, said.getvalue()
    assert "fault of the program" not in said.getvalue()
    return said.getvalue()


def test_from_a_decision_to_a_receipt_that_an_outsider_checks(home: Path, tmp_path: Path) -> None:
    """Decided, recorded, receipt, keys, both verifiers, replay, log."""
    asked = ("--scenario", "procurement", "--at", "2026-11-20T09:00+08:00", "--in", "420881")
    said = memoranda(home, "decide", synthetic_code(2), *asked, "--json")
    number = said.split("decision ")[1].split()[0]
    receipt, keys = str(tmp_path / "r.json"), str(tmp_path / "keys.json")
    assert receipt in memoranda(home, "receipt", number, "-o", receipt)
    pinned = json.loads(memoranda(home, "log", "keys", "-o", keys))
    assert f"genuine  {number}" in memoranda(home, "verify", receipt, "--key", keys)
    (fingerprint,) = pinned
    assert "真实" in memoranda(home, "verify", receipt, "--key", fingerprint, lang="zh")
    outside = [sys.executable, "-I", str(ROOT / "verify_receipt.py"), receipt, "--key", keys]
    assert subprocess.run(outside, cwd=tmp_path, capture_output=True, env=dict(os.environ)).returncode == 0
    assert "same" in memoranda(home, "replay", number)
    assert "the log is sound" in memoranda(home, "log", "verify")
    text = Path(receipt).read_text(encoding="utf-8")
    Path(receipt).write_text(text.replace('"verdict":"', '"verdict":"in', 1), encoding="utf-8")
    assert "the decision is not the one" in memoranda(home, "verify", receipt, "--key", keys, code=1)
    assert "决定内容与信封不符" in memoranda(home, "verify", receipt, "--key", keys, lang="zh", code=1)


def test_a_dry_run_records_nothing(home: Path) -> None:
    """No number, no ledger made."""
    asked = ("--scenario", "procurement", "--at", "2026-11-20T09:00+08:00", "--in", "420881", "--dry-run")
    (home / "ledger.db").unlink()
    assert "decision 0" not in memoranda(home, "decide", synthetic_code(2), *asked)
    assert not (home / "ledger.db").exists()


def test_checkpoints_show_what_was_cut(home: Path, tmp_path: Path) -> None:
    """With one the cut is named; without one it is said what cannot be excluded."""
    head = str(tmp_path / "head.json")
    assert "26 leaves" in memoranda(home, "log", "checkpoint", head)
    assert "cannot be excluded" in memoranda(home, "log", "verify")
    assert "不能排除" in memoranda(home, "log", "verify", lang="zh")
    assert "cannot be excluded" not in memoranda(home, "log", "verify", "--checkpoint", head)
    import sqlite3

    with sqlite3.connect(home / "ledger.db") as connection:
        for deed in ("leaf WHERE number > 9", "node WHERE place << level > 9", "head WHERE size > 10"):
            connection.execute(f"DELETE FROM {deed}")
    connection.close()
    assert "it was cut" in memoranda(home, "log", "verify", "--checkpoint", head, code=1)
    assert "被截短" in memoranda(home, "log", "verify", "--checkpoint", head, lang="zh", code=1)


def test_a_promise_is_kept_or_named(home: Path, tmp_path: Path) -> None:
    """Taken with the answer, held against the log: kept; with the decision gone from the log, overdue."""
    promise = str(tmp_path / "promise.json")
    asked = ("--scenario", "procurement", "--at", "2026-11-20T09:00+08:00", "--in", "420881")
    memoranda(home, "decide", synthetic_code(2), *asked, "--promise", promise)
    assert "the promise was kept: leaf 26" in memoranda(home, "log", "verify", "--promise", promise)
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(home / "ledger.db")) as connection, connection:
        connection.execute("UPDATE leaf SET ticks = 1, recorded_at = '2020' WHERE number = 26")
    said = Path(promise).read_text()
    assert json.loads(said)["algorithm"] == "Ed25519"
    Path(promise).write_text(said.replace('"leaf":"', '"leaf":"0'))
    assert "not signed by a pinned key" in memoranda(home, "log", "verify", "--promise", promise, code=1)
    Path(promise).write_text(said)
    late = memoranda(home, "log", "verify", "--promise", promise, code=1)
    assert "overdue" in late or "not due before" in late
    memoranda(home, "decide", synthetic_code(2), *asked, "--promise", promise, "--dry-run", code=2)


def test_a_rotated_key_and_the_national_algorithms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger by SM3 from its first start, its key rotated to SM2; another hash later is refused in words."""
    home, asked = tmp_path / "home", ("--scenario", "procurement", "--at", "2026-11-20T09:00+08:00", "--in", "420881")
    monkeypatch.setenv("MEMORANDA_HASH", "sm3")
    memoranda(home, "sample", "--size", "30", "--day", "2026-11-20")
    first = memoranda(home, "decide", synthetic_code(2), *asked).split("decision ")[1].split()[0]
    monkeypatch.setenv("MEMORANDA_SIGNATURE", "SM2")
    assert "SM2  " in memoranda(home, "log", "rotate")
    second = memoranda(home, "decide", synthetic_code(3), *asked).split("decision ")[1].split()[0]
    keys, receipt = str(tmp_path / "keys.json"), str(tmp_path / "r.json")
    assert len(json.loads(memoranda(home, "log", "keys", "-o", keys))) == 2
    for number in (first, second):
        memoranda(home, "receipt", number, "-o", receipt)
        assert '"hash":"sm3"' in Path(receipt).read_text()
        assert "genuine" in memoranda(home, "verify", receipt, "--key", keys)
        outside = [sys.executable, "-I", str(ROOT / "verify_receipt.py"), receipt, "--key", keys]
        assert subprocess.run(outside, cwd=tmp_path, capture_output=True).returncode == 0
    assert "the log is sound" in memoranda(home, "log", "verify")
    assert "same" in memoranda(home, "replay", "--all")
    monkeypatch.setenv("MEMORANDA_HASH", "sha256")
    assert "founded on sm3" in memoranda(home, "log", "verify", code=4)
    monkeypatch.setenv("MEMORANDA_HASH", "sha3")
    assert "no hash is called sha3" in memoranda(home, "log", "verify", code=3)


def test_a_review_is_determined_by_a_person(home: Path, furnished: tuple[Path, list[str]], tmp_path: Path) -> None:
    """Listed with its age, determined, no longer listed; once, and only where there is something to decide."""
    waiting = memoranda(home, "reviews")
    assert "0 days" in waiting
    number = waiting.split()[0]
    how = ("--reasons", "同名异主体", "--document", "测认9号")
    said = memoranda(home, "determine", number, "--answer", "eligible", *how)
    assert number not in memoranda(home, "reviews")
    made = said.split()[-1]
    assert made in memoranda(home, "determine", number, "--answer", "ineligible", *how, code=3)
    memoranda(home, "determine", number, "--answer", "ineligible", *how, "--supersedes", made)
    receipt, keys = str(tmp_path / "r.json"), str(tmp_path / "keys.json")
    memoranda(home, "receipt", number, "-o", receipt)
    memoranda(home, "log", "keys", "-o", keys)
    shown = memoranda(home, "verify", receipt, "--key", keys)
    assert shown.index("the machine's verdict: review") < shown.index("determined by a person: eligible")
    assert shown.index("determined by a person: eligible") < shown.index("determined by a person: ineligible")
    assert "同名异主体" in shown
    memoranda(home, "receipt", number, "-o", receipt, "--closed")
    assert "同名异主体" not in memoranda(home, "verify", receipt, "--key", keys)
    memoranda(home, "receipt", made, "-o", receipt)
    assert "eligible" in memoranda(home, "verify", receipt, "--key", keys), "a determination's own receipt"
    for wrong in (("--answer", "review", *how), ("--answer", "eligible", "--reasons", " ", "--document", "x")):
        memoranda(home, "determine", number, *wrong, code=3)


def test_erasing_a_subject(home: Path, tmp_path: Path) -> None:
    """In how many decisions it was; then replay says erased; a second time it is not there."""
    said = memoranda(home, "erase", synthetic_code(2), "--reason", "依申请")
    assert "erased from" in said
    assert "erased-input" in memoranda(home, "replay", "--all")
    assert "does not name this subject" in memoranda(home, "erase", synthetic_code(2), "--reason", "依申请", code=3)
    memoranda(home, "erase", synthetic_code(3), "--reason", " ", code=3)
    assert "the log is sound" in memoranda(home, "log", "verify")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("receipt", "0" * 36, "-o", "OUT"), 3),
        (("receipt", "ID", "-o", "/nowhere/at/all.json"), 3),
        (("verify", "none.json", "--key", "none"), 3),
        (("verify", "KEYFILE", "--key", "KEYFILE"), 1),
        (("verify", "KEYFILE", "--key", PYPROJECT), 3),
        (("verify", "KEYFILE", "--key", "0" * 32), 3),
        (("replay",), 2),
        (("replay", "ID", "--all"), 2),
        (("replay", "zzzz"), 3),
        (("replay", "--all", "--against", "/nowhere"), 3),
        (("replay", "--all", "-o", "/nowhere/at/all.json"), 3),
        (("revisit", "--since", "-1"), 2),
        (("determine", "zz", "--answer", "eligible", "--reasons", "x", "--document", "y"), 3),
        (("log", "verify", "--checkpoint", PYPROJECT), 3),
        (("log", "verify", "--checkpoint", "/nowhere"), 3),
        (("log", "verify", "--promise", PYPROJECT), 3),
        (("log", "verify", "--promise", "/nowhere"), 3),
        (("log", "checkpoint", "/nowhere/at/all.json"), 3),
        (("log", "keys", "-o", "/nowhere/at/all.json"), 3),
    ],
)
def test_bad_input_is_refused_in_words(
    home: Path, furnished: tuple[Path, list[str]], tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    """Wrong usage 2, what is not there or cannot be read 3; never a traceback."""
    (tmp_path / "keys.json").write_text("{}")
    said = {"ID": furnished[1][0], "OUT": str(tmp_path / "out"), "KEYFILE": str(tmp_path / "keys.json")}
    assert memoranda(home, *(said.get(word, word) for word in words), code=code).strip()


def test_a_key_that_others_may_read_is_refused(home: Path) -> None:
    """Exit code 4, with the command that mends it; nothing is answered without a record."""
    (home / "keys" / "ledger.key").chmod(0o644)
    asked = ("--scenario", "procurement", "--at", "2026-11-20T09:00+08:00", "--in", "420881")
    said = memoranda(home, "decide", synthetic_code(2), *asked, code=4)
    assert "chmod 600" in said
    assert "verdict" not in said


def test_an_empty_ledger(tmp_path: Path) -> None:
    """Sound, and without a head to write."""
    assert "the log is sound" in memoranda(tmp_path / "new", "log", "verify")
    assert "still empty" in memoranda(tmp_path / "new", "log", "checkpoint", str(tmp_path / "head"), code=3)
    assert "0 wait" in memoranda(tmp_path / "new", "reviews")
    memoranda(tmp_path / "new", "replay", "--all")
