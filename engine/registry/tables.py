"""How the registry is kept: rows that are only ever added, each part of one change; nothing is updated in place.

A change is one accepted write. It is invisible until it is given a version, and then visible as a whole: a row counts
at version v if its own change has a version up to v and no closing of it has. Row ids are `change * 2**32 + line`, so
they are known before they are stored and a change's rows stand in the order they were written.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

LINE_BITS = 32
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class RegistryTable(SQLModel):
    """Base of the registry's tables, apart from any other book's."""

    metadata = MetaData(naming_convention=NAMING)


def row_id(change: int, line: int) -> int:
    """The id of the row on that line of the change; lines are counted over all its tables."""
    return (change << LINE_BITS) | line


def rows_of(change: int) -> tuple[int, int]:
    """The first id a row of the change may have, and the first of the next one's."""
    return change << LINE_BITS, (change + 1) << LINE_BITS


def _big(**keys: bool) -> Column[int]:
    return Column(BigInteger().with_variant(Integer(), "sqlite"), **keys)  # type: ignore[arg-type]


class Change(RegistryTable, table=True):
    """One write: who, why, what came of it. `version` and what follows are set once, when it is published."""

    __tablename__ = "change"
    # An id is never given twice: whoever still holds the lock of a change that is gone must not hold another's.
    __table_args__ = (UniqueConstraint("version"), Index(None, "list", "version"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, sa_column=_big(primary_key=True))
    kind: str  # import | event | subject | relation | source
    who: str
    reason: str = ""
    list: str = ""  # of an import: the list, or `relation:KIND`
    file: str = ""
    file_digest: str = ""
    data_time: str = ""
    opened_at: str  # UTC, ISO 8601
    version: int | None = Field(default=None, sa_column=Column(Integer()))
    recorded_at: str = ""
    # The latest recording time so far, this one's included, in microseconds: clocks may be set back, this never falls.
    latest: int | None = Field(default=None, sa_column=_big())
    counts: str = ""  # JSON: new, changed, ended, unchanged, refused, by_name
    content: str = ""  # SHA-256 over the rows
    digest: str = ""  # SHA-256 over the previous digest, the head and the content


class SubjectRow(RegistryTable, table=True):
    """The kind of a subject whose key does not tell it; the key is a unified social credit code, `person:…`, or another
    code where that is all there is."""

    __tablename__ = "subject"

    id: int = Field(sa_column=_big(primary_key=True, autoincrement=False))
    change: int = Field(sa_column=_big(nullable=False))
    key: str = Field(index=True)
    kind: str


class SubjectName(RegistryTable, table=True):
    """A registered name, with the days it was used."""

    __tablename__ = "subject_name"

    id: int = Field(sa_column=_big(primary_key=True, autoincrement=False))
    change: int = Field(sa_column=_big(nullable=False))
    subject: str = Field(index=True)
    name: str
    normalised: str = Field(index=True)
    since: str = ""
    until: str = ""


class SubjectCode(RegistryTable, table=True):
    """Another code of a subject: an old one, or the one it has now."""

    __tablename__ = "subject_code"

    id: int = Field(sa_column=_big(primary_key=True, autoincrement=False))
    change: int = Field(sa_column=_big(nullable=False))
    subject: str = Field(index=True)
    scheme: str
    code: str = Field(index=True)


class RelationRow(RegistryTable, table=True):
    """A dated tie between two subjects."""

    __tablename__ = "relation"

    id: int = Field(sa_column=_big(primary_key=True, autoincrement=False))
    change: int = Field(sa_column=_big(nullable=False))
    kind: str
    near: str = Field(index=True)
    far: str = Field(index=True)
    since: str = ""
    until: str = ""


class EntryRow(RegistryTable, table=True):
    """One state of one entry: a correction is a new row with the same number."""

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("number", "change"), Index(None, "list", "change"))

    id: int = Field(sa_column=_big(primary_key=True, autoincrement=False))
    change: int = Field(sa_column=_big(nullable=False))
    number: str
    subject: str = Field(index=True)
    list: str
    name: str = ""  # as printed; masked for a natural person
    dates: str  # JSON: event dates as the source gave them
    facts: str  # JSON: facts of the list, money in fen
    document: str = ""
    body: str = ""
    content: str  # a digest of the columns above, to tell a changed entry from an unchanged one


class EventRow(RegistryTable, table=True):
    """Something that happened to an entry, with the document it rests on."""

    __tablename__ = "event"

    id: int = Field(sa_column=_big(primary_key=True, autoincrement=False))
    change: int = Field(sa_column=_big(nullable=False))
    entry: str = Field(index=True)
    kind: str
    at: str  # a day, an instant, or `day/day` for an ending seen only by absence
    document: str = ""
    reason: str = Field(default="", sa_column=Column(Text(), nullable=False))


class NameBlock(RegistryTable, table=True):
    """By which short keys an entry known by name only is found again."""

    __tablename__ = "name_block"

    id: int = Field(sa_column=_big(primary_key=True, autoincrement=False))
    change: int = Field(sa_column=_big(nullable=False))
    block: str = Field(index=True)
    subject: str


class Arrival(RegistryTable, table=True):
    """That a list arrived, and which moment its data show."""

    __tablename__ = "arrival"

    id: int = Field(sa_column=_big(primary_key=True, autoincrement=False))
    change: int = Field(sa_column=_big(nullable=False))
    list: str = Field(index=True)
    data_time: str
    ticks: int = Field(sa_column=_big(nullable=False))


class ListSource(RegistryTable, table=True):
    """How often a list should come, and from where: what the registrar agreed with its keeper."""

    __tablename__ = "list_source"

    id: int = Field(sa_column=_big(primary_key=True, autoincrement=False))
    change: int = Field(sa_column=_big(nullable=False))
    list: str = Field(index=True)
    keeper: str = ""
    cadence_days: int
    fresh_days: int


class Closing(RegistryTable, table=True):
    """That a row counts no longer: `book` is its table. A change closes a row once; of two drafts that close the same
    row only one is published."""

    __tablename__ = "closing"
    __table_args__ = (UniqueConstraint("book", "row_id", "change"),)

    id: int = Field(sa_column=_big(primary_key=True, autoincrement=False))
    change: int = Field(sa_column=_big(nullable=False))
    book: str
    row_id: int = Field(sa_column=_big(nullable=False))
