"""The three-valued answer of one test to one value, shared by the cells and by term rules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from engine.calendar import Period
from engine.condition import Condition, Every, MomentRef, Op, ParameterRef, Test
from engine.inquiry import ABSENT, UNKNOWN, Known
from engine.truth import MAYBE, NO, Truth, every, negate, some, truth


@dataclass(frozen=True, slots=True)
class Scene:
    """What a test may need beside the value: the moment's day, other moments' days, and dated figures.

    `figure` gives the lowest and the highest figure a parameter may have here, or None where it is not known.
    """

    day: date | None
    moment_day: Callable[[str], date | None]
    figure: Callable[[str], tuple[int, int] | None]


NOWHERE = Scene(None, lambda name: None, lambda code: None)


def answer(test: Test, value: Known, scene: Scene = NOWHERE) -> Truth:
    """Whether the value passes the test. An absent fact fails it, an unknown one leaves it open."""
    if value is ABSENT:
        return NO
    if value is UNKNOWN:
        return MAYBE
    plain = _compare(test, value, scene)
    return negate(plain) if test.opposed else plain


def answer_all(condition: Condition, look: Callable[[str], Known], scene: Scene = NOWHERE) -> Truth:
    """Whether the whole condition holds, every test answered by the facts that `look` finds."""
    if isinstance(condition, Test):
        return answer(condition, look(condition.fact), scene)
    parts = (answer_all(part, look, scene) for part in condition.parts)
    return every(parts) if isinstance(condition, Every) else some(parts)


def as_word(value: Known) -> str:
    """A value as packs write it: flags as yes and no, numbers and days as text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _compare(test: Test, value: Known, scene: Scene) -> Truth:
    operand = test.operand
    if isinstance(operand, tuple):
        return truth(as_word(value) in operand)
    if isinstance(operand, Period):
        return MAYBE if scene.day is None else truth(isinstance(value, date) and scene.day <= operand.after(value))
    if isinstance(operand, ParameterRef):
        return _against_figure(test.op, value, scene.figure(operand.code))
    bound = scene.moment_day(operand.name) if isinstance(operand, MomentRef) else operand
    return MAYBE if bound is None else _ordered(test.op, value, bound)


def _against_figure(op: Op, value: Known, figures: tuple[int, int] | None) -> Truth:
    """Past the highest figure it is true, below the lowest false, in between nobody can say."""
    if figures is None:
        return MAYBE
    low, high = (_ordered(op, value, figure) for figure in figures)
    return low if low == high else MAYBE


def _ordered(op: Op, value: Known, bound: int | date) -> Truth:
    assert isinstance(value, int | date)
    if op is Op.AT_LEAST or op is Op.ON_OR_AFTER:
        return truth(value >= bound)  # type: ignore[operator]  # the pack's check gives both sides one type
    if op is Op.BELOW or op is Op.BEFORE:
        return truth(value < bound)  # type: ignore[operator]  # as above
    if op is Op.ABOVE:
        return truth(value > bound)  # type: ignore[operator]  # as above
    return truth(value <= bound)  # type: ignore[operator]  # as above
