"""`memoranda schema`: JSON Schema for editors and programs."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Kind(StrEnum):
    """What there is a schema for."""

    pack = "pack"
    cases = "cases"
    inquiry = "inquiry"
    entries = "entries"
    decision = "decision"


def schema(
    kind: Annotated[Kind | None, typer.Argument(help="pack | cases | inquiry | entries | decision")] = None,
    write: Annotated[Path | None, typer.Option("--write", help="写入目录。Write all of them into a folder.")] = None,
) -> None:
    """Print a JSON Schema. 输出 JSON Schema。

    Example: memoranda schema pack > pack.json
    """
    if (kind is None) == (write is None):
        raise typer.BadParameter("须给出种类或 --write 目录之一 / give either a kind or --write FOLDER")
    if kind is not None:
        sys.stdout.write(schema_text(kind))
        return
    assert write is not None
    write.mkdir(parents=True, exist_ok=True)
    for each in Kind:
        (write / f"{each.value}.json").write_text(schema_text(each), encoding="utf-8")


def schema_text(kind: Kind) -> str:
    """The schema as it is committed: two spaces, Chinese as it is, a line break at the end."""
    from engine.packs.schema import json_schema

    return json.dumps(json_schema(kind.value), ensure_ascii=False, indent=2) + "\n"
