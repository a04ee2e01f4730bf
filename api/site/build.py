"""The site written to a folder: whole or not at all, and never over anything that is not ours."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from api.site.pages import pages
from engine.analysis.atlas import Atlas
from engine.errors import Occupied, Unavailable

# The file by which a site of ours is known: this line, then every other file of it.
MARK = ".memoranda-site"
_FIRST = "memoranda site 1"


def write_site(atlas: Atlas, target: Path) -> int:
    """Write the site of the atlas to the folder, in place of an older one, and return how many pages it has.

    It is made beside the folder and then swapped in, so that no half-written site stays behind. Occupied if the folder
    holds anything that is not an older site's; Unavailable if it cannot be written. Neither changes anything.
    """
    target = target.resolve()
    files = dict(pages(atlas))
    refuse_foreign(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Both names that are moved lie in one folder beside the target: a rename then never crosses a file system.
        with TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent, ignore_cleanup_errors=True) as scratch:
            fresh = Path(scratch) / "new"
            _write(files, fresh)
            _swap(fresh, target, Path(scratch) / "old")
    except OSError as error:
        why = error.strerror or str(error)
        raise Unavailable(
            f"无法写入 `{target}`：{why}",
            f"`{target}` cannot be written: {why}",
            "原有内容没有改动；请换一个文件夹，或检查权限和磁盘",
            "nothing was changed; choose another folder, or look at its rights and the disk",
        ) from error
    return sum(name.endswith(".html") for name in files)


def _write(files: dict[str, str], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    mark = "\n".join([_FIRST, *sorted(files)]) + "\n"
    (folder / MARK).write_bytes(mark.encode())


def _swap(fresh: Path, target: Path, old: Path) -> None:
    """Put the new folder where the old one stands; if that fails the old one is put back."""
    if target.exists():
        target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise


def refuse_foreign(target: Path) -> None:
    """Occupied if the target is a file, or a folder with a file that no site of ours put there."""
    helps = ("请用 -o 指定空文件夹或以前生成的网站", "name an empty folder, or an older site, with -o")
    if not target.exists():
        return
    if not target.is_dir():
        raise Occupied(f"`{target}` 不是文件夹", f"`{target}` is not a folder", *helps)
    ours = _marked(target)
    stranger = next((name for name in _files(target) if name not in ours), None)
    if stranger is not None:
        zh = f"`{target}` 中有不属于本网站的文件 `{stranger}`，未作改动"
        en = f"`{target}` holds `{stranger}`, which is not part of a site of ours; nothing was changed"
        raise Occupied(zh, en, *helps)


def _marked(folder: Path) -> frozenset[str]:
    """The files that an older site of ours put into the folder, its mark among them; none if there is no such site."""
    try:
        first, *names = (folder / MARK).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return frozenset()
    return frozenset({MARK, *names}) if first == _FIRST else frozenset()


def _files(folder: Path) -> Iterator[str]:
    """Every file below the folder by its path from it, in order; a link counts as a file and is not followed."""
    for path, folders, names in os.walk(folder):
        folders.sort()
        linked = [name for name in folders if (Path(path) / name).is_symlink()]
        for name in sorted([*names, *linked]):
            yield (Path(path) / name).relative_to(folder).as_posix()
