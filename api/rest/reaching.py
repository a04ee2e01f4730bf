"""How far a limited key reaches when it writes, read strictly: a write must not be felt beyond the key's limits.

A list is the whole country's: none of the vocabulary belongs to a place, and whoever brings one in anew also ends
entries by their absence. So a key limited to jurisdictions imports nothing. An entry is felt everywhere unless its
decision limits itself to a territory (the fact `territory`); a limited key may record what happened to it only where
that territory is one of its jurisdictions or lies in one. A list is felt in every scenario that consults it: a key
limited to scenarios writes to it only if all of those are among them, and to a list that none consults not at all.
"""

from fastapi import Request

from api.rest.auth import within
from api.rest.desk import desk_of
from api.rest.problems import Problem
from engine.access.roles import Grant
from engine.vocabulary import Vocabulary, Words


def demand_list(request: Request, grant: Grant, list_code: str) -> None:
    """Problem 403 if the grant does not reach to all that an import of the list is felt in."""
    within(request, grant, None, None)
    _demand_scenarios(request, grant, list_code)


def demand_entry(request: Request, grant: Grant, list_code: str, territory: str | None) -> None:
    """Problem 403 if the grant does not reach to all that an event on the entry is felt in."""
    within(request, grant, None, territory)
    _demand_scenarios(request, grant, list_code)


def covers_list(grant: Grant, list_code: str, vocabulary: Vocabulary) -> bool:
    """Whether every scenario that consults the list is one of the grant's; a limited one has no list none consults."""
    scenarios = vocabulary.scenarios.items()
    felt = [code for code, one in scenarios if list_code in one.consults + one.benefits_consult]
    return not grant.scenarios or (bool(felt) and all(map(grant.covers_scenario, felt)))


def _demand_scenarios(request: Request, grant: Grant, list_code: str) -> None:
    if not covers_list(grant, list_code, desk_of(request).law.now.vocabulary):
        raise Problem(403, Words("此密钥不得写入该名单", "this key may not write to that list"))
