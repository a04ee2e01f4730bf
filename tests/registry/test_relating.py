"""Relations and names as a registrar brings them: whole or not at all, and found by the decision that needs them."""

from pathlib import Path

import pytest

from engine.errors import Missing, RefusedInput
from engine.identity import synthetic_code
from engine.inquiry import Relation
from engine.registry.chain import latest
from engine.registry.reading import register_of
from engine.registry.sources import cadences_at
from engine.services.books import open_books
from engine.services.relating import agree_cadence, import_relations, name_subject
from engine.vocabulary import Span
from tests.registry.filing import vocabulary

NEAR, FAR = synthetic_code(1), synthetic_code(2)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own."""
    monkeypatch.setenv("MEMORANDA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MEMORANDA_DATABASE_URL", raising=False)
    return tmp_path


def written(folder: Path, text: str) -> Path:
    """A file of relations."""
    path = folder / "relations.csv"
    path.write_text(text, encoding="utf-8")
    return path


def ties_of(subject: str) -> tuple[Relation, ...]:
    """The subject's relations as a decision reads them now."""
    with open_books().registry.reading() as connection:
        return register_of(connection, [subject], latest(connection).number, vocabulary()).relations


@pytest.mark.parametrize("head", ["kind,near,far,since", "关系,分支或任职方代码,主体代码,起始日期"])
def test_relations_are_read_in_either_language(home: Path, head: str) -> None:
    """And their kind has arrived, so nobody is told that it is unknown."""
    count, version = import_relations(written(home, f"{head}\nbranch-of,{NEAR},{FAR},2020-01-01\n"), "me")
    assert (count, version.number) == (1, 1)
    (tie,) = ties_of(FAR)
    assert (tie.kind, tie.near, tie.far) == ("branch-of", NEAR, FAR)
    assert isinstance(tie.span, Span)
    assert str(tie.span.since) == "2020-01-01"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"brnch-of,{NEAR},{FAR},", "R652"),
        (f"branch-of,{NEAR},91990000000000000X,", "R651"),
        (f"branch-of,{NEAR},{FAR},2020-02-30", "R652"),
    ],
)
def test_one_wrong_row_and_nothing_is_taken(home: Path, row: str, code: str) -> None:
    """Every fault is named with its row."""
    with pytest.raises(RefusedInput) as refused:
        import_relations(written(home, f"kind,near,far,since\nbranch-of,{NEAR},{FAR},\n{row}\n"), "me")
    assert [(fault.code, fault.place.line) for fault in refused.value.faults] == [(code, 3)]
    assert ties_of(FAR) == ()


def test_a_file_without_the_columns_or_rows_is_refused(home: Path) -> None:
    """By name."""
    for text, code in (("kind,near\nbranch-of,x\n", "R654"), ("kind,near,far\n", "R653")):
        with pytest.raises(RefusedInput) as refused:
            import_relations(written(home, text), "me")
        assert refused.value.faults[0].code == code


def test_an_old_code_leads_to_the_subject(home: Path) -> None:
    """What is known under the old code is found by the new one."""
    import_relations(written(home, f"kind,near,far\nbranch-of,{NEAR},{synthetic_code(3)}\n"), "me")
    name_subject(FAR, "合成样本（测试）有限公司", synthetic_code(3), "2020-01-01", "me")
    (tie,) = ties_of(FAR)
    assert (tie.near, tie.far) == (NEAR, FAR)


def test_a_cadence_agreed_anew_takes_the_place_of_the_old(home: Path) -> None:
    """And a list that should have come again is said to be late; what was agreed earlier can still be asked."""
    agree_cadence("judgment-defaulters", 7, "me")
    agree_cadence("judgment-defaulters", 1, "me")
    with open_books().registry.reading() as connection:
        assert [cadences_at(connection, version) for version in (0, 1, 2)] == [
            {},
            {"judgment-defaulters": 7},
            {"judgment-defaulters": 1},
        ]
    with pytest.raises(Missing, match="there is no list"):
        agree_cadence("judgement-defaulters", 1, "me")
