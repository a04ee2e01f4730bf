"""Bearer tokens of an OpenID provider, where one is set: signature by its published keys, pinned algorithms, claims."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from hmac import compare_digest
from threading import Lock
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.rest.fetching import fetched
from api.rest.settings import Client, Oidc
from engine.access.roles import Grant, Role
from engine.errors import Unavailable

LOG = logging.getLogger("memoranda")
KEPT_SECONDS = 300
OLDEST_SECONDS = 3_600  # where the provider cannot be reached
AGAIN_SECONDS = 10  # the least time between two fetches, whoever sends unknown key ids
LONGEST_SUBJECT, LONGEST_NAME = 255, 200
# Seconds by which the provider's clock may be ahead when somebody comes straight from it.
LEEWAY = 60


class Tokens:
    """Checks tokens; the provider's keys are kept for a while, and fetched again when a token names a new one."""

    def __init__(self, oidc: Oidc) -> None:
        self._oidc, self._lock = oidc, Lock()
        self._keys: KeySet | None = None
        self._fetched = self._again = 0.0

    def grant_of(self, token: str) -> Grant | None:
        """Whose token it is; None if it is not valid here. Unavailable if the provider's keys cannot be had."""
        return self._read(token, self._registry(self._oidc.audience), lambda claims: True)

    def identity_of(self, token: str, client: Client, nonce: str) -> Grant | None:
        """Who signed in, by the provider's word to this client, asked for with this nonce; otherwise as above."""

        def meant(claims: Mapping[str, Any]) -> bool:
            alone = claims["aud"] in (client.id, [client.id])
            known = claims.get("azp", client.id if alone else "") == client.id
            said = claims.get("nonce")
            return known and isinstance(said, str) and compare_digest(said.encode("utf-8", "replace"), nonce.encode())

        return self._read(token, self._registry(client.id, LEEWAY), meant)

    def _read(
        self, token: str, registry: jwt.JWTClaimsRegistry, meant: Callable[[Mapping[str, Any]], bool]
    ) -> Grant | None:
        for fresh in (False, True):
            keys = self._known(fresh)
            try:
                claims = jwt.decode(token, keys, algorithms=list(self._oidc.algorithms)).claims
                registry.validate(claims)
                return self._grant(claims) if meant(claims) else None
            except (JoseError, ValueError, TypeError):
                continue  # perhaps signed by a key we have not fetched yet
        return None

    def _registry(self, audience: str, leeway: int = 0) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            leeway=leeway,
            iss={"essential": True, "value": self._oidc.issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    def _grant(self, claims: dict[str, Any]) -> Grant:
        subject = str(claims["sub"])
        if not subject.isprintable() or len(subject) > LONGEST_SUBJECT:
            raise ValueError("sub")
        name = "".join(one for one in str(claims.get("name", subject)) if one.isprintable())[:LONGEST_NAME]
        known = frozenset(Role(role) for role in _words(claims.get(self._oidc.roles_claim)) if role in set(Role))
        limits = [_limit(claims, f"memoranda_{name}") for name in ("scenarios", "jurisdictions")]
        return Grant(subject, name or subject, known, *limits)

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
        return KeySet.import_key_set(json.loads(fetched(self._oidc.keys_url)))


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
