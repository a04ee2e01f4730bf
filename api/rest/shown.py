"""A recorded decision as it goes out: the core byte for byte as recorded, and beside it what its reader needs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.decide import ways_back
from engine.decision import Decision
from engine.explanation.render import Depth, render
from engine.explanation.ways import remedies_data, remedies_told
from engine.ledger.recording import Entered
from engine.model import Rulebook

Names = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Leaf:
    """What of a leaf's row is shown; the texts are as they were recorded."""

    id: str
    recorded_at: str
    core: str
    promise: str
    number: int | None = None

    @classmethod
    def fresh(cls, entered: Entered) -> "Leaf":
        """Of a leaf that was just recorded."""
        return cls(entered.id, entered.row[3], entered.row[5], entered.row[8])

    @classmethod
    def of(cls, row: Any) -> "Leaf":
        """Of a leaf's row."""
        return cls(row.id, row.recorded_at, row.core, row.promise, row.number)


def shown(leaf: Leaf, names: Names, verdict: str, until: str | None, extra: Mapping[str, Any] | None = None) -> bytes:
    """The body. The core is not written again: it stands there as it was hashed."""
    before = {"id": leaf.id, "recorded_at": leaf.recorded_at, "verdict": verdict, "valid_until": until}
    after = {
        "names": names,
        "receipt": f"/v1/decisions/{leaf.id}/receipt",
        "notice": f"/v1/decisions/{leaf.id}/notice.pdf",
        **(extra or {}),
    }
    return b"".join(
        (
            _json(before)[:-1], b',"decision":', leaf.core.encode(), b',"promise":', leaf.promise.encode(),
            b",", _json(after, in_order=True)[1:],
        )
    )  # fmt: skip


def extras(decision: Decision, rulebook: Rulebook, include: Sequence[str]) -> dict[str, Any]:
    """What follows from the decision and is said only to who asks: ways back, and all of it in words."""
    found = dict[str, Any]()
    if "remedies" in include or "words" in include:
        ways = ways_back(decision, rulebook)
        found["remedies"] = remedies_data(ways, decision, rulebook.vocabulary)
        if "words" in include:
            found["words"] = {
                lang: {
                    "answer": render(decision, rulebook, lang, Depth.COUNTER),
                    "ways_back": remedies_told(ways, decision, rulebook, lang),
                }
                for lang in ("zh", "en")
            }
    return found


def _json(said: Any, in_order: bool = False) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=in_order).encode()
