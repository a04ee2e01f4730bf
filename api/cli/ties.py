"""`memoranda relations FILE` and `memoranda name CODE`: ties between subjects, and their other names and codes."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice

Who = Annotated[str | None, typer.Option("--who", help="经办人，默认登录名。Who records it.")]
InLang = Annotated[Lang | None, typer.Option("--lang", help="zh | en")]


def relations(
    file: Annotated[Path, typer.Argument(help="关系文件：kind, near, far, since, until。The file of relations.")],
    who: Who = None,
    lang: InLang = None,
) -> None:
    """Relations from a file, whole or not at all. 导入关联关系。

    Example: memoranda relations relations.csv
    """
    from engine.services.relating import import_relations

    count, version = import_relations(file, who or getpass.getuser())
    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    print(
        voice.say(f"关联 {count}，名录库版本 {version.number}", f"{count} relations, registry version {version.number}")
    )


def name(
    code: Annotated[str, typer.Argument(help="统一社会信用代码。Code of the subject.")],
    name: Annotated[str, typer.Option("--name", help="登记名称。A registered name.")] = "",
    other: Annotated[str, typer.Option("--code", help="另一代码，如旧代码。Another code, an old one say.")] = "",
    since: Annotated[str, typer.Option("--since", help="起始日期。Since which day.")] = "",
    who: Who = None,
    lang: InLang = None,
) -> None:
    """Another name or code of a subject. 登记主体的名称或另一代码。

    Example: memoranda name 919900000000001021 --name 合成样本（测试）有限公司 --since 2020-01-01
    """
    from engine.services.relating import name_subject

    if not name and not other:
        raise typer.BadParameter("--name 与 --code 至少给出一个 / give --name or --code")
    version = name_subject(code, name, other, since, who or getpass.getuser())
    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    print(voice.say(f"名录库版本 {version.number}", f"registry version {version.number}"))


def source(
    list_code: Annotated[str, typer.Argument(help="名单代码。The list.")],
    cadence: Annotated[int, typer.Option("--cadence", min=1, max=3_660, help="每隔几天应到数。Days between arrivals.")],
    who: Who = None,
    lang: InLang = None,
) -> None:
    """How often a list should come. 名单应多久到数一次。

    Example: memoranda source judgment-defaulters --cadence 1
    """
    from engine.services.relating import agree_cadence

    version = agree_cadence(list_code, cadence, who or getpass.getuser())
    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    print(voice.say(f"名录库版本 {version.number}", f"registry version {version.number}"))
