"""Who vouches for the log: keys in a file of its owner alone; the newest signs, older ones verify."""

import base64
import fcntl
import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from engine.canonical import canonical
from engine.errors import Unavailable
from engine.ledger.algorithms import ALGORITHMS, Ed25519, SigningKey, algorithm_of

Chance = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement's signature and whose it is."""

    algorithm: str
    key: str
    signature: str

    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"algorithm": self.algorithm, "key": self.key, "signature": self.signature}


class LogKeys:
    """The keys of one ledger, the newest last: it signs. Their secrets stay in the file and in memory."""

    __slots__ = ("_keys", "path")

    def __init__(self, path: Path, keys: list[SigningKey]) -> None:
        self.path, self._keys = path, keys

    @classmethod
    def open(cls, path: Path, chance: Chance, algorithm: type[SigningKey] = Ed25519) -> "LogKeys":
        """Read the file, or make it with a new key. Unavailable if others may read it or it is damaged."""
        if path.exists():
            return cls(path, _read(path))
        with _alone(path.parent):
            if path.exists():  # another process was first: its key is the ledger's
                return cls(path, _read(path))
            return cls(path, _written(path, [algorithm.fresh(chance)]))

    def rotated(self, chance: Chance, algorithm: type[SigningKey] = Ed25519) -> "LogKeys":
        """With a new key that signs from now on; the older ones keep verifying, whatever their algorithms."""
        with _alone(self.path.parent):
            return LogKeys(self.path, _written(self.path, [*_read(self.path), algorithm.fresh(chance)]))

    @property
    def fingerprint(self) -> str:
        """The id of the key that signs."""
        return fingerprint(self._keys[-1].public)

    @property
    def algorithm(self) -> str:
        """What the newest key signs with."""
        return self._keys[-1].NAME

    @property
    def public(self) -> Mapping[str, str]:
        """Every key's public part in hex, by its fingerprint, the newest last."""
        return {fingerprint(key.public): key.public.hex() for key in self._keys}

    def sign(self, statement: Any) -> Signed:
        """The newest key's signature over the statement's canonical bytes."""
        signature = self._keys[-1].sign(canonical(statement))
        return Signed(self.algorithm, self.fingerprint, base64.b64encode(signature).decode())

    def __repr__(self) -> str:
        return f"LogKeys({self.fingerprint})"


def fingerprint(public: bytes) -> str:
    """By which a key is pinned and printed: 32 hex digits of SHA-256 over its public bytes, whatever its algorithm."""
    return sha256(public).hexdigest()[:32]


def fingerprint_of_public(public: str) -> str:
    """The fingerprint of a public key in hex. ValueError if it is none."""
    raw = bytes.fromhex(public)
    algorithm_of(raw).demand_public(raw)
    return fingerprint(raw)


def genuine(statement: Any, signed: Mapping[str, Any], keys: Mapping[str, str]) -> bool:
    """Whether one of the pinned keys (fingerprint to public part in hex) signed the statement."""
    if set(signed) != {"algorithm", "key", "signature"}:
        return False
    public, said = keys.get(str(signed["key"])), str(signed["signature"])
    try:
        raw, signature = bytes.fromhex(public or ""), base64.b64decode(said, validate=True)
        # The last digit of base64 has bits that say nothing; one signature is written in one way.
        if base64.b64encode(signature).decode() != said or signed["algorithm"] != algorithm_of(raw).NAME:
            return False
        return algorithm_of(raw).verifies(raw, signature, canonical(statement))
    except ValueError:
        return False


def _read(path: Path) -> list[SigningKey]:
    """The keys of the file. Unavailable if others may read it, or if it is damaged."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise Unavailable(
            f"签名密钥 {path} 的权限过宽（{mode:o}）", f"the signing key {path} may be read by others ({mode:o})",
            f"运行 chmod 600 {path}", f"run chmod 600 {path}",
        )  # fmt: skip
    try:
        first, *later = _secrets(json.loads(path.read_text(encoding="ascii")))
        return [ALGORITHMS[algorithm](bytes.fromhex(secret)) for algorithm, secret in (first, *later)]
    except (ValueError, KeyError, TypeError, OSError):
        raise Unavailable(
            f"签名密钥 {path} 已损坏", f"the signing key {path} is damaged", "从备份恢复", "bring it back from a backup"
        ) from None  # fmt: skip


def _secrets(said: Any) -> list[tuple[str, str]]:
    """Algorithm and secret of each key; files of before SM2 name one algorithm for all."""
    if "seeds" in said:
        return [(said["algorithm"], seed) for seed in said["seeds"]]
    return [(key["algorithm"], key["secret"]) for key in said["keys"]]


def _written(path: Path, keys: list[SigningKey]) -> list[SigningKey]:
    """The keys, once they are on the disk: nothing may be signed by a key that a crash could take away."""
    beside = path.with_name(f"{path.name}.{fingerprint(keys[-1].public)}.part")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump({"keys": [{"algorithm": key.NAME, "secret": key.secret.hex()} for key in keys]}, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return keys


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else makes or rotates keys in the folder meanwhile; what was put into it is there after a crash.

    Unavailable where nothing can be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as wrong:
        raise Unavailable(
            f"签名密钥写不进 {folder}：{wrong.strerror}",
            f"no signing key can be written to {folder}: {wrong.strerror}",
            "检查路径和权限", "check the path and its permissions",
        ) from None  # fmt: skip
