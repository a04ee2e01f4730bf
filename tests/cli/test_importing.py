"""`memoranda import` in this process: what the report says, and that every way in which a file is refused has words."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import importing
from api.cli.main import app, run
from engine.identity import synthetic_code
from engine.registry import importing as engine_importing
from tests.registry.disks import fill, small_disk

HEAD = "名称,统一社会信用代码,主体类别,案号,列入日期,公布日期,ground\n"
LIST = ("--list", "judgment-defaulters", "--lang", "en")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own."""
    monkeypatch.setenv("MEMORANDA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MEMORANDA_DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


def line(number: int, name: str, code: str = "", kind: str = "") -> str:
    """A row of the list."""
    return f"{name},{code},{kind},（2025）测执{number}号,2025-01-03,2025-01-10,3\n"


def imported(home: Path, *lines: str, words: tuple[str, ...] = ()) -> Result:
    """What importing these rows comes to."""
    path = home / "list.csv"
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    return CliRunner().invoke(app, ["import", str(path), *LIST, *words])


def test_whom_no_code_names_is_listed(home: Path) -> None:
    """With the row, how many may be meant, and no natural person's whole name."""
    firm = "钟祥甲乙建设有限公司"
    said = imported(
        home,
        line(1, firm, synthetic_code(1)),
        line(2, "钟祥市甲乙建设有限责任公司"),
        line(3, "诸葛建国", kind="自然人"),
    )
    assert said.exit_code == 0
    told = said.output.splitlines()
    at = told.index("by name only, for a person to compare:")
    assert told[at + 1 : at + 3] == [
        "  row 3  钟祥市甲乙建设有限责任公司  subjects of a like name: 1",
        "  row 4  诸＊  subjects of a like name: none",
    ]
    assert "诸葛" not in said.output
    many = imported(home, *(line(n, f"第{n}运输有限公司") for n in range(10, 40)), words=("--lang", "zh"))
    assert "  ……共 30 行" in many.output
    assert many.output.count("没有名称相近的主体") == 20


def test_a_file_without_such_rows_says_nothing_of_them(home: Path) -> None:
    """The figure tells it."""
    said = imported(home, line(1, "钟祥甲乙建设有限公司", synthetic_code(1)))
    assert "by name only 0" in said.output
    assert "compare" not in said.output


def test_a_snapshot_older_than_the_list_is_refused_in_words(home: Path) -> None:
    """It says what to look at."""
    one = line(1, "钟祥甲乙建设有限公司", synthetic_code(1))
    assert imported(home, one, words=("--data-time", "2025-06-10")).exit_code == 0
    said = imported(home, one, words=("--data-time", "2025-06-01", "--snapshot"))
    assert said.exit_code == 3
    assert "older than the data there is" in said.output


def test_every_refusal_has_words() -> None:
    """All that the engine may answer, in both languages."""
    source = Path(engine_importing.__file__).read_text(encoding="utf-8")
    named = re.search(r'refusal: str = ""  # ([a-z |-]+)', source)
    assert named
    assert {*named[1].split(" | ")} == {*importing._REFUSALS}
    for said in importing._REFUSALS.values():
        assert all(said(engine_importing.Report()))


def test_a_full_disk_is_said_to_be_full(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the exit code of a store that is not available; and with room again the file is taken."""
    with small_disk(3_000) as disk:
        if disk is None:
            pytest.skip("nothing may be mounted here; tests/registry/test_store.py fills a database otherwise")
        monkeypatch.setenv("MEMORANDA_HOME", str(disk / "home"))
        rows = [line(n, f"第{n}运输有限公司", synthetic_code(n)) for n in range(8_000)]
        assert imported(home, rows[0]).exit_code == 0
        filler = fill(disk)
        (home / "list.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
        monkeypatch.setattr("sys.argv", ["memoranda", "import", str(home / "list.csv"), *LIST])
        with pytest.raises(SystemExit) as ended:
            run()
        said = capsys.readouterr().err
        assert (ended.value.code, "the disk is full, nothing was written" in said) == (4, True), said
        assert "Traceback" not in said
        filler.unlink()
        assert "registry version 2" in imported(home, rows[1]).output
