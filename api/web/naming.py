"""One box for whoever is meant: a code typed or scanned, a citizen's number, or a name that leads to candidates."""

import re
import unicodedata
from dataclasses import dataclass

from api.web.visits import Visit
from engine.access.roles import Act
from engine.errors import MemorandaError, RefusedInput
from engine.identity import is_citizens, is_code
from engine.registry.cells import holds_a_person
from engine.services.looking import named_like, person_of, read_code
from engine.vocabulary import Words

# What a code may be hidden in: the address that a business licence's QR code holds.
_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Z])")
_NAME = re.compile(r"[^\x00-\x7f]")
MOST_CANDIDATES = 20
NO_SUBJECT = Words("请输入代码或名称", "give a code or a name")
NUMBER_AMONG = Words(
    "公民身份号码须单独输入，不要夹在其他文字中", "a citizen's number must stand alone, without other text"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be meant by a name; the handle stands for the code in forms and addresses."""

    handle: str
    code: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Some of whom a name may mean, and how many more there are."""

    shown: tuple[Candidate, ...] = ()
    more: int = 0


NOBODY = Candidates()


def subject_meant(visit: Visit) -> str:
    """Whose code is in the box `who`, or was chosen among the candidates; nothing where it is a name, or at fault."""
    said = visit.form.text("who", missing=NO_SUBJECT)
    return _chosen(visit) or (_subject(visit, said) if said else "")


def candidates_of(visit: Visit, name: str) -> Candidates:
    """Who may be meant by a name, each looked at: nobody is judged or shown before a code was chosen.

    Nobody where the form is wrong already.
    """
    if not visit.form.sound:
        return NOBODY
    found = visit.form.tried("who", lambda: named_like(visit.desk.books, name)) or {}
    if visit.form.sound and not found:
        visit.form.fault(
            "who", Words("没有名称相近的主体，请改用 18 位代码", "nobody has a name like that: use the code")
        )
    shown = list(found.items())[:MOST_CANDIDATES]
    if shown:
        visit.look(Act.READ_SUBJECT, [subject for subject, _ in shown])
        if visit.form.raw("choosing"):
            visit.form.fault("chosen", Words("请选择一个代码", "choose one of the codes"))
    handles = visit.handles([subject for subject, _ in shown])
    listed = tuple(Candidate(handle, *one) for handle, one in zip(handles, shown, strict=True))
    return Candidates(listed, len(found) - len(listed))


def _chosen(visit: Visit) -> str:
    """The subject of the candidate that was chosen, if one was; another session's candidates are no longer listed."""
    token = visit.form.raw("chosen")
    return (visit.form.tried("who", lambda: visit.held(token)) or "") if token else ""


def _subject(visit: Visit, said: str) -> str:
    """Whose code was typed or scanned; nothing where it is a name. What is wrong with a code is said beside it."""
    plain = unicodedata.normalize("NFKC", said).upper()
    scanned: list[str] = [one for one in _CODE.findall(plain) if is_code(one)]
    if scanned:
        return scanned[0]
    code = re.sub(r"[\s-]", "", plain)
    if is_citizens(code):
        visit.form.values["who"] = ""  # a person's number is not shown again either
        return visit.form.tried("who", lambda: person_of(code, visit.desk.books)) or ""
    if holds_a_person(plain):
        visit.form.values["who"] = ""
        visit.form.fault("who", NUMBER_AMONG)
        return ""
    if _NAME.search(plain) or not any(one.isdigit() for one in plain):
        return ""
    try:
        code = read_code(said)
    except (RefusedInput, MemorandaError) as wrong:
        visit.form.fault("who", Words(wrong.zh, wrong.en))
        return ""
    return code
