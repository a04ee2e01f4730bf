"""Looking at the registry: every list with its age, one subject with all that happened to it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from weakref import WeakKeyDictionary

from engine.calendar import SHANGHAI, When, instant
from engine.errors import refused_input
from engine.identity import WrongCode, read_subject
from engine.registry.chain import Version
from engine.registry.due import Due, Worked, due_steps
from engine.registry.knowing import version_of
from engine.registry.names import normalised
from engine.registry.overview import ListLine, Timeline, lists_at, timeline_of
from engine.registry.reading import keys_of, rows_about, rows_seen
from engine.registry.store import Store
from engine.registry.unnamed import meant
from engine.services.books import Books
from engine.vocabulary import Vocabulary

LONGEST_NAME = 200
# A name shorter than this, its company form included, tells nobody.
SHORTEST_NAME = 2

# What a version says of its lists it says for ever, and to count their entries takes long: the last answer is kept.
_counted: WeakKeyDictionary[Store, tuple[int, Vocabulary, list[ListLine]]] = WeakKeyDictionary()
# The same holds for what is pending at a version, by the law of each place that was asked for.
_Pending = tuple[int, Vocabulary, dict[str | None, list[Due]], dict[str | None, Worked]]
_pending: WeakKeyDictionary[Store, _Pending] = WeakKeyDictionary()


def lists_now(books: Books, vocabulary: Vocabulary, known: str | None = None) -> tuple[Version, When, list[ListLine]]:
    """The version read, the moment now, and every list of the vocabulary."""
    now = instant(datetime.now(UTC).astimezone(SHANGHAI).replace(microsecond=0))
    with books.registry.reading() as connection:
        version = version_of(connection, known)
        kept = _counted.get(books.registry)
        if kept is None or kept[0] != version.number or kept[1] is not vocabulary:
            kept = version.number, vocabulary, lists_at(connection, version.number, vocabulary)
            _counted[books.registry] = kept
        return version, now, kept[2]


def subject_timeline(books: Books, vocabulary: Vocabulary, code: str, known: str | None = None) -> Timeline:
    """Everything known of the subject; RefusedInput for a code that names nobody."""
    with books.registry.reading() as connection:
        version = version_of(connection, known)
        return timeline_of(connection, read_code(code), version.number, vocabulary)


def read_code(code: str) -> str:
    """A subject's key as a person types it."""
    try:
        return read_subject(code)
    except WrongCode as wrong:
        raise refused_input("P604", wrong.zh, wrong.en, where="CODE") from None


def person_of(number: str, books: Books) -> str:
    """The key by which the registry knows the person of this number, under whichever of its keys; never the number.

    RefusedInput for what is no citizen's number; it is not repeated.
    """
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


def named_like(books: Books, name: str) -> Mapping[str, tuple[str, ...]]:
    """Subjects with a code whose name is so like this one that it may be meant, or holds it; with their names.

    Who they are, and nothing else of them: a name proves nobody's identity. Natural persons are never found by name.
    RefusedInput for what is too short or too long for a name.
    """
    if not SHORTEST_NAME <= len(normalised(name)) <= LONGEST_NAME:
        zh, en = f"名称应为 {SHORTEST_NAME} 至 {LONGEST_NAME} 字", f"{SHORTEST_NAME} to {LONGEST_NAME} characters"
        raise refused_input("R663", zh, en)
    with books.registry.reading() as connection:
        version = version_of(connection).number
        found = meant(connection, name, version)
        subjects = sorted(subject for subject in found if not subject.startswith("person"))
        names: dict[str, dict[str, None]] = {subject: {} for subject in subjects}  # each once, the registered first
        for book in ("subject_name", "entry"):
            for row in rows_about(connection, book, "t.subject, t.name", version, ("subject",), subjects):
                if row.name:
                    names[row.subject][row.name] = None
        return {subject: tuple(own) for subject, own in names.items()}


def all_keys(books: Books, subject: str) -> tuple[str, ...]:
    """Every key under which the registry knows the subject."""
    with books.registry.reading() as connection:
        return keys_of(connection, [subject], version_of(connection).number)[subject]


def due_now(books: Books, vocabulary: Vocabulary, place: str | None = None) -> tuple[date, list[Due]]:
    """Today in Shanghai, and every pending step with a deadline in the place."""
    with books.registry.reading() as connection:
        version = version_of(connection).number
        kept = _pending.get(books.registry)
        if kept is None or kept[1] is not vocabulary:
            kept = version, vocabulary, {}, {}
        elif kept[0] != version:  # what was worked out for days and lists holds still
            kept = version, vocabulary, {}, kept[3]
        _pending[books.registry] = kept
        steps = kept[2].get(place)
        if steps is None:
            steps = due_steps(connection, version, vocabulary, place, kept[3].setdefault(place, {}))
            kept[2][place] = steps
    return datetime.now(UTC).astimezone(SHANGHAI).date(), steps
