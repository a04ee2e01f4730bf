"""Why a measure is a draft: what would have to be mended before it could change a verdict."""

from enum import StrEnum

from engine.model import Measure
from engine.vocabulary import Vocabulary


class DraftFor(StrEnum):
    """What keeps a measure a draft (memoranda/README.md, "A measure")."""

    MEMORY = "memory"  # read from memory alone
    LOW = "low"  # whatever the source, we are not sure of it
    NO_MATTER = "no-matter"  # a permit or subsidy measure that names no matter


# What `Checked.draft` asks for: the reading itself is too weak.
WEAK = frozenset({DraftFor.MEMORY, DraftFor.LOW})


def draft_for(measure: Measure, vocabulary: Vocabulary) -> tuple[DraftFor, ...]:
    """All that makes the measure a draft; nothing if it is none."""
    if not measure.draft:
        return ()
    reasons = {
        DraftFor.MEMORY: measure.checked.by == "memory",
        DraftFor.LOW: measure.checked.confidence == "low",
        DraftFor.NO_MATTER: not measure.matters and any(vocabulary.scenarios[s].matters for s in measure.scenarios),
    }
    return tuple(reason for reason, holds in reasons.items() if holds)
