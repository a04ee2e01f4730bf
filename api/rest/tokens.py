"""Bearer tokens of an OpenID provider, where one is set: signature by its published keys, pinned algorithms, claims."""

import json
import logging
import time
from collections.abc import Mapping
from threading import Lock
from typing import Any
from urllib.request import Request as Fetch
from urllib.request import urlopen

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.rest.settings import Oidc
from engine.access.roles import Grant, Role
from engine.errors import Unavailable

LOG = logging.getLogger("memoranda")
KEPT_SECONDS = 300
OLDEST_SECONDS = 3_600  # where the provider cannot be reached
AGAIN_SECONDS = 10  # the least time between two fetches, whoever sends unknown key ids
MOST_BYTES = 1 << 20


class Tokens:
    """Checks tokens; the provider's keys are kept for a while, and fetched again when a token names a new one."""

    def __init__(self, oidc: Oidc) -> None:
        self._oidc, self._lock = oidc, Lock()
        self._keys: KeySet | None = None
        self._fetched = self._again = 0.0

    def grant_of(self, token: str) -> Grant | None:
        """Whose token it is; None if it is not valid here. Unavailable if the provider's keys cannot be had."""
        for fresh in (False, True):
            keys = self._known(fresh)
            try:
                claims = jwt.decode(token, keys, algorithms=list(self._oidc.algorithms)).claims
                self._registry().validate(claims)
                return self._grant(claims)
            except (JoseError, ValueError, TypeError):
                continue  # perhaps signed by a key we have not fetched yet
        return None

    def _registry(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": self._oidc.issuer},
            aud={"essential": True, "value": self._oidc.audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    def _grant(self, claims: dict[str, Any]) -> Grant:
        known = frozenset(Role(role) for role in _words(claims.get(self._oidc.roles_claim)) if role in set(Role))
        limits = [_limit(claims, f"memoranda_{name}") for name in ("scenarios", "jurisdictions")]
        return Grant(str(claims["sub"])[:200], str(claims.get("name", claims["sub"]))[:200], known, *limits)

    def _known(self, fresh: bool) -> KeySet:
        """The provider's keys: those of a while ago where it is away, for as long as OLDEST_SECONDS."""
        with self._lock:
            now = time.monotonic()
            wanted = self._keys is None or now - self._fetched > KEPT_SECONDS or fresh
            if wanted and now >= self._again:
                self._again = now + AGAIN_SECONDS
                try:
                    self._keys, self._fetched = self._fetch(), now
                except (OSError, ValueError, JoseError, KeyError, TypeError):
                    LOG.warning("the keys of the identity provider cannot be had")
            if self._keys is not None and now - self._fetched <= OLDEST_SECONDS:
                return self._keys
        raise Unavailable(
            "取不到身份提供方的密钥", "the keys of the identity provider cannot be had",
            "稍后再试，或改用密钥", "try again later, or use a key",
        )  # fmt: skip

    def _fetch(self) -> KeySet:
        with urlopen(Fetch(self._oidc.keys_url, headers={"Accept": "application/json"}), timeout=5) as answer:
            return KeySet.import_key_set(json.loads(answer.read(MOST_BYTES)))


def _limit(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    """What a claim limits to. ValueError for one that is there and names nothing: no limit would be read into it."""
    found = frozenset(_words(claims.get(name)))
    if name in claims and not found:
        raise ValueError(name)
    return found


def _words(said: object) -> list[str]:
    if isinstance(said, str):
        return said.split()
    return [one for one in said if isinstance(one, str)] if isinstance(said, list) else []
