"""The closed choices of the command line's options."""

from enum import StrEnum


class Lang(StrEnum):
    """The language answers are given in."""

    zh = "zh"
    en = "en"


class DepthChoice(StrEnum):
    """How much a reason says."""

    counter = "counter"
    lawyer = "lawyer"
    auditor = "auditor"


class Format(StrEnum):
    """How diagnostics are printed."""

    text = "text"
    json = "json"
    sarif = "sarif"
