"""Where the books are kept: the registry's database and the key for persons, by setting or in the home folder."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from engine.access.migrating import ACCESS
from engine.errors import Unavailable, refused_input
from engine.ledger.algorithms import ALGORITHMS, Ed25519, SigningKey
from engine.ledger.founding import found
from engine.ledger.migrating import LEDGER
from engine.ledger.recorder import Recorder
from engine.ledger.signing import LogKeys
from engine.registry.migrating import demand_current
from engine.registry.overview import knows_persons
from engine.registry.persons import PersonKeys
from engine.registry.store import Store, ask

URL = "MEMORANDA_DATABASE_URL"
HOME = "MEMORANDA_HOME"
# The hash of a ledger at its first start, sha256 or sm3: it keeps it.
HASH = "MEMORANDA_HASH"
# What new signing keys are for, Ed25519 or SM2: at the first start, and when the key is rotated.
SIGNATURE = "MEMORANDA_SIGNATURE"


@dataclass(frozen=True, slots=True)
class Books:
    """The registry, open and of this program's schema, and the keys by which natural persons are known in it."""

    registry: Store
    persons: PersonKeys


def home() -> Path:
    """The folder of keys and, unless a database is set, of the books."""
    said = os.environ.get(HOME)
    return Path(said).expanduser() if said else user_data_path("memoranda", appauthor=False)


def registry_url() -> str | Path:
    """The registry's address by setting, otherwise a file in the home folder."""
    return os.environ.get(URL) or home() / "registry.db"


def open_books() -> Books:
    """Both, ready for use: a fresh SQLite file is made ready, any other schema must be this program's."""
    store = Store(registry_url())
    demand_current(store)
    key = home() / "keys" / "identity.key"
    if not key.exists() and knows_persons(store):
        raise Unavailable(
            f"名录库已有自然人记录，但缺少密钥 {key}",
            f"the registry knows natural persons, but their key {key} is not there",
            "从备份恢复密钥；新密钥认不出他们",
            "bring the key back from its backup: a new one would not find them",
        )
    return Books(store, PersonKeys.open(key, secrets.token_bytes))


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger, open and of this program's schema, the keys that vouch for it, the hand that writes it, its hash."""

    store: Store
    keys: LogKeys
    recorder: Recorder
    hashing: str


def ledger_url() -> str | Path:
    """The ledger's address: on SQLite a file of its own beside the registry's, on PostgreSQL the same database."""
    return _beside("ledger")


def open_ledger() -> Ledger:
    """Ready for use; a first start makes the signing key, whose fingerprint is to be pinned elsewhere."""
    store = Store(ledger_url())
    demand_current(store, LEDGER)
    key = home() / "keys" / "ledger.key"
    with store.reading() as connection:
        if not key.exists() and ask(connection, "SELECT id FROM leaf LIMIT 1"):
            raise Unavailable(
                f"台账已有决定，但缺少签名密钥 {key}",
                f"the ledger holds decisions, but its signing key {key} is not there",
                "从备份恢复密钥；新密钥不能证明旧的决定",
                "bring the key back from its backup: a new one does not vouch for the decisions there are",
            )
    hashing = found(store, os.environ.get(HASH, ""))
    return Ledger(store, LogKeys.open(key, secrets.token_bytes, _algorithm()), Recorder(store), hashing)


def rotate_key() -> LogKeys:
    """A new key for the ledger, which signs from now on in every process that opens the ledger later."""
    return open_ledger().keys.rotated(secrets.token_bytes, _algorithm())


def _algorithm() -> type[SigningKey]:
    said = os.environ.get(SIGNATURE) or Ed25519.NAME
    if said not in ALGORITHMS:
        known = ", ".join(ALGORITHMS)
        raise refused_input("R704", f"没有名为 {said[:40]} 的签名算法", f"no signature is called {said[:40]}",
                            f"可用：{known}", f"there are: {known}", where=SIGNATURE)  # fmt: skip
    return ALGORITHMS[said]


def access_url() -> str | Path:
    """The address of keys and looks: on SQLite a file of its own, on PostgreSQL the same database."""
    return _beside("access")


def open_access() -> Store:
    """Ready for use."""
    store = Store(access_url())
    demand_current(store, ACCESS)
    return store


def _beside(name: str) -> str | Path:
    said = os.environ.get(URL)
    if said is None:
        return home() / f"{name}.db"
    return f"{said.removesuffix('.db')}-{name}.db" if said.startswith("sqlite") else said
