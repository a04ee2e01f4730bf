"""What an operator may set, all by environment variables; without any, the service runs on the embedded default."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from api.rest.logs import LEVELS
from engine.errors import refused_input

PREFIX = "MEMORANDA_"
# Signatures of which the provider publishes only the half that checks: with any other, who checks could also sign.
ASYMMETRIC = frozenset(
    {"ES256", "ES384", "ES512", "EdDSA", "Ed25519", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"}
)


@dataclass(frozen=True, slots=True)
class Client:
    """This service as the provider knows it, where people sign in at the pages by their account there.

    Without addresses those of the provider's discovery document count.
    """

    id: str
    secret: str = field(default="", repr=False)
    authorize_url: str = ""
    token_url: str = ""
    scope: str = "openid profile"


@dataclass(frozen=True, slots=True)
class Oidc:
    """Whose bearer tokens are taken beside keys: issuer, audience, where its keys are, and the claim with the roles.

    With a client, whose accounts people may sign in by, too.
    """

    issuer: str
    audience: str
    keys_url: str
    roles_claim: str = "memoranda_roles"
    algorithms: tuple[str, ...] = ("ES256", "RS256", "Ed25519")
    client: Client | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Bounds and doors of one serving process. Sizes in bytes, times in seconds."""

    packs: tuple[Path, ...] = ()
    body: int = 1 << 20
    upload: int = 256 << 20
    seconds: int = 30
    rate: int = 6_000  # requests a minute for one key
    origins: tuple[str, ...] = ()
    docs: bool = True
    telemetry: bool = False
    log: str = "info"
    oidc: Oidc | None = None


def settings(environment: Mapping[str, str] | None = None) -> Settings:
    """From the environment; RefusedInput names the variable that cannot be read."""
    said = {
        name.removeprefix(PREFIX): value
        for name, value in (os.environ if environment is None else environment).items()
        if name.startswith(PREFIX) and value
    }
    plain = Settings()
    return Settings(
        packs=tuple(Path(part) for part in said.get("PACKS", "").split(os.pathsep) if part),
        body=_number(said, "MAX_BODY", plain.body),
        upload=_number(said, "MAX_UPLOAD", plain.upload),
        seconds=_number(said, "TIMEOUT", plain.seconds),
        rate=_number(said, "RATE", plain.rate),
        origins=tuple(said.get("CORS_ORIGINS", "").split()),
        docs=said.get("DOCS", "1") != "0",
        telemetry=said.get("TELEMETRY", "0") == "1",
        log=_level(said),
        oidc=_oidc(said),
    )


def _number(said: Mapping[str, str], name: str, default: int) -> int:
    text = said.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1 << 40):
        raise refused_input(
            "A711", f"{PREFIX}{name} 须为正整数", f"{PREFIX}{name} must be a positive number", where=PREFIX + name
        )
    return int(text)


def _level(said: Mapping[str, str]) -> str:
    level = said.get("LOG", Settings().log).lower()
    if level not in LEVELS:
        known = ", ".join(LEVELS)
        raise refused_input("A714", f"{PREFIX}LOG 须为日志级别", f"{PREFIX}LOG must be a level of the log",
                            f"可用：{known}", f"there are: {known}", where=f"{PREFIX}LOG")  # fmt: skip
    return level


def _oidc(said: Mapping[str, str]) -> Oidc | None:
    issuer = said.get("OIDC_ISSUER")
    if not issuer:
        return None
    _demand(said, "AUDIENCE", "KEYS_URL")
    plain = Oidc("", "", "")
    algorithms = tuple(said.get("OIDC_ALGORITHMS", " ".join(plain.algorithms)).split())
    if wrong := sorted(set(algorithms) - ASYMMETRIC):
        known = ", ".join(sorted(ASYMMETRIC))
        raise refused_input("A713", f"不接受的签名算法 {wrong[0][:40]}", f"{wrong[0][:40]} is not taken",
                            f"可用：{known}", f"there are: {known}", where=f"{PREFIX}OIDC_ALGORITHMS")  # fmt: skip
    claim = said.get("OIDC_ROLES_CLAIM", plain.roles_claim)
    return Oidc(issuer, said["OIDC_AUDIENCE"], said["OIDC_KEYS_URL"], claim, algorithms, _client(said))


def _client(said: Mapping[str, str]) -> Client | None:
    names = {"CLIENT_ID": "id", "CLIENT_SECRET": "secret", "AUTHORIZE_URL": "authorize_url", "TOKEN_URL": "token_url",
             "SCOPE": "scope"}  # fmt: skip
    known = {word: said[f"OIDC_{name}"] for name, word in names.items() if f"OIDC_{name}" in said}
    if not known:
        return None
    _demand(
        said, "CLIENT_ID", *(("AUTHORIZE_URL", "TOKEN_URL") if known.keys() & {"authorize_url", "token_url"} else ())
    )
    return Client(**known)


def _demand(said: Mapping[str, str], *names: str) -> None:
    missing = [f"{PREFIX}OIDC_{name}" for name in names if f"OIDC_{name}" not in said]
    if missing:
        zh, en = f"还须设定 {'、'.join(missing)}", f"{', '.join(missing)} must be set too"
        raise refused_input("A712", zh, en, where=missing[0])
