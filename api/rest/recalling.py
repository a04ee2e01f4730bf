"""The bodies of decisions: of one just recorded, and of one recorded before, with what follows from it made again."""

from typing import Any

from api.rest.desk import Desk
from api.rest.posed import Posed
from api.rest.problems import Problem
from api.rest.shown import Leaf, Names, extras, shown
from engine.ledger.envelope import read_json
from engine.ledger.receipt import leaf_row, openings_of
from engine.ledger.recording import Entered, answered
from engine.services.again import Erased, decided_again, rulebook_for
from engine.services.ask import Asked
from engine.vocabulary import Words


def fresh(leaf: Entered, asked: Posed, found: Asked) -> bytes:
    """The body of a decision that was just recorded."""
    extra = extras(found.decision, found.rulebook, asked.include)
    names: Names = {**found.decision.names, **({"case": {"number": asked.case}} if asked.case else {})}
    return _body(Leaf.fresh(leaf), found.decision.data, names, extra)


def _body(leaf: Leaf, core: Any, names: Names, extra: dict[str, Any]) -> bytes:
    return shown(leaf, names, core["verdict"], core.get("valid_until"), extra)


def answered_before(desk: Desk, key: str, digest: str) -> str:
    """The leaf that answered the same request before; Problem 422 if something else was sent with its key."""
    with desk.ledger.store.reading() as connection:
        found = answered(connection, key)
    if found and found[1] != digest:
        raise Problem(422, code="key-reused")
    return found[0] if found else ""


def repeated(desk: Desk, decision: str, include: Any) -> bytes:
    """The body of a decision recorded before. Problem 410 if more than was recorded is wanted and its party erased."""
    with desk.ledger.store.reading() as connection:
        row = leaf_row(connection, decision)
        names = {one.handle: one.value for one in openings_of(connection, row.id)}
    extra = dict[str, Any]()
    if include:
        current = desk.law.now.rulebook
        try:
            again = decided_again(desk.ledger.store, desk.books.registry, row, current)
        except Erased as erased:
            raise Problem(410, Words(erased.zh, erased.en)) from None
        extra = extras(again, rulebook_for(desk.ledger.store, row.rulebook, current), include)
    return _body(Leaf.of(row), read_json(row.core), names, extra)
