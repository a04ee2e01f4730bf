"""`memoranda site`: the whole library as pages that work offline, in both languages."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice

DEFAULT = Path("memoranda-site")


def site(
    output: Annotated[Path, typer.Option("--output", "-o", help="写到哪个文件夹。The folder to write.")] = DEFAULT,
    on: Annotated[str | None, typer.Option("--on", help="哪一天，如 2020-12-18。The day; today by default.")] = None,
    packs: Annotated[
        list[Path] | None, typer.Option("--packs", help="叠加的规则包目录。A layer over the library.")
    ] = None,
    lang: Annotated[Lang | None, typer.Option("--lang", help="zh | en")] = None,
) -> None:
    """Write the library as a site that opens in a browser without a server. 生成可离线浏览的网站。

    Example: memoranda site -o memoranda-site --on 2026-11-20
    """
    from api.site.build import refuse_foreign, write_site
    from engine.services.atlas import atlas_on

    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    day = _day(on)
    refuse_foreign(output.resolve())  # before the library is read, which takes a while
    atlas = atlas_on(day, packs or ())
    count = write_site(atlas, output)
    start = output / voice.lang / "index.html"
    print(
        voice.say(
            f"{count} 个网页，按 {atlas.day} 说明。用浏览器打开 {start}",
            f"{count} pages, as on {atlas.day}. Open {start} in a browser",
        )
    )


def _day(text: str | None) -> date | None:
    from engine.calendar import read_day

    try:
        return read_day(text) if text is not None else None
    except ValueError as error:
        raise typer.BadParameter(
            f"`{text}` 不是 1949-10-01 至 2199-12-31 之间的日期，应写作 2020-12-18 / {error}", param_hint="--on"
        ) from error
