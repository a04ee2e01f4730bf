"""Looking at the registry: every list with its age, one subject with all that happened to it."""

from datetime import UTC, date, datetime

from engine.calendar import SHANGHAI, When, instant
from engine.errors import refused_input
from engine.identity import WrongCode, read_subject
from engine.registry.chain import Version
from engine.registry.due import Due, due_steps
from engine.registry.knowing import version_of
from engine.registry.overview import ListLine, Timeline, lists_at, timeline_of
from engine.registry.reading import rows_seen
from engine.services.books import open_books
from engine.services.rulebooks import rulebook_of


def lists_now(known: str | None = None) -> tuple[Version, When, list[ListLine]]:
    """The version read, the moment now, and every list of the vocabulary."""
    now = instant(datetime.now(UTC).astimezone(SHANGHAI).replace(microsecond=0))
    vocabulary = rulebook_of().vocabulary
    with open_books().registry.reading() as connection:
        version = version_of(connection, known)
        return version, now, lists_at(connection, version.number, vocabulary)


def subject_timeline(code: str, known: str | None = None) -> Timeline:
    """Everything known of the subject; RefusedInput for a code that names nobody."""
    vocabulary = rulebook_of().vocabulary
    with open_books().registry.reading() as connection:
        version = version_of(connection, known)
        return timeline_of(connection, read_code(code), version.number, vocabulary)


def read_code(code: str) -> str:
    """A subject's key as a person types it."""
    try:
        return read_subject(code)
    except WrongCode as wrong:
        raise refused_input("P604", wrong.zh, wrong.en, where="CODE") from None


def person_of(number: str) -> str:
    """The key by which the registry knows the person of this number, under whichever of its keys; never the number.

    RefusedInput for what is no citizen's number; it is not repeated.
    """
    books = open_books()
    try:
        keys = books.persons.digests(number)
    except WrongCode as wrong:
        raise refused_input("R661", wrong.zh, wrong.en) from None
    with books.registry.reading() as connection:
        version = version_of(connection).number
        known = (
            key for key in keys if rows_seen(connection, "entry", "t.id", version, "t.subject = ?", (key,), most=1)
        )
        return next(known, keys[0])


def due_now(place: str | None = None) -> tuple[date, list[Due]]:
    """Today in Shanghai, and every pending step with a deadline in the place."""
    vocabulary = rulebook_of().vocabulary
    with open_books().registry.reading() as connection:
        steps = due_steps(connection, version_of(connection).number, vocabulary, place)
    return datetime.now(UTC).astimezone(SHANGHAI).date(), steps
