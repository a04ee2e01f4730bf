"""The provider's side of signing in: where its doors are, and who somebody is for the code they bring from there."""

import json
import logging
import time
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode

from api.rest.fetching import SCHEMES, fetched
from api.rest.logs import MEMBERS, NAME
from api.rest.settings import Client, Oidc
from api.rest.tokens import AGAIN_SECONDS, OLDEST_SECONDS, Tokens
from engine.access.roles import Grant
from engine.errors import Unavailable

LOG = logging.getLogger(NAME)
DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Doors:
    """Where people are sent, and where codes are taken."""

    authorize: str
    token: str


@dataclass(frozen=True, slots=True)
class Secrets:
    """What one sign-in goes by; all of it from what the browser holds meanwhile, none of it told by another."""

    state: str
    nonce: str
    verifier: str

    @staticmethod
    def of(held: str) -> "Secrets":
        """Those of this browser's sign-in."""
        return Secrets(*(sha256(f"{what}\n{held}".encode()).hexdigest() for what in ("state", "nonce", "verifier")))


class Exchange:
    """Asks the provider; its discovery document is kept for a while, and for longer where it is away."""

    def __init__(self, oidc: Oidc, client: Client) -> None:
        self._oidc, self.client, self._tokens, self._lock = oidc, client, Tokens(oidc), Lock()
        self._doors: Doors | None = None
        self._fetched = self._again = 0.0

    @property
    def issuer(self) -> str:
        """Who the provider is."""
        return self._oidc.issuer

    def way_there(self, secrets: Secrets, back: str, challenge: str) -> str:
        """The address of the provider's entrance, from which people come `back`. Unavailable if it is not known."""
        said = {
            "response_type": "code", "client_id": self.client.id, "redirect_uri": back, "scope": self.client.scope,
            "state": secrets.state, "nonce": secrets.nonce, "code_challenge": challenge,
            "code_challenge_method": "S256",
        }  # fmt: skip
        there = self.doors().authorize
        return f"{there}{'&' if '?' in there else '?'}{urlencode(said)}"

    def who(self, code: str, secrets: Secrets, back: str) -> Grant | None:
        """Who came back with the code; None if the provider does not vouch for them. Unavailable if it is away."""
        said = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "client_id": self.client.id,
                "code_verifier": secrets.verifier}  # fmt: skip
        try:
            answer = json.loads(fetched(self.doors().token, urlencode(said).encode(), self._headers()))
        except HTTPError as refused:
            _warn(f"the provider refused a code with {refused.code}")
            if refused.code < 500:
                return None
            raise _away() from None
        except (OSError, ValueError) as fault:
            _warn("no token came from the provider", fault)
            raise _away() from None
        token = answer.get("id_token") if isinstance(answer, dict) else None
        found = self._tokens.identity_of(token, self.client, secrets.nonce) if isinstance(token, str) else None
        if found is None:
            _warn("an ID token of the provider is not valid here")
        return found

    def doors(self) -> Doors:
        """By setting, or from the discovery document. Unavailable if that cannot be had."""
        if self.client.authorize_url:
            return Doors(self.client.authorize_url, self.client.token_url)
        with self._lock:
            now = time.monotonic()
            if (self._doors is None or now - self._fetched > OLDEST_SECONDS) and now >= self._again:
                self._again = now + AGAIN_SECONDS
                try:
                    self._doors, self._fetched = self._discovered(), now
                except (OSError, ValueError, KeyError, TypeError) as fault:
                    _warn("the provider's discovery document cannot be had", fault)
            if self._doors is None:
                raise _away()
            return self._doors

    def _discovered(self) -> Doors:
        """The provider's own; ValueError for a document of another, or with addresses less safe than its own."""
        document: Any = json.loads(fetched(self.issuer.rstrip("/") + DISCOVERY))
        doors = Doors(document["authorization_endpoint"], document["token_endpoint"])
        safe = SCHEMES[:1] if self.issuer.startswith(SCHEMES[0]) else SCHEMES
        if document["issuer"] != self.issuer or not all(
            isinstance(one, str) and one.startswith(safe) for one in (doors.authorize, doors.token)
        ):
            raise ValueError("a document of another")
        return doors

    def _headers(self) -> dict[str, str]:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        if not self.client.secret:
            return kind
        pair = f"{quote(self.client.id, safe='')}:{quote(self.client.secret, safe='')}"
        return {**kind, "Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _away() -> Unavailable:
    return Unavailable("统一身份平台暂不可用", "the identity provider is not available now",
                       "稍后再试，或用本系统账户登录", "try again later, or sign in with an account here")  # fmt: skip


def _warn(said: str, fault: Exception | None = None) -> None:
    LOG.warning(said, extra={MEMBERS: {"fault": type(fault).__name__} if fault else {}})
