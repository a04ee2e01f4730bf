"""A little identity provider in a thread: discovery, keys, and tokens for codes, checked as a real one checks them."""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

CLIENT, SECRET = "memoranda-pages", "s:cret/of the client"
KEY = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
STRANGER = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})


@dataclass
class Authority:
    """What it is asked is kept; `claims` change what it says of people, `key` and `algorithm` how it signs."""

    claims: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: KEY)
    answer: tuple[int, bytes] | None = None  # instead of a token
    document: dict[str, Any] = field(default_factory=dict)  # instead of parts of the discovery document
    slow: float = 0.0
    secret: str = SECRET
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                authority.asked.append((self.path, {}, {}))
                known = {"/keys": authority.keys, "/.well-known/openid-configuration": authority.discovery}
                self._say(200, json.dumps(known[self.path]()).encode())

            def do_POST(self) -> None:
                sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                fields = {name: values[0] for name, values in sent.items()}
                authority.asked.append((self.path, fields, dict(self.headers)))
                self._say(*(authority.answer or authority.token(fields, self.headers.get("Authorization", ""))))

            def _say(self, status: int, body: bytes) -> None:
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", body.decode())
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                for start in range(0, len(body), max(1, len(body) // 20)):
                    time.sleep(authority.slow / 20)
                    self.wfile.write(body[start : start + max(1, len(body) // 20)])

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *_: None  # type: ignore[assignment, method-assign]  # who asked has gone
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        """No longer there."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def settings(self, **more: str) -> dict[str, str]:
        """What an operator sets for it; an empty value leaves a setting out."""
        said = {
            "ISSUER": self.url, "AUDIENCE": "memoranda", "KEYS_URL": f"{self.url}/keys", "CLIENT_ID": CLIENT,
            "CLIENT_SECRET": SECRET, **more,
        }  # fmt: skip
        return {f"MEMORANDA_OIDC_{name}": value for name, value in said.items() if value}

    def keys(self) -> Any:
        """Those it publishes."""
        return KeySet([KEY]).as_dict(private=False)

    def discovery(self) -> dict[str, Any]:
        """Where its doors are."""
        return {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize?tenant=1",
            "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/keys", **self.document,
        }  # fmt: skip

    def enter(self, address: str, **also: str) -> str:
        """Somebody signs in there: the query with which they are sent back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return "&".join(f"{name}={value}" for name, value in {"code": code, "state": asked["state"], **also}.items())

    def token(self, sent: dict[str, str], credentials: str) -> tuple[int, bytes]:
        """For a code that was given out, once, to whom it was given out and for whom it was meant."""
        asked = self.codes.pop(sent.get("code", ""), None)
        if asked is None or sent["grant_type"] != "authorization_code":
            return 400, b'{"error": "invalid_grant"}'
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).decode()
        pair = base64.b64decode(credentials.removeprefix("Basic ")).decode().partition(":")
        known = not self.secret or (unquote(pair[0]), unquote(pair[2])) == (CLIENT, self.secret)
        if not known or sent["client_id"] != CLIENT:
            return 401, b'{"error": "invalid_client"}'
        if challenge.rstrip("=") != asked["code_challenge"] or sent["redirect_uri"] != asked["redirect_uri"]:
            return 400, b'{"error": "invalid_grant"}'
        now = int(time.time())
        said = {
            "iss": self.url, "aud": CLIENT, "sub": "u-17", "name": "李工", "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], "memoranda_roles": ["inquirer"], **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in said.items() if value is not None}
        token = jwt.encode({"alg": "ES256", "kid": "ec"}, claims, self.key, algorithms=["ES256"])
        return 200, json.dumps({"id_token": token, "access_token": "x", "token_type": "Bearer"}).encode()
