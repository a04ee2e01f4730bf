"""Style sheets, scripts and letters: all of them ours to serve, under names that change with what they hold."""

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Response

from api.rest.problems import Problem

router = APIRouter()

_HERE = Path(__file__).with_name("static")
_FONTS = Path(__file__).parents[1] / "notice" / "fonts"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


@router.get("/static/{name}")
def static(name: str, accept_encoding: Annotated[str, Header()] = "") -> Response:
    """One file, packed where the browser takes it so; a name of another version of it is not there.

    Pages themselves are never packed: by how small they become, somebody on the line could guess what they hold.
    """
    path = served().get(name)
    if path is None:
        raise Problem(404)
    kind = _KINDS[path.suffix]
    if "gzip" in accept_encoding and not kind.startswith("font/"):
        return Response(packed(path), headers={**_FOREVER, "Content-Encoding": "gzip"}, media_type=kind)
    return Response(held(path), headers=_FOREVER, media_type=kind)


@cache
def address(name: str) -> str:
    """Where the file of that name is served."""
    return f"/static/{_hashed(_files()[name])}"


@cache
def _files() -> dict[str, Path]:
    found = [*_HERE.glob("*"), *_HERE.glob("vendor/*"), *_FONTS.glob("*")]
    return {path.name: path for path in found if path.suffix in _KINDS}


@cache
def served() -> dict[str, Path]:
    """Every file by the name it is served under."""
    return {_hashed(path): path for path in _files().values()}


@cache
def held(path: Path) -> bytes:
    """The file; what it names of ours has the name it is served under."""
    data = path.read_bytes()
    if path.parent == _HERE and path.suffix in (".css", ".js"):
        for name, other in _files().items():
            for before, after in (("url(", ")"), ('"./', '"')):
                if (said := f"{before}{name}{after}".encode()) in data:
                    there = f"{before.removesuffix('./')}/static/{_hashed(other)}{after}"
                    data = data.replace(said, there.encode())
    return data


@cache
def packed(path: Path) -> bytes:
    """The file packed, the same bytes each time."""
    return gzip.compress(held(path), mtime=0)


@cache
def _hashed(path: Path) -> str:
    return f"{path.stem}.{sha256(held(path)).hexdigest()[:12]}{path.suffix}"
