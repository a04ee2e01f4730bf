"""`memoranda db`: the databases of registry, ledger and access: upgrade, verify, backup, restore."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice

if TYPE_CHECKING:
    from engine.services.keeping import Kept

app = typer.Typer(help="名录库、台账和密钥的数据库。The books' databases.", no_args_is_help=True, rich_markup_mode=None)

InLang = Annotated[Lang | None, typer.Option("--lang", help="zh | en")]


@app.command("upgrade")
def upgrade(lang: InLang = None) -> None:
    """Bring the schemas up to this program's. 升级数据库结构。"""
    from engine.services.keeping import upgrade_books

    at = ", ".join(one.found for one in upgrade_books())
    print(_voice(lang).say(f"数据库结构 {at}", f"schemas {at}"))


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
    folder: Annotated[Path, typer.Argument(help="备份文件夹，须为空。A new or empty folder.")], lang: InLang = None
) -> None:
    """Copy ledger, registry and access into a folder; not the keys. 备份。

    Example: memoranda db backup /backup/2026-11-20
    """
    from engine.services.books import home
    from engine.services.keeping import back_up

    kept = back_up(folder)
    voice = _voice(lang)
    print(_said(kept, voice) + voice.say(f"，已备份到 {folder}", f", backed up to {folder}"))
    keys = home() / "keys"
    print(voice.say(f"密钥不在其中：请另行保管 {keys}", f"the keys are not in it: keep {keys} apart and safe"))


@app.command("restore")
def restore(folder: Annotated[Path, typer.Argument(help="备份文件夹。The backup.")], lang: InLang = None) -> None:
    """Fill empty books from a backup, after the keys were put back. 恢复到空库。

    Example: memoranda db restore /backup/2026-11-20
    """
    from engine.services.keeping import bring_back

    voice = _voice(lang)
    print(_said(bring_back(folder), voice) + voice.say("，已恢复", ", restored"))


def _said(kept: "Kept", voice: Voice) -> str:
    number, leaves = kept.version.number, kept.leaves
    return voice.say(f"名录库版本 {number}，台账 {leaves} 条", f"registry version {number}, {leaves} leaves of the log")


def _voice(lang: Lang | None) -> Voice:
    return Voice.of_stream(sys.stdout, lang.value if lang else None)
