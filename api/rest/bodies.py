"""Bodies as bytes, of the kind a route takes."""

from collections.abc import Collection

from fastapi import Request

from api.rest.problems import Problem
from engine.vocabulary import Words


def demand_kind(request: Request, kinds: Collection[str]) -> None:
    """Problem 415 for a body of another kind, or for one that is packed: nothing is unpacked before its size is known.

    The first of the kinds is named to the caller.
    """
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said not in kinds:
        wanted = next(iter(kinds))
        raise Problem(415, Words(f"须为 {wanted}", f"{wanted} is wanted"))
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Problem(415, Words("不接收压缩的内容", "no packed content is taken"))


async def raw_body(request: Request) -> bytes:
    """The whole body of a JSON request. Problem 415 for another kind; the server bounds its size."""
    demand_kind(request, ("application/json",))
    return await request.body()
