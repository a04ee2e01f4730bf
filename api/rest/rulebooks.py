"""Rulebooks by revision; the packs read again while the service runs; a pack checked before it is one."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from threading import Lock
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.rest.auth import Allowed
from api.rest.bodies import demand_kind
from api.rest.caching import ASK_FIRST, kept
from api.rest.desk import Desk, desk_of
from api.rest.documented import JSON, answers, example, problems, takes
from api.rest.memoranda import head
from api.rest.metrics import RELOADS
from api.rest.problems import Problem, problem_of
from api.rest.shapes import FLAG, NOT_CHANGED, NUMBER, OBJECT, OBJECTS, TEXT, having
from engine.access.reloads import announce
from engine.access.roles import Act, Grant
from engine.errors import Fault, MemorandaError, Missing, RefusedPacks
from engine.model import Rulebook
from engine.packs.source import PACK_LIMIT
from engine.services.checking import check_draft
from engine.services.moments import utc_now
from engine.services.replaying import kept_files, recorded_rulebook
from engine.vocabulary import Vocabulary, Words

router = APIRouter(prefix="/v1", tags=["law"])
MOST_FAULTS = 500
YAML = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml")
# Bodies of earlier rulebooks: each takes seconds to read out of the ledger.
MOST_EARLIER = 8
WHOLE = having(rulebook=TEXT, counts=OBJECT, memoranda=OBJECTS, files=OBJECTS)
RELOADED = having(rulebook=TEXT, before=TEXT, packs=NUMBER)
CHECKED = having(sound=FLAG, measures=NUMBER, diagnostics=OBJECTS, more=NUMBER)
PACK = "title: 关于……的合作备忘录\nenglish: Memorandum on …\nissued: 2016-01-20\n"

Reads = Annotated[Grant, Depends(Allowed(Act.READ_LAW))]
Reloads = Annotated[Grant, Depends(Allowed(Act.RELOAD_LAW))]
_may_check = Allowed(Act.CHECK_LAW)
Checks = Annotated[Grant, Depends(_may_check)]
Revision = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="规则库修订号。The rulebook's revision.")]
Name = Annotated[
    str,
    Query(pattern="^[a-z0-9][a-z0-9-]{0,63}$", description="规则包代码，即文件名。Its code."),
]


async def yaml_body(request: Request, grant: Checks) -> bytes:
    """A pack's text. Problem 415 for another kind; the server bounds its size."""
    demand_kind(request, YAML)
    return await request.body()


@router.get(
    "/rulebooks/current",
    summary="现行规则库 · The rulebook served",
    responses=problems() | NOT_CHANGED | answers(200, "规则库。The rulebook.", WHOLE),
)
def current(request: Request, grant: Reads) -> Response:
    """Its revision is the SHA-256 over its files, as `files` lets anybody compute again."""
    law = desk_of(request).law.now
    return kept(request, _whole(law.rulebook, law.library.files), JSON, ASK_FIRST)


@router.get(
    "/rulebooks/{revision}",
    summary="某一修订的规则库 · A rulebook by its revision",
    responses=problems(404, 422) | NOT_CHANGED | answers(200, "规则库。The rulebook.", WHOLE),
)
def rulebook(request: Request, grant: Reads, revision: Revision) -> Response:
    """The one that is served, or one by which a decision was made: the ledger keeps those whole."""
    return kept(request, EARLIER.body(desk_of(request), revision), JSON)


@router.post(
    "/reloads",
    summary="重新读取规则包 · Read the packs again",
    responses=problems(422) | answers(200, "已换上。In its place.", RELOADED),
)
def reload(request: Request, grant: Reloads) -> dict[str, Any]:
    """Packs are read again by this call alone, never because a file changed. Only a rulebook that is sound as a whole
    takes the place of the old one; otherwise 422 with its diagnostics, and the old one serves on. Questions that are at
    work finish with the rulebook they began with. Other processes that share the books follow within seconds, each by
    reading the folders itself: one that finds anything but this revision there stays with what it serves, and says so
    in its log.
    """
    desk = desk_of(request)
    before = desk.law.now.rulebook.revision
    try:
        served = desk.law.reload(lambda one: announce(desk.access, one.rulebook.revision, grant.id, utc_now()))
    except RefusedPacks as refused:
        RELOADS.labels("refused").inc()
        raise Problem(422, *_said(refused), faults=refused.faults[:MOST_FAULTS]) from None
    except Missing as missing:
        RELOADS.labels("refused").inc()
        raise Problem(422, *_said(missing)) from None
    revision = served.rulebook.revision
    RELOADS.labels("unchanged" if revision == before else "replaced").inc()
    return {"rulebook": revision, "before": before, "packs": len(served.rulebook.memoranda)}


@router.post(
    "/packs/check",
    summary="检查规则包 · Check a pack",
    responses=problems(413, 415, 422) | answers(200, "诊断。Diagnostics.", CHECKED),
    openapi_extra=takes(
        {"description": f"规则包的文本，最多 {PACK_LIMIT:,} 字节。A pack's text, at fault or not, of so many bytes."},
        {"head": example("缺项的规则包", "a pack that lacks much", PACK)},
        "application/yaml",
    ),
)
def check(request: Request, grant: Checks, name: Name, data: Annotated[bytes, Depends(yaml_body)]) -> dict[str, Any]:
    """The diagnostics of a pack in the body, as though it stood in the library that is served under this name: each
    with its line and column. Nothing is kept and nothing is served of it.
    """
    checked = check_draft(desk_of(request).law.now.library, name, data)
    return {
        "sound": not any(fault.severity == "error" for fault in checked.faults),
        "measures": checked.measures,
        "diagnostics": [diagnostic(fault) for fault in checked.faults[:MOST_FAULTS]],
        "more": max(0, len(checked.faults) - MOST_FAULTS),
    }


def diagnostic(fault: Fault) -> dict[str, Any]:
    """A fault of a file, with its place; lines and columns count from 1."""
    place = fault.place
    return {
        "code": fault.code, "severity": fault.severity, "file": place.file, "line": place.line,
        "column": place.column, "length": place.length, "clause": fault.clause, "zh": fault.zh, "en": fault.en,
        "help": {"zh": fault.help_zh, "en": fault.help_en},
    }  # fmt: skip


class Earlier:
    """Bodies of rulebooks that are served no more, a few of them kept."""

    def __init__(self) -> None:
        self._kept, self._lock = OrderedDict[str, bytes](), Lock()

    def body(self, desk: Desk, revision: str) -> bytes:
        """The body of a rulebook. Missing if it is neither served nor in the ledger as it was."""
        law = desk.law.now
        if law.rulebook.revision == revision:
            return _whole(law.rulebook, law.library.files)
        with self._lock:  # one at a time: each takes a whole library into memory
            if revision not in self._kept:
                self._kept[revision] = _out_of(desk, revision)
                if len(self._kept) > MOST_EARLIER:
                    self._kept.popitem(last=False)
            return self._kept[revision]


EARLIER = Earlier()


def _out_of(desk: Desk, revision: str) -> bytes:
    with desk.ledger.store.reading() as connection:
        files = kept_files(connection, revision)
        try:
            found = recorded_rulebook(connection, revision) if files else None
        except RefusedPacks:  # of an earlier program: this one cannot read it any more
            found = None
    if files is None or found is None:
        raise Missing("没有这一修订的规则库", "there is no rulebook of that revision")
    return _whole(found, files)


def _whole(rulebook: Rulebook, files: Mapping[str, bytes]) -> bytes:
    memoranda = [head(one, rulebook.vocabulary) for _, one in sorted(rulebook.memoranda.items())]
    counts = {
        "memoranda": len(memoranda),
        "measures": sum(one["measures"] for one in memoranda),
        "drafts": sum(one["drafts"] for one in memoranda),
        **_counts(rulebook.vocabulary),
    }
    whole = {
        "rulebook": rulebook.revision,
        "counts": counts,
        "memoranda": memoranda,
        "files": [{"file": name, "sha256": sha256(data).hexdigest()} for name, data in sorted(files.items())],
    }
    return json.dumps(whole, ensure_ascii=False).encode()


def _counts(words: Vocabulary) -> dict[str, int]:
    return {
        "lists": len(words.lists), "facts": len(words.facts), "scenarios": len(words.scenarios),
        "issuers": len(words.issuers), "instruments": len(words.instruments), "jurisdictions": len(words.jurisdictions),
        "matters": len(words.matters),
    }  # fmt: skip


def _said(error: MemorandaError) -> tuple[Words | None, Words | None]:
    problem = problem_of(error)
    return problem.said, problem.help
