"""Others' ways to answer the same requests: a plain Python index, durable-rules without cells, zen-engine.

Each is given the book and returns what answers a request. Only the choice of measures differs between them: the loop
over the entries, the check of their day and the worst effect are one function for all.
"""

import json
from collections.abc import Callable, Iterable
from itertools import count, pairwise

import durable_rules_engine as durable

from benchmarks.workload import EFFECTS, FOR_EVER, NOTHING, Answer, Request, Rule

Decide = Callable[[Request], Answer]
# List, scenario, kind, province, day, amount.
Choose = Callable[[str, str, str, str, int, int], Iterable[int]]
Bucket = tuple[str, str, str]

_names = count(1)


def by_entry(book: list[Rule], choose: Choose) -> Decide:
    """Answer a request entry by entry."""
    worse = [EFFECTS.index(rule.effect) for rule in book]

    def decide(request: Request) -> Answer:
        rows = request.rows
        if not rows:
            return [], NOTHING
        day, found = request.day, set[int]()
        for row in rows:
            if row.day <= day:
                found.update(choose(row.code, request.scenario, request.kind, request.place[:2], day, row.amount))
        if not found:
            return [], NOTHING
        return sorted(found), EFFECTS[max(map(worse.__getitem__, found))]

    return decide


def _buckets(book: list[Rule]) -> dict[Bucket, list[Rule]]:
    found: dict[Bucket, list[Rule]] = {}
    for rule in book:
        found.setdefault((rule.code, rule.scenario, rule.kind), []).append(rule)
    return found


def index(book: list[Rule]) -> Decide:
    """A dict by list, scenario and kind, and a loop over the few measures under it."""
    rows = {
        key: [(rule.place, rule.since, rule.until, rule.threshold or 0, rule.number) for rule in rules]
        for key, rules in _buckets(book).items()
    }
    get = rows.get

    def choose(code: str, scenario: str, kind: str, province: str, day: int, amount: int) -> list[int]:
        return [
            number
            for place, since, until, least, number in get((code, scenario, kind), ())
            if since <= day <= until and amount >= least and (not place or place == province)
        ]

    return by_entry(book, choose)


def durable_rules(book: list[Rule]) -> Decide:
    """durable-rules in its safe subset: a ruleset for each list, scenario and kind, one sid, assert, drain, retract."""
    handles = {
        key: durable.create_ruleset(f"bench{next(_names)}", json.dumps({f"r{r.number}": _durable(r) for r in rules}))
        for key, rules in _buckets(book).items()
    }

    def choose(code: str, scenario: str, kind: str, province: str, day: int, amount: int) -> list[int]:
        handle = handles.get((code, scenario, kind))
        if handle is None:
            return []
        fact = f'{{"sid":"s","id":"1","place":"{province}","day":{day},"amount":{amount}}}'
        status, offset = durable.assert_fact(handle, fact)
        found: list[int] = []
        started = durable.start_action_for_state(handle, offset) if status == 0 else None
        message = started[1] if started else None
        while message:
            found.append(int(message[3 : message.index('"', 3)]))  # {"r17":{...
            message = durable.complete_and_start_action(handle, offset)
        durable.retract_fact(handle, fact)
        return found

    return by_entry(book, choose)


def _durable(rule: Rule) -> dict[str, object]:
    tests: list[dict[str, object]] = [{"$gte": {"day": rule.since}}]
    if rule.until != FOR_EVER:
        tests.append({"$lte": {"day": rule.until}})
    if rule.place:
        tests.append({"place": rule.place})
    if rule.threshold:
        tests.append({"$gte": {"amount": rule.threshold}})
    return {"all": [{"m": {"$and": tests} if len(tests) > 1 else tests[0]}]}


def zen_engine(book: list[Rule]) -> Decide:
    """zen-engine: the whole book as one decision table that collects, parsed once. ImportError without the package."""
    import zen

    content = zen.ZenDecisionContent(json.dumps(_zen_graph(book), ensure_ascii=False))
    decision = zen.ZenEngine().create_decision(content)

    def choose(code: str, scenario: str, kind: str, province: str, day: int, amount: int) -> list[int]:
        asked = {"code": code, "scenario": scenario, "kind": kind, "place": province, "day": day, "amount": amount}
        return [row["number"] for row in decision.evaluate(asked)["result"]]

    return by_entry(book, choose)


def _zen_graph(book: list[Rule]) -> dict[str, object]:
    fields = ("code", "scenario", "kind", "place", "day", "amount")
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": name, "name": name, "field": name} for name in fields],
        "outputs": [{"id": "number", "name": "number", "field": "number"}],
        "rules": [_zen_row(rule) for rule in book],
    }
    kinds = ("inputNode", "decisionTableNode", "outputNode")
    nodes = [
        {"id": kind, "type": kind, "name": kind, "position": {"x": place, "y": 0}} for place, kind in enumerate(kinds)
    ]
    nodes[1]["content"] = table
    edges = [{"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b} for a, b in pairwise(kinds)]
    return {"nodes": nodes, "edges": edges}


def _zen_row(rule: Rule) -> dict[str, str]:
    return {
        "_id": f"r{rule.number}",
        "code": f'"{rule.code}"',
        "scenario": f'"{rule.scenario}"',
        "kind": f'"{rule.kind}"',
        "place": f'"{rule.place}"' if rule.place else "",
        "day": f"[{rule.since}..{rule.until}]",
        "amount": f">= {rule.threshold}" if rule.threshold else "",
        "number": str(rule.number),
    }
