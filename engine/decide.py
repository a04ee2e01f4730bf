"""The story on one page: an inquiry, the register as known and a rulebook in; a decision with its reasons out.

    inquiry ─┐
    register ─┼─ match ─→ findings ─→ resolve ─→ answer ─→ valid_until ─→ reasons ─→ decision
    rulebook ─┘

A pure function: no clock, no file, no database below it. The same three inputs give the same core bytes for ever.
"""

from collections.abc import Mapping

from engine.decision import Answer, Decision, ListState
from engine.explanation.reason import core_of
from engine.explanation.remedy import Remedies, remedies
from engine.inquiry import RELATION_KINDS, Inquiry, Register
from engine.matching.match import match
from engine.model import Rulebook
from engine.resolution.freshness import list_states
from engine.resolution.horizon import valid_until
from engine.resolution.order import in_order
from engine.resolution.precedence import findings
from engine.resolution.resolve import resolve, whole


def decide(inquiry: Inquiry, register: Register, rulebook: Rulebook) -> Decision:
    """The decision on the inquiry; its `core` is canonical JSON (RFC 8785) of the pure result.

    Raises EngineFault if the two judges disagree; nothing is guessed.
    """
    # Order of parties and entries never matters: they are put in one order before anything reads them.
    inquiry, register = in_order(inquiry, register, rulebook.vocabulary)
    answer = judge(inquiry, register, rulebook)
    # Until when it holds, the lists held as they are known now.
    until = valid_until(answer, register, rulebook, lambda later: judge(later, register, rulebook, answer.lists))
    # The reasons as data; words come later, and only when somebody asks for them.
    data, names = core_of(answer, register, until, rulebook.vocabulary)
    return Decision(data, names, answer, register)


def judge(
    inquiry: Inquiry, register: Register, rulebook: Rulebook, lists: Mapping[str, ListState] | None = None
) -> Answer:
    """The answer without its words; `lists`, if given, says which lists are known instead of the register."""
    scenario = rulebook.vocabulary.scenarios[inquiry.scenario]
    consulted = tuple(dict.fromkeys(scenario.consults + scenario.benefits_consult))
    # Are the lists we must consult known at the moment?
    lists = lists or list_states(consulted, register, rulebook.vocabulary, inquiry.prevailing)
    # Which measures do these entries and this inquiry trigger?
    matches = match(inquiry, register, rulebook)
    # Which of them count: lawful basis, lifts, standing, territory, matter.
    found = findings(matches.found, inquiry, rulebook)
    # What follows for each party, and for all.
    outcomes = resolve(inquiry, register, rulebook, found, lists)
    unknown = [kind for kind in RELATION_KINDS if kind not in register.relations_known]
    return whole(inquiry, rulebook, outcomes, lists, unknown, matches.assumed)


def ways_back(decision: Decision, rulebook: Rulebook) -> Remedies:
    """What would make the parties eligible, asked for after the decision and judged by the same rulebook."""
    return remedies(
        decision.answer,
        decision.register,
        rulebook,
        lambda inquiry, register, lists: judge(inquiry, register, rulebook, lists),
    )
