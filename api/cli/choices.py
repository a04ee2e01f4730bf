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


class TableFormat(StrEnum):
    """How a long table is printed: for a terminal, a spreadsheet or a browser."""

    text = "text"
    csv = "csv"
    html = "html"


class CountsFormat(StrEnum):
    """How counts are printed."""

    text = "text"
    csv = "csv"
    html = "html"
    json = "json"
