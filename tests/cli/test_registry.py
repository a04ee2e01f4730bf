"""The registrar's commands as a user types them, on a home folder of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from api.cli.main import run
from engine.identity import synthetic_code
from engine.packs.library import Library, read_library
from engine.registry.store import Store
from engine.services import rulebooks
from engine.services.books import URL
from tests.postgres import Cluster, cluster

ROOT = Path(__file__).resolve().parents[2]
ONE, TWO = synthetic_code(1), synthetic_code(2)
HEAD = "名称,统一社会信用代码,案号,列入日期,公布日期,ground\n"
GOOD = f"合成甲（测试）有限公司,{ONE},（2025）测执1号,2025-01-03,2025/1/10,3\n"
# A citizen's number that nobody has: the standard's own example.
PERSON = "11010519491231002X"


@cache
def _read(layers: tuple[Path, ...], with_cases: bool) -> Library:
    return read_library(layers, with_cases=with_cases)


def _library(layers: Sequence[Path], with_cases: bool = True) -> Library:
    return _read(tuple(layers), with_cases)


class Desk:
    """A home folder, and the command line in it."""

    def __init__(self, folder: Path, apart: bool = False, database: str = "") -> None:
        self.folder, self.apart, self.database = folder, apart, database
        self.home = folder / "home"
        if database:
            self.says("db", "upgrade")

    def says(self, *words: str, code: int = 0, lang: str = "en", typed: str = "") -> str:
        """What the command prints on both streams; never a traceback."""
        said, found = (self._apart if self.apart else self._here)(words, self._environment(lang), typed)
        assert "Traceback" not in said, said
        assert found == code, said
        return said

    def _environment(self, lang: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"], "NO_COLOR": "1", "COLUMNS": "120", "PYTHONUTF8": "1",
            "MEMORANDA_HOME": str(self.home), "MEMORANDA_LANG": lang,
            **({URL: self.database} if self.database else {}),
        }  # fmt: skip

    def _apart(self, words: tuple[str, ...], environment: dict[str, str], typed: str) -> tuple[str, int]:
        """In a process of its own, as a user has it."""
        done = subprocess.run(
            [sys.executable, "-m", "api.cli.main", *words],
            cwd=ROOT, env=environment, capture_output=True, text=True, input=typed,
        )  # fmt: skip
        return done.stdout + done.stderr, done.returncode

    def _here(self, words: tuple[str, ...], environment: dict[str, str], typed: str) -> tuple[str, int]:
        """In this process, the shipped packs read once for all tests: a process of its own takes seconds."""
        out, err, opened = StringIO(), StringIO(), list[Store]()
        begin = Store.__init__

        def noting(self: Store, *where: Any, **how: Any) -> None:
            begin(self, *where, **how)
            opened.append(self)

        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err), ExitStack() as ends:
            patch.setattr(Store, "__init__", noting)
            ends.callback(lambda: [store.close() for store in opened])  # a process that ends lets go by itself
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.setattr(rulebooks, "read_library", _library)
            patch.setattr(sys, "argv", ["memoranda", *words])
            patch.setattr(sys, "stdin", StringIO(typed))
            try:
                run()
            except SystemExit as end:
                return out.getvalue() + err.getvalue(), int(end.code or 0)
        return out.getvalue() + err.getvalue(), 0

    def file(self, text: str, name: str = "list.csv", encoding: str = "utf-8") -> str:
        """A file of this desk."""
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return str(path)

    def number(self, code: str) -> str:
        """The number of the subject's first entry."""
        return self.says("subject", code).splitlines()[1].split()[0]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One server for all tests."""
    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    """An empty registry, in a file of the home folder or on a server."""
    if request.param == "sqlite":
        return Desk(tmp_path)
    server: Cluster = request.getfixturevalue("postgres")
    return Desk(tmp_path, database=server.database())


def asked(desk: Desk, code: str = ONE, *more: str) -> str:
    """The first line of the answer, not recorded."""
    words = ("decide", code, "--scenario", "procurement", "--in", "420881", "--dry-run", *more)
    return desk.says(*words).splitlines()[0]


def test_a_list_arrives_is_asked_corrected_and_remembered(tmp_path: Path) -> None:
    """Import, decide, repair, decide again, and the answer as it was known before."""
    desk = Desk(tmp_path, apart=True)
    said = desk.says("import", desk.file(HEAD + GOOD, encoding="gb18030"), "--list", "judgment-defaulters")
    assert "new 1, changed 0" in said
    assert "registry version 1" in said
    assert asked(desk) == "verdict: may not take part"
    number = desk.number(ONE)
    desk.says("entry", "repair", number[:8], "--on", "2025-06-01", "--document", "测修1号")
    assert asked(desk) == "verdict: a person must review"  # the other lists never arrived
    known = ("as-known", "1", ONE, "--scenario", "procurement", "--in", "420881")
    assert desk.says(*known).startswith("verdict: may not take part")
    timeline = desk.says("subject", ONE, lang="zh")
    assert "合成甲（测试）有限公司" in timeline
    assert "2025-06-01  信用修复" in timeline
    assert desk.says("lists").splitlines()[0].startswith("known  judgment-defaulters")
    assert "the chain is sound" in desk.says("db", "verify")


def test_one_wrong_row_and_nothing_is_taken_unless_asked(desk: Desk) -> None:
    """Exit 3 and every fault named; `--partial` keeps the good rows and writes the others with their reason."""
    wrong = f"合成乙（测试）有限公司,{TWO[:-1]}{'0' if TWO[-1] != '0' else '1'},（2025）测执2号,2025-01-03,,3\n"
    file = desk.file(HEAD + GOOD + wrong)
    said = desk.says("import", file, "--list", "judgment-defaulters", code=3)
    assert "row 3 code" in said
    assert "nothing was taken" in said
    assert "the registry has no entry" in desk.says("subject", ONE)
    assert "new 1, changed 0, ended 0, unchanged 0, refused 1" in desk.says(
        "import", file, "--list", "judgment-defaulters", "--partial"
    )
    assert "R517" in Path(file + ".refused.csv").read_text(encoding="utf-8-sig")


def test_a_snapshot_that_would_end_too_much_is_refused(desk: Desk) -> None:
    """Until the number is accepted; a trial writes nothing."""
    rows = [GOOD.replace(ONE, synthetic_code(n)).replace("1号", f"{n}号") for n in range(1, 5)]
    desk.says("import", desk.file(HEAD + "".join(rows)), "--list", "judgment-defaulters", "--snapshot")
    fewer = desk.file(HEAD + "".join(rows[:2]), "fewer.csv")
    again = ("import", fewer, "--list", "judgment-defaulters", "--snapshot")
    assert "2 of 4 entries would end" in desk.says(*again, code=3)
    assert "nothing was written" in desk.says(*again, "--accept-endings", "2", "--dry-run")
    assert "ended 2" in desk.says(*again, "--accept-endings", "2")


def test_a_citizens_number_is_nowhere(desk: Desk) -> None:
    """Not in the database, nor beside it, nor in anything that is said; the same person is found again."""
    row = f"张测试,{PERSON},（2025）测执9号,2025-01-03,2025-01-10,3\n"
    file = desk.file(HEAD + row)
    said = desk.says("import", file, "--list", "judgment-defaulters")
    said += desk.says("import", file, "--list", "judgment-defaulters")
    assert "unchanged 1" in said
    bidder = ("--scenario", "bidding", "--role", "bidder", "--dry-run", "--fact", "mandatory_tender=yes")
    answer = desk.says("decide", "-", *bidder, typed=PERSON + "\n")
    assert "listed 2025-01-03" in answer
    said += answer + desk.says("subject", "-", typed=PERSON.lower())
    assert "张＊" in said
    said += desk.says("subject", "-", typed=PERSON[:-1] + "1", code=3)
    said += desk.says("subject", PERSON, code=3)
    said += desk.says("decide", PERSON, "--scenario", "procurement", code=3)
    assert PERSON not in said
    kept = [path for path in desk.home.rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if PERSON.encode() in path.read_bytes()]
    assert not [path for path in kept if "张测试".encode() in path.read_bytes()]


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (("import", "nowhere.csv", "--list", "judgment-defaulters"), 3, "nowhere.csv"),
        (("import", "{list}", "--list", "judgement-defaulters"), 3, "judgment-defaulters"),
        (("import", "{list}", "--list", "judgment-defaulters", "--data-time", "soon"), 3, "2024-06-10"),
        (("subject", "nobody"), 3, "the code"),
        (("entry", "repair", "0123456789", "--on", "2025-01-01", "--document", "x"), 3, "no such entry"),
        (("entry", "mend", "x", "--on", "2025-01-01", "--document", "x"), 2, "mend"),
        (("as-known", "99", ONE, "--scenario", "procurement"), 3, "no version 99"),
        (("as-known", "soon", ONE, "--scenario", "procurement"), 3, "neither a version nor a time"),
        (("db", "restore", "nowhere"), 3, "nowhere"),
        (("relations", "{list}"), 3, "columns are missing"),
        (("source", "judgement-defaulters", "--cadence", "1"), 3, "judgment-defaulters"),
    ],
)
def test_what_is_wrong_is_said(desk: Desk, words: tuple[str, ...], code: int, expected: str) -> None:
    """What, and how to mend it; no file is left behind."""
    file = desk.file(HEAD + GOOD)
    said = desk.says(*(word.replace("{list}", file) for word in words), code=code)
    assert expected in said


def test_what_has_happened_cannot_happen_again(desk: Desk) -> None:
    """No repair twice, no resumption without a suspension, nothing that lies ahead."""
    desk.says("import", desk.file(HEAD + GOOD), "--list", "judgment-defaulters")
    number = desk.number(ONE)
    at = ("--on", "2025-06-01", "--document", "x")
    assert "no open suspension" in desk.says("entry", "resume", number, *at, code=3)
    desk.says("entry", "repair", number, *at)
    assert "already repaired" in desk.says("entry", "repair", number, *at, code=3)
    assert "lies ahead" in desk.says("entry", "object", number, "--on", "2199-01-01", "--document", "x", code=3)
    assert "must be named" in desk.says("entry", "object", number, "--on", "2025-07-01", "--document", " ", code=3)


def test_what_is_due_is_listed_until_it_is_done(desk: Desk) -> None:
    """An objection and an application for repair, each with its last day and its rule."""
    desk.says("import", desk.file(HEAD + GOOD), "--list", "judgment-defaulters")
    number = desk.number(ONE)
    desk.says("entry", "object", number, "--on", "2025-06-03", "--document", "x")
    said = desk.says("due", "--in", "410000")
    assert number in said
    assert "overdue" in said.splitlines()[-1]
    desk.says("entry", "settle", number, "--on", "2025-06-05", "--document", "x")
    assert desk.says("due", "--in", "410000").splitlines()[-1] == "0 open, 0 overdue"


def test_a_backup_is_all_books(desk: Desk, tmp_path: Path) -> None:
    """Into empty ones only, and never over anything; what was decided replays there."""
    desk.says("import", desk.file(HEAD + GOOD), "--list", "judgment-defaulters")
    desk.says("decide", ONE, "--scenario", "procurement", "--in", "420881")
    backup = str(tmp_path / "backup")
    assert "registry version 1, 1 leaves" in desk.says("db", "backup", backup)
    assert "holds something" in desk.says("db", "backup", backup, code=3)
    assert "not empty" in desk.says("db", "restore", backup, code=3)
    other = Desk(tmp_path / "other")
    other.folder.mkdir()
    shutil.copytree(desk.home / "keys", other.home / "keys")
    assert "registry version 1, 1 leaves" in other.says("db", "restore", backup)
    assert "1  same" in other.says("replay", "--all")
    assert asked(other) == "verdict: may not take part"
