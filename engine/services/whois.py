"""Who a subject is, as the registry knows it at a version: its kind, its names with their days, its other codes."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.registry.reading import entry_rows, keys_of, rows_about
from engine.registry.shelf import Shelf
from engine.registry.states import kind_of
from engine.services.books import Books


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the days it was used, ISO, empty where there is no limit; `printed`: only entries carry it."""

    name: str
    since: str = ""
    until: str = ""
    printed: bool = False


@dataclass(frozen=True, slots=True)
class Who:
    """Who the subject is; `keys` are all under which it is known, `codes` those that were recorded as such."""

    subject: str
    kind: str
    names: tuple[Name, ...]
    codes: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]


def who_is(books: Books, subject: str, version: int) -> Who:
    """The subject at a version; nobody knows of it what is empty."""
    with books.registry.reading() as connection:
        keys = keys_of(connection, [subject], version)[subject]
        kinds = rows_about(connection, "subject", "t.kind", version, ("key",), keys)
        named = rows_about(connection, "subject_name", "t.name, t.since, t.until", version, ("subject",), keys)
        coded = rows_about(connection, "subject_code", "t.scheme, t.code", version, ("subject",), keys)
        entries = entry_rows(connection, {subject: keys}, version)[subject]
    names = {Name(row.name, row.since, row.until): None for row in named}
    registered = {name.name for name in names}
    names |= {Name(row.name, printed=True): None for row in entries if row.name and row.name not in registered}
    codes = dict.fromkeys((row.scheme, row.code) for row in coded)
    kind = kinds[-1].kind if kinds else kind_of(subject)
    return Who(subject, kind, tuple(names), tuple(codes), keys)


def names_known(books: Books, subjects: Sequence[str], version: int) -> dict[str, str]:
    """The latest registered name of each of these, as far as there is one."""
    with books.registry.reading() as connection:
        wanted = [*dict.fromkeys(subjects)]
        rows = rows_about(connection, "subject_name", "t.subject, t.name", version, ("subject",), wanted)
    return {row.subject: row.name for row in rows}


def recorded_at(books: Books, version: int) -> str:
    """When a version of the registry was recorded, UTC; empty for the registry that holds nothing yet."""
    with books.registry.reading() as connection:
        return str(Shelf(connection).change(version).recorded_at) if version else ""
