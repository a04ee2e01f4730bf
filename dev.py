#!/usr/bin/env python3
"""The door for people who build or try Memoranda: makes .venv from the locks, then runs demo, test, check or bench.

Standard library alone, so a bare Debian 12 needs nothing first; the syntax stays plain enough for an older Python to
read as far as the message that it is too old.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "requirements"

# Each environment holds everything in the ones before it.
PROFILES = ("run", "dev", "bench")

# How each lock is resolved from pyproject.toml; each is also constrained by the ones before it.
SOURCES = {
    "build": ["--group", "build"],
    "run": ["pyproject.toml"],
    "dev": ["pyproject.toml", "--extra", "dev"],
    "bench": ["pyproject.toml", "--extra", "dev", "--extra", "bench"],
}
# One lock for every platform, with hashes; no header and no notes, for they name paths and hosts of the machine.
UV_OPTIONS = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]

CHECKS = (
    ("ruff check", ["ruff", "check"]),
    ("ruff format", ["ruff", "format", "--check"]),
    ("mypy", ["mypy"]),
    ("architecture", ["pytest", "tests/test_architecture.py"]),
    ("memoranda check", ["api.cli.main", "check"]),
)


class Part(NamedTuple):
    """A part of the system that pip cannot install, and the Debian package that holds it."""

    zh: str
    en: str
    package: str


def say(zh: str, en: str) -> None:
    """Print one line of progress to stderr, so that stdout stays the command's own."""
    print(f"· {zh} ({en})", file=sys.stderr, flush=True)


def missing_parts(version: tuple[int, ...] = sys.version_info[:2]) -> list[Part]:
    """Name every missing system part at once, so that one apt-get line mends them all."""
    if version < (3, 11):
        packages = "python3.11 python3.11-venv python3.11-dev build-essential"
        return [Part("Python 3.11 或更新", "Python 3.11 or newer", packages)]
    python = "python" + ".".join(map(str, version))
    parts = []
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        parts.append(Part("venv 与 ensurepip", "venv and ensurepip", f"{python}-venv"))
    header = Path(sysconfig.get_path("include"), "Python.h")
    if not header.exists():
        parts.append(Part("Python.h 头文件", "the header Python.h", f"{python}-dev"))
    if not compiles():
        parts.append(Part("C 编译器", "C compiler", "build-essential"))
    return parts


def compiles() -> bool:
    """Try the compiler that setuptools will use: durable-rules ships as C, and a bare gcc may lack the C library."""
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    if shutil.which(compiler[0]) is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "probe.c")
        source.write_text('#include <stdio.h>\nint probe(void) { return puts(""); }\n', encoding="ascii")
        command = [*compiler, "-shared", "-fPIC", str(source), "-o", str(source.with_suffix(".so"))]
        return subprocess.run(command, capture_output=True).returncode == 0


def install_line(parts: list[Part]) -> str:
    """The exact line to paste; root on a fresh machine has no sudo, and its package lists are empty."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    packages = " ".join(part.package for part in parts)
    return f"{sudo}apt-get update && {sudo}apt-get install -y {packages}"


def require_system_parts() -> None:
    """Stop with exit code 3, before anything is made, when a system part is missing."""
    parts = missing_parts()
    if parts:
        say("缺少系统组件：" + "、".join(part.zh for part in parts), "missing: " + ", ".join(part.en for part in parts))
        say("请先安装，再运行同一命令", "install as below, then run the same command again")
        print(f"\n    {install_line(parts)}\n", file=sys.stderr)
        raise SystemExit(3)


def digest(profile: str) -> str:
    """What an environment depends on: its locks, pyproject, the Python, and the folder its scripts point to."""
    content = hashlib.sha256(f"{platform.python_version()} {ROOT}\n".encode())
    for path in (LOCKS / "build.lock", LOCKS / f"{profile}.lock", ROOT / "pyproject.toml"):
        content.update(path.read_bytes())
    return content.hexdigest()


def stamp(profile: str) -> Path:
    """The file written last, inside .venv: without it, or with another digest, the environment does not count."""
    return VENV / f".memoranda-{profile}"


def ready(profile: str) -> bool:
    """Whether .venv is complete for this profile, or for a larger one that holds it."""
    larger = PROFILES[PROFILES.index(profile) :]
    return PYTHON.exists() and any(
        stamp(name).exists() and stamp(name).read_text(encoding="ascii") == digest(name) for name in larger
    )


def ensure(profile: str) -> None:
    """Make .venv fit for the profile, or return at once when it already is."""
    if not ready(profile):
        require_system_parts()
        with one_at_a_time():
            if not ready(profile):  # another set-up may have finished while this one waited
                build(profile)
    say("依赖已就绪", "environment up to date")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold a file lock beside .venv; the system drops it when the process ends, however it ends."""
    with open(ROOT / ".venv.lock", "w", encoding="ascii") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("另一个安装正在进行，等待中", "waiting for another set-up to finish")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def build(profile: str) -> None:
    """Build or extend .venv and stamp it last; if anything stops it on the way, leave no .venv at all."""
    try:
        install(profile)
    except BaseException:  # an interrupt by the keyboard too
        shutil.rmtree(VENV, ignore_errors=True)
        say("安装未完成，已移除 .venv；原因见上", "set-up did not finish; .venv was removed, the reason is above")
        raise
    stamp(profile).write_text(digest(profile), encoding="ascii")


def install(profile: str) -> None:
    """Install from the locks; only a sound smaller environment is built upon, anything else is made anew."""
    if not ready(PROFILES[0]):
        make_venv()
    for name in PROFILES:
        stamp(name).unlink(missing_ok=True)
    say(f"按 {profile}.lock 安装依赖，约半分钟", "installing the locked packages, about half a minute")
    pip("--require-hashes", "-r", str(LOCKS / "build.lock"))
    pip("--require-hashes", "-r", str(LOCKS / f"{profile}.lock"))
    pip("--no-deps", "-e", str(ROOT))


def make_venv() -> None:
    """Start from an empty environment, so that no package of an older lock lingers."""
    say("建立 .venv", "making .venv")
    if VENV.exists():
        shutil.rmtree(VENV)
    # Run by .venv's own Python, sys.executable has just been removed; the base it came from has not.
    base = getattr(sys, "_base_executable", None) or sys.executable
    subprocess.run([base, "-m", "venv", str(VENV)], check=True, env=environment())


def pip(*arguments: str) -> None:
    """Run pip's install; the build tools come from build.lock, not from an isolated and unpinned download."""
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--use-pep517", "--no-build-isolation", *arguments]
    subprocess.run(command, check=True, cwd=ROOT, env=environment())


def environment() -> dict[str, str]:
    """The caller's environment (mirrors and proxies included), with pip told to be brief and to ask nothing."""
    return {**os.environ, "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_PROGRESS_BAR": "off"}


def run(module: str, *arguments: str) -> int:
    """Run a module with .venv's Python from the top of the repository, and return its exit code."""
    code = subprocess.run([str(PYTHON), "-m", module, *arguments], cwd=ROOT).returncode
    return code if code >= 0 else 128 - code  # ended by a signal: the shell's own way of saying so


def setup(options: argparse.Namespace, extra: list[str]) -> int:
    """准备开发环境 .venv (make the development environment)"""
    ensure("dev")
    return 0


def demo(options: argparse.Namespace, extra: list[str]) -> int:
    """运行演示，其余参数照传，如 --lang en (run the demo; further arguments go to it)"""
    ensure("run")
    return run("api.cli.main", "demo", *extra)


def test(options: argparse.Namespace, extra: list[str]) -> int:
    """运行测试，其余参数传给 pytest (run the tests; further arguments go to pytest)"""
    ensure("dev")
    chosen = ["-m", "", "--hypothesis-profile=slow"] if options.slow else ["-n", "2"]
    return run("pytest", *chosen, *extra)


def check(options: argparse.Namespace, extra: list[str]) -> int:
    """检查格式、类型、结构与备忘录，逐项报告 (check style, types, architecture and packs; report each)"""
    ensure("dev")
    failed = []
    for title, (module, *arguments) in CHECKS:
        say(f"检查 {title}", "checking")
        if run(module, *arguments):
            failed.append(title)
    for title, _ in CHECKS:
        print(f"{'FAIL' if title in failed else 'ok  '}  {title}")
    return 1 if failed else 0


def bench(options: argparse.Namespace, extra: list[str]) -> int:
    """运行基准测试 (run the benchmarks, where there are any)"""
    if not (ROOT / "benchmarks").is_dir():
        say("尚无 benchmarks/ 文件夹", "there is no benchmarks/ folder yet")
        return 0
    ensure("bench")
    return run("benchmarks.run", *extra)


def lock(options: argparse.Namespace, extra: list[str]) -> int:
    """维护者：重新生成锁文件，可加 --upgrade (maintainers: re-make the lock files with uv)"""
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        ensure("dev")
    command = [str(uv), "pip", "compile", *UV_OPTIONS, *extra]
    for name, source in SOURCES.items():
        path = LOCKS / f"{name}.lock"
        say(f"锁定 {name}.lock", "locking")
        subprocess.run([*command, *source, "-o", str(path)], check=True, cwd=ROOT)
        if "://" in path.read_text(encoding="utf-8"):
            say(f"{name}.lock 含有网址，请勿提交", "it names a host: do not commit it")
            return 1
        command += ["-c", str(path)]
    return 0


COMMANDS = {command.__name__: command for command in (setup, demo, test, check, bench, lock)}
TAKES_NO_MORE = ("setup", "check")


def parser() -> argparse.ArgumentParser:
    """The command line: one word, explained by its function's docstring, and for `test` one option of our own."""
    top = argparse.ArgumentParser(prog="dev.py", description="Memoranda 备忘录：开发入口 (for developers)")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        about = commands.add_parser(name, help=command.__doc__, description=command.__doc__, allow_abbrev=False)
        if name == "test":
            about.add_argument("--slow", action="store_true", help="全部测试，更多样例 (all tests, more examples)")
    return top


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, run one command, and return the exit code: 0, 1 failed, 2 usage, 3 missing part."""
    options, extra = parser().parse_known_args(arguments)
    if extra and options.command in TAKES_NO_MORE:
        parser().error("unrecognized arguments: " + " ".join(extra))
    command = COMMANDS[options.command]
    os.environ.setdefault("PATH", os.defpath)  # a compiler run without PATH does not find its own linker
    try:
        return command(options, [word for word in extra if word != "--"])
    except subprocess.CalledProcessError:  # the program that failed has said why
        return 1
    except OSError as fault:  # a folder that is not ours to write, for one
        say(str(fault), "the system refused")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
