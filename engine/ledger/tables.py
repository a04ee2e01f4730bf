"""How the ledger is kept: one row a leaf, its openings apart so that they can be erased, nodes and signed heads."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from engine.registry.tables import NAMING


class LedgerTable(SQLModel):
    """Base of the ledger's tables, apart from the registry's."""

    metadata = MetaData(naming_convention=NAMING)


def _big() -> BigInteger:
    return BigInteger().with_variant(Integer(), "sqlite")


class Founding(LedgerTable, table=True):
    """What the ledger is founded on: one row, made at its first start and never changed."""

    __tablename__ = "founding"

    id: int = Field(sa_column=Column(Integer(), primary_key=True, autoincrement=False))  # always 1
    hash: str  # sha256 | sm3


class Leaf(LedgerTable, table=True):
    """A decision or a determination: its envelope is hashed into the log, its core is what replay compares."""

    __tablename__ = "leaf"
    __table_args__ = (
        UniqueConstraint("number"),
        Index(None, "of"),
        Index(None, "version"),
        Index(None, "scenario", "ticks"),
        Index(None, "verdict", "ticks"),
    )

    id: str = Field(primary_key=True)  # UUIDv7
    kind: str  # decision | determination
    of: str = ""  # of a determination: the decision
    recorded_at: str
    ticks: int = Field(sa_column=Column(_big(), nullable=False, index=True))
    core: str = Field(sa_column=Column(Text(), nullable=False))
    envelope: str = Field(sa_column=Column(Text(), nullable=False))
    leaf: str  # hex
    promise: str  # JSON: algorithm, key, signature over the leaf and recorded_at
    number: int | None = Field(default=None, sa_column=Column(_big(), nullable=True))
    scenario: str = ""
    verdict: str = ""
    rulebook: str = ""
    version: int = 0  # of the registry


class Opening(LedgerTable, table=True):
    """What a commitment hides: erasing it leaves every proof valid."""

    __tablename__ = "opening"

    leaf: str = Field(primary_key=True)
    handle: str = Field(primary_key=True)
    salt: str
    value: str = Field(sa_column=Column(Text(), nullable=False))  # JSON
    subject: str = Field(default="", index=True)


class RulebookRow(LedgerTable, table=True):
    """A rulebook, whole, by its revision: every decision can be judged again without the pack folders."""

    __tablename__ = "rulebook"

    revision: str = Field(primary_key=True)
    files: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))  # zlib over JSON: path to text
    recorded_at: str


class NodeRow(LedgerTable, table=True):
    """A complete node of the tree."""

    __tablename__ = "node"
    __table_args__ = ({"sqlite_with_rowid": False},)

    level: int = Field(primary_key=True)
    place: int = Field(sa_column=Column(_big(), primary_key=True, autoincrement=False))
    hash: str


class HeadRow(LedgerTable, table=True):
    """A signed tree head."""

    __tablename__ = "head"

    size: int = Field(sa_column=Column(_big(), primary_key=True, autoincrement=False))
    root: str
    signed_at: str
    signature: str  # JSON: algorithm, key, signature


class Erasure(LedgerTable, table=True):
    """That a subject's openings were erased, when and why; the subject itself is not named."""

    __tablename__ = "erasure"

    id: int | None = Field(default=None, primary_key=True)
    erased_at: str
    reason: str
    who: str
    leaves: int


class RequestRow(LedgerTable, table=True):
    """A request that may be sent again: the same key is answered by what the first one did."""

    __tablename__ = "request"

    key: str = Field(primary_key=True)  # digest of caller, route and idempotency key
    body: str  # digest of what was sent
    leaf: str  # what was recorded for it
    ticks: int = Field(sa_column=Column(_big(), nullable=False, index=True))
