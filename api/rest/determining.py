"""What an officer determined, recorded once: whichever door it came by, and to however many processes at once."""

from api.rest.desk import Desk
from api.rest.recalling import answered_before
from engine.services.determining import Determined, determination


def determined_once(desk: Desk, said: Determined, key: str, digest: str) -> str:
    """Record it; its leaf's id. What was sent before with this key is answered with the leaf of then.

    `key` is empty where nobody named one. Missing or RefusedInput where it does not fit, Problem 422 if something else
    was sent with the key.
    """
    if key and (again := answered_before(desk, key, digest)):
        return again
    try:
        leaf = determination(desk.ledger, said)
        desk.ledger.recorder.record(leaf.answering(key, digest) if key else leaf)
    except Exception:
        # The same request came twice at once, and the other was first: its answer is the answer.
        if key and (again := answered_before(desk, key, digest)):
            return again
        raise
    return leaf.id
