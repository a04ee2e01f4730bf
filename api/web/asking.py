"""A question from a page: the same document as over REST, judged and recorded once; its faults go to their fields."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from api.rest import metrics
from api.rest.posed import posed
from api.rest.recalling import answered_before
from api.web.visits import Visit
from engine.errors import RefusedInput
from engine.ledger.envelope import Caller
from engine.services.ask import ask_registry
from engine.services.deciding import leaf_for
from engine.vocabulary import Words


def asked(visit: Visit, document: Mapping[str, Any], fields: Mapping[str, str], rest: str) -> str:
    """Judge and record the question; the decision's number, or nothing where a field is at fault.

    `fields` says for the beginning of a pointer which field it came from; what fits none is said beside `rest`.
    The same form sent twice is one decision.
    """
    desk, law = visit.desk, visit.desk.law.now
    data = json.dumps({**document, "purpose": visit.purpose, "include": []}, ensure_ascii=False).encode()
    digest = sha256(data).hexdigest()
    # Of the form and what it says: who goes back and changes it asks something else.
    key = sha256(f"{visit.once}\n{digest}".encode()).hexdigest() if visit.once else ""
    if key and (before := answered_before(desk, key, digest)):
        return before
    try:
        said = posed(data, desk)
    except RefusedInput as refused:
        for fault in refused.faults:
            visit.form.fault(_field(fault.place.file, fields, rest), Words(fault.zh, fault.en))
        return ""
    visit.within(said.inquiry.scenario, said.inquiry.jurisdiction)
    found = ask_registry(said.inquiry, law.library, law.rulebook, desk.books.registry, said.known_at)
    leaf = leaf_for(desk.ledger, found, Caller(visit.grant.id, said.purpose), said.case)
    try:
        desk.ledger.recorder.record(leaf.answering(key, digest) if key else leaf)
    except Exception:
        # The same form came twice at once, and the other was first: its answer is the answer.
        if key and (before := answered_before(desk, key, digest)):
            return before
        raise
    metrics.DECISIONS.labels(said.inquiry.scenario, found.decision.data["verdict"]).inc()
    return leaf.id


def _field(pointer: str, fields: Mapping[str, str], rest: str) -> str:
    return next((name for start, name in fields.items() if pointer.startswith(start)), rest)
