"""What the registry knows: `lists`, `subject`, and any question `as-known` at an earlier version or time."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.choices import DepthChoice, Lang
from api.cli.decide import told
from api.cli.question import At, Authority, Facts, InLang, Matter, Packs, Place, Role, Scenario, ask, subject_of
from api.cli.voice import Voice

if TYPE_CHECKING:  # commands import the engine when they run, so that --help stays quick
    from engine.registry.overview import ListLine, Timeline

KnownAt = Annotated[str | None, typer.Option("--known", help="名录库版本或时间。The registry's version or a time.")]


def lists(
    every: Annotated[bool, typer.Option("--all", help="含从未到数的名单。Lists that never arrived, too.")] = False,
    known: KnownAt = None,
    lang: Annotated[Lang | None, typer.Option("--lang", help="zh | en")] = None,
) -> None:
    """Each list's age, and whether it may be relied on now. 名单到数与时效。

    Example: memoranda lists --all
    """
    from engine.services.books import open_books
    from engine.services.looking import lists_now
    from engine.services.rulebooks import rulebook_of

    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    version, now, lines = lists_now(open_books(), rulebook_of().vocabulary, known)
    shown = [line for line in lines if every or line.data_time or line.wanted_by]
    for line in shown:
        state, colour = _state(line, line.known(now), voice)
        yes = voice.paint(state, colour)
        when = line.data_time.text if line.data_time else voice.say("从未到数", "never arrived")
        parts = [yes, line.record.code, line.record.name.say(voice.lang), when]
        parts.append(voice.say(f"{line.entries} 条", f"{line.entries} entries"))
        if line.late(now):
            parts.append(voice.paint(voice.say("应到未到", "overdue"), "yellow"))
        if line.wanted_by:
            parts.append(voice.say("须查：", "consulted by: ") + ", ".join(line.wanted_by))
        print("  ".join(parts))
    print(voice.say(f"名录库版本 {version.number}", f"registry version {version.number}"))


def _state(line: "ListLine", known: bool, voice: Voice) -> tuple[str, str]:
    if known:
        return voice.say("可用", "known"), "green"
    return (voice.say("过期", "stale"), "yellow") if line.data_time else (voice.say("缺失", "missing"), "red")


def subject(
    code: Annotated[str, typer.Argument(help="统一社会信用代码。Code of the subject.")],
    known: KnownAt = None,
    lang: Annotated[Lang | None, typer.Option("--lang", help="zh | en")] = None,
) -> None:
    """A subject's entries and what happened to them. 主体的记录和经过。

    Example: memoranda subject 919900000000001021
    """
    from engine.services.books import open_books
    from engine.services.looking import subject_timeline
    from engine.services.rulebooks import rulebook_of

    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    timeline = subject_timeline(open_books(), rulebook_of().vocabulary, subject_of(code), known)
    print("\n".join(_timeline(timeline, voice)))


def _timeline(line: "Timeline", voice: Voice) -> Iterator[str]:
    from engine.explanation.phrases import DATES
    from engine.registry.events import STEPS

    words = {**DATES, **STEPS}
    yield f"{line.subject}  {'、'.join(line.names)}".rstrip()
    if not line.entries:
        yield voice.say("名录库中没有记录", "the registry has no entry")
    for entry in line.entries:
        yield f"  {entry.number}  {entry.list}  {entry.document}  {entry.body}".rstrip()
    for dated in line.lines:
        what = words[dated.what].say(voice.lang)
        said = "  ".join(part for part in (dated.document, dated.reason) if part)
        which = f"{dated.entry.number[:8]} {dated.entry.list}"
        yield f"  {dated.at.text}  {what}  {which}  {said}  v{dated.version}"
    for tie in line.relations:
        yield f"  {tie.kind}  {tie.near} -> {tie.far}"
    yield voice.say(f"名录库版本 {line.version}", f"registry version {line.version}")


def as_known(
    known: Annotated[str, typer.Argument(help="名录库版本或时间。The registry's version, or a time.")],
    code: Annotated[str, typer.Argument(help="统一社会信用代码。Code of the party.")],
    scenario: Scenario = None,
    at: At = None,
    place: Place = None,
    role: Role = None,
    matter: Matter = None,
    authority: Authority = None,
    fact: Facts = None,
    packs: Packs = None,
    lang: InLang = None,
    depth: Annotated[DepthChoice, typer.Option("--depth", help="counter | lawyer | auditor")] = DepthChoice.counter,
) -> None:
    """What the answer would have been by what was known then. 按当时所知回答。

    Example: memoranda as-known 12 919900000000001021 --scenario procurement --at 2024-06-10T09:00+08:00
    """
    short = {"scenario": scenario, "at": at, "in": place, "role": role, "matter": matter, "authority": authority}
    asked = ask(None, None, packs, code, known, **short, fact=fact)
    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    sys.stdout.write(told(asked, voice, depth.value))
    assert asked.version is not None
    print(voice.say(f"名录库版本 {asked.version.number}", f"registry version {asked.version.number}"))


def due(
    place: Place = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="只列逾期的。Only what is overdue.")] = False,
    lang: Annotated[Lang | None, typer.Option("--lang", help="zh | en")] = None,
) -> None:
    """Objections and applications for repair that are still open, with their last days. 待办与逾期。

    Example: memoranda due --in 420881
    """
    from engine.services.books import open_books
    from engine.services.looking import due_now
    from engine.services.rulebooks import rulebook_of

    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    vocabulary = rulebook_of().vocabulary
    today, steps = due_now(open_books(), vocabulary, place)
    procedures = vocabulary.handling.procedures
    late = sum(step.overdue(today) for step in steps)
    for step in steps:
        if overdue and not step.overdue(today):
            continue
        name = procedures[step.procedure].steps[step.step].say(voice.lang)
        unknown = step.deadline.unknown
        last = step.deadline.due.isoformat() if step.deadline.due else unknown.say(voice.lang) if unknown else ""
        line = f"{last}  {step.entry}  {step.list}  {name}  {', '.join(step.deadline.rule.basis)}"
        print(voice.paint(line, "red") if step.overdue(today) else line)
    print(voice.say(f"待办 {len(steps)} 项，逾期 {late} 项", f"{len(steps)} open, {late} overdue"))
