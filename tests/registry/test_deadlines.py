"""Deadlines: the nearest place's rule of the day, counted with the calendar, and said where it cannot be."""

from datetime import date

import pytest

from engine.errors import Missing
from engine.handling import Unit
from engine.packs.lexicon import read_vocabulary
from engine.packs.library import shipped
from engine.packs.source import read_tree
from engine.registry.deadlines import Deadline, Deadlines
from engine.vocabulary import NATIONAL

SHANGHAI, ZHENGZHOU, SHENZHEN, ZHEJIANG, SHANDONG, ZHONGXIANG = (
    "310000", "410100", "440300", "330000", "370000", "420881",
)  # fmt: skip


@pytest.fixture(scope="module")
def deadlines() -> Deadlines:
    """Those of the shipped vocabulary."""
    trees = {path.stem: read_tree(path) for path in sorted((shipped() / "vocabulary").glob("*.yaml"))}
    found, faults = read_vocabulary([trees])
    assert faults == []
    return Deadlines.of(found)


def asked(deadlines: Deadlines, what: str, place: str | None, on: str, list_code: str = "") -> Deadline | None:
    """The deadline of `procedure step`."""
    procedure, step = what.split()
    return deadlines.deadline(procedure, step, place, date.fromisoformat(on), list_code)


@pytest.mark.parametrize(
    ("what", "place", "on", "due"),
    [
        # Zhongxiang 2018: accept the same day, review in 3 working days; until the national rules cover it.
        ("repair accept", ZHONGXIANG, "2018-05-07", ""),
        ("repair accept", ZHONGXIANG, "2018-05-08", "2018-05-08"),
        ("repair accept", ZHONGXIANG, "2018-06-17", "2018-06-17"),
        ("repair review", ZHONGXIANG, "2018-06-15", "2018-06-21"),
        ("repair review", ZHONGXIANG, "2018-09-28", "2018-10-08"),
        ("repair accept", ZHONGXIANG, "2023-04-30", "2023-04-30"),
        ("repair accept", ZHONGXIANG, "2023-05-01", ""),
        ("repair accept", "420800", "2018-06-15", ""),
        # The national regimes by date.
        ("repair answer", NATIONAL, "2025-06-21", ""),
        ("repair answer", NATIONAL, "2025-06-22", "2025-07-04"),
        ("repair accept", NATIONAL, "2025-06-21", ""),
        ("repair accept", NATIONAL, "2025-06-23", "2025-06-26"),
        ("repair accept", ZHONGXIANG, "2026-11-20", "2026-11-25"),
        ("repair accept", None, "2026-11-20", "2026-11-25"),
        ("repair accept", "999999", "2026-11-20", "2026-11-25"),
        ("repair share", NATIONAL, "2023-04-28", ""),
        ("repair share", NATIONAL, "2026-03-31", "2026-04-03"),
        ("repair share", NATIONAL, "2026-04-01", ""),
        # Objections.
        ("objection mark", SHANGHAI, "2026-11-20", "2026-11-23"),
        ("objection decide", SHANGHAI, "2026-11-20", "2026-11-27"),
        ("objection forward", SHANGHAI, "2026-11-20", "2026-11-24"),
        ("objection provider-decide", SHANGHAI, "2026-11-20", "2026-11-27"),
        ("objection mark", ZHENGZHOU, "2026-11-20", "2026-11-20"),
        ("objection decide", ZHENGZHOU, "2026-11-20", "2026-11-25"),
        ("objection decide-checked", ZHENGZHOU, "2026-11-20", "2026-12-01"),
        ("objection provider-decide", ZHENGZHOU, "2026-11-20", "2026-11-25"),
        ("objection decide", ZHENGZHOU, "2020-04-30", ""),
        ("objection mark", SHENZHEN, "2026-11-20", "2026-11-20"),
        ("objection check", SHENZHEN, "2026-11-20", "2026-11-23"),
        ("objection provider-decide", SHENZHEN, "2026-11-20", "2026-11-24"),
        ("objection decide", ZHEJIANG, "2026-11-20", "2026-11-27"),
        ("objection decide", SHANDONG, "2026-11-20", "2026-11-25"),
        ("objection decide", ZHONGXIANG, "2026-11-20", ""),
        ("objection decide", NATIONAL, "2026-11-20", ""),
        # A city inside a province, and local before national.
        ("repair accept", SHENZHEN, "2026-11-20", "2026-11-20"),
        ("repair carry-out", ZHENGZHOU, "2023-04-28", "2023-05-04"),
        ("publication publish", ZHENGZHOU, "2020-12-31", "2021-01-12"),
        ("publication publish", ZHENGZHOU, "2021-01-01", ""),
        ("publication publish", ZHONGXIANG, "2018-06-15", "2018-06-27"),
        ("reporting report-up", ZHONGXIANG, "2018-06-15", "2018-06-19"),
        ("reporting report-platform", ZHONGXIANG, "2018-06-15", "2018-06-19"),
        ("annulment delete", ZHENGZHOU, "2026-11-20", "2026-11-23"),
    ],
)
def test_when_a_step_is_due(deadlines: Deadlines, what: str, place: str | None, on: str, due: str) -> None:
    """First and last days of the rules, weekends and holidays between; nothing where no source gives a time."""
    found = asked(deadlines, what, place, on)
    assert (found.due.isoformat() if found and found.due else "") == due
    assert found is None or (found.unknown is None and found.since.isoformat() == on)


@pytest.mark.parametrize(
    ("what", "list_code", "on", "code"),
    [
        ("repair review", "", "2026-11-20", "r3-review"),
        ("repair review", "serious-illegal-enterprises", "2025-12-24", "r2m-review"),
        ("repair review", "serious-illegal-enterprises", "2025-12-25", "r3m-review"),
        ("repair review", "tax-violators", "2026-11-20", "tax-early-end"),
        ("repair review", "wage-defaulters", "2026-11-20", "wage-early-removal"),
        ("repair review", "environment-violators", "2026-11-20", "r3-review"),
        ("repair answer", "administrative-penalties", "2024-01-02", "r2-answer"),
        ("repair answer", "administrative-penalties", "2026-04-01", "r3-answer"),
        ("repair answer", "environment-violators", "2024-01-02", ""),
        ("repair carry-out", "judgment-defaulters", "2026-11-20", "court-deletion"),
        ("objection decide", "judgment-defaulters", "2026-11-20", "court-objection-decide"),
        ("annulment withdraw", "administrative-penalties", "2026-11-20", "penalty-annulment"),
        ("annulment withdraw", "administrative-penalties", "2021-07-14", ""),
    ],
)
def test_a_narrower_rule_goes_first(deadlines: Deadlines, what: str, list_code: str, on: str, code: str) -> None:
    """A list's own, then its keeper's, then the general one, as with the ways back."""
    found = asked(deadlines, what, NATIONAL, on, list_code)
    assert (found.rule.code if found else "") == code


def test_a_list_goes_before_a_place(deadlines: Deadlines) -> None:
    """In Shenzhen the courts still have their own 15 days, which end on a working day."""
    found = asked(deadlines, "objection decide", SHENZHEN, "2026-11-06", "judgment-defaulters")
    assert found
    assert (found.rule.unit, found.rule.count, found.due) == (Unit.DAYS, 15, date(2026, 11, 23))


def test_an_extension_gives_a_latest_day(deadlines: Deadlines) -> None:
    """Zhejiang 5 and at most 20, Shenzhen 2 and 3 more; elsewhere none."""
    zhejiang = asked(deadlines, "objection decide", ZHEJIANG, "2026-11-20")
    shenzhen = asked(deadlines, "objection provider-decide", SHENZHEN, "2026-11-20")
    shandong = asked(deadlines, "objection decide", SHANDONG, "2026-11-20")
    assert zhejiang
    assert shenzhen
    assert shandong
    assert (zhejiang.latest, shenzhen.latest, shandong.latest) == (date(2026, 12, 18), date(2026, 11, 27), None)


def test_what_the_calendar_cannot_give_is_said(deadlines: Deadlines) -> None:
    """The rule stands, the day is open, and neither is it overdue nor not."""
    found = asked(deadlines, "objection decide", SHANGHAI, "2026-12-25")
    assert found
    assert (found.due, found.latest, found.overdue(date(2027, 2, 1))) == (None, None, None)
    assert found.unknown
    assert "calendar of 2027 is not published" in found.unknown.en
    assert "2027 年" in found.unknown.zh
    later = asked(deadlines, "objection decide", ZHEJIANG, "2026-12-18")
    assert later
    assert (later.due, later.latest, later.unknown) == (date(2026, 12, 25), None, None)
    same = asked(deadlines, "objection mark", SHENZHEN, "2027-03-01")
    assert same
    assert same.due == date(2027, 3, 1)


def test_overdue_is_after_the_last_day(deadlines: Deadlines) -> None:
    """On the day itself there is still time."""
    found = asked(deadlines, "objection mark", SHANGHAI, "2026-11-20")
    assert found
    assert [found.overdue(date(2026, 11, number)) for number in (20, 23, 24)] == [False, False, True]


def test_a_remembered_figure_is_not_sure(deadlines: Deadlines) -> None:
    """7 working days under the plan of 2025 were not legible."""
    remembered, read = (
        asked(deadlines, "repair review", None, "2026-11-20"),
        asked(deadlines, "repair accept", None, "2026-11-20"),
    )
    assert remembered
    assert read
    assert (remembered.sure, read.sure) == (False, True)
    assert remembered.rule.doubt


@pytest.mark.parametrize(
    ("what", "list_code", "near"),
    [
        ("repairs review", "", "repair"),
        ("repair reveiw", "", "review"),
        ("repair review", "tax-violator", "tax-violators"),
    ],
)
def test_a_word_that_is_not_there_is_no_answer(deadlines: Deadlines, what: str, list_code: str, near: str) -> None:
    """A slip of a program must not read as: there is no deadline."""
    with pytest.raises(Missing) as caught:
        asked(deadlines, what, None, "2026-11-20", list_code)
    assert f"`{near}`" in caught.value.help_en


def test_each_rule_can_be_reached_and_says_itself(deadlines: Deadlines) -> None:
    """On its first day, in its own place, for its own lists or keepers; in two languages."""
    handling = deadlines.vocabulary.handling
    for rule in handling.rules:
        scope, on = rule.scope, rule.scope.span.since
        assert on
        lists = sorted(scope.lists) or [
            code
            for code, record in deadlines.vocabulary.lists.items()
            if not scope.keepers or scope.keepers & deadlines.vocabulary.heirs(record.keeper)
        ]
        reached = [deadlines.deadline(rule.procedure, rule.step, scope.jurisdiction, on, code) for code in ["", *lists]]
        assert rule in [one.rule for one in reached if one], rule.code
        assert handling.procedures[rule.procedure].steps[rule.step].en
        assert handling.starts[rule.start].zh
