"""What is asked of the identity provider: bounded in time and in size, and a secret goes only where it is sent."""

import time
from collections.abc import Mapping
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.request import HTTPRedirectHandler, Request, build_opener

SECONDS, MOST_BYTES = 5, 1 << 20
SCHEMES = ("https://", "http://")


class _Onwards(HTTPRedirectHandler):
    """What is only looked up may have moved; what carries a secret goes to no other address."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if req.data is not None or not newurl.startswith(SCHEMES):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_OPENER = build_opener(_Onwards)


def fetched(url: str, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> bytes:
    """The body of the answer, to a POST where there is data.

    OSError if nobody answers in time or the answer is an error (HTTPError), ValueError for one without end or an
    address that is none.
    """
    if not url.startswith(SCHEMES):
        raise ValueError("no address of a server")
    until, body = time.monotonic() + SECONDS, bytearray()
    try:
        request = Request(url, data, {"Accept": "application/json", **(headers or {})})
        with _OPENER.open(request, timeout=SECONDS) as answer:
            while part := answer.read1(1 << 16):
                body += part
                if len(body) > MOST_BYTES:
                    raise ValueError("an answer without end")
                if time.monotonic() > until:
                    raise TimeoutError("an answer that does not come to its end")
    except HTTPException as broken:
        raise OSError(type(broken).__name__) from None
    return bytes(body)
