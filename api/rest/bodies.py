"""Bodies as bytes, of the kind a route takes."""

from fastapi import Request

from api.rest.problems import Problem
from engine.vocabulary import Words


async def raw_body(request: Request) -> bytes:
    """The whole body of a JSON request. Problem 415 for another kind; the server bounds its size."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, Words("须为 application/json", "application/json is wanted"))
    return await request.body()
