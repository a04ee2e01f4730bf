"""What an operator does with the books: upgrade, verify, back up, restore."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from engine.access.migrating import ACCESS
from engine.access.tables import AccessTable
from engine.errors import refused_input
from engine.ledger.migrating import LEDGER
from engine.ledger.sequencing import size_of
from engine.ledger.tables import LedgerTable
from engine.registry.chain import Broken, Version, latest, verify
from engine.registry.copies import copy_all, kept_file, new_file
from engine.registry.keeping import backup, restore
from engine.registry.migrating import REGISTRY, Revision, upgrade
from engine.registry.store import Store
from engine.services.books import access_url, ledger_url, open_access, open_books, open_ledger, registry_url
from engine.services.deciding import demand_same_books

REGISTRY_FILE, LEDGER_FILE, ACCESS_FILE = "registry.db", "ledger.db", "access.db"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds: the registry's version and the size of the log."""

    version: Version
    leaves: int


def upgrade_books() -> list[Revision]:
    """The schemas of registry, ledger and access brought up to this program's."""
    books = ((registry_url(), REGISTRY), (ledger_url(), LEDGER), (access_url(), ACCESS))
    found = list[Revision]()
    for where, schema in books:
        with closing(Store(where)) as store:
            found.append(upgrade(store, schema))
    return found


def verify_registry() -> tuple[Version, list[Broken]]:
    """The newest version, and every version at which the chain does not hold."""
    with open_books().registry.snapshot() as connection:
        broken = [found for found in verify(connection) if isinstance(found, Broken)]
        return latest(connection), broken


def back_up(folder: Path) -> Kept:
    """Ledger, registry and access into files of a new folder, the ledger first: so the registry is never the older.

    The keys are not in it. RefusedInput if the folder holds anything.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise refused_input("R621", f"{folder} 已有内容，不覆盖", f"{folder} holds something, which is not overwritten")
    ledger = open_ledger().store
    with new_file(folder / LEDGER_FILE, LEDGER) as copy:
        copy_all(ledger, copy, LedgerTable.metadata)
        with copy.reading() as connection:
            leaves = size_of(connection)
    version = backup(open_books().registry, folder / REGISTRY_FILE)
    with new_file(folder / ACCESS_FILE, ACCESS) as copy:
        copy_all(open_access(), copy, AccessTable.metadata)
    return Kept(version, leaves)


def bring_back(folder: Path) -> Kept:
    """A backup into books that hold nothing yet; the keys must be in their place before."""
    version = restore(folder / REGISTRY_FILE, open_books().registry)
    upgrade_books()
    ledger = Store(ledger_url())
    with kept_file(folder / LEDGER_FILE, LEDGER) as kept:
        copy_all(kept, ledger, LedgerTable.metadata)
    with kept_file(folder / ACCESS_FILE, ACCESS) as kept:
        copy_all(kept, open_access(), AccessTable.metadata)
    opened = open_ledger()
    demand_same_books(opened, open_books().registry)
    with opened.store.reading() as connection:
        return Kept(version, size_of(connection))
