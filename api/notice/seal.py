"""What a notice is checked by: a QR code, and the same in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import segno

from engine.canonical import LARGEST
from engine.errors import refused_input
from engine.services.confirming import Code
from engine.services.noticing import Noted

PREFIX = "memoranda-notice-1"
_WRITTEN = re.compile(
    rf"{PREFIX} id=(?P<id>[0-9A-Za-z-]{{8,64}}) leaf=(?P<leaf>[0-9a-f]{{64}}) size=(?P<size>[1-9][0-9]{{0,15}}) "
    r"root=(?P<root>[0-9a-f]{64}) key=(?P<key>[0-9a-f]{32})"
)
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


def read_payload(text: str) -> Code:
    """The code's text back, as a scanner or a person hands it over. RefusedInput for what is none of ours."""
    found = _WRITTEN.fullmatch(" ".join(text.split()))
    if not found or int(found["size"]) > LARGEST:
        raise refused_input(
            "R725", "不是告知书二维码的文字", "this is not the text of a notice's QR code",
            f"应以 {PREFIX} 开头，依次有 id、leaf、size、root、key 五项",
            f"it begins with {PREFIX} and has id, leaf, size, root and key in this order",
        )  # fmt: skip
    return Code(found["id"], found["leaf"], int(found["size"]), found["root"], found["key"])


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
