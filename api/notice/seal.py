"""What a notice is checked by: a QR code, and the same in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import segno

from engine.services.noticing import Noted

PREFIX = "memoranda-notice-1"
BORDER = 4  # modules of quiet around the code, as ISO/IEC 18004 wants


@dataclass(frozen=True, slots=True)
class Seal:
    """The parts of the code's text, its text, and the code as the path of an SVG picture of `side` modules."""

    number: str
    leaf: str
    hashing: str
    leaf_number: int
    size: int
    root: str
    signed_at: str
    key: str
    payload: str
    path: str
    side: int


def seal_of(noted: Noted) -> Seal:
    """The seal of a notice: decision number, leaf hash, tree head and key fingerprint."""
    receipt = noted.receipt
    head, number = receipt["head"], receipt["envelope"]["id"]
    key = head["signature"]["key"]
    payload = f"{PREFIX} id={number} leaf={noted.leaf} size={head['size']} root={head['root']} key={key}"
    path, side = code_of(payload)
    hashing = receipt["envelope"].get("hash", "sha256").upper()
    return Seal(
        number=number,
        leaf=noted.leaf,
        hashing=hashing,
        leaf_number=receipt["number"],
        size=head["size"],
        root=head["root"],
        signed_at=head["signed_at"],
        key=key,
        payload=payload,
        path=path,
        side=side,
    )


def code_of(payload: str) -> tuple[str, int]:
    """The QR code (level M) as an SVG path of dark runs, and how many modules wide it is with its border."""
    modules = segno.make(payload, error="m", micro=False, boost_error=False).matrix
    return "".join(_runs(modules)), len(modules) + 2 * BORDER


def _runs(modules: tuple[bytearray, ...]) -> Iterator[str]:
    """Each row's dark runs as rectangles one module high."""
    for row, line in enumerate(modules):
        column = 0
        for dark, run in groupby(line):
            length = len(list(run))
            if dark:
                yield f"M{column + BORDER} {row + BORDER}h{length}v1h-{length}z"
            column += length
