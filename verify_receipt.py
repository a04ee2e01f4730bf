#!/usr/bin/env python3
"""Checks a decision's receipt against a key you trust. One file; needs Python 3.11 and `cryptography`, no network.

    python3 verify_receipt.py receipt.json --key keys.json
    python3 verify_receipt.py receipt.json --key FINGERPRINT:PUBLIC_KEY_IN_HEX

A receipt holds a decision (`core`), its `envelope` (when it was recorded, by which rules, whom it concerns as salted
hashes), the `number` it has in a public log, the `path` that leads from the envelope's hash to the root of the log, and
the log's signed `head`. What proves what:

    key -> head's signature -> root -> path -> envelope -> core, and each of `openings` (who p1, e1 ... are)

Each of `determinations` (what an officer decided) has envelope, path and openings of its own under the same head.
Hashes are SHA-256, or SM3 where the envelope says so; signatures are Ed25519 or SM2 (GB/T 32918.2).
Not proved: that the answer is right (`memoranda replay` shows that), that no opening or determination was left out.

Exit code 0: genuine. 1: not genuine, and what broke. 2: nothing could be checked (no file, no key, no SM3 here).
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MOST_BYTES = 8 << 20
LARGEST = 2**53 - 1
HASH = re.compile(r"[0-9a-f]{64}")
ENTRY = {"core", "envelope", "number", "path", "openings"}
RECEIPT = ENTRY | {"format", "head", "determinations"}

# SM2: the curve y^2 = x^3 - 3x + B over the integers modulo P, its base point and order; points are (x, y).
P = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_00000000_FFFFFFFF_FFFFFFFF
B = 0x28E9FA9E_9D9F5E34_4D5A9E4B_CF6509A7_F39789F5_15AB8F92_DDBCBD41_4D940E93
N = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123
BASE = (
    0x32C4AE2C_1F198119_5F990446_6A39C994_8FE30BBF_F2660BE1_715A4589_334C74C7,
    0xBC3736A2_F4F6779C_59BDCEE3_6B692153_D0A9877C_C62A4740_02DF32E5_2139F0A0,
)
Point = tuple[int, int] | None  # None: the point at infinity


class Broken(Exception):
    """Something that a genuine receipt does not have."""


class Unable(Exception):
    """Something that this machine cannot check."""


def canonical(value: Any) -> bytes:
    """Canonical JSON (RFC 8785) of texts, whole numbers, flags, lists and objects."""
    whole(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def whole(value: Any) -> None:
    """Broken for numbers with a fraction or too large to be the same everywhere, and for unusual names."""
    if isinstance(value, float) or (isinstance(value, int) and abs(value) > LARGEST):
        raise Broken("a number that canonical JSON of this kind does not have")
    if isinstance(value, dict) and any(max(name, default="") >= "\ud800" for name in value):
        raise Broken("a name that canonical JSON of this kind does not have")
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        whole(part)


def hashed(hashing: str, data: bytes) -> bytes:
    """SHA-256 or SM3 of the data."""
    try:
        return hashlib.new(hashing, data).digest()
    except ValueError:
        raise Unable(f"this Python has no {hashing}; it needs OpenSSL 3") from None


def digest(value: Any, hashing: str) -> str:
    """The hash of the canonical bytes, in lower-case hex."""
    return hashed(hashing, canonical(value)).hex()


def hash_named(envelope: dict[str, Any]) -> str:
    """SHA-256 by silence, or SM3: no other is known."""
    demand(envelope.get("hash", "sm3") == "sm3", "the envelope names an unknown hash")
    return "sm3" if "hash" in envelope else "sha256"


def demand(holds: bool, otherwise: str) -> None:
    """Broken unless it holds."""
    if not holds:
        raise Broken(otherwise)


def check(data: bytes, keys: dict[str, str]) -> dict[str, Any]:
    """The receipt, if it is genuine under one of the keys; otherwise Broken says what is not."""
    demand(len(data) <= MOST_BYTES, "the file is too large")
    try:
        receipt: dict[str, Any] = json.loads(data)
        same = canonical(receipt) == data.removesuffix(b"\n")
    except (ValueError, RecursionError):
        raise Broken("this is not canonical JSON") from None
    demand(same, "the bytes are not the canonical form of what they say")
    try:
        _check(receipt, keys)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise Broken("a member does not hold what it should") from None
    return receipt


def _check(receipt: dict[str, Any], keys: dict[str, str]) -> None:
    demand(isinstance(receipt, dict) and set(receipt) == RECEIPT, "members are missing or unknown")
    demand(type(receipt["format"]) is int and receipt["format"] == 1, "the receipt's format is unknown")
    envelope, head, determinations = receipt["envelope"], receipt["head"], receipt["determinations"]
    hashing = hash_named(envelope)
    check_head(head, keys)
    check_entry(receipt, head, hashing, "decision")

    demand(type(determinations) is list, "a member does not hold what it should")
    demand(ascending([one["number"] for one in determinations]), "determinations are out of order")
    for one in determinations:
        demand(set(one) == ENTRY, "a determination has unknown members")
        demand(one["envelope"]["kind"] == "determination", "a determination is none")
        demand(one["core"]["of"] == one["envelope"]["of"] == envelope["id"], "a determination is of another decision")
        check_entry(one, head, hashing, "determination")


def check_entry(entry: dict[str, Any], head: dict[str, Any], hashing: str, kind: str) -> None:
    """A decision or determination: its content is what the envelope says, and its envelope is in the log."""
    envelope, openings = entry["envelope"], entry["openings"]
    demand(hash_named(envelope) == hashing, f"the {kind} is hashed otherwise than the log")
    demand(digest(entry["core"], hashing) == envelope["core"], f"the {kind} is not the one in the envelope")
    demand(under(entry, head, hashing), f"the proof fails: this {kind} is not under that head")
    demand(type(openings) is list, "a member does not hold what it should")
    demand(ascending([one["handle"] for one in openings]), "openings are out of order")
    for one in openings:
        demand(set(one) == {"handle", "salt", "value"}, "an opening has unknown members")
        fits = envelope["commitments"].get(one["handle"]) == digest(one, hashing)
        demand(fits, f"what opens {one['handle']} does not fit its commitment")


def check_head(head: dict[str, Any], keys: dict[str, str]) -> None:
    """The log's operator signed: so many entries, this root, at this time."""
    demand(set(head) == {"root", "signed_at", "size", "signature"}, "the head has unknown members")
    demand(type(head["size"]) is int and bool(HASH.fullmatch(head["root"])), "the head does not hold what it should")
    signed = head["signature"]
    known = set(signed) == {"algorithm", "key", "signature"} and signed["algorithm"] in ("Ed25519", "SM2")
    demand(known and signed["key"] in keys, "the head was not signed by a key you trust")
    signature = base64.b64decode(signed["signature"], validate=True)
    demand(base64.b64encode(signature).decode() == signed["signature"], "the signature is not written as it should be")
    statement = canonical({"root": head["root"], "signed_at": head["signed_at"], "size": head["size"]})
    fits = ed25519_fits if signed["algorithm"] == "Ed25519" else sm2_fits
    demand(fits(bytes.fromhex(keys[signed["key"]]), signature, statement), "the signature of the head does not fit")


def ed25519_fits(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the key signed the data (RFC 8032)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except InvalidSignature:
        return False
    return True


def sm2_fits(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the key signed the data (GB/T 32918.2, section 7), under the usual user id. Nothing here is secret."""
    user, numbers = b"1234567812345678", (P - 3, B, *BASE)
    if len(public) != 65 or public[0] != 4 or len(signature) != 64:
        return False
    x, y = int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    on_curve = x < P and y < P and (y * y - x * x * x + 3 * x - B) % P == 0
    if not on_curve or not 0 < r < N or not 0 < s < N or (r + s) % N == 0:
        return False
    about = (len(user) * 8).to_bytes(2, "big") + user + b"".join(n.to_bytes(32, "big") for n in numbers) + public[1:]
    e = int.from_bytes(hashed("sm3", hashed("sm3", about) + data), "big")
    point = plus(times(s, BASE), times((r + s) % N, (x, y)))
    return point is not None and (e + point[0]) % N == r


def plus(one: Point, other: Point) -> Point:
    """The sum of two points of the curve."""
    if one is None or other is None:
        return one or other
    if one[0] == other[0]:
        if (one[1] + other[1]) % P == 0:
            return None
        slope = 3 * (one[0] * one[0] - 1) * pow(2 * one[1], -1, P)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, P)
    x = (slope * slope - one[0] - other[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def times(count: int, point: Point) -> Point:
    """The sum of so many of a point."""
    total: Point = None
    for bit in f"{count:b}":
        total = plus(plus(total, total), point if bit == "1" else None)
    return total


def under(entry: dict[str, Any], head: dict[str, Any], hashing: str) -> bool:
    """Whether the entry's envelope is in the log under the head: RFC 9162, section 2.1.3.2."""
    place, last = entry["number"], head["size"] - 1
    if type(place) is not int or type(entry["path"]) is not list or not 0 <= place <= last:
        return False
    found = hashed(hashing, b"\x00" + canonical(entry["envelope"]))
    for part in entry["path"]:
        if last == 0 or not HASH.fullmatch(part):
            return False
        beside = bytes.fromhex(part)
        if place % 2 or place == last:
            found = hashed(hashing, b"\x01" + beside + found)
            while place and place % 2 == 0:
                place, last = place // 2, last // 2
        else:
            found = hashed(hashing, b"\x01" + found + beside)
        place, last = place // 2, last // 2
    return last == 0 and bool(found.hex() == head["root"])


def ascending(values: list[Any]) -> bool:
    """Whether each is below the next: an order that leaves no choice."""
    return all(one < other for one, other in pairwise(values))


def trusted(said: str) -> dict[str, str]:
    """Public keys in hex by fingerprint, from a file or FINGERPRINT:HEX; ValueError if one is not the other's."""
    name, colon, key = said.partition(":")
    keys = {name: key} if colon and not Path(said).is_file() else json.loads(Path(said).read_text(encoding="ascii"))
    for name, key in keys.items():
        if hashlib.sha256(bytes.fromhex(key)).hexdigest()[:32] != name:
            raise ValueError(f"{name} is not the fingerprint of its key")
    return dict(keys)


def told(receipt: dict[str, Any]) -> Iterator[str]:
    """What a genuine receipt proves, in a few lines."""
    envelope, head = receipt["envelope"], receipt["head"]
    yield f"genuine: {envelope['kind']} {envelope['id']}, recorded {envelope['recorded_at']}"
    yield f"entry {receipt['number']} of {head['size']}, head signed {head['signed_at']} by {head['signature']['key']}"
    if "verdict" in receipt["core"]:
        yield f"the machine's verdict: {receipt['core']['verdict']}"
    yield from shown(receipt)
    for one in [receipt] if "answer" in receipt["core"] else receipt["determinations"]:
        yield f"determined by a person: {one['core']['answer']}, recorded {one['envelope']['recorded_at']}"
        yield from () if one is receipt else shown(one)


def shown(entry: dict[str, Any]) -> Iterator[str]:
    """Who and what the handles stand for, as far as the receipt shows it."""
    for one in entry["openings"]:
        yield f"  {one['handle']}: " + json.dumps(one["value"], ensure_ascii=False)


def main() -> int:
    """Read the command line, check, say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("receipt", type=Path)
    parser.add_argument("--key", required=True, help="a file of keys you trust, or FINGERPRINT:HEX")
    options = parser.parse_args()
    try:
        keys = trusted(options.key)
        with options.receipt.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError, TypeError, AttributeError) as fault:
        print(f"cannot check: {fault}", file=sys.stderr)
        return 2
    try:
        receipt = check(data, keys)
    except Unable as fault:
        print(f"cannot check: {fault}", file=sys.stderr)
        return 2
    except Broken as broken:
        print(f"NOT GENUINE: {broken}")
        return 1
    print(*told(receipt), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
