"""The second judge: the raw meeting against the measure's own text; no axes, nothing compiled, only loops to read."""

from datetime import date

from engine.calendar import Period
from engine.condition import Condition, Every, MomentRef, ParameterRef, Some, Test
from engine.inquiry import ABSENT, UNKNOWN, Known
from engine.matching.answer import Scene
from engine.matching.facts import Meeting
from engine.model import Measure, Reach
from engine.truth import MAYBE, NO, YES, Truth
from engine.vocabulary import NATIONAL


def judge(measure: Measure, meeting: Meeting) -> Truth:
    """Whether the measure holds for the meeting, as though the entry were current."""
    moment = meeting.inquiry.moment(measure.at)
    if moment is None or not _concerns(measure, meeting):
        return NO
    if not measure.span.holds(moment.day) or not _in_place(measure, meeting):
        return NO
    if meeting.reach is not Reach.SELF and not any(span.holds(moment.day) for span in meeting.ties):
        return NO
    truth = _condition(measure.when, measure, meeting)
    if measure.unless is not None:
        truth = min(truth, YES - _condition(measure.unless, measure, meeting))
    if measure.term is not None:
        truth = min(truth, _within(meeting.value(measure.term.start, measure.at), measure.term.period, moment.day))
    return truth


def _concerns(measure: Measure, meeting: Meeting) -> bool:
    if meeting.inquiry.scenario not in measure.scenarios:
        return False
    if measure.roles and meeting.party.role not in measure.roles:
        return False
    if meeting.entry is None or measure.on_inquiry:
        return meeting.entry is None and measure.on_inquiry
    return meeting.entry.list in measure.lists and meeting.reach in measure.reaches


def _in_place(measure: Measure, meeting: Meeting) -> bool:
    place = meeting.inquiry.jurisdiction or NATIONAL
    return measure.jurisdiction == NATIONAL or meeting.vocabulary.inside(place, measure.jurisdiction)


def _condition(condition: Condition, measure: Measure, meeting: Meeting) -> Truth:
    if isinstance(condition, Test):
        return _test(condition, meeting.value(condition.fact, measure.at), meeting.scene(measure.at))
    truths = [_condition(part, measure, meeting) for part in condition.parts]
    if isinstance(condition, Every):
        return NO if NO in truths else MAYBE if MAYBE in truths else YES
    assert isinstance(condition, Some)
    return YES if YES in truths else MAYBE if MAYBE in truths else NO


def _test(test: Test, value: Known, scene: Scene) -> Truth:
    if value is ABSENT or value is UNKNOWN:
        return NO if value is ABSENT else MAYBE
    operand = test.operand
    if isinstance(operand, Period):
        truth = _within(value, operand, scene.day)
    elif isinstance(operand, tuple):
        said = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
        truth = YES if said in operand else NO
    elif isinstance(operand, ParameterRef):
        figures = scene.figure(operand.code)
        sides = {_compare(test.op.value, value, figure) for figure in figures} if figures else {True, False}
        truth = MAYBE if len(sides) == 2 else YES if True in sides else NO
    elif isinstance(operand, MomentRef):
        bound = scene.moment_day(operand.name)
        truth = MAYBE if bound is None else YES if _compare(test.op.value, value, bound) else NO
    else:
        truth = YES if _compare(test.op.value, value, operand) else NO
    return YES - truth if test.opposed else truth


def _compare(op: str, value: Known, bound: int | date) -> bool:
    left = value.toordinal() if isinstance(value, date) else value
    right = bound.toordinal() if isinstance(bound, date) else bound
    assert isinstance(left, int)
    return {
        "at_least": left >= right,
        "on_or_after": left >= right,
        "above": left > right,
        "at_most": left <= right,
        "below": left < right,
        "before": left < right,
    }[op]


def _within(value: Known, period: Period, day: date | None) -> Truth:
    if value is ABSENT:
        return NO
    if value is UNKNOWN or day is None:
        return MAYBE
    assert isinstance(value, date)
    return YES if day <= period.after(value) else NO
