"""A list's file uploaded into the registry: whole or not at all, with a report of every row that was refused."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import IO, Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData, UploadFile

from api.rest.around import longer
from api.rest.auth import Allowed
from api.rest.bodies import demand_kind
from api.rest.desk import desk_of
from api.rest.documented import ONCE, answers, example, problems, takes
from api.rest.problems import RETRY_SECONDS, Problem
from api.rest.reaching import demand_list
from api.rest.repeating import JSON, once
from api.rest.shapes import FLAG, NUMBER, OBJECT, OBJECTS, TEXT, body, having, line, or_null, said
from engine.access.roles import Act, Grant
from engine.errors import Fault, MemorandaError, Place, RefusedInput
from engine.registry.faults import RowFault
from engine.registry.importing import Report
from engine.services.registering import FileToImport, import_file, kept, moment_of
from engine.vocabulary import Words

router = APIRouter(prefix="/v1/lists", tags=["lists"])
# So many files are taken in at a time by one process; another is asked to come again.
AT_ONCE = BoundedSemaphore(2)
MOST_ROWS = 200
LONGEST_FIELD = 64 << 10
CHUNK = 1 << 20
# For a whole upload and its import: a list of a province is large, and lines are slow.
SECONDS = 900
TEXTS = ("accept_endings", "data_time", "dry_run", "mapping", "partial", "reason", "snapshot")
_FLAGS = {"true": True, "false": False}
UPLOAD = takes(
    body(
        "file",
        file={"type": "string", "format": "binary", "description": "CSV、XLSX 或 JSON Lines。The list's file."},
        snapshot=line("全量：不在其中的视为终止", "what is gone has ended", enum=[*_FLAGS]),
        partial=line("收下合格行", "take the good rows only", enum=[*_FLAGS]),
        dry_run=line("只试不写", "try, write nothing", enum=[*_FLAGS]),
        accept_endings=line("确认终止的条数", "how many endings are right", pattern="^[0-9]{1,9}$"),
        data_time=line("数据时点，默认现在", "which moment the data show, now by default"),
        reason=line("说明", "why"),
        mapping=line("列名对应，YAML 或 JSON", "which heading is which field, YAML or JSON", maxLength=LONGEST_FIELD),
    ),
    {"snapshot": example("每日全量", "a daily snapshot", {"file": "…", "snapshot": "true", "reason": "每日更新"})},
    "multipart/form-data",
)  # fmt: skip
REPORT = having(
    list=TEXT, dry_run=FLAG, registry=or_null(NUMBER), refusal=or_null(TEXT), counts=OBJECT, rows=OBJECTS,
    unnamed=OBJECTS, notes=OBJECTS,
)  # fmt: skip
_CONFLICTS = frozenset({"older", "changed-meanwhile"})

_may = Allowed(Act.IMPORT)
Imports = Annotated[Grant, Depends(_may)]


async def uploaded(request: Request, grant: Imports) -> AsyncIterator[FormData]:
    """The form, its file on disk until the answer; nothing of it is read for who may not import.

    Problem 415 for another kind of body.
    """
    demand_kind(request, ("multipart/form-data",))
    longer(request, SECONDS)
    async with request.form(max_files=1, max_fields=len(TEXTS), max_part_size=LONGEST_FIELD) as form:
        yield form


Uploaded = Annotated[FormData, Depends(uploaded)]


@router.post(
    "/{list_code}/imports",
    status_code=201,
    summary="导入名单文件 · Import a list's file",
    responses=problems(400, 404, 409, 413, 415, 422)
    | answers(201, "已写入，附报告。Written, with its report.", REPORT)
    | answers(200, "只是试导。Only tried.", REPORT),
    openapi_extra=UPLOAD | ONCE,
)
def imports(request: Request, grant: Imports, list_code: str, form: Uploaded) -> Response:
    """A CSV, XLSX or JSON Lines file as `file`, told by its content: no name or type the sender gives is believed.

    `snapshot`, `partial`, `dry_run` (true or false), `accept_endings` (a number), `data_time` (which moment the data
    show), `reason` and `mapping` (a YAML or JSON text: which heading is which field) as for `memoranda import`. 201
    with the report once it is written, 200 if it was only tried; a file that is refused whole is a 422, or a 409 where
    newer data stand in its way. A key limited to jurisdictions cannot import: a list is the whole country's.
    """
    demand_list(request, grant, list_code)
    with _arrived(form) as arrived:
        digest = sha256("\n".join((list_code, arrived.digest, arrived.said)).encode()).hexdigest()
        return once(request, grant, "lists/imports", digest, lambda: _import(request, grant, list_code, arrived))


@dataclass(frozen=True, slots=True)
class _Arrived:
    """An upload in a folder of its own: its file, a mapping if one came, how it is to be taken, and their digests."""

    file: Path
    mapping: Path | None
    wanted: FileToImport
    digest: str
    said: str


@contextmanager
def _arrived(form: FormData) -> Iterator[_Arrived]:
    """The form on disk, gone afterwards. RefusedInput with every field that cannot be read."""
    faults = list[Fault]()
    file = form.get("file")
    if not isinstance(file, UploadFile):
        faults.append(Fault("P122", Place("/file"), "缺少文件 `file`", "the file `file` is missing"))
    texts = {name: text for name, text in form.multi_items() if isinstance(text, str)}
    if len(texts) + isinstance(file, UploadFile) != len(form.multi_items()) or not set(texts) <= set(TEXTS):
        words = ", ".join(("file", *TEXTS))
        faults.append(Fault("P121", Place(""), "有不认识或重复的字段", "there is an unknown field, or one twice",
                            f"可用：{words}", f"there are: {words}"))  # fmt: skip
    with TemporaryDirectory(prefix="memoranda-upload-") as folder:
        wanted = _wanted(texts, Path(folder), faults)
        if isinstance(file, UploadFile):
            wanted = replace(wanted, name=_name(file.filename or "", faults))
        if faults or not isinstance(file, UploadFile):
            raise RefusedInput(faults)
        digest = _copied(file.file, wanted.path)
        yield _Arrived(wanted.path, wanted.mapping, wanted, digest, json.dumps(texts, sort_keys=True))


def _wanted(texts: dict[str, str], folder: Path, faults: list[Fault]) -> FileToImport:
    snapshot, partial, dry_run = (_flag(texts, name, faults) for name in ("snapshot", "partial", "dry_run"))
    endings, moment, reason, mapping = texts.get("accept_endings") or "0", texts.get("data_time"), "", None
    if not (endings.isascii() and endings.isdigit() and len(endings) < 10):
        faults.append(Fault("P126", Place("/accept_endings"), "此处应为数字", "this should be a number"))
        endings = "0"
    data_time = None
    try:
        data_time = moment_of(moment) if moment else None
    except MemorandaError as error:
        faults.append(_about("/data_time", error))
    try:
        reason = kept(texts.get("reason", ""), "/reason")
    except MemorandaError as error:
        faults.append(_about("/reason", error))
    if texts.get("mapping"):
        mapping = folder / "mapping.yaml"
        mapping.write_text(texts["mapping"], encoding="utf-8", errors="replace")
    file = folder / "upload"
    return FileToImport(file, "", "", snapshot, partial, dry_run, int(endings), data_time, mapping, reason)


def _flag(texts: dict[str, str], name: str, faults: list[Fault]) -> bool:
    said = texts.get(name) or "false"
    if said not in _FLAGS:
        faults.append(Fault("P126", Place(f"/{name}"), "此处应为 true 或 false", "this should be true or false"))
    return _FLAGS.get(said, False)


def _name(said: str, faults: list[Fault]) -> str:
    """What the sender calls the file, for the registry's history alone: its last part, never a path."""
    name = PurePosixPath(said.replace("\\", "/")).name[-200:] or "upload"
    try:
        return kept(name, "/file")
    except MemorandaError as error:
        faults.append(_about("/file", error))
        return "upload"


def _about(pointer: str, error: MemorandaError) -> Fault:
    code = error.faults[0].code if isinstance(error, RefusedInput) else "P125"
    return Fault(code, Place(pointer), error.zh, error.en, error.help_zh, error.help_en)


def _copied(stream: IO[bytes], path: Path) -> str:
    """The upload under a name of ours; the SHA-256 of its bytes."""
    digest = sha256()
    with path.open("xb") as target:
        while part := stream.read(CHUNK):
            digest.update(part)
            target.write(part)
    return digest.hexdigest()


def _import(request: Request, grant: Grant, list_code: str, arrived: _Arrived) -> Response:
    if not AT_ONCE.acquire(blocking=False):
        busy = Words("正在导入其他文件", "other files are being imported")
        raise Problem(503, busy, headers={"Retry-After": str(RETRY_SECONDS)})
    desk = desk_of(request)
    try:
        wanted = replace(arrived.wanted, list=list_code, who=grant.id)
        report = import_file(desk.books, desk.law.now.vocabulary, wanted)
    except RefusedInput as refused:
        raise RefusedInput([_placed(fault, arrived) for fault in refused.faults]) from None
    finally:
        AT_ONCE.release()
    if report.refusal and not wanted.dry_run:
        raise _refused(report)
    body = json.dumps(_told(report, list_code, wanted.dry_run), ensure_ascii=False)
    return Response(body, 200 if wanted.dry_run else 201, media_type=JSON)


def _placed(fault: Fault, arrived: _Arrived) -> Fault:
    """The fault as one of the form's: where we keep a file is nobody's business."""
    where = {str(arrived.file): "/file", str(arrived.mapping): "/mapping", "--data-time": "/data_time"}
    pointer = where.get(fault.place.file, "/file")
    return replace(fault, place=replace(fault.place, file=pointer, source=""))


def _refused(report: Report) -> Problem:
    words, pointer = _REFUSALS[report.refusal], "/accept_endings" if report.refusal == "endings" else "/file"
    said = Words(*(text.format(r=report) for text in (words.zh, words.en)))
    faults = [Fault(one.code, Place(pointer, one.row), *_row_words(one)) for one in report.faults[:MOST_ROWS]]
    return Problem(409 if report.refusal in _CONFLICTS else 422, said, faults=faults)


def _row_words(fault: RowFault) -> tuple[str, str]:
    where = f"{fault.field}: " if fault.field else ""
    return f"{where}{fault.zh}", f"{where}{fault.en}"


def _told(report: Report, list_code: str, dry_run: bool) -> dict[str, Any]:
    return {
        "list": list_code,
        "dry_run": dry_run,
        "registry": report.version or None,
        "refusal": report.refusal or None,
        "counts": report.counts() | {"warnings": report.warnings, "would_end": report.would_end},
        "rows": [
            {"row": one.row, "field": one.field, "code": one.code, "zh": one.zh, "en": one.en}
            for one in report.faults[:MOST_ROWS]
        ],
        "unnamed": [{"row": one.row, "name": one.name, "possible": one.possible} for one in report.unnamed],
        "notes": [{"code": note.code, **said(Words(note.zh, note.en))} for note in report.notes],
    }


_REFUSALS = {
    "rows": Words(
        "{r.refused} 行不合格，整份未收；改正后重导，或设 partial=true",
        "{r.refused} rows are wrong, nothing was taken; mend them, or send partial=true",
    ),
    "endings": Words(
        "现有 {r.current} 条中将终止 {r.would_end} 条，过多，未收；确认无误请设 accept_endings={r.would_end}",
        "{r.would_end} of {r.current} entries would end, too many at once: nothing was taken; "
        "if that is right, send accept_endings={r.would_end}",
    ),
    "older": Words(
        "全量数据的时点早于该名单已有的数据，未收；请核对 data_time，补充旧数据不要设 snapshot",
        "the snapshot is older than the data there is, nothing was taken; look at data_time, "
        "and to add old rows leave out snapshot",
    ),
    "changed-meanwhile": Words(
        "读取期间该名单已有新的导入，未收；请重新导入",
        "another import of this list finished meanwhile, nothing was taken; send it again",
    ),
    "empty": Words("文件没有任何记录，未收", "the file holds no entry, nothing was taken"),
}
