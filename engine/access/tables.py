"""How access is kept: keys as digests only, a row for every look at a subject, requests that must not be done twice."""

from sqlalchemy import Column, Index, MetaData, Text
from sqlmodel import Field, SQLModel

from engine.registry.tables import NAMING


class AccessTable(SQLModel):
    """Base of the access book's tables, apart from the registry's and the ledger's."""

    metadata = MetaData(naming_convention=NAMING)


class KeyRow(AccessTable, table=True):
    """A key: its digest, what it may do and for how long; the key itself is shown once and kept nowhere."""

    __tablename__ = "api_key"

    id: str = Field(primary_key=True)
    name: str
    digest: str  # SHA-256 of the secret part, hex
    roles: str  # words with blanks between, as the two below
    scenarios: str = ""
    jurisdictions: str = ""
    created_at: str
    created_by: str
    expires_at: str = ""
    revoked_at: str = ""
    revoked_by: str = ""


class ReadRow(AccessTable, table=True):
    """A look at a subject or at a decision on one: who, when, what for."""

    __tablename__ = "read"
    __table_args__ = (Index(None, "subject"), Index(None, "at"))

    id: int | None = Field(default=None, primary_key=True)
    at: str
    who: str  # the key's id, or the token's subject
    act: str
    purpose: str
    matter: str = ""  # the case the reader names
    subject: str = ""
    decision: str = ""


class RepeatRow(AccessTable, table=True):
    """A request that named an idempotency key: begun, and once it is done its answer, for whoever sends it again."""

    __tablename__ = "repeat"

    key: str = Field(primary_key=True)  # SHA-256 over who asks, the route and the key
    body: str  # SHA-256 over what was sent
    who: str
    begun_at: str = Field(index=True)
    finished_at: str = ""
    status: int = 0
    answer: str = Field(default="", sa_column=Column(Text(), nullable=False))


class ReloadRow(AccessTable, table=True):
    """That the packs were read again: every serving process follows the newest row."""

    __tablename__ = "reload"

    id: int | None = Field(default=None, primary_key=True)
    revision: str
    at: str
    who: str
