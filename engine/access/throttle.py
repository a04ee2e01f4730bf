"""How often a sign-in may fail: for a name and for an address, across all serving processes.

Whoever tries is written down before the password is looked at: many who try at once are as many as they are.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from sqlalchemy import Connection, text

from engine.access.accounts import at
from engine.access.tables import AccessTable, AttemptRow
from engine.registry.store import Store, ask

WINDOW = timedelta(minutes=15)
# Failures within the window after which nobody is tried any more: under a name from an address, under a name from
# anywhere (more, for whoever guesses at it from elsewhere should not keep its owner out), from an address.
HERE, A_NAME, AN_ADDRESS = 5, 25, 50
# Under this lock tries are counted on PostgreSQL: "memo" and the number of the throttle.
_LOCK = 0x6D656D6F04
_ATTEMPTS = AccessTable.metadata.tables[str(AttemptRow.__tablename__)]


@dataclass(frozen=True, slots=True)
class Try:
    """A sign-in that is tried: where it is written down, until it is known to be right."""

    login: str
    address: str


def attempt(book: Store, login: str, address: str, now: datetime) -> Try | None:
    """Write down that a sign-in is tried. None where it is not: also the right password waits, so that guessing learns
    nothing.
    """
    tried = Try(login, _network(address))
    with book.writing() as connection:
        if not book.is_sqlite:  # on SQLite a writing transaction is alone from its beginning
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        connection.execute(text("DELETE FROM attempt WHERE at <= :before"), {"before": at(now - WINDOW)})
        if any(_failures(connection, key) >= most for key, most in _keys(tried).items()):
            return None
        connection.execute(_ATTEMPTS.insert(), [{"key": key, "at": at(now)} for key in _keys(tried)])
    return tried


def succeeded(book: Store, tried: Try) -> None:
    """It was right: earlier mistakes under the name are forgotten; of the address this one alone, for it was none."""
    here, name, address = _keys(tried)
    last = "SELECT MAX(id) FROM attempt WHERE key = :address"
    with book.writing() as connection:
        said = text(f"DELETE FROM attempt WHERE key IN (:here, :name) OR id = ({last})")
        connection.execute(said, {"here": here, "name": name, "address": address})


def _failures(connection: Connection, key: str) -> int:
    count: int = ask(connection, "SELECT COUNT(*) AS n FROM attempt WHERE key = ?", (key,))[0].n
    return count


def _keys(tried: Try) -> dict[str, int]:
    """What a try is counted under, and how often; nobody reads a name or an address from it."""
    said = {f"here\n{tried.login}\n{tried.address}": HERE, f"name\n{tried.login}": A_NAME,
            f"address\n{tried.address}": AN_ADDRESS}  # fmt: skip
    return {sha256(one.encode("utf-8", "replace")).hexdigest(): most for one, most in said.items()}


def _network(address: str) -> str:
    """The address, or of the newer kind the half that its holder does not choose."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or found.exploded[:19])
    return str(found)
