"""`memoranda table`: a pack as the annex table it came from, for a lawyer to proof-read and print."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice


def table(
    pack: Annotated[str, typer.Argument(help="规则包名或文件。A pack's name or file.")],
    html: Annotated[bool, typer.Option("--html", help="可打印的网页。A page to print.")] = False,
    packs: Annotated[
        list[Path] | None, typer.Option("--packs", help="叠加的规则包目录。A layer over the library.")
    ] = None,
    lang: Annotated[Lang | None, typer.Option("--lang", help="zh | en")] = None,
) -> None:
    """Print a pack as its annex table. 按附件表格输出规则包。

    Example: memoranda table procurement-credit-query --html > annex.html
    """
    from api.cli.annex import as_page, as_text
    from engine.services.rulebooks import memorandum_of

    memorandum, vocabulary = memorandum_of(pack, packs or ())
    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    if html:
        sys.stdout.write(as_page(memorandum, vocabulary))
    else:
        sys.stdout.write(as_text(memorandum, vocabulary, voice.lang))
