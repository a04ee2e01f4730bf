"""What an operator does with the registry's database: upgrade, verify, backup, restore."""

from pathlib import Path

from engine.registry.chain import Broken, Version, latest, verify
from engine.registry.keeping import backup, restore
from engine.registry.migrating import Revision, upgrade
from engine.registry.store import Store
from engine.services.books import open_books, registry_url


def upgrade_registry() -> Revision:
    """The schema brought up to this program's."""
    return upgrade(Store(registry_url()))


def verify_registry() -> tuple[Version, list[Broken]]:
    """The newest version, and every version at which the chain does not hold."""
    with open_books().registry.snapshot() as connection:
        broken = [found for found in verify(connection) if isinstance(found, Broken)]
        return latest(connection), broken


def backup_registry(file: Path) -> Version:
    """Everything published, into a new file."""
    return backup(open_books().registry, file)


def restore_registry(file: Path) -> Version:
    """A backup into the registry, which must be empty."""
    return restore(file, open_books().registry)
