"""Files for people to take away: whole in their place, or not there at all."""

from pathlib import Path

from engine.errors import Missing


def place(path: Path, data: bytes) -> None:
    """Write the file beside its place first, then put it there. Missing where it cannot be written."""
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as wrong:
        why = wrong.strerror or type(wrong).__name__
        raise Missing(
            f"文件 {path} 写不了：{why}", f"the file {path} cannot be written: {why}",
            "检查文件夹和权限", "check the folder and its permissions",
        ) from None  # fmt: skip
