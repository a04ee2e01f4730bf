"""`memoranda provenance`: what the library rests on, counted, and what in it is too weak to rely on."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.choices import CountsFormat, Lang
from api.cli.voice import Voice


def provenance(
    format: Annotated[CountsFormat, typer.Option("--format", help="text | csv | html | json")] = CountsFormat.text,
    packs: Annotated[
        list[Path] | None, typer.Option("--packs", help="叠加的规则包目录。A layer over the library.")
    ] = None,
    lang: Annotated[Lang | None, typer.Option("--lang", help="zh | en")] = None,
) -> None:
    """Count what the library rests on, by source and confidence. 规则库的来源与把握。

    Example: memoranda provenance --format html > provenance.html
    """
    from api.cli.provenance_table import as_html, as_json, as_sheet, as_text
    from engine.services.provenance import provenance_of

    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    weighed = provenance_of(packs or ())
    if format is CountsFormat.text:
        sys.stdout.write(as_text(weighed, voice.lang))
    elif format is CountsFormat.json:
        sys.stdout.write(as_json(weighed))
    else:
        # Both say themselves how they are encoded, whatever the terminal's encoding is.
        sys.stdout.buffer.write((as_sheet if format is CountsFormat.csv else as_html)(weighed, voice.lang))
