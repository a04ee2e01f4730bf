"""`memoranda users`: who signs in at the pages; a password is never read from the command line."""

import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice
from engine.errors import refused_input

if TYPE_CHECKING:
    from engine.access.accounts import Account

app = typer.Typer(help="网页的账户。Accounts of the pages.", no_args_is_help=True, rich_markup_mode=None)

LONGEST_LINE = 4_096

InLang = Annotated[Lang | None, typer.Option("--lang", help="zh | en")]
Who = Annotated[str | None, typer.Option("--who", help="经办人，默认登录名。Who does it.")]
Login = Annotated[str, typer.Argument(help="登录名。The login.")]
Roles = Annotated[list[str], typer.Option("--role", help="角色，可多次。A role, may be repeated.")]
Scenarios = Annotated[list[str] | None, typer.Option("--scenario", help="只限场景。Only this scenario.")]
Places = Annotated[list[str] | None, typer.Option("--in", help="只限地区。Only this place.")]
FromInput = Annotated[bool, typer.Option("--password-stdin", help="从标准输入读一行密码。Read it from standard input.")]
Made = Annotated[bool, typer.Option("--make-password", help="生成并只显示一次。Make one and print it, this once.")]


@app.command("create")
def create(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="姓名，写在审查决定上。As it stands on determinations.")],
    role: Roles,
    scenario: Scenarios = None,
    place: Places = None,
    password_stdin: FromInput = False,
    make_password: Made = False,
    who: Who = None,
    lang: InLang = None,
) -> None:
    """Make an account; its password is asked for. 开立账户。

    Example: memoranda users create li.gong --name 李工 --role inquirer --in 420881
    """
    from engine.services.admitting import welcome

    voice = _voice(lang)
    password = _password(voice, password_stdin, make_password)
    welcome(login, name, role, scenario or [], place or [], password, who or getpass.getuser())
    _tell(voice, password, make_password, voice.say(f"已开立账户 {login}", f"made the account {login}"))


@app.command("list")
def list_(lang: InLang = None) -> None:
    """Every account, without its password. 列出账户。

    Example: memoranda users list
    """
    from engine.services.admitting import welcomed

    voice = _voice(lang)
    for one in welcomed():
        print(_line(one, voice))


@app.command("change")
def change(login: Login, role: Roles, scenario: Scenarios = None, place: Places = None, lang: InLang = None) -> None:
    """Give an account these roles and limits instead of those it has, from the next page on. 更改角色。

    Example: memoranda users change li.gong --role inquirer --role auditor
    """
    from engine.services.admitting import allow

    allow(login, role, scenario or [], place or [])
    print(_voice(lang).say(f"已更改 {login}", f"changed {login}"))


@app.command("password")
def password(login: Login, password_stdin: FromInput = False, make_password: Made = False, lang: InLang = None) -> None:
    """Set another password, which is asked for; whoever is signed in is signed out. 重设密码。

    Example: memoranda users password li.gong
    """
    from engine.services.admitting import set_password

    voice = _voice(lang)
    said = _password(voice, password_stdin, make_password)
    set_password(login, said)
    _tell(voice, said, make_password, voice.say(f"已重设 {login} 的密码", f"set another password for {login}"))


@app.command("disable")
def disable(login: Login, who: Who = None, lang: InLang = None) -> None:
    """From now on nobody signs in by it, and nobody stays signed in. 停用账户。

    Example: memoranda users disable li.gong
    """
    from engine.services.admitting import disable

    disable(login, who or getpass.getuser())
    print(_voice(lang).say(f"已停用 {login}", f"disabled {login}"))


@app.command("enable")
def enable(login: Login, lang: InLang = None) -> None:
    """Let somebody sign in by it again, with the password it had. 恢复账户。

    Example: memoranda users enable li.gong
    """
    from engine.services.admitting import enable

    enable(login)
    print(_voice(lang).say(f"已恢复 {login}", f"enabled {login}"))


@app.command("sign-out")
def sign_out(
    login: Login,
    provider: Annotated[bool, typer.Option("--provider", help="按统一身份的编号。By the provider's name.")] = False,
    lang: InLang = None,
) -> None:
    """Sign somebody out everywhere; they may sign in again. 退出其全部登录。

    Example: memoranda users sign-out li.gong
    """
    from engine.services.admitting import sign_out

    sign_out(login, provider)
    print(_voice(lang).say(f"{login} 已全部退出", f"signed {login} out everywhere"))


def _password(voice: Voice, from_input: bool, make: bool) -> str:
    """Typed twice on a terminal, a line of standard input, or made. RefusedInput where none of them can be."""
    from engine.services.admitting import make_password

    if from_input and make:
        raise typer.BadParameter("--password-stdin, --make-password")
    if make:
        return make_password()
    if from_input:
        try:
            return sys.stdin.buffer.readline(LONGEST_LINE).decode().rstrip("\r\n")
        except UnicodeDecodeError:
            zh, en = "标准输入不是 UTF-8", "standard input is not UTF-8"
            raise refused_input("A746", zh, en, where="--password-stdin") from None
    if not sys.stdin.isatty():
        zh, en = "这里无法输入密码", "no password can be typed here"
        raise refused_input("A746", zh, en, "加 --password-stdin 或 --make-password",
                            "add --password-stdin or --make-password", "--password-stdin")  # fmt: skip
    said = getpass.getpass(voice.say("密码：", "password: "))
    if said != getpass.getpass(voice.say("再输一次：", "once more: ")):
        raise refused_input("A747", "两次输入不同", "the two are not the same", "请重来", "try again", "password")
    return said


def _tell(voice: Voice, password: str, made: bool, done: str) -> None:
    typer.echo(done, err=True)
    if made:
        print(password)
        typer.echo(voice.say("密码只显示这一次，请妥善转交", "it is shown this once: hand it over safely"), err=True)


def _line(one: "Account", voice: Voice) -> str:
    grant = one.grant
    limits = " ".join([*sorted(grant.scenarios), *sorted(grant.jurisdictions)])
    parts = [one.login, " ".join(sorted(grant.roles)), limits, grant.name, grant.id, one.created_at, one.created_by]
    if one.disabled_at:
        parts.append(voice.say(f"{one.disabled_at} 停用", f"disabled {one.disabled_at}"))
    return "  ".join(filter(None, parts))


def _voice(lang: Lang | None) -> Voice:
    return Voice.of_stream(sys.stdout, lang.value if lang else None)
