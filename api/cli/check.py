"""`memoranda check`: every fault of packs and words at once, at its line and column."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.choices import Format, Lang
from api.cli.voice import Voice


def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="规则包或目录。Packs or folders; all by default.")] = None,
    format: Annotated[Format, typer.Option("--format", help="text | json | sarif")] = Format.text,
    explain: Annotated[str | None, typer.Option("--explain", help="说明一个代码。What a code means.")] = None,
    notes: Annotated[bool, typer.Option("--notes/--no-notes", help="显示注记。Show notes.")] = False,
    packs: Annotated[
        list[Path] | None, typer.Option("--packs", help="叠加的规则包目录。A layer over the library.")
    ] = None,
    lang: Annotated[Lang | None, typer.Option("--lang", help="zh | en")] = None,
) -> None:
    """Check packs and vocabulary. 检查规则包与词汇。

    Example: memoranda check memoranda/national/procurement-credit-query.yaml
    """
    from api.cli.diagnostics import render_json, render_sarif, render_text, summary
    from engine.packs.explain import explained
    from engine.services.checking import check_paths

    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    if explain is not None:
        sys.stdout.write(explained(explain, voice.lang) + "\n")
        return
    checked = check_paths(paths or (), packs or ())
    shown = [fault for fault in checked.faults if notes or fault.severity != "note" or format is not Format.text]
    if format is Format.json:
        print(render_json(shown))
    elif format is Format.sarif:
        print(render_sarif(shown))
    else:
        text = render_text(shown, lang=voice.lang, colour=voice.colour)
        print((text + "\n" if text else "") + summary(checked.faults, checked.packs, checked.measures, lang=voice.lang))
    raise typer.Exit(1 if any(fault.severity == "error" for fault in checked.faults) else 0)
