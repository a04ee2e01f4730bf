"""One process's hand in the ledger: many callers share a commit, and each waits until its own leaf is durable."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from threading import Lock

from engine.errors import Unavailable
from engine.ledger.recording import Entered, keep_rulebook, record
from engine.registry.store import Store

# The most leaves of one commit: those who come later wait for the next.
BATCH = 500


class Recorder:
    """Writes leaves for all that a process does at once.

    One thread writes. Whoever comes while a commit runs queues up, and the next commit takes all that wait.
    """

    def __init__(self, ledger: Store) -> None:
        self._ledger = ledger
        self._waiting: list[tuple[Entered, Future[None]]] = []
        self._queue = Lock()
        self._pen = ThreadPoolExecutor(1, "recorder")
        self._kept = set[str]()

    def submit(self, leaf: Entered) -> "Future[None]":
        """Done once the leaf is durable; its exception says what kept it from that, and then nobody may be answered."""
        durable = Future[None]()
        with self._queue:
            self._waiting.append((leaf, durable))
        self._pen.submit(self._commit)
        return durable

    def record(self, leaf: Entered) -> None:
        """Return once the leaf is durable; raises what kept it from that."""
        self.submit(leaf).result()

    def keep(self, revision: str, files: Mapping[str, bytes], now: datetime) -> None:
        """The rulebook's files, whole, before the first decision that is made by it."""
        if revision not in self._kept:
            keep_rulebook(self._ledger, revision, files, now)
            self._kept.add(revision)

    def close(self) -> None:
        """Write what still waits; nothing is taken after it."""
        self._pen.shutdown()

    def _commit(self) -> None:
        with self._queue:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        if not batch:
            return  # an earlier commit took it along
        fault = self._fault_of([leaf for leaf, _ in batch])
        for leaf, durable in batch:
            # A leaf that cannot be written must not take the others with it. A database that is away is away for all.
            again = fault is not None and len(batch) > 1 and not isinstance(fault, Unavailable)
            if (own := self._fault_of([leaf]) if again else fault) is None:
                durable.set_result(None)
            else:
                durable.set_exception(own)

    def _fault_of(self, leaves: list[Entered]) -> Exception | None:
        try:
            record(self._ledger, leaves)
        except Exception as fault:  # whoever wrote answers for all, whatever it was
            return fault
        return None
