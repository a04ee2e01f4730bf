"""How often somebody may ask: a sliding window for each key, two counters in this process's memory."""

from math import ceil

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from limits.util import WindowStats

from api.rest.problems import Problem
from engine.services.moments import utc_now


class Rate:
    """So many requests a minute for whoever is named; with several processes each counts its own."""

    def __init__(self, a_minute: int) -> None:
        self._item = RateLimitItemPerMinute(a_minute)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def hit(self, who: str) -> dict[str, str]:
        """Count a request; the headers that tell the caller where it stands. Problem 429 past the limit."""
        fine = self._limiter.hit(self._item, who)
        stats = self._limiter.get_window_stats(self._item, who)
        headers = self._headers(stats)
        if not fine:
            raise Problem(429, headers={**headers, "Retry-After": str(_seconds(stats))})
        return headers

    def _headers(self, stats: WindowStats) -> dict[str, str]:
        policy = f'"default";q={self._item.amount};w=60'
        return {"RateLimit-Policy": policy, "RateLimit": f'"default";r={stats.remaining};t={_seconds(stats)}'}


def _seconds(stats: WindowStats) -> int:
    return max(1, ceil(stats.reset_time - utc_now().timestamp()))
