"""Bearer tokens of a provider: only its own signatures, by pinned algorithms, for this service, while they last."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from api.rest import tokens
from api.rest.app import create_app
from api.rest.settings import Oidc, settings
from api.rest.tokens import Tokens
from engine.access.roles import Grant, Role
from engine.errors import RefusedInput, Unavailable

ISSUER, AUDIENCE = "https://issuer.test/", "memoranda"


class Provider:
    """A server of published keys on this machine; what it answers may be changed, how often it is asked is counted."""

    def __init__(self) -> None:
        self.keys: list[Any] = []
        self.body: bytes | None = None
        self.asked = 0
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked += 1
                data = provider.body
                if data is None:
                    data = json.dumps(KeySet(provider.keys).as_dict(private=False)).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/keys"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        """No longer there."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Clock:
    """Seconds that pass when they are told to."""

    now = 1_000.0

    def monotonic(self) -> float:
        return self.now


EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
OKP = OKPKey.generate_key("Ed25519", {"kid": "okp", "use": "sig"})
STRANGER = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})


@pytest.fixture
def provider() -> Iterator[Provider]:
    """One with a key of each kind."""
    made = Provider()
    made.keys = [EC, RSA, OKP]
    yield made
    made.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the keys."""
    made = Clock()
    monkeypatch.setattr(tokens, "time", made)
    return made


@pytest.fixture
def checker(provider: Provider, clock: Clock) -> Tokens:
    """As the service checks them."""
    return Tokens(Oidc(ISSUER, AUDIENCE, provider.url))


def claims(**other: Any) -> dict[str, Any]:
    """Those of a token that is right, but for what is said otherwise; None leaves a claim out."""
    now = int(time.time())
    said = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": "u1", "exp": now + 60, "iat": now, "memoranda_roles": ["inquirer"],
        **other,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}


def token(key: Any = EC, algorithm: str = "ES256", header: dict[str, Any] | None = None, **other: Any) -> str:
    """A signed token."""
    head = {"alg": algorithm, "kid": key.kid, **(header or {})}
    return jwt.encode(head, claims(**other), key, algorithms=[algorithm])


def part(said: Any) -> str:
    """A part of a token, unsigned."""
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


@pytest.mark.parametrize(("key", "algorithm"), [(EC, "ES256"), (RSA, "RS256"), (OKP, "Ed25519")])
def test_a_right_token_lets_in(checker: Tokens, key: Any, algorithm: str) -> None:
    """Whoever it names, with the roles and limits it says."""
    said = token(
        key, algorithm, name="李工", memoranda_roles="inquirer auditor king", memoranda_scenarios=["procurement"],
        memoranda_jurisdictions="420881 420800",
    )  # fmt: skip
    assert checker.grant_of(said) == Grant(
        "u1", "李工", frozenset({Role.INQUIRER, Role.AUDITOR}), frozenset({"procurement"}),
        frozenset({"420881", "420800"}),
    )  # fmt: skip
    assert checker.grant_of(token(key, algorithm, aud=["others", AUDIENCE])) is not None


WRONG = {
    "issuer": {"iss": "https://other.test/"}, "no issuer": {"iss": None},
    "audience": {"aud": "others"}, "audiences": {"aud": ["others"]}, "no audience": {"aud": None},
    "expired": {"exp": 1_700_000_000}, "no end": {"exp": None}, "an end in words": {"exp": "tomorrow"},
    "not yet": {"nbf": 4_000_000_000}, "nobody": {"sub": None},
    "limits that say nothing": {"memoranda_scenarios": []}, "limits that are blank": {"memoranda_jurisdictions": " "},
    "limits of another kind": {"memoranda_jurisdictions": {"420881": True}},
}  # fmt: skip


@pytest.mark.parametrize("why", WRONG)
def test_a_wrong_claim_lets_nobody_in(checker: Tokens, why: str) -> None:
    """Nor does one that is missing; a limit that cannot be read is never no limit."""
    assert checker.grant_of(token(**WRONG[why])) is None


@pytest.mark.parametrize("roles", [None, 7, {"inquirer": 1}, ["king"], []])
def test_without_roles_it_may_do_nothing(checker: Tokens, roles: Any) -> None:
    """Whatever the claim is like."""
    grant = checker.grant_of(token(memoranda_roles=roles))
    assert grant is not None
    assert grant.roles == frozenset()


def test_no_other_algorithm(checker: Tokens) -> None:
    """Not none, not the provider's public key as a shared secret, not an algorithm that is not set."""
    head, body = {"alg": "none", "kid": "ec"}, claims()
    for signature in ("", "AAAA"):
        assert checker.grant_of(f"{part(head)}.{part(body)}.{signature}") is None
        assert checker.grant_of(f"{part({**head, 'alg': 'NONE'})}.{part(body)}.{signature}") is None
    for key in (RSA, EC):
        for public in (key.as_pem(private=False), json.dumps(key.as_dict(private=False)).encode()):
            assert checker.grant_of(_shared(public, key.kid)) is None
    assert checker.grant_of(token(RSA, "PS256")) is None
    assert checker.grant_of(token(RSA, "RS512")) is None


def _shared(secret: bytes, kid: str) -> str:
    """A token signed with a secret: the library itself refuses a public key as one."""
    said = f"{part({'alg': 'HS256', 'kid': kid})}.{part(claims())}"
    mac = hmac.new(secret, said.encode(), hashlib.sha256).digest()
    return f"{said}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def test_a_key_the_token_brings_is_not_believed(checker: Tokens) -> None:
    """Nor an address of keys in its header."""
    for header in ({"jwk": STRANGER.as_dict(private=False)}, {"jku": "http://127.0.0.1:9/keys"}):
        assert checker.grant_of(token(STRANGER, header=header)) is None


@pytest.mark.parametrize("said", ["..", "a.b.c", "é.é.é", "." * 50, "eyJ.eyJ.x"])
def test_what_is_no_token(checker: Tokens, said: str) -> None:
    """Is nobody's."""
    assert checker.grant_of(said) is None


def test_a_tampered_token(checker: Tokens) -> None:
    """Another's claims under a right signature."""
    head, _, signature = token().split(".")
    assert checker.grant_of(f"{head}.{part(claims(sub='root'))}.{signature}") is None
    assert checker.grant_of(token(STRANGER)) is None


def test_new_keys_are_fetched_when_they_are_needed(checker: Tokens, provider: Provider, clock: Clock) -> None:
    """A token of a key published since lets in; tokens of unknown keys do not make us ask without end."""
    assert checker.grant_of(token())
    assert provider.asked == 1
    fresh = ECKey.generate_key("P-256", {"kid": "new"})
    provider.keys.append(fresh)
    clock.now += tokens.AGAIN_SECONDS
    assert checker.grant_of(token(fresh))
    assert provider.asked == 2
    unknown = ECKey.generate_key("P-256", {"kid": "unknown"})
    for _ in range(50):
        assert checker.grant_of(token(unknown)) is None
    assert provider.asked == 2
    assert checker.grant_of(token())
    assert provider.asked == 2


def test_a_withdrawn_key_is_forgotten(checker: Tokens, provider: Provider, clock: Clock) -> None:
    """Once the keys are fetched again."""
    assert checker.grant_of(token())
    provider.keys = [RSA]
    clock.now += tokens.KEPT_SECONDS + 1
    assert checker.grant_of(token()) is None
    assert checker.grant_of(token(RSA, "RS256"))


@pytest.mark.parametrize("body", [b"", b"no", b"{}", b'{"keys": 7}', b"[1]", b'{"keys": [{"kty": "EC"}]}', b"\xff"])
def test_a_provider_out_of_order(checker: Tokens, provider: Provider, clock: Clock, body: bytes) -> None:
    """What is known serves on for a while; then, and from the start, nobody is let in and nobody is turned away."""
    provider.body = body
    with pytest.raises(Unavailable):
        checker.grant_of(token())
    asked = provider.asked
    with pytest.raises(Unavailable):
        checker.grant_of(token())
    assert provider.asked == asked
    provider.body = None
    clock.now += tokens.AGAIN_SECONDS
    assert checker.grant_of(token())
    provider.body = body
    clock.now += tokens.KEPT_SECONDS + 1
    assert checker.grant_of(token())
    clock.now += tokens.OLDEST_SECONDS
    with pytest.raises(Unavailable):
        checker.grant_of(token())


@pytest.mark.parametrize("algorithms", ["HS256", "none", "RS256 HS512", "ES256K", "what"])
def test_only_signatures_are_set(algorithms: str) -> None:
    """An operator cannot set an algorithm by which whoever checks could sign."""
    said = {"MEMORANDA_OIDC_ISSUER": ISSUER, "MEMORANDA_OIDC_AUDIENCE": "a", "MEMORANDA_OIDC_KEYS_URL": "http://x"}
    assert settings(said).oidc == Oidc(ISSUER, "a", "http://x")
    with pytest.raises(RefusedInput) as refused:
        settings({**said, "MEMORANDA_OIDC_ALGORITHMS": algorithms})
    assert refused.value.faults[0].code == "A713"


@pytest.mark.usefixtures("home")
def test_the_service_takes_them(provider: Provider) -> None:
    """Beside keys: 200 for a right token, 401 for a wrong one, 403 beyond its roles, 503 if the provider is away."""
    said = {
        "MEMORANDA_OIDC_ISSUER": ISSUER, "MEMORANDA_OIDC_AUDIENCE": AUDIENCE, "MEMORANDA_OIDC_KEYS_URL": provider.url,
    }  # fmt: skip

    def statuses(client: TestClient, bearers: Sequence[str]) -> list[int]:
        return [client.get("/v1/lists", headers={"Authorization": f"Bearer {one}"}).status_code for one in bearers]

    with TestClient(create_app(settings(said)), raise_server_exceptions=False) as client:
        assert statuses(client, [token(), token(iss="x"), "a.b.c", token(memoranda_roles=[])]) == [200, 401, 401, 403]
    provider.body = b"no"
    with TestClient(create_app(settings(said)), raise_server_exceptions=False) as client:
        answer = client.get("/v1/lists", headers={"Authorization": f"Bearer {token()}"})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
    with TestClient(create_app(settings({})), raise_server_exceptions=False) as client:
        assert statuses(client, [token()]) == [401]
