"""A measure's text as alternatives of tests: all of one, or all of another; what every measure carries unwritten."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import FIRST_DAY, Period
from engine.condition import Every, Op, Some
from engine.condition import Test as Ask
from engine.matching.alternatives import Literal, alternatives
from engine.matching.facts import DAY, INSIDE, TIED
from engine.matching.match import match
from engine.model import Reach, Term
from engine.truth import MAYBE, NO, YES, every, negate, some
from engine.vocabulary import Span
from tests import strategies
from tests.builders import entry, inquiry, measure, register, rulebook
from tests.strategies import WORDS

ONE, TWO, THREE = (Ask(fact, Op.ONE_OF, ("yes",)) for fact in ("alleged", "mandatory", "stage"))
SINCE = date(2010, 1, 1)
CONDITIONS = strategies.conditions(strategies.FREE.facts)


def written(**changes):
    """The alternatives without what every measure carries: facts, with a bar before what is denied."""
    found = alternatives(measure("1", **changes), Reach.SELF)
    return [
        tuple(("" if one.positive else "-") + one.test.fact for one in alternative if one.test.fact != DAY)
        for alternative in found
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [()]),
        ({"when": ONE}, [("alleged",)]),
        ({"when": Every((ONE, TWO))}, [("alleged", "mandatory")]),
        ({"when": Some((ONE, TWO))}, [("alleged",), ("mandatory",)]),
        ({"when": Every((ONE, Some((TWO, THREE))))}, [("alleged", "mandatory"), ("alleged", "stage")]),
        ({"when": Some(())}, []),
        ({"unless": ONE}, [("-alleged",)]),
        ({"unless": Every((ONE, TWO))}, [("-alleged",), ("-mandatory",)]),
        ({"unless": Some((ONE, TWO))}, [("-alleged", "-mandatory")]),
        ({"when": Some((ONE, TWO)), "unless": THREE}, [("alleged", "-stage"), ("mandatory", "-stage")]),
        ({"when": Every((ONE, ONE))}, [("alleged",)]),
    ],
)
def test_conditions_become_alternatives(changes, expected):
    """`any` gives several, `all` crosses them, `unless` turns both round; a test written twice is one."""
    assert written(**changes) == expected


def test_what_every_measure_carries():
    """In force, in its place, tied by its reach, within its own term."""
    one = measure(
        "1",
        span=Span(SINCE, date(2024, 6, 10)),
        jurisdiction="420000",
        term=Term("listed", Period(years=1)),
        at="award",
    )
    (frame,) = alternatives(one, Reach.BRANCH)
    assert frame == tuple(
        Literal(test, "award")
        for test in (
            Ask(DAY, Op.ON_OR_AFTER, SINCE),
            Ask(DAY, Op.BEFORE, date(2024, 6, 11)),
            Ask(INSIDE + "420000", Op.ONE_OF, ("yes",)),
            Ask(TIED, Op.ONE_OF, ("yes",)),
            Ask("listed", Op.WITHIN, Period(years=1)),
        )
    )
    assert [one.test.fact for one in alternatives(measure("1"), Reach.SELF)[0]] == [DAY]


def test_a_span_open_at_both_ends_still_asks_for_the_moment():
    """Judged at an award that the project does not state it gives nothing; both judges say so."""
    open_ = measure("1", span=Span(), at="award")
    ((literal,),) = alternatives(open_, Reach.SELF)
    assert literal.test == Ask(DAY, Op.ON_OR_AFTER, FIRST_DAY)
    known = register(entry(listed="2024-01-01"))
    assert match(inquiry(), known, rulebook(open_)).found == ()
    stated = inquiry(moments={"award": inquiry().prevailing})
    assert len(match(stated, known, rulebook(open_)).found) == 1


@given(
    strategies.conditions(strategies.FREE.facts), st.none() | strategies.conditions(strategies.FREE.facts), st.data()
)
def test_the_alternatives_say_what_the_text_says(when, unless, data):
    """Whatever the answers of the tests: the strongest alternative is the condition, minus what it excepts."""
    one = measure("1", when=when, unless=unless, span=Span(SINCE - timedelta(days=1)))
    found = alternatives(one, Reach.SELF)
    tests = sorted({literal.test for alternative in found for literal in alternative}, key=repr)
    truth = {test: data.draw(st.sampled_from((NO, MAYBE, YES))) for test in tests if test.fact != DAY}

    def whole(condition):
        if isinstance(condition, Ask):
            return truth.get(condition, NO)
        parts = [whole(part) for part in condition.parts]
        return every(parts) if isinstance(condition, Every) else some(parts)

    def literal(part):
        plain = truth.get(part.test, YES)
        return plain if part.positive else negate(plain)

    expected = whole(when) if unless is None else min(whole(when), negate(whole(unless)))
    assert some(every(literal(part) for part in alternative) for alternative in found) == expected
    assert set(WORDS.facts) >= {test.fact for test in truth}
