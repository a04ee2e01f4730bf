"""System parts that some tests look through: installed where we may, before anything is collected."""

import os
import shutil
import subprocess
from ctypes.util import find_library

PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def missing() -> list[str]:
    """Debian's packages that are wanted and not there."""
    wanted = {
        PANGO: find_library("pango-1.0"), "poppler-utils": shutil.which("pdftotext"), "chromium": chromium(),
    }  # fmt: skip
    return [name for names, found in wanted.items() if not found for name in names.split()]


def chromium() -> str | None:
    """Where the browser is, if it is there."""
    return shutil.which("chromium")


def install() -> None:
    """As root on Debian; otherwise the tests that need them are skipped, each with its reason."""
    packages = missing()
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
        for command in (["apt-get", "update"], install):
            subprocess.run(command, env=environment, **quiet)  # type: ignore[call-overload]
