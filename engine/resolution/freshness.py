"""Whether the lists a scenario must consult are known at the moment: not knowing is not the same as clean."""

from collections.abc import Mapping

from engine.calendar import When, later
from engine.decision import ListState
from engine.inquiry import Register
from engine.vocabulary import Vocabulary


def list_states(
    codes: tuple[str, ...], register: Register, vocabulary: Vocabulary, moment: When
) -> Mapping[str, ListState]:
    """The state of each list at the moment, by code.

    A list is known iff some arrival's data time is not before the moment, or the moment is not later than that
    data time plus the list's freshness limit.
    """
    return {code: _state(code, register.arrivals.get(code, ()), vocabulary.lists[code].fresh, moment) for code in codes}


def _state(code: str, arrivals: tuple[When, ...], fresh_days: int, moment: When) -> ListState:
    if not arrivals:
        return ListState(code, False, None, None)
    last = arrivals[0] if len(arrivals) == 1 else max(arrivals, key=lambda when: when.first)
    until = later(last, fresh_days)
    return ListState(code, moment.last <= until.last, last, until)
