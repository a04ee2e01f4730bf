"""`memoranda legality`: for any day, which measures of which memorandum still bite, and why the others do not."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.cli.choices import Lang, TableFormat
from api.cli.voice import Voice


def legality(
    packs: Annotated[
        list[str] | None, typer.Argument(metavar="PACK", help="规则包名或文件，默认全部。Packs; all by default.")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", help="哪一天，如 2020-12-18。The day; today by default.")] = None,
    format: Annotated[TableFormat, typer.Option("--format", help="text | csv | html")] = TableFormat.text,
    layers: Annotated[
        list[Path] | None, typer.Option("--packs", help="叠加的规则包目录。A layer over the library.")
    ] = None,
    lang: Annotated[Lang | None, typer.Option("--lang", help="zh | en")] = None,
) -> None:
    """Say which measures bite on a day, and why the others do not. 某日各措施的效力。

    Example: memoranda legality --on 2020-12-18 judgment-defaulters
    """
    from api.cli.legality_table import as_html, as_sheet, as_text
    from engine.services.legality import legality_on

    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    found = legality_on(_day(on), packs or (), layers or ())
    if format is TableFormat.text:
        sys.stdout.write(as_text(found, voice.lang))
    else:
        # Both say themselves how they are encoded, whatever the terminal's encoding is.
        sys.stdout.buffer.write((as_sheet if format is TableFormat.csv else as_html)(found, voice.lang))


def _day(text: str | None) -> date | None:
    from engine.calendar import read_day

    try:
        return read_day(text) if text is not None else None
    except ValueError as error:
        raise typer.BadParameter(
            f"`{text}` 不是 1949-10-01 至 2199-12-31 之间的日期，应写作 2020-12-18 / {error}", param_hint="--on"
        ) from error
