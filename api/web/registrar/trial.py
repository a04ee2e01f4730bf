"""An uploaded list tried, and taken once it is confirmed: the very bytes that were tried, by a job of their own."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict
from typing import Any

from api.rest.imports import AT_ONCE
from api.web.registrar.fields import WHO
from api.web.registrar.import_words import PLAIN
from api.web.working import Tell
from engine.errors import Fault, Missing, RefusedInput, Unavailable
from engine.registry.faults import RowFault
from engine.registry.importing import Report
from engine.services.books import Books
from engine.services.looking import lists_now
from engine.services.registering import FileToImport, import_file, moment_of
from engine.services.spooling import Spooled
from engine.vocabulary import Vocabulary, Words

KIND, WHOLE = "import", 1_000
TRIED, TAKEN, REFUSED, MAPPING = "tried.json", "taken.json", "refused.jsonl", "mapping.yaml"
# So many faults are shown, and so many kept for who takes them away.
SHOWN, MOST_KEPT = 50, 100_000


def tried(books: Books, vocabulary: Vocabulary, spooled: Spooled, tell: Tell) -> Mapping[str, str]:
    """Read every row and write nothing; the report is kept beside the file."""
    base = state_of_list(books, vocabulary, spooled.said["list"])
    return _imported(books, vocabulary, spooled, tell, TRIED, {"base": base})


def taken(books: Books, vocabulary: Vocabulary, spooled: Spooled, endings: int, tell: Tell) -> Mapping[str, str]:
    """Write what was tried; the file is let go once it is written."""
    found = _imported(books, vocabulary, spooled, tell, TAKEN, {}, endings)
    if found.get("version"):
        spooled.let_go()
    return found


def state_of_list(books: Books, vocabulary: Vocabulary, code: str) -> str:
    """What a report on the list rests on: its newest data and how many entries it has."""
    _, _, lines = lists_now(books, vocabulary)
    return next(
        (
            f"{line.data_time.text if line.data_time else ''} {line.entries}"
            for line in lines
            if line.record.code == code
        ),
        "",
    )


def by_field(faults: Sequence[Fault], spooled: Spooled) -> dict[str, list[str]]:
    """What is wrong with a file, zh and en, by the field of the form it belongs to."""
    fields = {str(spooled.folder / MAPPING): "mapping", "--data-time": "data_time", "--reason": "reason",
              "--who": "list"}  # fmt: skip
    found: dict[str, list[str]] = {}
    for field in dict.fromkeys(fields.get(fault.place.file, "file") for fault in faults):
        own = [fault for fault in faults if fields.get(fault.place.file, "file") == field]
        said = WHO if field == "list" else sentence(own, lines=field == "mapping")
        found[field] = [said.zh, said.en]
    return found


def sentence(faults: Sequence[Fault], lines: bool = False) -> Words:
    """Up to five faults as one text, without the command line's words; `lines` says on which line each is."""
    zh, en = list[str](), list[str]()
    for fault in faults[:5]:
        at = (f"第 {fault.place.line} 行：", f"line {fault.place.line}: ") if lines and fault.place.line else ("", "")
        zh.append(at[0] + "。".join(filter(None, (fault.zh, fault.help_zh))))
        en.append(at[1] + ". ".join(filter(None, (fault.en, fault.help_en))))
    return Words(plain("；".join(zh)), plain("; ".join(en)))


def plain(text: str) -> str:
    """A text of the engine for a page: what it calls by an option is called by the field."""
    for option, field in PLAIN:
        text = text.replace(option, field)
    return text


def _imported(
    books: Books, vocabulary: Vocabulary, spooled: Spooled, tell: Tell, name: str, beside: Mapping[str, Any],
    endings: int = 0,
) -> Mapping[str, str]:  # fmt: skip
    said, mapping = spooled.said, spooled.folder / MAPPING
    if said["mapping"]:
        mapping.write_text(said["mapping"], encoding="utf-8")
    wanted = FileToImport(
        spooled.path, said["list"], said["grant"], said["snapshot"], said["partial"], name == TRIED, endings,
        moment_of(said["data_time"]), mapping if said["mapping"] else None, said["reason"], said["name"],
    )  # fmt: skip
    try:
        with AT_ONCE, _refused_rows(spooled) as refused:
            report = import_file(books, vocabulary, wanted, refused, _progress(spooled, tell))
    except RefusedInput as wrong:
        spooled.keep(name, {"fields": by_field(wrong.faults, spooled)})
        return {"outcome": "refused"}
    except Missing as wrong:  # the list is no more in the vocabulary, or the file is gone
        spooled.keep(name, {"fields": {"list": [wrong.zh, wrong.en]} if said["list"] not in vocabulary.lists else
                            {"file": ["上传的文件已不在", "the file is gone"]}})  # fmt: skip
        return {"outcome": "refused"}
    with suppress(Unavailable) if report.version else nullcontext():  # what is written stands, told of or not
        spooled.keep(name, {**_told(report), **beside})
    counts = {name: str(count) for name, count in report.counts().items()}
    return {"outcome": report.refusal or "fine", "version": str(report.version or ""), **counts}


def _progress(spooled: Spooled, tell: Tell) -> Callable[[int, int], None]:
    def progress(done: int, whole: int) -> None:
        spooled.used()
        share = WHOLE * done // whole if whole else WHOLE
        tell("read" if share < WHOLE else "write", min(share, WHOLE))

    return progress


@contextmanager
def _refused_rows(spooled: Spooled) -> Iterator[Callable[[RowFault], None]]:
    """Where faults are kept for who takes them away, so many of them and not more."""
    path, count = spooled.folder / REFUSED, 0
    with path.open("w", encoding="utf-8") as stream:
        path.chmod(0o600)

        def keep(fault: RowFault) -> None:
            nonlocal count
            count += 1
            if count <= MOST_KEPT:
                stream.write(json.dumps(asdict(fault), ensure_ascii=False) + "\n")

        yield keep


def in_short(result: Mapping[str, str]) -> dict[str, Any]:
    """A report on what was written, of which only the job's figures are left."""
    counts = {name: int(count) for name, count in result.items() if name not in ("outcome", "version")}
    nothing = {"refusal": "", "would_end": 0, "current": 0, "rows": [], "unnamed": [], "notes": []}
    return {**nothing, "counts": {**counts, "warnings": 0}, "version": int(result["version"])}


def _told(report: Report) -> dict[str, Any]:
    return {
        "counts": report.counts() | {"warnings": report.warnings},
        "would_end": report.would_end,
        "current": report.current,
        "refusal": report.refusal,
        "version": report.version,
        "rows": [asdict(fault) for fault in report.faults[:SHOWN]],
        "unnamed": [asdict(one) for one in report.unnamed],
        "notes": [[plain(note.zh), plain(note.en)] for note in report.notes],
    }
