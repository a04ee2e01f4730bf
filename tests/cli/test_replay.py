"""`replay` and `revisit` as they are typed: tables for people, files and JSON for machines."""

import json
import shutil
from pathlib import Path

import pytest

from engine.packs.library import shipped
from engine.registry.chain import latest
from engine.registry.reading import rows_seen
from engine.services.books import open_books
from engine.services.registering import happened, record
from tests.cli.test_ledger import memoranda
from tests.ledger.desk import at_home, furnish


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A home with decisions."""
    folder = tmp_path_factory.mktemp("replayed")
    return folder, furnish(folder)


def test_against_another_rulebook(furnished: tuple[Path, list[str]], tmp_path: Path) -> None:
    """Verdict to verdict, and the same file of differences each time."""
    home, ids = furnished
    folder = tmp_path / "memoranda"
    shutil.copytree(shipped(), folder)
    for path in folder.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if "effect: bar" in text and "cases" not in path.parts:
            path.write_text(text.replace("effect: bar", "effect: inform"), encoding="utf-8")
    files = [tmp_path / "one.json", tmp_path / "other.json"]
    for file in files:
        said = memoranda(home, "replay", "--all", "--against", str(folder), "-o", str(file), code=1)
    rows = {line.split()[0]: line.split()[1:] for line in said.splitlines()[1:] if line and not line.startswith("0")}
    assert rows["ineligible"][0] == "0", "nobody is refused any more"
    assert files[0].read_bytes() == files[1].read_bytes()
    found = json.loads(files[0].read_text(encoding="utf-8"))
    assert {one["id"] for one in found} <= {*ids}
    assert all(one["outcome"] == "different" and one["differs"] for one in found)
    assert sum(map(int, rows["different"])) == len(found)


def test_revisit_for_people_and_machines(furnished: tuple[Path, list[str]], tmp_path: Path) -> None:
    """Each difference with the event that caused it, in words and as JSON."""
    home = shutil.copytree(furnished[0], tmp_path / "home")
    assert json.loads(memoranda(home, "revisit", "--since", "0", "--json")) == []
    with at_home(home):
        books = open_books()
        with books.registry.reading() as connection:
            version = latest(connection).number
            entries = [row.number for row in rows_seen(connection, "entry", "t.number", version, "1 = 1")]
            gone = {row.entry for row in rows_seen(connection, "event", "t.entry", version, "1 = 1")}
        for number in entries:
            if number not in gone:
                record(books, happened(number, "annul", "2026-11-01", "测撤1号", "撤销"), "tests")
    found = json.loads(memoranda(home, "revisit", "--since", str(version), "--json", code=1))
    assert found
    for one in found:
        assert one["then"] != one["now"]
        assert {(cause["what"], cause["kind"], cause["document"]) for cause in one["causes"]} == {
            ("event", "annulled", "测撤1号")
        }
    said = memoranda(home, "revisit", "--since", str(version), "--lang", "en", code=1)
    assert f"{len(found)} decisions would now differ" in said
    assert "event annulled" in said
    assert "测撤1号" in said


def test_a_day_that_is_none(furnished: tuple[Path, list[str]]) -> None:
    """It is refused and said how to write one."""
    memoranda(furnished[0], "replay", "--since", "yesterday", code=3)
