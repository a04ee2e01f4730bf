"""Libraries: layers of folders, one identity a pack, one revision, and every fault of every file."""

import hashlib
from pathlib import Path

import pytest

from engine.errors import Missing, RefusedPacks
from engine.packs.library import read_library, shipped
from tests.packs.conftest import HEAD, codes, measure, write_layer

PACK = HEAD + measure()
CASES = """\
- case: a defaulter
  cut_off: 2024-06-10T09:00+08:00
  entries: [{list: defaulters, ground: 3, listed: 2023-10-09}]
  inquiry: {scenario: procurement}
  expect: ineligible
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A library of one pack with a case, and a case for all packs."""
    packs = {"national/notice.yaml": PACK, "national/notice.cases.yaml": CASES, "cases/all.cases.yaml": CASES}
    return write_layer(tmp_path / "library", packs)


def test_a_library(root: Path) -> None:
    """Packs by identity, their cases beside them, cases for all of them apart."""
    library = read_library([root])
    assert library.faults == ()
    source = library.packs["notice"]
    assert (source.code, source.path) == ("notice", root / "national/notice.yaml")
    assert source.memorandum is not None
    assert source.memorandum.path == "national/notice.yaml"
    assert [case.pack for case in source.cases] == ["notice"]
    assert source.cases_tree is not None
    assert [case.pack for case in library.cases] == [""]


def test_the_rulebook(root: Path) -> None:
    """All packs, or one alone, under the same revision."""
    library = read_library([root])
    assert [one.id for one in library.rulebook().measures] == ["notice#一"]
    assert library.alone("notice").memoranda == library.rulebook().memoranda
    assert library.rulebook().revision == library.revision
    with pytest.raises(Missing):
        library.alone("none")


def test_a_faulty_library_gives_no_rulebook(root: Path) -> None:
    """Every fault of every file is in the refusal."""
    write_layer(root, {"local/b.yaml": PACK.replace("[procurement]", "[x]"), "local/c.yaml": "a: 1\na: 2\n"}, {})
    library = read_library([root])
    with pytest.raises(RefusedPacks) as caught:
        library.rulebook()
    assert {Path(fault.place.file).name for fault in caught.value.faults} == {"b.yaml", "c.yaml"}
    assert library.packs["b"].memorandum is None
    assert library.packs["notice"].memorandum is not None


def test_the_revision_is_what_a_stock_tool_computes(root: Path) -> None:
    """SHA-256 over the sorted lines of path and SHA-256; cases are no law."""
    paths = sorted(path for path in root.rglob("*.yaml") if ".cases." not in path.name)
    lines = [
        f"0/{path.relative_to(root).as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n" for path in paths
    ]
    library = read_library([root])
    assert library.revision == hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()
    assert set(library.files) == {f"0/{path.relative_to(root).as_posix()}" for path in paths}


def test_the_revision_moves_with_the_law_only(root: Path) -> None:
    """A case more mints no new law; a comment in a pack, or another name, does."""
    before = read_library([root]).revision
    (root / "national/notice.cases.yaml").write_text(CASES + CASES.replace("a defaulter", "another"))
    assert read_library([root]).revision == before
    (root / "national/notice.yaml").rename(root / "national/notices.yaml")
    (root / "national/notice.cases.yaml").unlink()
    moved = read_library([root]).revision
    assert moved != before
    (root / "national/notices.yaml").write_text("# seen\n" + PACK)
    assert read_library([root]).revision not in (before, moved)


def test_a_layer_over_it(root: Path, tmp_path: Path) -> None:
    """It adds packs and words; packs of the first layer do not change."""
    local = PACK.replace("jurisdiction: national", "jurisdiction: '420822'")
    places = {"jurisdictions": "'420822': {zh: 沙洋县, en: Shayang, parent: '420000'}\n"}
    over = write_layer(tmp_path / "over", {"420822-shayang/local.yaml": local}, places)
    library = read_library([root, over])
    assert library.faults == ()
    assert set(library.packs) == {"local", "notice"}
    assert {name for name in library.files if name.startswith("1/")} == {
        "1/420822-shayang/local.yaml",
        "1/vocabulary/jurisdictions.yaml",
    }
    assert library.revision != read_library([root]).revision


def test_a_single_pack_may_stand_for_a_layer(root: Path, tmp_path: Path) -> None:
    """So that one file can be checked against the library, with the cases beside it."""
    write_layer(tmp_path, {"draft.yaml": PACK, "draft.cases.yaml": CASES}, {})
    library = read_library([root, tmp_path / "draft.yaml"])
    assert library.faults == ()
    assert len(library.packs["draft"].cases) == 1


@pytest.mark.parametrize(
    ("packs", "code", "file"),
    [
        ({"other/notice.yaml": PACK}, "P220", "other/notice.yaml"),
        ({"national/Notice.yaml": PACK}, "P220", "national/Notice.yaml"),
        ({"national/通知.yaml": PACK}, "P220", "national/通知.yaml"),
        ({"national/none.cases.yaml": CASES}, "P523", "national/none.cases.yaml"),
        ({"vocabulary/list.yaml": "a: b\n"}, "P220", "vocabulary/list.yaml"),
        ({"cases/more.cases.yaml": "- case: a\n"}, "P122", "cases/more.cases.yaml"),
        ({"national/empty.yaml": ""}, "P105", "national/empty.yaml"),
    ],
)
def test_each_wrong_file(packs: dict[str, str], code: str, file: str, root: Path) -> None:
    """A name used twice, cases of nothing, a stray word file: each is told with its path."""
    library = read_library([write_layer(root, packs, {})])
    assert code in codes(library.faults)
    assert {fault.place.file for fault in library.faults} == {str(root / file)}


def test_what_is_no_pack_is_left_alone(root: Path) -> None:
    """Schemas, the demo, hidden folders and other files."""
    write_layer(root, {"schema/x.yaml": "a", "demo/x.yaml": "a", ".git/x.yaml": "a", "README.md": "a"}, {})
    assert read_library([root]).faults == ()


def test_folders_that_are_not_there(tmp_path: Path) -> None:
    """A missing folder and an empty one are said clearly."""
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(Missing) as caught:
            read_library([path])
        assert str(path) in caught.value.en
        assert caught.value.help_zh


def test_the_shipped_library_is_sound() -> None:
    """Every shipped pack, word and case can be read."""
    library = read_library([shipped()])
    assert [fault for fault in library.faults if fault.severity == "error"] == []
    assert library.packs
    assert list(library.packs) == sorted(library.packs)
