"""How vocabulary records were checked: read from every layer, the first that has a code, and nothing guessed."""

from datetime import date

from engine.packs.library import read_library, shipped
from engine.packs.readings import checked_words
from engine.reading import Checked

FIRST = """\
甲法:
  en: A
  rank: law
  checked: {by: text, on: 2026-11-21, confidence: high}
乙法:
  en: B
  rank: law
"""
SECOND = """\
甲法:
  checked: {by: memory, on: 2026-11-21, confidence: low}
丙法:
  checked: {by: press, on: 2026-11-22, confidence: medium}
"""


def test_records_say_how_they_were_checked_or_nothing() -> None:
    """A later layer adds records and changes none; other files and other folders are not read."""
    files = {
        "10/vocabulary/instruments.yaml": b"",  # an empty layer adds nothing
        "0/vocabulary/instruments.yaml": FIRST.encode(),
        "1/vocabulary/instruments.yaml": SECOND.encode(),
        "0/vocabulary/lists.yaml": b"x: {checked: {by: text, on: 2026-11-21, confidence: high}}",
        "0/national/instruments.yaml": b"y: {checked: {by: text, on: 2026-11-21, confidence: high}}",
    }
    assert checked_words(files, "instruments") == {
        "甲法": Checked("text", date(2026, 11, 21), "high"),
        "乙法": None,
        "丙法": Checked("press", date(2026, 11, 22), "medium"),
    }


def test_every_shipped_instrument_is_found() -> None:
    """The same codes as the vocabulary has."""
    library = read_library([shipped()], with_cases=False)
    assert checked_words(library.files, "instruments").keys() == library.vocabulary.instruments.keys()
