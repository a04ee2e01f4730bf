"""`memoranda …`: the commands, and the one place where what went wrong becomes a message and an exit code.

Exit codes: 0 answered or clean, 1 findings, 2 wrong usage, 3 refused pack or input or something missing,
4 the store is not available, or a fault of ours.
"""

import os
import sys
import traceback

import typer

from api.cli import (
    check,
    database,
    decide,
    demo,
    entry,
    importing,
    keys,
    known,
    ledger,
    legality,
    log,
    notice,
    provenance,
    rehearsal,
    replay,
    sample,
    schema,
    serve,
    site,
    table,
    ties,
    users,
    why_not,
)
from api.cli.diagnostics import render_text
from api.cli.voice import Voice
from engine.errors import MemorandaError, Refused, Unavailable

app = typer.Typer(
    name="memoranda",
    help="守信激励与失信惩戒备忘录：规则包、判断与理由。Memoranda as rule packs: may this party take part, and why?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("decide")(decide.decide)
app.command("why-not")(why_not.why_not)
app.command("check")(check.check)
app.command("test")(rehearsal.rehearsal)
app.command("table")(table.table)
app.command("site")(site.site)
app.command("legality")(legality.legality)
app.command("provenance")(provenance.provenance)
app.command("import")(importing.import_)
app.add_typer(entry.app, name="entry")
app.command("lists")(known.lists)
app.command("subject")(known.subject)
app.command("as-known")(known.as_known)
app.command("due")(known.due)
app.command("relations")(ties.relations)
app.command("name")(ties.name)
app.command("source")(ties.source)
app.add_typer(database.app, name="db")
app.command("sample")(sample.sample)
app.command("receipt")(ledger.receipt)
app.command("notice")(notice.notice)
app.command("verify")(ledger.verify)
app.command("replay")(replay.replay)
app.command("revisit")(replay.revisit)
app.command("determine")(ledger.determine)
app.command("reviews")(ledger.reviews)
app.command("erase")(ledger.erase)
app.add_typer(log.app, name="log")
app.command("serve")(serve.serve)
app.add_typer(keys.app, name="keys")
app.add_typer(users.app, name="users")
app.command("schema")(schema.schema)
app.command("demo")(demo.demo)


def run() -> None:
    """The console script: runs a command; no traceback ever reaches the user."""
    try:
        app(prog_name="memoranda")
    except MemorandaError as error:
        sys.exit(_refuse(error))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as fault:
        if os.environ.get("MEMORANDA_TRACEBACK"):
            raise
        sys.exit(_surprised(fault))


def _refuse(error: MemorandaError) -> int:
    voice = Voice.of_stream(sys.stderr, _asked_lang(sys.argv))
    if isinstance(error, Refused):
        print(render_text(error.faults, lang=voice.lang, colour=voice.colour), file=sys.stderr)
    else:
        print(voice.error(error), file=sys.stderr)
    return 4 if isinstance(error, Unavailable) else 3


def _surprised(fault: Exception) -> int:
    """A fault of ours: its kind and place, and none of its values, which may name somebody."""
    voice = Voice.of_stream(sys.stderr, _asked_lang(sys.argv))
    at = traceback.extract_tb(fault.__traceback__)[-1]
    where = f"{type(fault).__name__}, {os.path.basename(at.filename)}:{at.lineno}"
    zh, en = f"程序内部错误（{where}），没有完成", f"a fault of the program ({where}): it was not done"
    print(voice.error(MemorandaError(zh, en, "请报告此行", "please report this line")), file=sys.stderr)
    return 4


def _asked_lang(words: list[str]) -> str | None:
    """The `--lang` of a command that did not get far enough to say it itself."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--lang":
            return following
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
    return None


if __name__ == "__main__":
    run()
