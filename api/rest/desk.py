"""All that one serving process holds open: books, law, access and the sequencer."""

import secrets
from dataclasses import dataclass

from starlette.requests import Request

from api.rest.law import Law
from api.rest.settings import Settings
from engine.access.accounts import any_account
from engine.access.keys import Wanted, create, listed
from engine.access.repeats import KEPT
from engine.access.roles import Role
from engine.ledger.recording import forget_requests
from engine.ledger.sequencer import Sequencer
from engine.registry.store import Store
from engine.services.books import Books, Ledger, home, open_access, open_books, open_ledger
from engine.services.deciding import demand_same_books
from engine.services.files import place
from engine.services.moments import utc_now
from engine.services.rulebooks import law_of


@dataclass(frozen=True, slots=True)
class Desk:
    """Open from the process's start to its end; every request works at it."""

    settings: Settings
    books: Books
    ledger: Ledger
    access: Store
    law: Law
    sequencer: Sequencer

    def close(self) -> None:
        """Write and number what still waits, then let go."""
        self.ledger.recorder.close()
        self.sequencer.stop()
        for store in (self.books.registry, self.ledger.store, self.access):
            store.close()


def open_desk(settings: Settings) -> Desk:
    """Everything open and of this program's schema, the sequencer at work.

    Unavailable if a book is away, of another schema, or older than the other; RefusedPacks if the packs are at fault.
    """
    books, ledger, access = open_books(), open_ledger(), open_access()
    demand_same_books(ledger, books.registry)
    forget_requests(ledger.store, utc_now() - KEPT)
    sequencer = Sequencer(ledger.store, ledger.keys, utc_now)
    desk = Desk(settings, books, ledger, access, Law(settings.packs), sequencer)
    sequencer.start()
    return desk


@dataclass(frozen=True, slots=True)
class Start:
    """What an operator is told at a start: the file of the first key, if one was made; whether nobody can sign in."""

    key: str | None
    nobody: bool


def demand_ready(settings: Settings) -> Start:
    """What `open_desk` demands, before any process serves."""
    books, ledger, access = open_books(), open_ledger(), open_access()
    try:
        demand_same_books(ledger, books.registry)
        law_of(settings.packs)
        with access.reading() as connection:
            nobody = not any_account(connection)
        return Start(first_key(access), nobody and not (settings.oidc and settings.oidc.client))
    finally:
        for store in (books.registry, ledger.store, access):
            store.close()


def desk_of(request: Request) -> Desk:
    """The desk at which a request is served."""
    desk: Desk = request.app.state.desk
    return desk


def first_key(access: Store) -> str | None:
    """On the embedded default, where nobody has a key yet: one for the operator, in a file; the file's name."""
    with access.reading() as connection:
        if not access.is_sqlite or listed(connection):
            return None
    key = create(access, Wanted("first start", (Role.OPERATOR,)), "first start", utc_now(), secrets.token_bytes)
    path = home() / "keys" / "operator.key"
    place(path, f"{key}\n".encode())
    path.chmod(0o600)
    return str(path)
