"""Tenders: one cut-off, many parties, one table of verdicts."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from api.rest.problems import Problem
from api.web.forms import Form
from api.web.links import clause_link
from api.web.render import page
from api.web.tenders.asking import KIND, begun
from api.web.tenders.bundle import bundle_of
from api.web.tenders.exports import csv_of, form_of, xlsx_of
from api.web.tenders.lines import Line, in_file, pasted, without_citizens
from api.web.tenders.parties import MEMBER, read_parties, too_many
from api.web.tenders.table import ROWS, VERDICTS, Table, looked_at, table_of
from api.web.tenders.words import WORDS
from api.web.visits import Page, Visit, see_other
from engine.access import jobs
from engine.access.jobs import DONE, FAILED, RUNNING
from engine.access.roles import Act
from engine.services.moments import utc_now
from engine.services.tendering import recorded_as
from engine.vocabulary import Words

router = APIRouter()

Asks = Annotated[Visit, Depends(Page(Act.DECIDE, purpose=True))]
Reads = Annotated[Visit, Depends(Page(Act.READ_DECISION, purpose=True))]
REMEMBERED = ("scenario", "place")
MOST_RECENT, MOST_FAULTS = 5, 30
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_PARTIES = Words("请粘贴当事方，或选择文件", "paste the parties, or choose a file")
BOTH = Words("粘贴和文件只能用一种", "paste the parties or choose a file, not both")
CHOOSE_AGAIN = Words("改正后须重新选择文件", "choose the file again once it is mended")


@router.get("/tenders")
def tenders(visit: Asks) -> Response:
    """The empty form, and what the visitor asked about lately."""
    visit.form = Form(defaults={name: visit.chosen(f"tender.{name}") for name in REMEMBERED})
    return _form(visit)


@router.post("/tenders")
def check(visit: Asks) -> Response:
    """Read the parties and begin to judge them; a small tender is answered at once."""
    form = visit.form
    scenario = form.choice("scenario", scenarios_of(visit))
    place = form.choice("place", visit.places, needed=False)
    case, at = form.text("case", needed=False), form.text("at", needed=False, most=40)
    vocabulary = visit.desk.law.now.vocabulary
    found = read_parties(_lines(visit, scenario), vocabulary.scenarios.get(scenario))
    _say_lines(form, found.faults)
    if not form.sound:
        return _form(visit)
    visit.keep({f"tender.{name}": form.raw(name).strip() for name in REMEMBERED})
    document: dict[str, Any] = {"scenario": scenario, "parties": found.said}
    optional: dict[str, Any] = {"jurisdiction": place, "case": case, "as_of": at}
    if at and (moment := vocabulary.scenarios[scenario].moment) != "as_of":
        optional["moments"] = {moment: at}
    job = begun(visit, document | {name: value for name, value in optional.items() if value}, found.lines)
    return see_other(f"/tenders/jobs/{job}") if job else _form(visit)


@router.get("/tenders/form.xlsx")
def empty_form(visit: Asks) -> Response:
    """A workbook to fill in."""
    return _file(form_of(visit.lang), XLSX, "parties.xlsx")


@router.get("/tenders/jobs/{job}")
def progress(visit: Asks, job: str) -> Response:
    """How far it is; on to the table once it is done."""
    found = jobs.find(visit.desk.access, job, visit.owner, utc_now())
    if found.state == DONE:
        where = f"/tenders/{found.result['decision']}"
        if visit.request.headers.get("hx-request"):
            return Response(status_code=204, headers={"HX-Redirect": where})
        return see_other(where)
    headers = {"Refresh": "5"} if found.state == RUNNING else {}
    return page(visit, "tenders/job.html", WORDS, headers=headers, job=found, failed=found.state == FAILED)


@router.get("/tenders/{decision}")
def table(visit: Reads, decision: str) -> Response:
    """The table, so many rows at a time; of one verdict where one is asked for."""
    return _table(visit, table_of(visit, decision))


@router.get("/tenders/{decision}/export.csv")
def export_csv(visit: Reads, decision: str) -> Response:
    """Every row, or those of one verdict."""
    found = table_of(visit, decision)
    rows = looked_at(visit, found, found.among(_wanted(visit)[0]))
    return _file(csv_of(found, rows, visit.lang), "text/csv; charset=utf-8", f"tender-{found.row.id}.csv")


@router.get("/tenders/{decision}/export.xlsx")
def export_xlsx(visit: Reads, decision: str) -> Response:
    """The same as a workbook."""
    found = table_of(visit, decision)
    rows = looked_at(visit, found, found.among(_wanted(visit)[0]))
    return _file(xlsx_of(found, rows, visit.lang), XLSX, f"tender-{found.row.id}.xlsx")


@router.get("/tenders/{decision}/bundle.zip")
def bundle(visit: Reads, decision: str) -> Response:
    """Receipt, keys, checker, notice and table in one file; back to the table where it has no number yet."""
    found = table_of(visit, decision)
    rows = looked_at(visit, found, found.among(""))
    data = bundle_of(visit.desk.ledger, found, rows, visit.desk.law.now.rulebook, visit.lang)
    if data is None:
        return see_other(f"/tenders/{found.row.id}?waiting=1")
    return _file(data, "application/zip", f"tender-{found.row.id}.zip")


@router.post("/tenders/{decision}/again")
def again(visit: Asks, decision: str) -> Response:
    """The same parties again, with what was missing about the project."""
    found = table_of(visit, decision)
    document = found.asked_again()
    if document is None:
        raise Problem(410, Words("当事方信息已依法删除，不能重新核查", "what named the parties was erased"))
    said = {one.code: visit.form.raw(f"fact.{one.code}").strip() for one in found.missing}
    facts = {**document.get("facts", {}), **{code: value for code, value in said.items() if value}}
    visit.look(Act.READ_DECISION, found.subjects(found.among("")), found.row.id)
    job = begun(visit, document | ({"facts": facts} if facts else {}), ())
    return see_other(f"/tenders/jobs/{job}") if job else _table(visit, found)


def scenarios_of(visit: Visit) -> list[str]:
    """The scenarios in which consortia bid, as far as the visitor may ask in them."""
    known = visit.desk.law.now.vocabulary.scenarios
    return [code for code in visit.scenarios if MEMBER in known[code].roles]


def _table(visit: Visit, found: Table) -> Response:
    verdict, number = _wanted(visit)
    parties = found.among(verdict)
    pages = max(1, -(-len(parties) // ROWS))
    number = min(number, pages)
    rows = looked_at(visit, found, parties[(number - 1) * ROWS : number * ROWS])
    links = dict(zip((row.handle for row in rows), _subject_links(visit, [row.subject for row in rows]), strict=True))
    rulebook = visit.desk.law.now.rulebook
    clauses = {row.measure: clause_link(row.measure, rulebook, found.row.rulebook) for row in rows if row.measure}
    return page(
        visit, "tenders/tender.html", WORDS, table=found, teams=found.teams(rows), verdict=verdict, number=number,
        pages=pages, verdicts=VERDICTS, links=links, clauses=clauses, shown=len(parties), first=(number - 1) * ROWS,
        alone=found.alone, askable=found.missing if visit.may(Act.DECIDE) and found.asked_again() else (),
        waiting=visit.request.query_params.get("waiting") == "1",
    )  # fmt: skip


def _say_lines(form: Form, faults: Mapping[int, Words]) -> None:
    """How many lines are wrong beside the field they came by, then each."""
    if faults:
        count = len(faults)
        said = Words(f"有 {count} 行有误，逐行说明如下", f"wrong lines: {count}, as said below")
        form.fault("file" if form.file("file") else "parties", said)
    for number, words in list(faults.items())[:MOST_FAULTS]:
        form.fault(f"line-{number}", words)


def _lines(visit: Visit, scenario: str) -> list[Line]:
    """The lines that were pasted or uploaded; what is wrong with all of them is said beside the field."""
    form, vocabulary = visit.form, visit.desk.law.now.vocabulary
    text, sent = form.raw("parties"), form.file("file")
    if sent is None:
        lines = pasted(text, vocabulary.scenarios.get(scenario), vocabulary)
        form.values["parties"] = without_citizens(text)
    elif text.strip():
        form.fault("parties", BOTH)
        return []
    else:
        lines = form.tried("file", lambda: in_file(sent, vocabulary)) or []
    if not lines and "file" not in form.faults:
        form.fault("parties", NO_PARTIES)
    if said := too_many(len(lines)):
        form.fault("file" if sent else "parties", said)
        return []
    return lines


def _form(visit: Visit) -> Response:
    law, form = visit.desk.law.now, visit.form
    if form.file("file") is not None and not form.sound:
        said = form.faults.get("file")
        form.faults["file"] = _both(said, CHOOSE_AGAIN) if said else CHOOSE_AGAIN
    wrong = [name for name in form.faults if name.startswith("line-")]
    found = jobs.recent(visit.desk.access, visit.owner, KIND, MOST_RECENT, utc_now())
    known = recorded_as(visit.desk.ledger.store, [job.result["decision"] for job in found])
    recent = [(job, known[job.result["decision"]]) for job in found if job.result["decision"] in known]
    return page(
        visit, "tenders/ask.html", WORDS, vocabulary=law.vocabulary, scenarios=scenarios_of(visit), wrong=wrong,
        recent=[one for one in recent if visit.grant.covers_scenario(one[1].scenario)],
    )  # fmt: skip


def _both(one: Words, other: Words) -> Words:
    return Words(f"{one.zh}；{other.zh}", f"{one.en}; {other.en}")


def _wanted(visit: Visit) -> tuple[str, int]:
    """The verdict and the page that the address asks for; nothing strange is ever an error here."""
    query = visit.request.query_params
    verdict, number = query.get("verdict", ""), query.get("page", "1")
    fine = number.isascii() and number.isdigit() and len(number) < 6
    return verdict if verdict in VERDICTS else "", max(1, int(number)) if fine else 1


def _subject_links(visit: Visit, subjects: list[str]) -> list[str]:
    """Where each subject's own page is; nothing where it is not known any more or not the visitor's to see."""
    if not visit.may(Act.READ_SUBJECT):
        return ["" for _ in subjects]
    handles = iter(visit.handles([one for one in subjects if one]))
    return [f"/subjects/{next(handles)}" if one else "" for one in subjects]


def _file(data: bytes, kind: str, name: str) -> Response:
    return Response(data, headers={"Content-Disposition": f'attachment; filename="{name}"'}, media_type=kind)
