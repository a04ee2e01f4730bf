"""dev.py on its own: what it says on a machine without the system parts, and when it skips or undoes its work."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
SUDO = "" if os.geteuid() == 0 else "sudo "


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A copy of the files that a set-up reads, without any environment."""
    for name in ("dev.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


@pytest.fixture
def dev(top: Path) -> ModuleType:
    """The copy as a module, so that it works on the copy's folder."""
    spec = importlib.util.spec_from_file_location("dev_copy", top / "dev.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(top: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the copy as a user would, in a bare environment."""
    command = [sys.executable, "dev.py", *arguments]
    return subprocess.run(command, cwd=top, env=environment, capture_output=True, text=True, timeout=15)


def pretend_environment(dev: ModuleType, profile: str) -> None:
    """A .venv that looks complete."""
    dev.PYTHON.parent.mkdir(parents=True)
    dev.PYTHON.symlink_to(sys.executable)
    dev.stamp(profile).write_text(dev.digest(profile), encoding="ascii")


@pytest.mark.parametrize("command", ["setup", "demo", "test", "check"])
def test_no_compiler(top: Path, command: str) -> None:
    """Without a compiler: exit 3, the exact line to paste in both languages' company, and nothing half-made."""
    before = sorted(top.iterdir())
    done = run(top, command, PATH=str(top / "nothing"))
    assert done.returncode == 3
    assert "缺少系统组件：C 编译器 (missing: C compiler)" in done.stderr
    line = f"    {SUDO}apt-get update && {SUDO}apt-get install -y build-essential"
    assert line in done.stderr.splitlines()
    assert done.stdout == ""
    assert sorted(top.iterdir()) == before


def test_a_compiler_that_cannot_link(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiler that is there but fails counts as missing: a bare gcc has no C library to build with."""
    monkeypatch.setenv("CC", "false")
    assert [part.package for part in dev.missing_parts()] == ["build-essential"]


def test_every_missing_part_in_one_line(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """All parts are named at once, with the packages of the Python that runs."""
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(dev.sysconfig, "get_path", lambda name: "/nowhere")
    monkeypatch.setattr(dev, "compiles", lambda: False)
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    assert dev.install_line(dev.missing_parts()).endswith(
        f"apt-get install -y {version}-venv {version}-dev build-essential"
    )


def test_an_old_python(dev: ModuleType) -> None:
    """Below Python 3.11 the line installs one, and no other part is looked for."""
    assert [part.package for part in dev.missing_parts((3, 9))] == [
        "python3.11 python3.11-venv python3.11-dev build-essential"
    ]


@pytest.mark.parametrize("arguments", [["frobnicate"], [], ["setup", "more"], ["check", "--slow"]])
def test_wrong_usage(top: Path, arguments: list[str]) -> None:
    """An unknown command, none, or an argument too many: usage and exit 2."""
    done = run(top, *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: dev.py")


def test_finished_work_is_skipped(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stamp with the right digest skips everything, and a larger environment serves a smaller wish."""
    monkeypatch.setattr(dev, "build", lambda profile: pytest.fail("built again"))
    pretend_environment(dev, "dev")
    dev.ensure("dev")
    dev.ensure("run")
    assert not dev.ready("bench")


@pytest.mark.parametrize("changed", ["pyproject.toml", "requirements/dev.lock", "requirements/build.lock"])
def test_a_changed_input_is_noticed(dev: ModuleType, changed: str) -> None:
    """The stamp stops counting when a lock or pyproject.toml changes."""
    pretend_environment(dev, "dev")
    assert dev.ready("dev")
    with open(dev.ROOT / changed, "a", encoding="utf-8") as handle:
        handle.write("# changed\n")
    assert not dev.ready("dev")


def test_an_interrupted_set_up_is_redone(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A .venv without a stamp, as a killed set-up leaves it, is thrown away and made anew, and stamped last."""
    pretend_environment(dev, "dev")
    dev.stamp("dev").unlink()
    calls: list[list[str]] = []

    def record(command: list[str], **options: object) -> None:
        dev.VENV.mkdir(exist_ok=True)
        calls.append(command)

    monkeypatch.setattr(dev.subprocess, "run", record)
    dev.build("run")
    assert calls[0][1:] == ["-m", "venv", str(dev.VENV)]
    assert ["--require-hashes" in call for call in calls] == [False, True, True, False]
    assert [path.name for path in dev.VENV.iterdir()] == [dev.stamp("run").name]


@pytest.mark.parametrize("fault", [subprocess.CalledProcessError(1, "pip"), KeyboardInterrupt()])
def test_a_failed_set_up_leaves_nothing(dev: ModuleType, monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    """When pip fails or the user interrupts, no half-made .venv remains, and no traceback is shown."""

    def fail(*arguments: str) -> None:
        raise fault

    monkeypatch.setattr(dev, "make_venv", lambda: pretend_environment(dev, "run"))
    monkeypatch.setattr(dev, "missing_parts", list)
    monkeypatch.setattr(dev, "pip", fail)
    assert dev.main(["demo"]) == (130 if isinstance(fault, KeyboardInterrupt) else 1)
    assert not dev.VENV.exists()


def test_arguments_are_passed_on(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """`demo` hands on its language, `test` its pytest arguments; --slow is ours."""
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(dev, "ensure", lambda profile: None)
    monkeypatch.setattr(dev, "run", lambda *words: calls.append(words) or 0)
    assert dev.main(["demo", "--lang", "en"]) == 0
    assert dev.main(["test", "tests/test_dev.py", "-k", "usage"]) == 0
    assert dev.main(["test", "--slow", "--", "-x"]) == 0
    assert calls == [
        ("api.cli.main", "demo", "--lang", "en"),
        ("pytest", "-n", "2", "tests/test_dev.py", "-k", "usage"),
        ("pytest", "-m", "", "--hypothesis-profile=slow", "-x"),
    ]


def test_check_goes_on_after_a_failure(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check` runs all five, reports each, and fails if one did."""
    monkeypatch.setattr(dev, "ensure", lambda profile: None)
    monkeypatch.setattr(dev, "run", lambda module, *words: module == "mypy")
    assert dev.main(["check"]) == 1
    assert [line[:4] for line in capsys.readouterr().out.splitlines()] == ["ok  ", "ok  ", "FAIL", "ok  ", "ok  "]


def test_locks_name_no_host_and_pin_by_hash() -> None:
    """The committed locks hold exact pins with hashes and nothing else; the build tools are pinned alike in both."""
    for path in (ROOT / "requirements").glob("*.lock"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        for pin in re.split(r"\n(?=\S)", text):
            assert re.match(r"[a-z0-9.-]+==\S+ (; .+)?\\\n    --hash=sha256:", pin), f"{path.name}: {pin[:60]}"
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    locked = (ROOT / "requirements" / "build.lock").read_text(encoding="utf-8")
    assert all(f"{pin} " in locked for pin in wanted)
