"""The thread that numbers what was recorded: in every serving process, one at work at a time."""

from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread

from engine.ledger.sequencing import sequence, waits
from engine.ledger.signing import LogKeys
from engine.registry.store import Store

# Seconds between two looks. A leaf has its number within MAXIMUM_DELAY, which is published.
EVERY = 0.25
MAXIMUM_DELAY = 2.0


class Sequencer:
    """Numbers leaves from its start to its stop.

    A database that is away is asked again at the next look: what is recorded waits, and nothing is lost.
    """

    def __init__(self, ledger: Store, keys: LogKeys, clock: Callable[[], datetime]) -> None:
        self._ledger, self._keys, self._clock = ledger, keys, clock
        self._stopping = Event()
        self._thread = Thread(target=self._work, name="sequencer", daemon=True)
        self.fault: Exception | None = None

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Number what still waits, then end."""
        self._stopping.set()
        self._thread.join()

    @property
    def alive(self) -> bool:
        """Whether it looks."""
        return self._thread.is_alive()

    def _work(self) -> None:
        while True:
            last = self._stopping.wait(EVERY)
            try:
                while waits(self._ledger) and sequence(self._ledger, self._keys, self._clock(), patient=last):
                    pass
                self.fault = None
            except Exception as fault:  # the thread must not die of anything: nobody else would number
                self.fault = fault
            if last:
                return
