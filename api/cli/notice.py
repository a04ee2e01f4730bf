"""`memoranda notice`: the notice of a decision, as HTML or PDF, from the ledger or from receipts in files."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice

ENDINGS = (".html", ".pdf")


def notice(
    decision: Annotated[str | None, typer.Argument(help="决定编号，可只写开头。Id, or its beginning.")] = None,
    output: Annotated[Path, typer.Option("-o", "--output", help="*.html | *.pdf")] = Path("notice.pdf"),
    receipts: Annotated[
        list[Path] | None,
        typer.Option("--receipt", help="凭证文件，代替编号；可加其人工认定的凭证。Receipts instead of an id."),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", help="固定的公钥，默认本台账的。The pinned key; ours by default."),
    ] = None,
    closed: Annotated[bool, typer.Option("--closed", help="不载当事方身份。Without what names the parties.")] = False,
    lang: Annotated[Lang | None, typer.Option("--lang", help="zh | en")] = None,
) -> None:
    """Write the notice of a decision, to print and hand out. 告知书。

    Example: memoranda notice 01a200ef -o notice.pdf
    """
    from api.notice.page import notice_page
    from engine.services.files import place
    from engine.services.noticing import noted, noted_from

    if (decision is None) == (not receipts):
        raise typer.BadParameter("决定编号与 --receipt 须且只能给出一种 / give either an id or --receipt")
    if output.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"`{output}` 须以 .html 或 .pdf 结尾 / ends in .html or .pdf", param_hint="--output")
    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    made = noted(decision, closed) if decision else noted_from(receipts or (), key, closed)
    place(output, _as_file(notice_page(made, voice.lang), output))
    print(voice.say(f"已写入 {output}", f"written to {output}"))


def _as_file(page: str, output: Path) -> bytes:
    from api.notice.pdf import notice_pdf

    return notice_pdf(page) if output.suffix.lower() == ".pdf" else page.encode()
