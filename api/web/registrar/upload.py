"""The form by which a list's file comes in: every field read and bounded, the file put where it waits for a word."""

from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import Request, Response
from starlette.datastructures import UploadFile

from api.rest.around import longer
from api.rest.imports import LONGEST_FIELD, SECONDS
from api.rest.problems import Problem
from api.rest.reaching import covers_list
from api.web.forms import Form
from api.web.registrar.fields import AHEAD, kept_text, lies_ahead
from api.web.registrar.import_words import WORDS
from api.web.registrar.trial import sentence
from api.web.render import page
from api.web.visits import Page, Visit
from engine.calendar import SHANGHAI
from engine.errors import Missing, RefusedInput
from engine.registry.headings import read_mapping
from engine.services.books import home
from engine.services.moments import utc_now
from engine.services.registering import kept, moment_of
from engine.services.spooling import Spool, Spooled
from engine.vocabulary import Words

# Of the largest file so many may wait.
FILES = 4
NO_LIST = Words("请选择是哪份名单", "choose which list it is")
NO_FILE = Words("请选择文件", "choose a file")
EMPTY = Words("文件是空的", "the file is empty")
CHOOSE_AGAIN = Words("上传的文件已不在，请重新选择", "the uploaded file is gone: choose it again")


class Upload(Page):
    """A page whose form may hold a large file, which takes its time to come."""

    async def __call__(self, request: Request) -> AsyncIterator[Visit]:
        """The visit, as for every page."""
        longer(request, SECONDS)
        async for visit in super().__call__(request):
            yield visit


def spool_of(visit: Visit) -> Spool:
    """Where files of this home wait."""
    return Spool(home() / "spool", FILES * visit.desk.settings.upload)


def demand_country(visit: Visit) -> None:
    """Problem 403 for whoever is limited to places: a list is the whole country's."""
    if visit.grant.jurisdictions:
        raise Problem(403, WORDS["import_place"])


def writable(visit: Visit) -> list[str]:
    """The lists the visitor may bring."""
    vocabulary = visit.desk.law.now.vocabulary
    return [code for code in vocabulary.lists if covers_list(visit.grant, code, vocabulary)]


def read_upload(visit: Visit) -> Spooled | None:
    """The file that was sent or is here already, with how it is to be taken; None where a field is wrong.

    A sound file stays here also then, so that nobody has to send it twice.
    """
    form, file = visit.form, visit.form.file("file")
    if not form.raw("list"):
        form.fault("list", NO_LIST)
    code = form.choice("list", writable(visit))
    typed = form.text("data_time", needed=False, most=40)
    moment = form.tried("data_time", lambda: moment_of(typed)) if typed else None
    if moment is not None and lies_ahead(moment):
        form.fault("data_time", AHEAD)
    reason, mapping = kept_text(form, "reason"), form.text("mapping", needed=False, most=LONGEST_FIELD)
    if mapping and code:
        _check_mapping(visit, mapping, code)
    before = _before(visit) if form.raw("held") and not file else None
    name = _name(form, file) if file else before.said["name"] if before else ""
    if not file and not before:
        form.fault("file", NO_FILE)
    if not form.sound and (not file or "file" in form.faults):
        return None
    now = utc_now().astimezone(SHANGHAI).replace(microsecond=0).isoformat()
    size = (file.size or 0) if file else before.said["size"] if before else 0
    said: dict[str, Any] = {
        "list": code, "name": name, "grant": visit.grant.id, "data_time": moment.text if moment else now,
        "typed": typed, "snapshot": bool(form.raw("snapshot")), "partial": bool(form.raw("partial")),
        "reason": reason, "mapping": mapping, "size": size,
    }  # fmt: skip
    spool, wrong = spool_of(visit), not form.sound
    if not file:
        return form.tried("file", lambda: spool.again(before, said, visit.once)) if before else None
    taken = form.tried("file", lambda: spool.take(file.file, size, said, visit.owner, visit.once))
    if taken and wrong:
        form.values["held"] = visit.handle(taken.name)
    return None if wrong else taken


def form_page(visit: Visit, held: Spooled | None = None, dropped: bool = False) -> Response:
    """The form; with a file that is here already, if there is one."""
    vocabulary = visit.desk.law.now.vocabulary
    lists = [(code, vocabulary.lists[code].name.say(visit.lang)) for code in writable(visit)]
    token = visit.handle(held.name) if held else visit.form.raw("held")
    if held is None and token:
        held = _before(visit)
    return page(
        visit, "registrar/import.html", WORDS, lists=lists, held=token if held else "",
        name=held.said["name"] if held else "", most=visit.desk.settings.upload >> 20, dropped=dropped,
    )  # fmt: skip


def form_again(visit: Visit, spooled: Spooled) -> None:
    """The form as it was filled in for this file."""
    said = spooled.said
    flags = {name: "yes" if said[name] else "" for name in ("snapshot", "partial")}
    texts = {name: str(said[name]) for name in ("list", "reason", "mapping")}
    visit.form = Form(defaults={**texts, **flags, "data_time": said["typed"]})


def _before(visit: Visit) -> Spooled | None:
    """The file that came with an earlier form; what is gone is said beside the field."""
    try:
        return spool_of(visit).find(visit.held(visit.form.raw("held")), utc_now())
    except Missing:
        visit.form.fault("file", CHOOSE_AGAIN)
        return None


def _check_mapping(visit: Visit, mapping: str, code: str) -> None:
    """Say what is wrong with the headings, each with its line."""
    with TemporaryDirectory(prefix="memoranda-mapping-") as folder:
        path = Path(folder) / "mapping.yaml"
        path.write_text(mapping, encoding="utf-8")
        try:
            read_mapping(path, visit.desk.law.now.vocabulary, code)
        except RefusedInput as refused:
            visit.form.fault("mapping", sentence(refused.faults, lines=True))


def _name(form: Form, file: UploadFile) -> str:
    """What the sender calls the file, its last part alone."""
    if not file.size:
        form.fault("file", EMPTY)
    said = PurePosixPath((file.filename or "").replace("\\", "/")).name[-200:] or "upload"
    return form.tried("file", lambda: kept(said, "file")) or "upload"
