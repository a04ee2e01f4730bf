"""`memoranda sample`: fills an empty registry with invented subjects."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice


def sample(
    size: Annotated[int, typer.Option("--size", min=1, max=1_000_000, help="主体数。How many subjects.")] = 3_000,
    seed: Annotated[int, typer.Option("--seed", help="种子，同种子同内容。The same seed gives the same registry.")] = 1,
    day: Annotated[
        datetime | None,
        typer.Option(
            "--day", formats=["%Y-%m-%d"], help="样本当日，默认今天。The sample's own today, if not this day."
        ),
    ] = None,
    lang: Annotated[Lang | None, typer.Option("--lang", help="zh | en")] = None,
) -> None:
    """Fill an empty registry with invented subjects, whose lists have just arrived. 生成合成样本。

    Example: MEMORANDA_HOME=/tmp/sample memoranda sample --size 3000
    """
    from engine.calendar import SHANGHAI
    from engine.services.books import open_books
    from engine.services.rulebooks import rulebook_of
    from engine.services.sampling import sample as fill

    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    now = day.replace(hour=6, tzinfo=SHANGHAI) if day else datetime.now(UTC).replace(microsecond=0)
    done = fill(open_books(), rulebook_of().vocabulary, size, seed, now)
    figures = (
        (done.subjects, "主体", "subjects"), (done.entries, "记录", "entries"), (done.events, "事件", "events"),
        (done.relations, "关联", "relations"), (done.version, "名录库版本", "registry version"),
    )  # fmt: skip
    print(voice.say("，", ", ").join(f"{voice.say(zh, en)} {count}" for count, zh, en in figures))
