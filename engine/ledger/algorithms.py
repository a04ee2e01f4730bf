"""What a log may be signed with, each algorithm a class of the same few words: Ed25519, SM2 (GB/T 32918)."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.errors import Unavailable

SECRET_BYTES = 32


class SigningKey(ABC):
    """A key that signs; `secret` never leaves the key file and memory. ValueError for bytes that are no secret."""

    __slots__ = ("public", "secret")
    NAME: ClassVar[str]
    PUBLIC_BYTES: ClassVar[int]  # tells the algorithms' public keys apart

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SECRET_BYTES:
            raise ValueError("a secret of another length")
        self.secret = secret
        self.public = self._public()

    @classmethod
    def fresh(cls, chance: Callable[[int], bytes]) -> "SigningKey":
        """A new key."""
        return cls(chance(SECRET_BYTES))

    @abstractmethod
    def sign(self, data: bytes) -> bytes:
        """The signature, 64 bytes."""

    @staticmethod
    @abstractmethod
    def verifies(public: bytes, signature: bytes, data: bytes) -> bool:
        """Whether the key of these public bytes signed the data. ValueError for bytes that are no key."""

    @staticmethod
    @abstractmethod
    def demand_public(public: bytes) -> None:
        """ValueError for bytes that are no public key."""

    @abstractmethod
    def _public(self) -> bytes: ...


class Ed25519(SigningKey):
    """RFC 8032; public keys are 32 bytes."""

    __slots__ = ("_key",)
    NAME, PUBLIC_BYTES = "Ed25519", 32

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        super().__init__(secret)

    def sign(self, data: bytes) -> bytes:
        """The signature, 64 bytes."""
        return self._key.sign(data)

    @staticmethod
    def verifies(public: bytes, signature: bytes, data: bytes) -> bool:
        """Whether the key of these public bytes signed the data. ValueError for bytes that are no key."""
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
        except InvalidSignature:
            return False
        return True

    @staticmethod
    def demand_public(public: bytes) -> None:
        """ValueError for bytes that are no public key."""
        Ed25519PublicKey.from_public_bytes(public)

    def _public(self) -> bytes:
        return self._key.public_key().public_bytes_raw()


class SM2(SigningKey):
    """GB/T 32918.2 with SM3, under the user id that OpenSSL and others take for granted in China.

    Public keys are 04, x and y; signatures are r and s, 32 bytes each. In Python, so about 13 ms to sign and 25 ms to
    verify, and not constant in time: whoever can time the signer closely should sign in a security module.
    """

    __slots__ = ()
    NAME, PUBLIC_BYTES = "SM2", 65
    USER = b"1234567812345678"
    ORDER = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123

    def __init__(self, secret: bytes) -> None:
        if not self._fits(secret):
            raise ValueError("no secret of SM2")
        super().__init__(secret)

    @classmethod
    def fresh(cls, chance: Callable[[int], bytes]) -> "SM2":
        """A new key; about one draw in 2**32 is above the group's order, and is drawn again."""
        while not cls._fits(secret := chance(SECRET_BYTES)):
            pass
        return cls(secret)

    def sign(self, data: bytes) -> bytes:
        """The signature, 64 bytes."""
        r, s = _gmalg().SM2(self.secret, self.USER, self.public).sign(data)
        return bytes(r.rjust(32, b"\0") + s.rjust(32, b"\0"))

    @staticmethod
    def verifies(public: bytes, signature: bytes, data: bytes) -> bool:
        """Whether the key of these public bytes signed the data. ValueError for bytes that are no key."""
        SM2.demand_public(public)
        key = _gmalg().SM2(uid=SM2.USER, pk=public)
        return len(signature) == 64 and bool(key.verify(data, signature[:32], signature[32:]))

    @staticmethod
    def demand_public(public: bytes) -> None:
        """ValueError for bytes that are no public key."""
        if len(public) != SM2.PUBLIC_BYTES or public[0] != 4 or not _on_curve(public):
            raise ValueError("no public key of SM2")

    def _public(self) -> bytes:
        return bytes(_gmalg().SM2().generate_pk(self.secret))

    @classmethod
    def _fits(cls, secret: bytes) -> bool:
        return 0 < int.from_bytes(secret, "big") < cls.ORDER - 1


ALGORITHMS: dict[str, type[SigningKey]] = {algorithm.NAME: algorithm for algorithm in (Ed25519, SM2)}


def algorithm_of(public: bytes) -> type[SigningKey]:
    """The algorithm that a public key is of. ValueError if it is of none."""
    for algorithm in ALGORITHMS.values():
        if len(public) == algorithm.PUBLIC_BYTES:
            return algorithm
    raise ValueError("a public key of no algorithm here")


@lru_cache(maxsize=64)
def _on_curve(public: bytes) -> bool:
    """Kept, for it takes as long as a signature."""
    return bool(_gmalg().SM2().verify_pk(public))


def _gmalg() -> Any:
    """The library of SM2, which not every installation has."""
    try:
        import gmalg  # type: ignore[import-untyped]
    except ImportError:
        raise Unavailable(
            "SM2 签名需要 gmalg，此处没有安装", "SM2 signatures need gmalg, which is not installed here",
            "运行 pip install memoranda[gm]", "run pip install memoranda[gm]",
        ) from None  # fmt: skip
    return gmalg
