"""Who vouches for the log: Ed25519 keys in a file of its owner alone; the newest signs, older ones verify."""

import base64
import json
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.canonical import canonical
from engine.errors import Unavailable

SEED_BYTES = 32
ALGORITHM = "Ed25519"


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement's signature and whose it is."""

    key: str
    signature: str

    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"algorithm": ALGORITHM, "key": self.key, "signature": self.signature}


class LogKeys:
    """The keys of one ledger, the newest last: it signs. Their seeds stay in the file and in memory."""

    __slots__ = ("_keys", "path")

    def __init__(self, path: Path, seeds: list[bytes]) -> None:
        self.path = path
        self._keys = [Ed25519PrivateKey.from_private_bytes(seed) for seed in seeds]

    @classmethod
    def open(cls, path: Path, chance: Callable[[int], bytes]) -> "LogKeys":
        """Read the file, or make it with a key from `chance`. Unavailable if others may read it or it is damaged."""
        if not path.exists():
            try:
                return cls(path, [])._with(chance(SEED_BYTES))
            except FileExistsError:  # another process was first: its key is the ledger's
                return cls.open(path, chance)
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise Unavailable(
                f"签名密钥 {path} 的权限过宽（{mode:o}）", f"the signing key {path} may be read by others ({mode:o})",
                f"运行 chmod 600 {path}", f"run chmod 600 {path}",
            )  # fmt: skip
        try:
            first, *later = json.loads(path.read_text(encoding="ascii"))["seeds"]
            return cls(path, [bytes.fromhex(seed) for seed in (first, *later)])
        except (ValueError, KeyError, TypeError, OSError):
            raise Unavailable(
                f"签名密钥 {path} 已损坏",
                f"the signing key {path} is damaged",
                "从备份恢复",
                "bring it back from a backup",
            ) from None

    def rotated(self, chance: Callable[[int], bytes]) -> "LogKeys":
        """With a new key that signs from now on; the older ones keep verifying."""
        return self._with(chance(SEED_BYTES))

    @property
    def fingerprint(self) -> str:
        """The id of the key that signs."""
        return fingerprint(self._keys[-1].public_key())

    @property
    def public(self) -> Mapping[str, str]:
        """Every key's public part in hex, by its fingerprint, the newest last."""
        return {fingerprint(key.public_key()): _raw(key.public_key()).hex() for key in self._keys}

    def sign(self, statement: Any) -> Signed:
        """The newest key's signature over the statement's canonical bytes."""
        return Signed(self.fingerprint, base64.b64encode(self._keys[-1].sign(canonical(statement))).decode())

    def _with(self, seed: bytes) -> "LogKeys":
        seeds = [*(key.private_bytes_raw() for key in self._keys), seed]
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = self.path.with_name(f"{self.path.name}.{fingerprint_of(seed)}.part")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump({"algorithm": ALGORITHM, "seeds": [one.hex() for one in seeds]}, file)
            file.flush()
            os.fsync(file.fileno())
        if self._keys:
            beside.replace(self.path)
        else:  # a first key never takes the place of another's
            try:
                os.link(beside, self.path)
            finally:
                beside.unlink()
        return LogKeys(self.path, seeds)

    def __repr__(self) -> str:
        return f"LogKeys({self.fingerprint})"


def fingerprint(key: Ed25519PublicKey) -> str:
    """By which a key is pinned and printed: 32 hex digits of SHA-256 over its raw bytes."""
    return sha256(_raw(key)).hexdigest()[:32]


def fingerprint_of(seed: bytes) -> str:
    """The fingerprint of the key that a seed makes."""
    return fingerprint(Ed25519PrivateKey.from_private_bytes(seed).public_key())


def fingerprint_of_public(public: str) -> str:
    """The fingerprint of a public key in hex. ValueError if it is none."""
    return fingerprint(Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)))


def genuine(statement: Any, signed: Mapping[str, Any], keys: Mapping[str, str]) -> bool:
    """Whether one of the pinned keys (fingerprint to public part in hex) signed the statement."""
    public = keys.get(str(signed.get("key")))
    if public is None or set(signed) != {"algorithm", "key", "signature"} or signed["algorithm"] != ALGORITHM:
        return False
    try:
        signature = base64.b64decode(str(signed["signature"]), validate=True)
        if base64.b64encode(signature).decode() != signed["signature"]:  # the last digit has bits that say nothing
            return False
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, canonical(statement))
    except (InvalidSignature, ValueError):
        return False
    return True


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes_raw()
