"""A list's file brought by a form: tried first, shown what would come of it, and taken only when it is confirmed."""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from starlette.responses import StreamingResponse

from api.rest.problems import Problem
from api.web.forms import Form
from api.web.registrar import trial
from api.web.registrar.import_words import WORDS
from api.web.registrar.report import report_page, table_of
from api.web.registrar.upload import Upload, demand_country, form_again, form_page, read_upload, spool_of
from api.web.render import page
from api.web.visits import Page, Visit, see_other
from api.web.working import Work, bench_of
from engine.access import jobs
from engine.access.jobs import DONE, FAILED, RUNNING, Job
from engine.access.roles import Act
from engine.errors import Missing
from engine.services.moments import utc_now
from engine.services.spooling import Spooled
from engine.vocabulary import Words

router = APIRouter()

Imports = Annotated[Visit, Depends(Page(Act.IMPORT))]
Uploads = Annotated[Visit, Depends(Upload(Act.IMPORT))]
TRY, TAKE = "try", "take"
# Seconds in which a small file is tried while its sender waits; a larger one is waited for on a page.
MOMENT = 1.5
BUSY = Words("正在导入的文件太多，请稍后再试", "too many files are being imported: try again in a moment")
MEANWHILE = WORDS["meanwhile"]
AT_WORK = Words("这次上传正在办理，或已经写入", "this upload is at work, or is written already")
# A report that says why nothing would be taken; only too many endings may be confirmed all the same.
ENDINGS = "endings"


@router.get("/registrar/import")
def empty(visit: Imports, list: str = "", held: str = "", dropped: str = "") -> Response:
    """The form; filled in as before where a file that is here already is to be taken in another way."""
    demand_country(visit)
    if held:
        spooled = spool_of(visit).find(visit.held(held), utc_now())
        form_again(visit, spooled)
        return form_page(visit, spooled)
    visit.form = Form(defaults={"list": list or visit.chosen("registrar.list")})
    return form_page(visit, dropped=bool(dropped))


@router.post("/registrar/import")
def upload(visit: Uploads) -> Response:
    """Keep the file and try it."""
    demand_country(visit)
    if visit.form.raw("held"):
        with suppress(Missing):  # which is said beside the field
            _idle(visit, visit.form.raw("held"))
    spooled = read_upload(visit)
    if spooled is None:
        return form_page(visit)
    visit.keep({"registrar.list": spooled.said["list"]})
    if not _begun(visit, spooled, TRY, partial(_tried, visit, spooled)):
        spool_of(visit).drop(spooled)
        visit.form.values.pop("held", None)
        visit.form.fault("file", BUSY)
        return form_page(visit)
    return see_other(f"/registrar/import/{visit.handle(spooled.name)}")


@router.get("/registrar/import/{token}")
def found(visit: Imports, token: str) -> Response:
    """How far it is, what the trial found, or what was written."""
    demand_country(visit)
    spooled = _spooled(visit, token)
    kind, job = _job(visit, spooled)
    if visit.request.headers.get("hx-request") and job.state != RUNNING:
        return Response(status_code=204, headers={"HX-Redirect": visit.request.url.path})
    if job.state == RUNNING:
        return page(visit, "registrar/work.html", WORDS, headers={"Refresh": "3"}, job=job, kind=kind, token=token)
    if job.state == FAILED:
        return page(visit, "registrar/failed.html", WORDS, why=job.result.get("why", "fault"), token=token)
    return report_page(visit, spooled, token, job, kind == TAKE)


@router.post("/registrar/import/{token}")
def confirm(visit: Imports, token: str) -> Response:
    """Write the bytes that were tried, and no others."""
    demand_country(visit)
    spooled = _spooled(visit, token)
    kind, job = _job(visit, spooled)
    if kind == TAKE and job.state != FAILED:  # sent twice: it is written once
        return see_other(f"/registrar/import/{token}")
    report = spooled.kept(trial.TRIED)
    if kind != TRY or job.state != DONE or not report or report.get("refusal") not in ("", ENDINGS):
        raise Problem(409, AT_WORK)
    endings = _endings(visit, report)
    vocabulary = visit.desk.law.now.vocabulary
    if trial.state_of_list(visit.desk.books, vocabulary, spooled.said["list"]) != report["base"]:
        visit.form.fault("confirm", MEANWHILE)
    visit.form.tried("confirm", spooled.demand_whole)
    work = partial(trial.taken, visit.desk.books, vocabulary, spooled, endings)
    if visit.form.sound and not _begun(visit, spooled, TAKE, work):
        visit.form.fault("confirm", BUSY)
    return (
        see_other(f"/registrar/import/{token}") if visit.form.sound else report_page(visit, spooled, token, job, False)
    )


@router.post("/registrar/import/{token}/try")
def again(visit: Imports, token: str) -> Response:
    """Try it once more, as the registry is now; where it was asked for, taking the good rows only."""
    demand_country(visit)
    spooled = _idle(visit, token)
    for kind in (TRY, TAKE):
        jobs.forget(visit.desk.access, _number(spooled, kind), visit.owner)
    if visit.form.raw("partial"):
        said = {name: spooled.said[name] for name in spooled.said if name not in ("who", "digest")}
        spooled = spool_of(visit).again(spooled, {**said, "partial": True}, visit.once)
    if not _begun(visit, spooled, TRY, partial(_tried, visit, spooled)):
        raise Problem(503, BUSY)
    return see_other(f"/registrar/import/{visit.handle(spooled.name)}")


@router.post("/registrar/import/{token}/cancel")
def cancel(visit: Imports, token: str) -> Response:
    """The file is deleted, and nothing of it was written."""
    demand_country(visit)
    spool_of(visit).drop(_idle(visit, token))
    return see_other("/registrar/import?dropped=1")


@router.get("/registrar/import/{token}/refused.csv")
def refused(visit: Imports, token: str) -> Response:
    """Every fault as a table in which no cell is ever a formula."""
    demand_country(visit)
    spooled = _spooled(visit, token)
    headers = {"Content-Disposition": 'attachment; filename="refused.csv"'}
    return StreamingResponse(table_of(visit, spooled), media_type="text/csv; charset=utf-8", headers=headers)


def _tried(visit: Visit, spooled: Spooled, tell: Callable[[str, int], None]) -> Any:
    return trial.tried(visit.desk.books, visit.desk.law.now.vocabulary, spooled, tell)


def _begun(visit: Visit, spooled: Spooled, kind: str, work: Work) -> bool:
    """Whether the job is begun, or was before; a short one is over when this returns. False where there is no place."""
    access, job = visit.desk.access, _number(spooled, kind)
    if not jobs.begin(access, job, visit.owner, trial.KIND, trial.WHOLE, utc_now()):
        return True
    if not bench_of(visit.request.app.state, access).take(job, work):
        jobs.forget(access, job, visit.owner)
        return False
    until = time.monotonic() + MOMENT
    while time.monotonic() < until and jobs.find(access, job, visit.owner, utc_now()).state == RUNNING:
        time.sleep(0.02)
    return True


def _number(spooled: Spooled, kind: str) -> str:
    return f"{spooled.id}-{kind}"


def _spooled(visit: Visit, token: str) -> Spooled:
    return spool_of(visit).find(visit.held(token), utc_now())


def _job(visit: Visit, spooled: Spooled) -> tuple[str, Job]:
    """What is or was done with it last: written, or tried."""
    for kind in (TAKE, TRY):
        try:
            return kind, jobs.find(visit.desk.access, _number(spooled, kind), visit.owner, utc_now())
        except Missing:
            continue
    return TRY, Job("", "", 0, trial.WHOLE, FAILED, {"why": jobs.LOST})


def _idle(visit: Visit, token: str) -> Spooled:
    """The upload, if nobody is at work on it and it is not written. Problem 409 otherwise."""
    spooled = _spooled(visit, token)
    _, job = _job(visit, spooled)
    if job.state == RUNNING or not spooled.path.exists():
        raise Problem(409, AT_WORK)
    return spooled


def _endings(visit: Visit, report: Any) -> int:
    """How many endings are right, as somebody wrote who was asked; 0 where nobody is."""
    if report["refusal"] != ENDINGS:
        return 0
    wanted = int(report["would_end"])
    if visit.form.text("endings", most=20, missing=WORDS["endings_label"]) not in ("", str(wanted)):
        said = WORDS["endings_wrong"]
        visit.form.fault("endings", Words(said.zh.format(would_end=wanted), said.en.format(would_end=wanted)))
    return wanted
