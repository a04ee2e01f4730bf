"""Long work of pages: a few at a time in threads of the serving process, told of in the book of jobs."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore, Event, Lock, Thread
from typing import Any

from engine.access import jobs
from engine.errors import Unavailable
from engine.registry.store import Store
from engine.services.moments import utc_now

LOG = logging.getLogger("memoranda")
# So many are worked on at a time by one process, and so many are taken in.
HANDS, PLACES = 2, 8
# Seconds between two signs of life of a job, also while it waits for its turn.
PULSE = 5.0
UNAVAILABLE, FAULT = "unavailable", "fault"

Tell = Callable[[str, int], None]
Work = Callable[[Tell], Mapping[str, str]]
_MADE = Lock()


class Bench:
    """Where the jobs of one process are done."""

    def __init__(self, access: Store) -> None:
        self._access = access
        self._hands, self._places = ThreadPoolExecutor(HANDS, "bench"), BoundedSemaphore(PLACES)

    def take(self, job: str, work: Work) -> bool:
        """Do it as soon as a hand is free; False where there is no place left, and then it is not done."""
        if not self._places.acquire(blocking=False):
            return False
        over = Event()
        Thread(target=self._pulse, args=(job, over), name="pulse", daemon=True).start()
        self._hands.submit(self._do, job, work, over)
        return True

    def do(self, job: str, work: Work) -> Mapping[str, str]:
        """Do it here and now; what goes wrong is noted and raised."""
        try:
            result = work(lambda stage, done: None)
            jobs.finish(self._access, job, result, utc_now())
            return result
        except Exception as fault:
            self._failed(job, fault)
            raise

    def _do(self, job: str, work: Work, over: Event) -> None:
        try:
            result = work(lambda stage, done: jobs.beat(self._access, job, utc_now(), done, stage))
            jobs.finish(self._access, job, result, utc_now())
        except Exception as fault:  # nobody waits here: whoever asked is told by the job
            LOG.error("a job failed: %s", type(fault).__name__)
            self._failed(job, fault)
        finally:
            over.set()
            self._places.release()

    def _failed(self, job: str, fault: Exception) -> None:
        try:
            jobs.fail(self._access, job, UNAVAILABLE if isinstance(fault, Unavailable) else FAULT, utc_now())
        except Exception as away:  # then its silence says so
            LOG.error("a job's failure was not noted: %s", type(away).__name__)

    def _pulse(self, job: str, over: Event) -> None:
        while not over.wait(PULSE):
            try:
                jobs.beat(self._access, job, utc_now())
            except Exception as away:  # the next one may be heard
                LOG.warning("a sign of life was not noted: %s", type(away).__name__)


def bench_of(state: Any, access: Store) -> Bench:
    """The bench of a serving process, made when it is first wanted."""
    with _MADE:
        found: Bench | None = getattr(state, "bench", None)
        if found is None:
            found = state.bench = Bench(access)
        return found
