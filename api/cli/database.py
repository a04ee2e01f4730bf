"""`memoranda db`: the registry's database: upgrade, verify, backup, restore."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice

app = typer.Typer(help="名录库的数据库。The registry's database.", no_args_is_help=True, rich_markup_mode=None)

InLang = Annotated[Lang | None, typer.Option("--lang", help="zh | en")]


@app.command("upgrade")
def upgrade(lang: InLang = None) -> None:
    """Bring the schema up to this program's. 升级数据库结构。"""
    from engine.services.keeping import upgrade_registry

    at = upgrade_registry()
    print(_voice(lang).say(f"数据库结构 {at.found}", f"schema {at.found}"))


@app.command("verify")
def verify(lang: InLang = None) -> None:
    """Walk the chain of changes. 校验摘要链。"""
    from engine.services.keeping import verify_registry

    voice = _voice(lang)
    version, broken = verify_registry()
    for fault in broken:
        said = voice.say(f"版本 {fault.version}：{fault.zh}", f"version {fault.version}: {fault.en}")
        print(voice.paint(said, "red"))
    at = voice.say(f"名录库版本 {version.number}", f"registry version {version.number}")
    print(at + "  SHA-256 " + version.digest)
    print(voice.say("有改动", "altered") if broken else voice.say("摘要链完好", "the chain is sound"))
    raise typer.Exit(1 if broken else 0)


@app.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(help="备份文件，须不存在。The new backup file.")], lang: InLang = None
) -> None:
    """Write everything published to a file. 备份。"""
    from engine.services.keeping import backup_registry

    version = backup_registry(file)
    print(_voice(lang).say(f"已备份到 {file}，版本 {version.number}", f"backed up to {file}, version {version.number}"))


@app.command("restore")
def restore(file: Annotated[Path, typer.Argument(help="备份文件。The backup file.")], lang: InLang = None) -> None:
    """Fill an empty registry from a backup. 恢复到空库。"""
    from engine.services.keeping import restore_registry

    version = restore_registry(file)
    print(_voice(lang).say(f"已恢复，版本 {version.number}", f"restored, version {version.number}"))


def _voice(lang: Lang | None) -> Voice:
    return Voice.of_stream(sys.stdout, lang.value if lang else None)
