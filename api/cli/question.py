"""The options by which a question is asked, the same for every command that asks one."""

import sys
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.choices import Lang

if TYPE_CHECKING:  # commands import the engine when they run, so that --help stays quick
    from engine.services.ask import Asked

Code = Annotated[
    str | None, typer.Argument(help="统一社会信用代码；- 为自然人，另行输入号码。Code of the party; - for a person.")
]
Entries = Annotated[
    Path | None, typer.Option("--entries", help="名录文件，默认查名录库。What is known; the registry by default.")
]
InquiryFile = Annotated[Path | None, typer.Option("--inquiry", help="查询文件。The question as a file.")]
Scenario = Annotated[str | None, typer.Option("--scenario", help="procurement | bidding | subsidy | permit")]
At = Annotated[str | None, typer.Option("--at", help="时点，默认现在。The moment; now by default.")]
Place = Annotated[str | None, typer.Option("--in", help="地区代码。GB/T 2260 code of the place.")]
Role = Annotated[str | None, typer.Option("--role", help="角色。The party's role.")]
Matter = Annotated[str | None, typer.Option("--matter", help="办理事项。What is applied for.")]
Authority = Annotated[str | None, typer.Option("--authority", help="询问机关。Who asks.")]
Facts = Annotated[list[str] | None, typer.Option("--fact", help="项目事实 名=值。A declared fact, name=value.")]
Packs = Annotated[list[Path] | None, typer.Option("--packs", help="叠加的规则包目录。A layer over the library.")]
InLang = Annotated[Lang | None, typer.Option("--lang", help="zh | en")]


def subject_of(code: str) -> str:
    """The code as typed; `-` for a natural person, whose number is asked for or read, never taken from the line."""
    if code != "-":
        return code
    from engine.services.books import open_books
    from engine.services.looking import person_of

    number = getpass("公民身份号码 (citizen's number): ") if sys.stdin.isatty() else sys.stdin.readline(64)
    return person_of(number.strip(), open_books())


def ask(
    entries: Path | None,
    inquiry: Path | None,
    packs: list[Path] | None,
    code: str | None,
    known: str | None = None,
    **short: str | list[str] | None,
) -> "Asked":
    """The decision asked for, by file or in the short form; wrong usage if it is neither or both.

    `known` is the registry's version or a time, the newest if it is not given.
    """
    from engine.services.ask import Known, ShortQuestion, ask_by_file, ask_short

    if (inquiry is None) == (code is None):
        raise typer.BadParameter("CODE 与 --inquiry 须且只能给出一个 / give either CODE or --inquiry FILE")
    said = [f"--{name}" for name, value in short.items() if value]
    if inquiry is not None:
        if said:
            raise typer.BadParameter(f"{', '.join(said)}: 已在查询文件中说明 / the inquiry file says this")
        return ask_by_file(inquiry, Known(entries, known), packs or [])
    if "--scenario" not in said:
        raise typer.BadParameter("--scenario: 缺少应用场景 / the scenario must be given")
    facts = short.pop("fact") or []
    texts = {name: value for name, value in short.items() if isinstance(value, str)}
    jurisdiction = texts.pop("in", None)
    question = ShortQuestion(subject_of(code or ""), jurisdiction=jurisdiction, facts=tuple(facts), **texts)
    return ask_short(question, Known(entries, known), packs or [])
