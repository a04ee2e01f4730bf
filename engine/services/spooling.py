"""Uploaded files that wait for somebody's word: private, bounded in number, bytes and time, sealed against change.

Each has a folder of its own with the file, what was said about it, and what came of trying it. Whoever put it there
gets its seal, which is kept elsewhere: a folder that does not fit its seal is as good as gone.
"""

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import IO, Any

from engine.errors import Missing, Unavailable, refused_input

# After its last use a file is kept so long.
KEPT = timedelta(hours=1)
# So many files wait in all, and so many of one person.
MOST, MOST_OF_ONE = 24, 6
CHUNK = 1 << 20
FILE, SAID = "upload", "said.json"
_COPYING = ".part"
_TAKING = Lock()
_ID = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Spooled:
    """A file that waits: its folder, what was said about it (`digest` is the SHA-256 of its bytes) and its seal."""

    folder: Path
    said: Mapping[str, Any]
    seal: str

    @property
    def id(self) -> str:
        """What it is called among all that wait."""
        return self.folder.name

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / FILE

    @property
    def name(self) -> str:
        """What to find it by: its id and its seal."""
        return f"{self.id} {self.seal}"

    def demand_whole(self) -> None:
        """RefusedInput where the file's bytes are not those that were put there."""
        digest = sha256()
        with suppress(OSError), self.path.open("rb") as stream:
            while part := stream.read(CHUNK):
                digest.update(part)
        if digest.hexdigest() != self.said["digest"]:
            raise refused_input(
                "R672",
                "暂存的文件与上传时不同，不写入",
                "the file kept here is not what was uploaded: nothing is written",
                "请重新上传",
                "upload it again",
            )

    def keep(self, name: str, data: Any) -> None:
        """Put something that came of it beside it, whole."""
        beside = self.folder / f"{name}{_COPYING}"
        try:
            with _private(beside) as stream:
                stream.write(json.dumps(data, ensure_ascii=False).encode())
            beside.replace(self.folder / name)
        except OSError as wrong:
            raise _no_room(wrong) from None

    def kept(self, name: str) -> Any:
        """What was put beside it under this name; None if nothing was."""
        try:
            return json.loads((self.folder / name).read_bytes())
        except (OSError, ValueError):
            return None

    def lines(self, name: str) -> Iterator[str]:
        """The lines of what was written beside it; none if nothing was."""
        with suppress(OSError), (self.folder / name).open(encoding="utf-8") as stream:
            yield from stream

    def used(self) -> None:
        """It is at work: its hour begins anew."""
        with suppress(OSError):
            os.utime(self.folder)

    def let_go(self) -> None:
        """The file is needed no more; what came of it may still be read for a while."""
        self.path.unlink(missing_ok=True)


class Spool:
    """The folder in which they wait, of which at most `most_bytes` are files."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder, self._most_bytes = folder, most_bytes

    def take(self, stream: IO[bytes], size: int, said: Mapping[str, Any], who: str, once: str) -> Spooled:
        """Put the stream's bytes there; what was said goes beside. The same `once` with the same is the same file.

        RefusedInput where too much waits already, Unavailable where there is no room on the disk.
        """
        try:
            with _TAKING:
                self._demand_room(size, who)
                folder = self._folder / f"{secrets.token_hex(16)}{_COPYING}"
                folder.mkdir(mode=0o700)
            digest = _copied(stream, folder / FILE)
            return self._placed(folder, {**said, "who": who, "digest": digest}, once)
        except OSError as wrong:
            raise _no_room(wrong) from None

    def again(self, spooled: Spooled, said: Mapping[str, Any], once: str) -> Spooled:
        """The same file with something else said about it, in place of the former."""
        folder = self._folder / f"{secrets.token_hex(16)}{_COPYING}"
        try:
            folder.mkdir(mode=0o700)
            spooled.path.rename(folder / FILE)
            placed = self._placed(folder, {**said, "who": spooled.said["who"], "digest": spooled.said["digest"]}, once)
        except FileNotFoundError:
            raise _gone() from None
        except OSError as wrong:
            raise _no_room(wrong) from None
        self.drop(spooled)
        return placed

    def find(self, name: str, now: datetime) -> Spooled:
        """The one of this name. Missing where it was dropped, is too old, or does not fit its seal."""
        self.sweep(now)
        id_, _, seal = name.partition(" ")
        folder = self._folder / id_
        if not _ID.fullmatch(id_):
            raise _gone()
        try:
            data = (folder / SAID).read_bytes()
            said = json.loads(data)
        except (OSError, ValueError):
            raise _gone() from None
        if sha256(data).hexdigest() != seal:
            raise _gone()
        return Spooled(folder, said, seal)

    def drop(self, spooled: Spooled) -> None:
        """Take it away with all that came of it."""
        shutil.rmtree(spooled.folder, ignore_errors=True)

    def sweep(self, now: datetime) -> None:
        """Take away what nobody used for KEPT."""
        for folder in self._folders():
            if _used(folder) < (now - KEPT).timestamp():
                shutil.rmtree(folder, ignore_errors=True)

    def _placed(self, folder: Path, said: Mapping[str, Any], once: str) -> Spooled:
        data = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
        with _private(folder / SAID) as stream:
            stream.write(data)
        seal = sha256(data).hexdigest()
        final = (
            folder.with_name(sha256(f"{once}\n{seal}".encode()).hexdigest()[:32]) if once else folder.with_suffix("")
        )
        try:
            folder.rename(final)
        except OSError:  # the same form was sent before: that one stands
            if not (final / SAID).exists():
                raise
            shutil.rmtree(folder, ignore_errors=True)
        return Spooled(final, said, seal)

    def _demand_room(self, size: int, who: str) -> None:
        """RefusedInput where too much waits; reports of what is done give way first."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        sizes = {folder: _size(folder) for folder in self._folders()}
        wait = [folder for folder in sizes if (folder / FILE).exists() or folder.suffix == _COPYING]
        for folder in sorted(sizes.keys() - set(wait), key=_used):
            if sum(sizes.values()) + size > self._most_bytes:
                shutil.rmtree(folder, ignore_errors=True)
                del sizes[folder]
        own = sum(_who(folder) == who for folder in wait)
        if len(wait) >= MOST or own >= MOST_OF_ONE or sum(sizes.values()) + size > self._most_bytes:
            raise refused_input(
                "R671",
                "等待确认的上传太多",
                "too many uploads wait for a word",
                "先确认或取消已有的上传，或过一小时再试",
                "confirm or cancel those there are, or try again in an hour",
            )

    def _folders(self) -> list[Path]:
        try:
            return [folder for folder in self._folder.iterdir() if folder.is_dir()]
        except OSError:
            return []


def _copied(stream: IO[bytes], path: Path) -> str:
    digest = sha256()
    with _private(path) as target:
        while part := stream.read(CHUNK):
            digest.update(part)
            target.write(part)
    return digest.hexdigest()


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _who(folder: Path) -> str:
    try:
        return str(json.loads((folder / SAID).read_bytes()).get("who", ""))
    except (OSError, ValueError, AttributeError):
        return ""


def _size(folder: Path) -> int:
    try:
        return sum(path.stat().st_size for path in folder.iterdir())
    except OSError:
        return 0


def _used(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0


def _gone() -> Missing:
    return Missing(
        "这次上传已不在：确认、取消或一小时未用即删除",
        "this upload is gone: confirmed, cancelled or unused for an hour",
        "请重新上传文件",
        "upload the file again",
    )


def _no_room(wrong: OSError) -> Unavailable:
    return Unavailable(
        f"无法暂存文件：{wrong.strerror or type(wrong).__name__}",
        f"the file cannot be kept: {wrong.strerror or type(wrong).__name__}",
        "检查磁盘空间和文件夹权限",
        "check the room on the disk and the folder's permissions",
    )
