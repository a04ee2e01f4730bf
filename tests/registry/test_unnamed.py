"""Entries by name alone, as a report shows them: the first few, with how many subjects each may mean."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import Unavailable
from engine.registry import importing, unnamed
from engine.registry.names import LIKE, likeness
from engine.registry.store import Store
from engine.registry.ties import Named, record_subjects
from tests.builders import A, B, C, D
from tests.registry.arriving import bring, head, known, newest, row

NAME = "钟祥甲乙建设有限公司"


def shown(store: Store, *names: str, **said: str) -> list[tuple[str, int]]:
    """What a report shows of rows with these names and nothing else."""
    return [(one.name, one.possible) for one in bring(store, [row("", name=name, **said) for name in names]).unnamed]


def test_every_subject_of_a_like_name_is_counted_once(store: Store) -> None:
    """By a registered name or by one printed with an entry, however often; whoever else has the name by name alone, or
    has another name, is not counted."""
    assert shown(store, "——（）", "甲") == [("—＊", 0), ("甲＊", 0)]
    record_subjects(store, [Named(A, NAME), Named(A, "钟祥市甲乙建设有限责任公司")], head("subject"))
    bring(store, [row(A, name=NAME), row(B, name="湖北钟祥甲乙建设有限公司"), row("", name=NAME)], "red")
    bring(store, [row(C, name="钟祥丙丁建设有限公司"), row(D, "2号")], "red")
    assert shown(store, "鍾祥甲乙建設有限公司", "丙丁食品有限公司") == [
        ("鍾祥甲乙建設有限公司", 2),
        ("丙丁食品有限公司", 0),
    ]


def test_a_name_that_a_subject_no_longer_has_is_not_counted(store: Store) -> None:
    """Its entry was corrected; what the same file says of others is counted."""
    bring(store, [row(A, name=NAME)])
    bring(store, [row(A, name="戊己运输有限公司")])
    assert shown(store, NAME) == [(NAME, 0)]
    report = bring(store, [row(B, name=NAME), row("", "2号", name=NAME)])
    assert [one.possible for one in report.unnamed] == [1]


def test_a_part_of_a_name_means_all_that_hold_it(store: Store) -> None:
    """However it is written; else those that are like it; never by what a subject is no longer called, nor by signs."""
    record_subjects(
        store, [Named(A, NAME), Named(B, "钟祥甲乙建设集团有限公司"), Named(C, "100%棉纺有限公司")], head("subject")
    )
    bring(store, [row(D, name="戊己运输有限公司")])
    bring(store, [row(D, name="荆门庚辛运输有限公司")])

    def meant(said: str) -> set[str]:
        with store.reading() as connection:
            return unnamed.meant(connection, said, newest(store))

    assert meant("钟祥甲乙") == meant("鍾祥 甲乙") == {A, B}
    assert meant(NAME) == {A, B}
    assert meant("祥甲乙建设") == {A, B}
    assert meant("荆门庚运输有限公司") == {D}
    assert meant("甲乙") == set()
    assert meant("戊己运输") == set()
    assert meant("庚辛运输") == {D}
    assert meant("100%棉") == {C}
    assert meant("%%%%%%") == meant("____'") == set()


def test_the_first_are_shown_and_all_counted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the file's order, by the row they stand in, through all chunks; brought again unchanged, none."""
    monkeypatch.setattr(importing, "CHUNK", 7)
    rows = [row("", f"{n}号", line=n + 2, name=NAME) if n % 2 else row(A, f"{n}号", line=n + 2) for n in range(60)]
    report = bring(store, rows)
    assert (report.by_name, len(report.unnamed)) == (30, unnamed.SHOWN)
    assert [one.row for one in report.unnamed] == list(range(3, 43, 2))
    again = bring(store, rows)
    assert (again.by_name, again.unnamed) == (0, ())


def test_a_trial_shows_them_too(store: Store) -> None:
    """Compared with what there is, for of the file itself nothing stays."""
    bring(store, [row(A, name=NAME)])
    trial = bring(store, [row("", name=NAME), row(B, "2号", name=NAME)], dry_run=True)
    assert (newest(store), trial.version) == (1, 0)
    assert [(one.row, one.possible) for one in trial.unnamed] == [(2, 1)]


def test_what_is_written_stands_where_nobody_can_be_compared(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database goes away just after: the import is told as what it is, only shorter."""

    def away(*given: object) -> object:
        raise Unavailable("数据库不可用", "gone", "", "")

    monkeypatch.setattr(unnamed, "possible_subjects", away)
    report = bring(store, [row("", name=NAME)])
    assert (report.version, report.by_name, report.unnamed) == (1, 1, ())


@pytest.mark.parametrize(
    ("name", "kind", "as_shown"),
    [
        ("张三", "natural-person", "张＊"),
        ("阿卜杜拉·买买提", "natural-person", "阿＊"),
        ("欧阳 建国", "", "欧＊"),
        ("大发商店", "individual-business", "大发商店"),
        (NAME, "", NAME),
    ],
)
def test_a_natural_persons_name_is_masked(store: Store, name: str, kind: str, as_shown: str) -> None:
    """Also where nobody says that it is one, and it is no longer than such names are."""
    assert shown(store, name, kind=kind) == [(as_shown, 0)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.lists(st.sampled_from("甲乙丙丁戊己运输建设食品"), min_size=3, max_size=10).map("".join),
    at=st.integers(0, 12),
    more=st.sampled_from(["", "庚", "（钟祥）", "市"]),
    front=st.sampled_from(["", "湖北", "湖北省"]),
    form=st.sampled_from(["有限公司", "有限责任公司", "股份有限公司", "商店"]),
)
def test_whom_a_decision_would_find_is_counted(name: str, at: int, more: str, front: str, form: str) -> None:
    """A name with something more in one place, another form or a province: by parts it is near if it is alike."""
    one = f"{name}有限公司"
    other = front + (name[:at] + more + name[at:]) + form
    if likeness(one, other) >= LIKE:
        assert any(part in other for part in unnamed._halves(one)), (one, other)


def test_nobody_is_asked_about_no_names(store: Store) -> None:
    """An import that names all its subjects by their codes reads nothing more."""
    report = bring(store, [row(A)])
    assert (report.by_name, report.unnamed) == (0, ())
    assert known(store, A).candidates == ()
