"""A reload made in one serving process, followed by the others: each looks every few seconds what it should serve."""

import logging
from contextlib import suppress
from threading import Event, Thread

from api.rest.law import Law
from api.rest.logs import MEMBERS
from api.rest.metrics import RELOADS
from engine.access.reloads import Reloaded, newest
from engine.errors import MemorandaError, Unavailable
from engine.registry.store import Store

LOG = logging.getLogger("memoranda")
EVERY = 5.0


class Follower:
    """One thread of a process. What it cannot read sound and whole is not served, and is not tried again."""

    def __init__(self, law: Law, access: Store, every: float = EVERY) -> None:
        self._law, self._access, self._every = law, access, every
        self._stop, self._tried = Event(), 0
        self._thread = Thread(target=self._run, name="follower", daemon=True)

    def start(self) -> None:
        """Begin. A last reload that the folders have left behind since is past: this process has read them itself."""
        if found := self._newest():
            self._tried = found.number
            with suppress(MemorandaError):
                self._law.follow(found.revision)
        self._thread.start()

    def stop(self) -> None:
        """End, once what it is at is done."""
        self._stop.set()
        self._thread.join()

    def look(self) -> bool | None:
        """Follow the newest reload; whether it is served now, None where there is none to follow."""
        found = self._newest()
        if found is None or found.number == self._tried:
            return None
        self._tried = found.number
        if found.revision == self._law.now.rulebook.revision:
            return True
        try:
            followed = self._law.follow(found.revision)
        except MemorandaError:
            followed = False
        RELOADS.labels("followed" if followed else "not-followed").inc()
        members = {"reload": found.revision[:12], "followed": followed}
        LOG.log(logging.INFO if followed else logging.ERROR, "a reload", extra={MEMBERS: members})
        return followed

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self.look()
            except Unavailable:
                continue  # the book is away: it is asked again
            except Exception:
                LOG.exception("following a reload failed")

    def _newest(self) -> Reloaded | None:
        with self._access.reading() as connection:
            return newest(connection)
