"""The head of the log and proofs from it: to be taken away, and checked without us."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from api.rest.documented import JSON
from api.rest.problems import Problem
from api.rest.proofs import consistency_in, inclusion_in
from api.web.forms import Form
from api.web.ledger.words import WORDS
from api.web.render import page
from api.web.visits import Page, Visit, see_other
from engine.access.roles import Act
from engine.canonical import LARGEST, canonical
from engine.errors import Missing, RefusedInput
from engine.ledger.receipt import NotYet, leaf_row
from engine.ledger.sequencing import Head, newest
from engine.vocabulary import Words

router = APIRouter()

Reads = Annotated[Visit, Depends(Page(Act.READ_LOG))]
EMPTY = Words("台账还是空的", "the log is still empty")
NO_NUMBER = Words("请写整数", "write a whole number")
LONGEST = 40


def head_of(visit: Visit) -> Head | None:
    """The newest signed head; None while the log is empty."""
    with visit.desk.ledger.store.reading() as connection:
        return newest(connection)


@router.get("/ledger/head")
def head(visit: Reads) -> Response:
    """The newest head, and how to hold us to it."""
    ledger = visit.desk.ledger
    return page(visit, "ledger/head.html", WORDS, head=head_of(visit), hashing=ledger.hashing.upper())


@router.get("/ledger/head.json")
def checkpoint(visit: Reads) -> Response:
    """The same as a checkpoint, as `memoranda log verify --checkpoint` takes it. Problem 404 while there is none."""
    found = head_of(visit)
    if found is None:
        raise Problem(404, EMPTY)
    return _file(found.data(), f"head-{found.size}.json")


@router.get("/ledger/keys.json")
def keys(visit: Reads) -> Response:
    """Every public key by its fingerprint, as `memoranda log keys` prints them."""
    return _file(dict(visit.desk.ledger.keys.public), "keys.json")


@router.get("/ledger/proofs")
def proofs(visit: Reads, record: str = "", size: str = "", old: str = "", new: str = "") -> Response:
    """Forms for both proofs; the one that was asked for is shown."""
    visit.form = Form(defaults={"record": record, "size": size, "old": old, "new": new})
    return _proofs(visit)


@router.post("/ledger/proofs")
def prove(visit: Reads) -> Response:
    """On to the proof, by numbers of the log alone: what was typed stands in no address."""
    kind, made = _asked(visit)
    if not kind:
        visit.form.text("record")
    if made is None:
        return _proofs(visit)
    return see_other(f"/ledger/proofs?{_query(kind, made)}")


def _proofs(visit: Visit) -> Response:
    kind, made = _asked(visit)
    query = _query(kind, made) if made else ""
    return page(visit, "ledger/proofs.html", WORDS, kind=kind, proof=made, query=query, head=head_of(visit))


def _asked(visit: Visit) -> tuple[str, Mapping[str, Any] | None]:
    """Which proof the form asks for, and the proof."""
    raw = visit.form.raw
    if raw("record").strip() or raw("size").strip():
        return "inclusion", _inclusion(visit)
    if raw("old").strip() or raw("new").strip():
        return "consistency", _consistency(visit)
    return "", None


def _query(kind: str, made: Mapping[str, Any]) -> str:
    """What asks for this proof again."""
    if kind == "inclusion":
        return f"record={made['number']}&size={made['size']}"
    return f"old={made['old']}&new={made['new']}"


@router.get("/ledger/proofs/inclusion.json")
def inclusion(visit: Reads, record: str = "", size: str = "") -> Response:
    """The proof as a file. Problem 404 where there is none."""
    visit.form = Form(defaults={"record": record, "size": size})
    return _proof(_inclusion(visit), "inclusion")


@router.get("/ledger/proofs/consistency.json")
def consistency(visit: Reads, old: str = "", new: str = "") -> Response:
    """The same for the other one."""
    visit.form = Form(defaults={"old": old, "new": new})
    return _proof(_consistency(visit), "consistency")


def _inclusion(visit: Visit) -> Mapping[str, Any] | None:
    """The proof the form asks for; None where a field is at fault."""
    form = visit.form
    said, size = form.text("record", most=LONGEST), _whole(visit, "size", least=1)
    number = _number(visit, said) if said else None
    if not form.sound or number is None or size is None:
        return None
    return _tried(visit, "size", lambda: inclusion_in(visit.desk.ledger, number, size))


def _consistency(visit: Visit) -> Mapping[str, Any] | None:
    form = visit.form
    form.text("old", most=LONGEST)
    old, new = _whole(visit, "old", least=1), _whole(visit, "new", least=1)
    if not form.sound or old is None or new is None:
        return None
    return _tried(visit, "new", lambda: consistency_in(visit.desk.ledger, old, new))


def _number(visit: Visit, said: str) -> int | None:
    """The number in the log of a record, by that number itself, or by the record's own or its beginning."""
    if said.isascii() and said.isdigit() and len(said) < 16:
        return int(said)
    try:
        with visit.desk.ledger.store.reading() as connection:
            row = leaf_row(connection, said.lower())
    except Missing:
        visit.form.fault("record", Words("台账中没有这个编号", "the ledger has no such number"))
        return None
    if row.number is None:
        visit.form.tried("record", _not_yet)
    number: int | None = row.number
    return number


def _not_yet() -> None:
    raise NotYet(
        "决定已记录，尚未编入台账", "the decision is recorded and has no number in the log yet",
        "稍候再取", "ask again in a moment",
    )  # fmt: skip


def _whole(visit: Visit, name: str, least: int) -> int | None:
    """A whole number; the newest size where the field is empty. None where it is at fault."""
    said = visit.form.raw(name).strip()
    if not said:
        found = head_of(visit)
        if found is None:
            visit.form.fault(name, EMPTY)
        return found.size if found else None
    if not (said.isascii() and said.isdigit() and len(said) < 17 and least <= int(said) <= LARGEST):
        visit.form.fault(name, NO_NUMBER)
        return None
    return int(said)


def _tried(visit: Visit, name: str, make: Any) -> Mapping[str, Any] | None:
    """The proof; what is wrong with the numbers is said beside the field it came from."""
    try:
        made: Mapping[str, Any] = make()
        return made
    except RefusedInput as refused:
        for fault in refused.faults:
            field = {"number": "record"}.get(fault.place.file, fault.place.file)
            visit.form.fault(field, Words(fault.zh, fault.en))
    except Problem as problem:
        visit.form.fault(name, problem.said or EMPTY)
    return None


def _proof(made: Mapping[str, Any] | None, kind: str) -> Response:
    if made is None:
        raise Problem(404)
    return _file(made, f"{kind}-{made.get('number', made.get('old'))}-{made.get('size', made.get('new'))}.json")


def _file(said: Mapping[str, Any], name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(canonical(dict(said)) + b"\n", headers=headers, media_type=JSON)
