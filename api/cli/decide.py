"""`memoranda decide`: one answer, in words or as JSON."""

import getpass
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.choices import DepthChoice
from api.cli.question import (
    At,
    Authority,
    Code,
    Entries,
    Facts,
    InLang,
    InquiryFile,
    Matter,
    Packs,
    Place,
    Role,
    Scenario,
    ask,
)
from api.cli.voice import Voice

if TYPE_CHECKING:  # commands import the engine when they run, so that --help stays quick
    from engine.services.ask import Asked

COLOURS = {"ineligible": "red", "review": "yellow", "conditional": "cyan", "eligible": "green"}


def decide(
    code: Code = None,
    entries: Entries = None,
    inquiry: InquiryFile = None,
    scenario: Scenario = None,
    at: At = None,
    place: Place = None,
    role: Role = None,
    matter: Matter = None,
    authority: Authority = None,
    fact: Facts = None,
    packs: Packs = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="不入台账。Do not record it.")] = False,
    purpose: Annotated[str, typer.Option("--purpose", help="查询用途。What it is asked for.")] = "",
    promise: Annotated[Path | None, typer.Option("--promise", help="承诺写到文件。Where the promise goes.")] = None,
    remedies: Annotated[bool, typer.Option("--remedies", help="怎样才能参与。What would change the answer.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="只输出规范 JSON 核心。The core as canonical JSON.")] = False,
    lang: InLang = None,
    depth: Annotated[DepthChoice, typer.Option("--depth", help="counter | lawyer | auditor")] = DepthChoice.counter,
) -> None:
    """May this party take part? 该当事方可否参与？

    Example: memoranda decide CODE --scenario procurement --at 2024-06-03T09:30+08:00 --in 420881 --entries FILE
    """
    short = {"scenario": scenario, "at": at, "in": place, "role": role, "matter": matter, "authority": authority}
    asked = ask(entries, inquiry, packs, code, **short, fact=fact)
    if promise and (dry_run or asked.version is None):
        raise typer.BadParameter("不入台账的决定没有承诺 / a decision that is not recorded comes with no promise")
    number = "" if dry_run or asked.version is None else _recorded(asked, purpose, promise)
    if number:  # recorded first, answered second; apart from the answer, which may be read by a program
        print(
            Voice.of_stream(sys.stderr, lang.value if lang else None).say("决定编号 ", "decision ") + number,
            file=sys.stderr,
        )
    if as_json:
        sys.stdout.write(_as_json(asked, remedies))
        return
    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    sys.stdout.write(told(asked, voice, depth.value))
    if remedies:
        sys.stdout.write(_ways(asked, voice))


def _recorded(asked: "Asked", purpose: str, promise: Path | None) -> str:
    """The number of the decision in the ledger; the promise that comes with it goes to its file first."""
    from engine.ledger.envelope import Caller
    from engine.services.books import open_books, open_ledger
    from engine.services.deciding import demand_same_books, number, record_decision
    from engine.services.promising import write_promise

    ledger = open_ledger()
    demand_same_books(ledger, open_books().registry)
    recorded = record_decision(ledger, asked, Caller(getpass.getuser(), purpose))
    if promise:
        write_promise(promise, recorded.promise)
    number(ledger)
    return recorded.id


def _as_json(asked: "Asked", remedies: bool) -> str:
    """The core bytes alone; with the ways back, one object of both."""
    if not remedies:
        return asked.decision.core.decode() + "\n"
    from engine.decide import ways_back
    from engine.explanation.ways import remedies_data

    ways = remedies_data(ways_back(asked.decision, asked.rulebook), asked.decision, asked.rulebook.vocabulary)
    return json.dumps({"decision": asked.decision.data, **ways}, ensure_ascii=False, sort_keys=True) + "\n"


def told(asked: "Asked", voice: Voice, depth: str) -> str:
    """The answer in words, its first line in the verdict's colour."""
    from engine.explanation.render import Depth, render

    first, _, rest = render(asked.decision, asked.rulebook, voice.lang, Depth(depth)).partition("\n")
    return voice.paint(first, COLOURS[asked.decision.data["verdict"]]) + "\n" + rest


def _ways(asked: "Asked", voice: Voice) -> str:
    from engine.decide import ways_back
    from engine.explanation.ways import remedies_told

    told = remedies_told(ways_back(asked.decision, asked.rulebook), asked.decision, asked.rulebook, voice.lang)
    return "\n" + told if told.strip() else ""
