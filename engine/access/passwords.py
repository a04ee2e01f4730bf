"""Passwords: which will do, how they are kept, and whether one fits; as much work where there is none to compare."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from engine.errors import Unavailable, refused_input

SHORTEST, LONGEST, LEAST_DIFFERENT = 12, 256, 5  # characters
# A login so long must not be part of the password; a shorter one may be part of a word.
TELLING = 4
# RFC 9106's second choice: 64 MiB and three passes. Two at a time, so that signing in cannot exhaust the memory; and
# few may wait, so that a crowd at the entrance does not take every thread from whoever is in.
_HASHER = PasswordHasher(time_cost=3, memory_cost=1 << 16, parallelism=1)
_AT_ONCE, _IN_LINE = BoundedSemaphore(2), BoundedSemaphore(16)


def digest(password: str, login: str = "") -> str:
    """A password as it is kept. RefusedInput for one too short or too long, or that anybody would try first."""
    said = plain(password)
    if not SHORTEST <= len(said) <= LONGEST:
        zh, en = f"密码须为 {SHORTEST} 至 {LONGEST} 位", f"a password has {SHORTEST} to {LONGEST} characters"
        raise refused_input("A744", zh, en, where="password")
    if len(set(said)) < LEAST_DIFFERENT or _in_a_row(said) or (len(login) >= TELLING and login in said.lower()):
        raise refused_input(
            "A745", "密码太容易猜到", "the password is too easy to guess", "不要用重复或连续的字符，也不要含登录名",
            "no repeated or consecutive characters, and not the login", where="password",
        )  # fmt: skip
    with _one_of_few():
        return _HASHER.hash(said)


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password kept as that digest; None where nobody has one: that takes the same time.

    Unavailable where more wait than can be let in.
    """
    with _one_of_few():
        try:
            return _HASHER.verify(kept or _nobodys(), plain(password)) and kept is not None
        except (Argon2Error, InvalidHashError):
            return False


def plain(password: str) -> str:
    """A password as it is compared: the same from every keyboard (NIST SP 800-63B), and no longer than is sensible."""
    return unicodedata.normalize("NFKC", password[: 4 * LONGEST]).encode("utf-8", "replace").decode()


@contextmanager
def _one_of_few() -> Iterator[None]:
    if not _IN_LINE.acquire(blocking=False):
        raise Unavailable("此刻登录的人太多", "too many sign in just now", "稍后再试", "try again in a moment")
    try:
        with _AT_ONCE:
            yield
    finally:
        _IN_LINE.release()


def _in_a_row(said: str) -> bool:
    """Whether each character follows the one before it, up or down: 123456789012, abcdefghijkl."""
    steps = {(ord(b) - ord(a)) % 10 if a.isdigit() and b.isdigit() else ord(b) - ord(a) for a, b in pairwise(said)}
    return steps in ({1}, {-1}, {9})


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")
