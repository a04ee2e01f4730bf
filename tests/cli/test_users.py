"""`memoranda users` as an operator types it: accounts from making to disabling, and passwords that are never typed in
the open.
"""

import fcntl
import os
import re
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from api.cli import users
from engine.access.accounts import verify
from engine.services.books import open_access
from tests.cli.test_registry import Desk
from tests.ledger.desk import at_home

PASSWORD = "correct horse battery"
WANTED = ("--name", "李工", "--role", "inquirer", "--role", "auditor", "--in", "420881", "--scenario", "permit")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty home."""
    return Desk(tmp_path)


def lets_in(desk: Desk, login: str, password: str) -> bool:
    """Whether somebody signs in by that."""
    with at_home(desk.home):
        access = open_access()
        try:
            return verify(access, login, password) is not None
        finally:
            access.close()


def by_itself(desk: Desk, *words: str, typed: bytes, code: int = 0) -> str:
    """What a process says to which a password is sent on standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "api.cli.main", "users", *words], env=environment(desk), input=typed, capture_output=True
    )
    said = (done.stdout + done.stderr).decode()
    assert "Traceback" not in said
    assert done.returncode == code, said
    return said


def environment(desk: Desk) -> dict[str, str]:
    """That of an operator in this home."""
    own = {"MEMORANDA_HOME": str(desk.home), "MEMORANDA_LANG": "en", "PYTHONUTF8": "1", "NO_COLOR": "1"}
    return {"PATH": os.environ["PATH"], **own}


def on_a_terminal(desk: Desk, *words: str, typed: str) -> tuple[str, int]:
    """What a terminal shows, to which this is typed; and how it ended."""
    ours, theirs = os.openpty()

    def take() -> None:
        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli.main", "users", *words], env=environment(desk), stdin=theirs, stdout=theirs,
        stderr=theirs, preexec_fn=take,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    for line in typed.splitlines():
        while not shown.endswith((b"password: ", b"once more: ")):
            shown += os.read(ours, 1_000)
        os.write(ours, f"{line}\n".encode())
        shown += b"\n"
    while True:
        try:
            part = os.read(ours, 1_000)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    return shown.decode(), process.wait()


def test_an_account_from_making_to_disabling(desk: Desk) -> None:
    """The password that was made is shown once, on its own; each step is said and listed."""
    said = desk.says("users", "create", "li.gong", *WANTED, "--who", "zhao", "--make-password")
    password = next(line for line in said.splitlines() if re.fullmatch("[0-9a-f]{4}(-[0-9a-f]{4}){5}", line))
    assert lets_in(desk, "li.gong", password)
    listed = desk.says("users", "list")
    for part in ("li.gong", "auditor inquirer", "permit 420881", "李工", "zhao"):
        assert part in listed
    assert password not in listed
    assert "argon2" not in listed
    desk.says("users", "change", "li.gong", "--role", "reviewer")
    assert "reviewer  李工" in desk.says("users", "list")
    assert "停用" in desk.says("users", "disable", "li.gong", lang="zh")
    assert "disabled 20" in desk.says("users", "list")
    assert not lets_in(desk, "li.gong", password)
    desk.says("users", "enable", "li.gong")
    other = desk.says("users", "password", "li.gong", "--make-password").splitlines()[0]
    assert (lets_in(desk, "li.gong", password), lets_in(desk, "li.gong", other)) == (False, True)
    desk.says("users", "sign-out", "li.gong")
    desk.says("users", "sign-out", "whom-the-provider-knows", "--provider")


WRONG = [
    (("create", "li", "--name", "x", "--role", "king"), "there is no `king`"),
    (("create", "li", *WANTED[:-1], "permits"), "there is no `permits`"),
    (("create", "li", "--name", "x", "--role", "auditor", "--in", "999999"), "there is no `999999`"),
    (("create", "Li", "--name", "x", "--role", "auditor"), "a login is 2 to 40"),
    (("create", "li", "--name", " ", "--role", "auditor"), "a name of 1 to"),
    (("change", "taken", "--role", "king"), "there is no `king`"),
    (("create", "taken", "--name", "x", "--role", "auditor"), "the login taken is taken"),
    (("change", "nobody", "--role", "auditor"), "there is no account nobody"),
    *(((what, "nobody"), "there is no account nobody") for what in ("disable", "enable", "sign-out", "password")),
]


def test_what_will_not_do_is_explained(desk: Desk) -> None:
    """In one sentence, with exit 3; nothing is made."""
    desk.says("users", "create", "taken", *WANTED, "--make-password")
    for words, said in WRONG:
        made = ("--make-password",) if words[0] in ("create", "password") else ()
        assert said in desk.says("users", *words, *made, code=3)
    assert len(desk.says("users", "list").splitlines()) == 1


def test_a_password_on_standard_input(desk: Desk) -> None:
    """One line of it, whatever comes after; it is never shown."""
    said = by_itself(desk, "create", "li", *WANTED, "--password-stdin", typed=f"{PASSWORD}\r\nmore\n".encode())
    assert PASSWORD not in said
    assert lets_in(desk, "li", PASSWORD)
    assert "not UTF-8" in by_itself(desk, "password", "li", "--password-stdin", typed=b"\xff\xfe long enough", code=3)


def test_without_a_terminal_a_way_is_named(desk: Desk) -> None:
    """Nobody waits for somebody to type where nobody can; two ways at once are wrong usage."""
    assert "--make-password" in desk.says("users", "create", "li", *WANTED, code=3)
    assert "--password-stdin" in desk.says(
        "users", "create", "li", *WANTED, "--password-stdin", "--make-password", code=2
    )
    assert "--password " not in desk.says("users", "create", "--help") + desk.says("users", "password", "--help")


def test_a_password_typed_twice(desk: Desk) -> None:
    """On a terminal, which shows nothing of it; two that differ are refused."""
    shown, code = on_a_terminal(desk, "create", "li", *WANTED, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert (code, PASSWORD in shown) == (0, False), shown
    assert lets_in(desk, "li", PASSWORD)
    shown, code = on_a_terminal(desk, "password", "li", typed=f"{PASSWORD} 2\n{PASSWORD} 3\n")
    assert (code, "not the same" in shown, PASSWORD in shown) == (3, True, False), shown
    assert lets_in(desk, "li", PASSWORD)


def test_every_command_has_an_example() -> None:
    """And none takes a password in the open."""
    for command in users.app.registered_commands:
        assert command.callback is not None
        assert f"Example: memoranda users {command.name}" in (command.callback.__doc__ or "")
