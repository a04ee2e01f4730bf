"""Disks that are full, or that nobody may write to: a small one mounted in memory, where the system lets us."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def small_disk(kilobytes: int) -> Iterator[Path | None]:
    """A disk of that size, which every user may reach; None where nothing may be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="memoranda-disk-"))
    mount = shutil.which("mount", path="/usr/sbin:/usr/bin:/sbin:/bin")
    wanted = [mount or "mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=0777", "tmpfs", str(folder)]
    mounted = bool(mount) and not os.getuid() and not subprocess.run(wanted, capture_output=True).returncode
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)
        folder.rmdir()


@contextmanager
def nobody_writes(folder: Path) -> Iterator[None]:
    """The small disk at the folder, to be read only for a while."""
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True, capture_output=True)


def enlarge(folder: Path, kilobytes: int) -> None:
    """More room on the small disk."""
    subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", str(folder)], check=True, capture_output=True)


def fill(folder: Path) -> Path:
    """A file that takes all the room that is left."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            return path
