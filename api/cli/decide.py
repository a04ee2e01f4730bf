"""`memoranda decide`: one answer, in words or as JSON."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.choices import DepthChoice, Lang
from api.cli.voice import Voice

if TYPE_CHECKING:  # commands import the engine when they run, so that --help stays quick
    from engine.services.ask import Asked, ShortQuestion

COLOURS = {"ineligible": "red", "review": "yellow", "conditional": "cyan", "eligible": "green"}


def decide(
    code: Annotated[
        str | None, typer.Argument(help="统一社会信用代码（短式）。Code of the party, in the short form.")
    ] = None,
    entries: Annotated[
        Path | None, typer.Option("--entries", help="名录文件。What is known: entries, arrivals.")
    ] = None,
    inquiry: Annotated[Path | None, typer.Option("--inquiry", help="查询文件。The question as a file.")] = None,
    scenario: Annotated[str | None, typer.Option("--scenario", help="procurement | bidding | subsidy | permit")] = None,
    at: Annotated[str | None, typer.Option("--at", help="时点，默认现在。The moment; now by default.")] = None,
    place: Annotated[str | None, typer.Option("--in", help="地区代码。GB/T 2260 code of the place.")] = None,
    role: Annotated[str | None, typer.Option("--role", help="角色。The party's role.")] = None,
    matter: Annotated[str | None, typer.Option("--matter", help="办理事项。What is applied for.")] = None,
    authority: Annotated[str | None, typer.Option("--authority", help="询问机关。Who asks.")] = None,
    fact: Annotated[
        list[str] | None, typer.Option("--fact", help="项目事实 名=值。A declared fact, name=value.")
    ] = None,
    packs: Annotated[
        list[Path] | None, typer.Option("--packs", help="叠加的规则包目录。A layer over the library.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出规范 JSON 核心。The core as canonical JSON.")] = False,
    lang: Annotated[Lang | None, typer.Option("--lang", help="zh | en")] = None,
    depth: Annotated[DepthChoice, typer.Option("--depth", help="counter | lawyer | auditor")] = DepthChoice.counter,
) -> None:
    """May this party take part? 该当事方可否参与？

    Example: memoranda decide CODE --scenario procurement --at 2024-06-03T09:30+08:00 --in 420881 --entries FILE
    """
    from engine.services.ask import ShortQuestion

    if entries is None:
        raise typer.BadParameter("--entries FILE: 缺少名录文件 / what is known must be given")
    short = {"--scenario": scenario, "--at": at, "--in": place, "--role": role, "--matter": matter}
    short |= {"--authority": authority, "--fact": ",".join(fact or ())}
    _one_form(code, inquiry, [name for name, value in short.items() if value])
    question = ShortQuestion(code or "", scenario or "", at, place, role, matter, authority, tuple(fact or ()))
    asked = _ask(question, inquiry, entries, packs or [])
    if as_json:
        sys.stdout.write(asked.decision.core.decode() + "\n")
    else:
        sys.stdout.write(_told(asked, lang.value if lang else None, depth.value))


def _one_form(code: str | None, inquiry: Path | None, short: list[str]) -> None:
    """Either a code with its options or a file that says it all; wrong usage otherwise."""
    if (inquiry is None) == (code is None):
        raise typer.BadParameter("CODE 与 --inquiry 须且只能给出一个 / give either CODE or --inquiry FILE")
    if inquiry is not None and short:
        raise typer.BadParameter(f"{', '.join(short)}: 已在查询文件中说明 / the inquiry file says this")
    if inquiry is None and "--scenario" not in short:
        raise typer.BadParameter("--scenario: 缺少应用场景 / the scenario must be given")


def _ask(question: "ShortQuestion", inquiry: Path | None, entries: Path, packs: list[Path]) -> "Asked":
    from engine.services.ask import ask_by_file, ask_short

    return ask_short(question, entries, packs) if inquiry is None else ask_by_file(inquiry, entries, packs)


def _told(asked: "Asked", lang: str | None, depth: str) -> str:
    """The answer in words, its first line in the verdict's colour."""
    from engine.explanation.render import Depth, render

    voice = Voice.of_stream(sys.stdout, lang)
    first, _, rest = render(asked.decision, asked.rulebook, voice.lang, Depth(depth)).partition("\n")
    return voice.paint(first, COLOURS[asked.decision.data["verdict"]]) + "\n" + rest
