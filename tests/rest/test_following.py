"""A reload in one process reaches the others: whole, once, and only the revision that was announced."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.rest import law as served_law
from api.rest.following import Follower
from api.rest.law import Law
from engine.access.reloads import announce
from engine.errors import Fault, Place, RefusedPacks
from engine.registry.store import Store
from engine.services.books import open_access
from engine.services.moments import utc_now
from tests.ledger.desk import at_home, law
from tests.rest.test_rulebooks import Shelf, other


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """What all processes' folders hold."""
    made = Shelf()
    made.now = law()
    monkeypatch.setattr(served_law, "law_of", made.read)
    return made


@pytest.fixture
def access(tmp_path: Path) -> Iterator[Store]:
    """The book they share."""
    with at_home(tmp_path):
        book = open_access()
        yield book
        book.close()


def test_it_follows_once(shelf: Shelf, access: Store) -> None:
    """Whatever is announced and found in the folders; nothing more to do afterwards."""
    served = Law(())
    follower = Follower(served, access)
    assert follower.look() is None
    shelf.now = other()
    assert follower.look() is None
    announce(access, other().revision, "who", utc_now())
    assert follower.look() is True
    assert served.now.rulebook.revision == other().revision
    assert follower.look() is None


def test_who_reloaded_follows_itself_at_no_cost(shelf: Shelf, access: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not read the folders a second time."""
    served = Law(())
    shelf.now = other()
    served.reload(lambda one: announce(access, one.rulebook.revision, "who", utc_now()))
    read = list[object]()
    monkeypatch.setattr(served_law, "law_of", read.append)
    assert Follower(served, access).look() is True
    assert read == []


def test_only_what_was_announced(shelf: Shelf, access: Store) -> None:
    """Folders that hold something else by now are nobody's decision: what is served stays, until the next reload."""
    served = Law(())
    follower = Follower(served, access)
    announce(access, other().revision, "who", utc_now())
    shelf.now = other(b"# a third\n")
    assert follower.look() is False
    assert served.now.rulebook.revision == law().revision
    shelf.now = other()
    assert follower.look() is None
    announce(access, other().revision, "who", utc_now())
    assert follower.look() is True


def test_broken_folders_change_nothing(shelf: Shelf, access: Store) -> None:
    """Nor do they end the thread."""
    served = Law(())
    follower = Follower(served, access)
    announce(access, other().revision, "who", utc_now())
    shelf.now = RefusedPacks([Fault("P601", Place("a.yaml", 1, 1), "错", "wrong")])
    assert follower.look() is False
    assert served.now.rulebook.revision == law().revision


def test_one_that_starts_serves_what_it_read(shelf: Shelf, access: Store) -> None:
    """A reload announced between reading and starting is not lost; one that the folders left behind is past."""
    served = Law(())
    shelf.now = other()
    announce(access, other().revision, "who", utc_now())
    follower = Follower(served, access)
    follower.start()
    follower.stop()
    assert served.now.rulebook.revision == other().revision
    shelf.now = other(b"# a third\n")
    later = Law(())
    follower = Follower(later, access)
    follower.start()
    follower.stop()
    assert later.now.rulebook.revision == shelf.now.revision


def test_the_thread_looks_by_itself(shelf: Shelf, access: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every so often, through faults of its own, until it is told to stop."""
    served, seen = Law(()), threading.Event()
    follower = Follower(served, access, every=0.001)
    looks, look = [0], follower.look

    def looking() -> bool | None:
        looks[0] += 1
        if looks[0] == 1:
            raise RuntimeError("once")
        if found := look():
            seen.set()
        return found

    monkeypatch.setattr(follower, "look", looking)
    follower.start()
    shelf.now = other()
    announce(access, other().revision, "who", utc_now())
    assert seen.wait(30)
    follower.stop()
    assert served.now.rulebook.revision == other().revision
