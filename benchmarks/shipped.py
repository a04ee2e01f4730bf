"""The packs as they are shipped: loading and checking them, decisions up to the reasons as data, and the ways back."""

from dataclasses import replace
from typing import Any

from benchmarks.clock import milliseconds, take_turns
from engine.decide import decide, ways_back
from engine.decision import Verdict
from engine.inquiry import Inquiry, Register
from engine.packs.check import check
from engine.packs.library import read_library, shipped

Question = tuple[Inquiry, Register]


def measured(rounds: int, most: int) -> dict[str, Any]:
    """All figures of the shipped packs, over the questions of at most so many of their cases."""
    library = read_library([shipped()])
    rulebook = library.rulebook()
    own = [case for source in library.packs.values() for case in source.cases]
    cases = [case for case in (*library.cases, *own) if case.register.entries]
    cases = cases[:: max(1, len(cases) // most)]
    questions, hits = _mix([(case.inquiry, case.register) for case in cases])
    times = take_turns(
        {"decide": (lambda question: decide(question[0], question[1], rulebook), questions)}, hits, rounds
    )
    decided = [decide(case.inquiry, case.register, rulebook) for case in cases]
    refused = [one for one in decided if one.answer.verdict is not Verdict.ELIGIBLE]
    # Each way back is a search with many judgements in it: one round in ten says enough.
    back = take_turns(
        {"ways": (lambda one: ways_back(one, rulebook), refused)}, [True] * len(refused), rounds // 10 or 1
    )
    return {
        "packs": len(library.packs),
        "measures": len(tuple(rulebook.measures)),
        "load_and_check_ms": milliseconds(lambda: check(read_library([shipped()], with_cases=False)), min(rounds, 3)),
        "decide": times["decide"].data(),
        "remedies_p50_ms": round(back["ways"].p50 / 1_000, 2),
        "remedies_p99_ms": round(back["ways"].p99 / 1_000, 2),
    }


def _mix(asked: list[Question]) -> tuple[list[Question], list[bool]]:
    """Seven questions of ten about subjects on no list, as in the laboratory's mix; and which have entries."""
    questions: list[Question] = []
    hits: list[bool] = []
    for number, (inquiry, register) in enumerate(asked):
        without = 2 if number % 3 else 3  # 7 of them for 3 with entries
        questions += [(inquiry, register), *[(inquiry, replace(register, entries=()))] * without]
        hits += [True, *[False] * without]
    return questions, hits
