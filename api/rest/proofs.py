"""The log of decisions as anybody with a key may check it: its signed head, its keys, and proofs from it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from api.rest.auth import Allowed
from api.rest.caching import ASK_FIRST, TAGGED, kept
from api.rest.desk import desk_of
from api.rest.documented import JSON, Answers, answers, example, problems
from api.rest.problems import Problem
from engine.access.roles import Act, Grant
from engine.canonical import LARGEST, canonical
from engine.errors import refused_input
from engine.ledger.proving import prove_consistency, prove_inclusion, root_of
from engine.ledger.sequencing import newest, size_of
from engine.registry.store import ask
from engine.services.books import Ledger
from engine.vocabulary import Words

router = APIRouter(prefix="/v1/ledger", tags=["ledger"])

Reads = Annotated[Grant, Depends(Allowed(Act.READ_LOG))]
Number = Annotated[int, Query(ge=0, le=LARGEST, description="决定的编号，从 0 起。The leaf's number, from 0.")]
Size = Annotated[int, Query(ge=1, le=LARGEST, description="台账头的大小。The size of a head.")]

_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_PATH = {"type": "array", "items": _HASH}
_COUNT = {"type": "integer", "minimum": 0}
_SIGNATURE = {
    "type": "object",
    "required": ["algorithm", "key", "signature"],
    "properties": {name: {"type": "string"} for name in ("algorithm", "key", "signature")},
}
_ZEROS, _ONES = "0" * 64, "1" * 64


def _object(**members: Any) -> dict[str, Any]:
    return {"type": "object", "required": [*members], "properties": members}


def _kept(said: str, shape: dict[str, Any], shown: Any) -> Answers:
    found = answers(200, said, shape, {"example": example("示例", "example", shown)})
    found[200]["headers"] = TAGGED
    return found | {304: {"description": "没有变化。Not changed.", "headers": TAGGED}}


HEAD = _object(size=_COUNT, root=_HASH, signed_at={"type": "string"}, signature=_SIGNATURE)
KEYS = _object(
    signs={"type": "string", "description": "现用密钥的指纹。The fingerprint of the key that signs now."},
    hash={"type": "string", "enum": ["sha256", "sm3"]},
    keys={"type": "object", "additionalProperties": {"type": "string"}, "description": "指纹到公钥（十六进制）。"},
)
INCLUSION = _object(number=_COUNT, size=_COUNT, leaf=_HASH, root=_HASH, path=_PATH)
CONSISTENCY = _object(old=_COUNT, new=_COUNT, old_root=_HASH, new_root=_HASH, path=_PATH)
_SHOWN_HEAD = {
    "size": 2,
    "root": _ONES,
    "signed_at": "2026-11-22T04:00:00.000000+00:00",
    "signature": {"algorithm": "Ed25519", "key": "0" * 32, "signature": "…"},
}
_SHOWN_KEYS = {"signs": "0" * 32, "hash": "sha256", "keys": {"0" * 32: _ONES}}
_SHOWN_IN = {"number": 0, "size": 2, "leaf": _ZEROS, "root": _ONES, "path": [_ZEROS]}
_SHOWN_GROWN = {"old": 1, "new": 2, "old_root": _ZEROS, "new_root": _ONES, "path": [_ZEROS]}


@router.get(
    "/head",
    summary="签名台账头 · The signed head",
    responses=answers(200, "最新的台账头。The newest.", HEAD, {"example": example("示例", "example", _SHOWN_HEAD)})
    | problems(404),
)
def head(request: Request, grant: Reads) -> Response:
    """The newest signed head: so many leaves, this root, at that time. Copy it elsewhere now and then."""
    with desk_of(request).ledger.store.reading() as connection:
        found = newest(connection)
    if found is None:
        raise Problem(404, Words("台账还是空的", "the log is still empty"))
    return Response(canonical(found.data()), media_type=JSON)


@router.get(
    "/keys",
    summary="验证所用公钥 · The keys to pin",
    responses=_kept("公钥。The public keys.", KEYS, _SHOWN_KEYS) | problems(),
)
def keys(request: Request, grant: Reads) -> Response:
    """Every key that ever signed, by fingerprint; compare the fingerprint with what was published elsewhere."""
    ledger = desk_of(request).ledger
    said = {"signs": ledger.keys.fingerprint, "hash": ledger.hashing, "keys": dict(ledger.keys.public)}
    return kept(request, canonical(said), JSON, ASK_FIRST)


@router.get(
    "/proofs/inclusion",
    summary="包含证明 · A leaf is in the log",
    responses=_kept("包含证明（RFC 9162）。", INCLUSION, _SHOWN_IN) | problems(404, 422),
)
def inclusion(request: Request, grant: Reads, number: Number, size: Size) -> Response:
    """That leaf `number` is under the root over the first `size` leaves (RFC 9162, 2.1.3); it never changes."""
    return kept(request, canonical(inclusion_in(desk_of(request).ledger, number, size)), JSON)


@router.get(
    "/proofs/consistency",
    summary="一致性证明 · The log only grew",
    responses=_kept("一致性证明（RFC 9162）。", CONSISTENCY, _SHOWN_GROWN) | problems(404, 422),
)
def consistency(request: Request, grant: Reads, old: Size, new: Size) -> Response:
    """That the first `old` leaves are the beginning of the first `new` (RFC 9162, 2.1.4); it never changes."""
    return kept(request, canonical(consistency_in(desk_of(request).ledger, old, new)), JSON)


def inclusion_in(ledger: Ledger, number: int, size: int) -> dict[str, Any]:
    """That leaf `number` is under the root over the first `size` leaves.

    RefusedInput where the number is not below the size, Problem 404 for a size that the log has not reached.
    """
    if number >= size:
        raise refused_input("A741", "编号须小于大小", "the number must be below the size", where="number")
    with ledger.store.reading() as connection:
        _demand_size(connection, size)
        leaf = ask(connection, "SELECT hash FROM node WHERE level = 0 AND place = ?", (number,))[0].hash
        path = prove_inclusion(connection, number, size, ledger.hashing)
        root = root_of(connection, size, ledger.hashing)
    return {"number": number, "size": size, "leaf": leaf, "root": root, "path": path}


def consistency_in(ledger: Ledger, old: int, new: int) -> dict[str, Any]:
    """That the first `old` leaves are the beginning of the first `new`; what goes wrong as above."""
    if old > new:
        raise refused_input("A742", "old 不得大于 new", "old must not be above new", where="old")
    with ledger.store.reading() as connection:
        _demand_size(connection, new)
        path = prove_consistency(connection, old, new, ledger.hashing)
        roots = root_of(connection, old, ledger.hashing), root_of(connection, new, ledger.hashing)
    return {"old": old, "new": new, "old_root": roots[0], "new_root": roots[1], "path": path}


def _demand_size(connection: Any, size: int) -> None:
    """Problem 404 for a log of that size: it has not grown so far."""
    if size > (there := size_of(connection)):
        zh, en = f"台账只到 {there} 号", f"the log has {there} leaves only"
        raise Problem(404, Words(zh, en))
