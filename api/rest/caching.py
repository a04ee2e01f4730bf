"""Answers that may be kept: each with a strong tag, and none sent again to whoever has it."""

from hashlib import sha256

from fastapi import Request, Response

FOREVER = "private, max-age=31536000, immutable"
ASK_FIRST = "private, no-cache"
TAGGED = {
    "ETag": {"description": "强标签，随字节而定。Strong, by the bytes.", "schema": {"type": "string"}},
    "Cache-Control": {"schema": {"type": "string"}},
}


def kept(request: Request, data: bytes, kind: str, how_long: str = FOREVER) -> Response:
    """The bytes, or 304 for who has them; only the caller's own cache may keep them, for they came for a key.

    FOREVER where the address will never name other bytes, ASK_FIRST where it may.
    """
    tag = f'"{sha256(data).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": how_long}
    if tag in _had(request):
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=kind)


def _had(request: Request) -> set[str]:
    """The tags the caller names; a weak one stands for the same bytes, for comparing to read (RFC 9110, 13.1.2)."""
    said = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    return set(said)
