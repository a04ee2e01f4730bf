"""How objections and applications for repair were handled: in time, late, or nobody can tell."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from weakref import WeakKeyDictionary

from engine.calendar import SHANGHAI
from engine.registry.knowing import version_of
from engine.registry.store import Store
from engine.registry.timeliness import LastDay, Timely, last_days, timeliness
from engine.services.books import Books
from engine.vocabulary import Vocabulary

# What ended longer ago than this many days is not counted.
LOOK_BACK = 365

# What a version says on a day it says for ever, by the law of a place: the last answers are kept, and under one law
# the last days that were counted.
_told: WeakKeyDictionary[Store, tuple[int, date, Vocabulary, dict[str | None, Mapping[str, Timely]]]]
_told = WeakKeyDictionary()
_law: WeakKeyDictionary[Store, tuple[Vocabulary, dict[str | None, LastDay]]] = WeakKeyDictionary()


def handled_now(books: Books, vocabulary: Vocabulary, place: str | None) -> Mapping[str, Timely]:
    """For each procedure, what is open today and what ended in the last year, by the law of the place."""
    today = datetime.now(UTC).astimezone(SHANGHAI).date()
    with books.registry.reading() as connection:
        version = version_of(connection).number
        kept = _told.get(books.registry)
        if kept is None or kept[:2] != (version, today) or kept[2] is not vocabulary:
            kept = _told[books.registry] = version, today, vocabulary, {}
        told = kept[3].get(place)
        if told is None:
            since = today - timedelta(days=LOOK_BACK)
            last_day = _last_days(books.registry, vocabulary, place)
            told = kept[3][place] = timeliness(connection, version, last_day, since, today)
    return told


def _last_days(registry: Store, vocabulary: Vocabulary, place: str | None) -> LastDay:
    held = _law.get(registry)
    if held is None or held[0] is not vocabulary:
        held = _law[registry] = vocabulary, {}
    return held[1].setdefault(place, last_days(vocabulary, place))
