"""Natural persons without their numbers: a keyed digest finds a person again, a mask shows whose entry it may be.

A number lives in local variables only: it is read, digested and dropped, and no message, repr or file holds it.
"""

import fcntl
import hmac
import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from engine.errors import Unavailable
from engine.identity import read_citizens_number

# HMAC-SHA256 takes a key of its own width; shorter ones could be guessed together with a number.
KEY_BYTES = 32
_MOST_BYTES = 65_536
_HIDDEN = "＊"
# A number this short is hidden whole; otherwise the province and the last two characters show.
_SHORT = 8

# So many bytes that nobody can guess, from the one place that may ask for them.
Chance = Callable[[int], bytes]


class PersonKeys:
    """The keys of one installation, the newest first: it digests, the older ones only find what was digested before."""

    __slots__ = ("_keys", "_path")

    def __init__(self, path: Path, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys) or len({*keys}) != len(keys):
            raise ValueError(f"keys are {KEY_BYTES} bytes each, at least one, no two the same")
        self._path, self._keys = path, {_key_id(key): key for key in keys}

    @classmethod
    def open(cls, path: Path, chance: Chance) -> "PersonKeys":
        """The keys of the file; where there is none, a first one is made with `chance`, in a folder for its owner only.

        Unavailable, with what to do, if others may read file or folder, or if the file is not one of ours.
        """
        with _alone_with(path):
            if not os.path.lexists(path):
                _write(path, cls(path, [chance(KEY_BYTES)])._keys)
            return cls(path, _read(path))

    def rotate(self, chance: Chance) -> "PersonKeys":
        """A new key in the file, in front of the older ones; what was digested under them is still found."""
        with _alone_with(self._path):
            rotated = PersonKeys(self._path, [chance(KEY_BYTES), *_read(self._path)])
            _write(self._path, rotated._keys)
            return rotated

    @property
    def key_id(self) -> str:
        """The newest key's name, which tells nothing of the key."""
        return next(iter(self._keys))

    def digest(self, number: str) -> str:
        """`person:KEY:HEX` of a citizen's number under the newest key. WrongCode for what is no such number."""
        return self.digests(number)[0]

    def digests(self, number: str) -> tuple[str, ...]:
        """The same under every key, the newest first: under each of them the person may be known."""
        read = read_citizens_number(number).encode()
        return tuple(f"person:{name}:{hmac.digest(key, read, 'sha256').hex()}" for name, key in self._keys.items())

    def __repr__(self) -> str:
        return f"PersonKeys({', '.join(self._keys)})"

    def __reduce__(self) -> str:
        raise TypeError("keys are not copied out of the process")


def masked(number: str) -> str:
    """A number as it may be shown: its first two and last two characters."""
    plain = "".join(number.split())
    return f"{plain[:2]}{_HIDDEN * (len(plain) - 4)}{plain[-2:]}" if len(plain) > _SHORT else _HIDDEN * len(plain)


def masked_name(name: str) -> str:
    """A person's name as it may be shown: the first character; not even how many follow."""
    return f"{name.strip()[:1]}{_HIDDEN}"


def _key_id(key: bytes) -> str:
    return sha256(b"memoranda person key\0" + key).hexdigest()[:8]


@contextmanager
def _alone_with(path: Path) -> Iterator[None]:
    """The only process at the file, in a folder for its owner only; any OSError as Unavailable."""
    folder = path.parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _only_for_its_owner(handle, folder, 0o700)
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as wrong:
        why = wrong.strerror or type(wrong).__name__
        raise Unavailable(
            f"密钥文件 `{path}` 无法读写：{why}",
            f"the key file `{path}` cannot be read or written: {why}",
            "检查文件夹的归属和磁盘空间",
            "check whose folder it is, and the room on the disk",
        ) from None


def _only_for_its_owner(handle: int, path: Path, wanted: int) -> None:
    mode = stat.S_IMODE(os.fstat(handle).st_mode)
    if mode & 0o077:
        raise Unavailable(
            f"`{path}` 对他人开放（{mode:04o}），密钥不安全",
            f"`{path}` is open to others ({mode:04o}), so the keys in it are not safe",
            f"运行 chmod {wanted:o} '{path}'；若他人可能已读到，再更换密钥",
            f"run chmod {wanted:o} '{path}'; if others may have read it, rotate the key too",
        )


def _read(path: Path) -> list[bytes]:
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW)) as file:
        _only_for_its_owner(file.fileno(), path, 0o600)
        text = file.read(_MOST_BYTES)
    try:
        written = json.loads(text)["keys"]
        keys = [bytes.fromhex(one["key"]) for one in written]
        named = [one["id"] for one in written] == [_key_id(key) for key in keys]
        sound = named and PersonKeys(path, keys) is not None
    except (ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise Unavailable(
            f"`{path}` 不是密钥文件，或已损坏",
            f"`{path}` is no key file, or is damaged",
            "从备份恢复该文件；没有它，已登记的自然人无法再识别",
            "restore it from the backup; without it no natural person in the registry is found again",
        )
    return keys


def _write(path: Path, keys: Mapping[str, bytes]) -> None:
    """The whole file beside it first, then in its place: it is never half there."""
    lines = [{"id": name, "key": key.hex()} for name, key in keys.items()]
    text = json.dumps({"keys": lines}, indent=2) + "\n"
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with open(fresh, "x", encoding="ascii", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
