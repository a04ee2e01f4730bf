"""`memoranda replay` and `memoranda revisit`: decided again as it was, by other rules, or on what is known now."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice

if TYPE_CHECKING:
    from rich.progress import Progress

    from engine.services.revisiting import Cause, Revisited
    from engine.vocabulary import Words

InLang = Annotated[Lang | None, typer.Option("--lang", help="zh | en")]
# Differences that are shown; a file has them all.
SHOWN = 20
VERDICTS = ("ineligible", "review", "conditional", "eligible")
_EXPECTED = ("same", "erased-input")
_WHAT = {
    "entry": ("记录", "entry"), "event": ("事件", "event"), "relation": ("关系", "relation"), "name": ("名称", "name"),
    "code": ("代码", "code"), "arrival": ("到数", "arrival"), "engine": ("引擎不同", "the engine is another"),
}  # fmt: skip


def replay(
    decision: Annotated[str | None, typer.Argument(help="决定编号。Id of the decision.")] = None,
    every: Annotated[bool, typer.Option("--all", help="全部。Every decision.")] = False,
    since: Annotated[str, typer.Option("--since", help="自某日（或时刻）起。Recorded since this day.")] = "",
    against: Annotated[Path | None, typer.Option("--against", help="另一规则库目录。Another rulebook.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="差异写到文件。Where differences go.")] = None,
    lang: InLang = None,
) -> None:
    """Decide again from what was recorded, and compare byte for byte. 复现。

    Example: memoranda replay --all
    """
    from engine.services.files import place
    from engine.services.replaying import how_many, replays

    if (decision is None) == (not every and not since):
        raise typer.BadParameter("决定编号与 --all/--since 须且只能给出一种 / give either an id or --all or --since")
    voice, table, different = _voice(lang), Counter[tuple[str, str, str]](), list[dict[str, Any]]()
    with _progress() as bar:
        task = bar.add_task(voice.say("复现", "replay"), total=None if decision else how_many(since))
        for swept in replays(since, against, decision or ""):
            done = swept.replayed
            table[done.outcome.value, done.then, done.now] += 1
            if done.outcome.value not in _EXPECTED:
                said = {"id": done.id, "outcome": done.outcome.value, "then": done.then, "now": done.now}
                by = {"rulebook": swept.rulebook, "version": swept.version}
                different.append(said | by | {"differs": list(done.differs), "why": _both(done.why)})
            bar.advance(task)
    for line in _matrix(table) if against else _counts(table):
        print(line)
    for one in different[:SHOWN]:
        why = one["why"][voice.lang] if one["why"] else ", ".join(one["differs"])
        print(voice.paint(f"{one['id']}  {why}", "red"))
    if output:
        place(output, _document(different))
    raise typer.Exit(1 if different else 0)


def _counts(table: Mapping[tuple[str, str, str], int]) -> Iterator[str]:
    for (outcome, then, now), count in sorted(table.items()):
        yield f"{count:>8}  {outcome}  {then}" + (f" -> {now}" if now and now != then else "")


def _matrix(table: Mapping[tuple[str, str, str], int]) -> Iterator[str]:
    """Verdict to verdict: what was answered down the side, what the other rulebook answers along the top."""
    columns = (*VERDICTS, "")
    sums = Counter[tuple[str, str]]()
    for (_, then, now), count in table.items():
        sums[then, now] += count
    yield " " * 12 + "".join(f"{now or '-':>12}" for now in columns)
    for then in VERDICTS:
        yield f"{then:<12}" + "".join(f"{sums[then, now]:>12}" for now in columns)
    for outcome in sorted({outcome for outcome, _, _ in table}):
        yield f"{outcome:<12}{sum(count for (one, _, _), count in table.items() if one == outcome):>12}"


def revisit(
    since: Annotated[int, typer.Option("--since", min=0, help="名录库版本。The registry's version.")],
    as_json: Annotated[bool, typer.Option("--json", help="机器可读。For machines.")] = False,
    lang: InLang = None,
) -> None:
    """Decisions whose answer would now differ, and what was learned since that turned it. 更正后须重新看的决定。

    Example: memoranda revisit --since 12
    """
    from engine.services.replaying import how_many
    from engine.services.revisiting import revisits

    voice = _voice(lang)
    with _progress() as bar:
        task = bar.add_task(voice.say("重新看", "revisit"), total=how_many())
        found = list(revisits(since, lambda: bar.advance(task)))
    if as_json:
        sys.stdout.write(_document([_data(one) for one in found]).decode())
        raise typer.Exit(1 if found else 0)
    for one in found:
        print(f"{one.id}  v{one.version}  {one.then['verdict']} -> {one.now['verdict']}")
        for line in _sides(one, voice):
            print(f"    {line}")
        for cause in one.causes:
            print(f"    {_caused(cause, voice)}")
    print(voice.say(f"{len(found)} 个决定现在会不同", f"{len(found)} decisions would now differ"))
    raise typer.Exit(1 if found else 0)


def _sides(one: "Revisited", voice: Voice) -> Iterator[str]:
    """For each party whose answer differs: then and now, side by side."""
    for then, now in zip(one.then["parties"], one.now["parties"], strict=True):
        if then != now:
            yield f"{then['party']}  {_answer(then, voice)}  ->  {_answer(now, voice)}"


def _answer(party: dict[str, Any], voice: Voice) -> str:
    said = [party["verdict"], party["channel"]]
    said += [voice.say("条件 ", "conditions ") + ", ".join(party["conditions"])] if party["conditions"] else []
    said += [voice.say("优惠 ", "benefits ") + ", ".join(party["benefits"])] if party["benefits"] else []
    return " · ".join(said)


def _caused(cause: "Cause", voice: Voice) -> str:
    what = voice.say(*_WHAT[cause.what])
    said = (cause.kind, cause.list, cause.of, cause.entry, cause.day, cause.document)
    return " ".join(part for part in (f"v{cause.version}", cause.recorded_at[:10], what, *said) if part)


def _data(one: "Revisited") -> dict[str, Any]:
    causes = [{name: value for name, value in asdict(cause).items() if value != ""} for cause in one.causes]
    return asdict(one) | {"causes": causes}


def _both(why: "Words | None") -> dict[str, str] | None:
    return {"zh": why.zh, "en": why.en} if why else None


def _document(found: list[dict[str, Any]]) -> bytes:
    """The same bytes for the same findings."""
    return (json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


@contextmanager
def _progress() -> "Iterator[Progress]":
    """A bar on the terminal's error stream; none where nobody looks."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        yield bar


def _voice(lang: Lang | None) -> Voice:
    return Voice.of_stream(sys.stdout, lang.value if lang else None)
