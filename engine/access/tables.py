"""How access is kept: keys, passwords and sessions as digests only, every look at a subject, what must not be twice."""

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


class AccountRow(AccessTable, table=True):
    """A person who signs in at the pages with a name and a password, and what they may do."""

    __tablename__ = "account"

    id: str = Field(primary_key=True)
    login: str = Field(unique=True)
    name: str  # as it stands on determinations
    password: str  # argon2id, with its salt and costs
    roles: str  # words with blanks between, as the two below
    scenarios: str = ""
    jurisdictions: str = ""
    created_at: str
    created_by: str
    disabled_at: str = ""
    disabled_by: str = ""


class SessionRow(AccessTable, table=True):
    """Somebody signed in: by an account, whose roles of the moment count, or by a token, whose roles are kept here."""

    __tablename__ = "session"
    __table_args__ = (Index(None, "who"), Index(None, "seen_at"))

    digest: str = Field(primary_key=True)  # SHA-256 of what the browser holds, hex
    who: str  # the account's id, or the token's subject
    account: str = ""  # the account's id; empty for a token
    name: str
    roles: str
    scenarios: str = ""
    jurisdictions: str = ""
    proof: str  # what a form of this session carries
    began_at: str
    seen_at: str
    ends_at: str
    chosen: str = Field(default="{}", sa_column=Column(Text(), nullable=False))  # what was chosen last, as JSON


class HandleRow(AccessTable, table=True):
    """A subject under a name that means nothing outside one session: what stands in addresses in its place."""

    __tablename__ = "handle"

    session: str = Field(primary_key=True)
    token: str = Field(primary_key=True)
    value: str


class AttemptRow(AccessTable, table=True):
    """A sign-in that failed, under the digest of the name or of the address it came from."""

    __tablename__ = "attempt"
    __table_args__ = (Index(None, "key", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str
    at: str


class JobRow(AccessTable, table=True):
    """Something long that was asked for at a page: how far it is, and what came of it."""

    __tablename__ = "job"
    __table_args__ = (Index(None, "begun_at"),)

    id: str = Field(primary_key=True)
    who: str
    kind: str
    begun_at: str
    beat_at: str  # when the process at work last said so
    done: int = 0
    whole: int = 0
    state: str  # running, done or failed
    result: str = Field(default="", sa_column=Column(Text(), nullable=False))  # JSON
