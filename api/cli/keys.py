"""`memoranda keys`: who may ask the service; a key is shown once."""

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice

if TYPE_CHECKING:
    from engine.access.keys import Listed

app = typer.Typer(help="服务的密钥。Keys of the service.", no_args_is_help=True, rich_markup_mode=None)

InLang = Annotated[Lang | None, typer.Option("--lang", help="zh | en")]
Who = Annotated[str | None, typer.Option("--who", help="经办人，默认登录名。Who does it.")]


@app.command("create")
def create(
    name: Annotated[str, typer.Option("--name", help="给谁用。Whom it is for.")],
    role: Annotated[list[str], typer.Option("--role", help="角色，可多次。A role, may be repeated.")],
    scenario: Annotated[list[str] | None, typer.Option("--scenario", help="只限场景。Only this scenario.")] = None,
    place: Annotated[list[str] | None, typer.Option("--in", help="只限地区。Only this place.")] = None,
    expires: Annotated[str, typer.Option("--expires", help="到期时刻。Until when.")] = "",
    who: Who = None,
    lang: InLang = None,
) -> None:
    """Make a key and print it, this once. 新建密钥。

    Example: memoranda keys create --name 采购系统 --role inquirer --in 420881
    """
    from engine.services.admitting import admit

    said = admit(name, role, scenario or [], place or [], expires, who or getpass.getuser())
    print(said)
    typer.echo(_voice(lang).say("只显示这一次，请妥善保存", "it is shown this once: keep it safe"), err=True)


@app.command("list")
def list_(lang: InLang = None) -> None:
    """Every key, without its secret. 列出密钥。

    Example: memoranda keys list
    """
    from engine.services.admitting import admitted

    voice = _voice(lang)
    for one in admitted():
        print(_line(one, voice))


@app.command("revoke")
def revoke(
    key: Annotated[str, typer.Argument(help="密钥编号。The key's id.")], who: Who = None, lang: InLang = None
) -> None:
    """From now on nobody gets in with it; a serving process notices within five seconds. 吊销密钥。

    Example: memoranda keys revoke 1f3a5c7e9b0d
    """
    from engine.services.admitting import dismiss

    dismiss(key, who or getpass.getuser())
    print(_voice(lang).say(f"已吊销 {key}", f"revoked {key}"))


def _line(one: "Listed", voice: Voice) -> str:
    grant = one.grant
    limits = " ".join([*sorted(grant.scenarios), *sorted(grant.jurisdictions)])
    parts = [grant.id, " ".join(sorted(grant.roles)), limits, grant.name, one.created_at, one.created_by]
    if one.expires_at:
        parts.append(voice.say(f"至 {one.expires_at}", f"until {one.expires_at}"))
    if one.revoked_at:
        parts.append(voice.say(f"{one.revoked_at} 吊销", f"revoked {one.revoked_at}"))
    return "  ".join(filter(None, parts))


def _voice(lang: Lang | None) -> Voice:
    import sys

    return Voice.of_stream(sys.stdout, lang.value if lang else None)
