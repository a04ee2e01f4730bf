#!/usr/bin/env python3
"""Checks a decision's receipt against a key you trust. One file; needs Python 3.11 and `cryptography`, no network.

    python3 verify_receipt.py receipt.json --key keys.json
    python3 verify_receipt.py receipt.json --key FINGERPRINT:PUBLIC_KEY_IN_HEX

A receipt holds a decision (`core`), its `envelope` (when it was recorded, by which rules, whom it concerns as salted
hashes), the `number` it has in a public log, the `path` that leads from the envelope's hash to the root of the log, and
the log's signed `head`. What proves what:

    key -> head's signature -> root -> path -> envelope -> core, and each of `openings` (who p1, e1 ... are)

Each of `determinations` (what an officer decided) has an envelope and a path of its own under the same head.
Not proved: that the answer is right (`memoranda replay` shows that), that no opening or determination was left out.

Exit code 0: genuine. 1: not genuine, and what broke. 2: nothing could be checked (no file, no key).
"""

import argparse
import base64
import json
import re
import sys
from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MOST_BYTES = 8 << 20
LARGEST = 2**53 - 1
HASH = re.compile(r"[0-9a-f]{64}")
RECEIPT = {"format", "core", "envelope", "number", "head", "path", "openings", "determinations"}


class Broken(Exception):
    """Something that a genuine receipt does not have."""


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


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, in lower-case hex."""
    return sha256(canonical(value)).hexdigest()


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
    envelope, head = receipt["envelope"], receipt["head"]
    openings, determinations = receipt["openings"], receipt["determinations"]
    demand(type(openings) is list and type(determinations) is list, "a member does not hold what it should")

    demand(digest(receipt["core"]) == envelope["core"], "the decision is not the one in the envelope")
    check_head(head, keys)
    demand(under(receipt, head), "the proof fails: this decision is not under that head")

    demand(ascending([one["handle"] for one in openings]), "openings are out of order")
    for one in openings:
        fits = set(one) == {"handle", "salt", "value"} and envelope["commitments"].get(one["handle"]) == digest(one)
        demand(fits, f"what opens {one['handle']} does not fit its commitment")

    demand(ascending([one["number"] for one in determinations]), "determinations are out of order")
    for one in determinations:
        entered = one["envelope"]
        demand(set(one) == {"core", "envelope", "number", "path"}, "a determination has unknown members")
        demand(digest(one["core"]) == entered["core"], "a determination is not the one in its envelope")
        demand(entered["kind"] == "determination", "a determination is none")
        demand(one["core"]["of"] == entered["of"] == envelope["id"], "a determination is of another decision")
        demand(under(one, head), "the proof of a determination fails")


def check_head(head: dict[str, Any], keys: dict[str, str]) -> None:
    """The log's operator signed: so many entries, this root, at this time."""
    demand(set(head) == {"root", "signed_at", "size", "signature"}, "the head has unknown members")
    demand(type(head["size"]) is int and bool(HASH.fullmatch(head["root"])), "the head does not hold what it should")
    signed = head["signature"]
    known = set(signed) == {"algorithm", "key", "signature"} and signed["algorithm"] == "Ed25519"
    demand(known and signed["key"] in keys, "the head was not signed by a key you trust")
    signature = base64.b64decode(signed["signature"], validate=True)
    demand(base64.b64encode(signature).decode() == signed["signature"], "the signature is not written as it should be")
    statement = canonical({"root": head["root"], "signed_at": head["signed_at"], "size": head["size"]})
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys[signed["key"]])).verify(signature, statement)
    except InvalidSignature:
        raise Broken("the signature of the head does not fit") from None


def under(entry: dict[str, Any], head: dict[str, Any]) -> bool:
    """Whether the entry's envelope is in the log under the head: RFC 9162, section 2.1.3.2."""
    place, last = entry["number"], head["size"] - 1
    if type(place) is not int or type(entry["path"]) is not list or not 0 <= place <= last:
        return False
    found = sha256(b"\x00" + canonical(entry["envelope"])).digest()
    for part in entry["path"]:
        if last == 0 or not HASH.fullmatch(part):
            return False
        beside = bytes.fromhex(part)
        if place % 2 or place == last:
            found = sha256(b"\x01" + beside + found).digest()
            while place and place % 2 == 0:
                place, last = place // 2, last // 2
        else:
            found = sha256(b"\x01" + found + beside).digest()
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
        if sha256(bytes.fromhex(key)).hexdigest()[:32] != name:
            raise ValueError(f"{name} is not the fingerprint of its key")
    return dict(keys)


def told(receipt: dict[str, Any]) -> Iterator[str]:
    """What a genuine receipt proves, in a few lines."""
    envelope, head = receipt["envelope"], receipt["head"]
    yield f"genuine: {envelope['kind']} {envelope['id']}, recorded {envelope['recorded_at']}"
    yield f"entry {receipt['number']} of {head['size']}, head signed {head['signed_at']} by {head['signature']['key']}"
    core = receipt["core"]
    yield f"answer: {core.get('verdict') or core.get('answer')}"
    for one in receipt["openings"]:
        yield f"{one['handle']}: " + json.dumps(one["value"], ensure_ascii=False)
    for one in receipt["determinations"]:
        yield f"determined by a person: {one['core']['answer']}, recorded {one['envelope']['recorded_at']}"


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
    except Broken as broken:
        print(f"NOT GENUINE: {broken}")
        return 1
    print(*told(receipt), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
