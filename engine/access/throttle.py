"""How often a sign-in may fail: for a name and for an address, across all serving processes."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import text

from engine.access.accounts import at
from engine.registry.store import Store, ask

WINDOW = timedelta(minutes=15)
# Failures within the window after which nobody is tried any more under a name, or from an address.
A_NAME, AN_ADDRESS = 5, 50


def may_try(book: Store, login: str, address: str, now: datetime) -> bool:
    """Whether a sign-in is tried at all: also the right password waits, so that guessing learns nothing."""
    with book.reading() as connection:
        return all(
            ask(connection, "SELECT COUNT(*) AS n FROM attempt WHERE key = ? AND at > ?", (key, at(now - WINDOW)))[0].n
            < most
            for key, most in ((_key("name", login), A_NAME), (_key("address", address), AN_ADDRESS))
        )


def failed(book: Store, login: str, address: str, now: datetime) -> None:
    """A sign-in failed."""
    with book.writing() as connection:
        connection.execute(text("DELETE FROM attempt WHERE at <= :before"), {"before": at(now - WINDOW)})
        for key in (_key("name", login), _key("address", address)):
            connection.execute(text("INSERT INTO attempt (key, at) VALUES (:key, :at)"), {"key": key, "at": at(now)})


def succeeded(book: Store, login: str) -> None:
    """Somebody signed in: their earlier mistakes are forgotten; those of the address are not."""
    with book.writing() as connection:
        connection.execute(text("DELETE FROM attempt WHERE key = :key"), {"key": _key("name", login)})


def _key(kind: str, said: str) -> str:
    return sha256(f"{kind}\n{said}".encode("utf-8", "replace")).hexdigest()
