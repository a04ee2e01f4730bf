"""`memoranda schema`: JSON Schema for editors and programs, and the contract of the REST service."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer


class Kind(StrEnum):
    """What there is a schema for."""

    pack = "pack"
    cases = "cases"
    inquiry = "inquiry"
    entries = "entries"
    decision = "decision"
    openapi = "openapi"


def schema(
    kind: Annotated[Kind | None, typer.Argument(help="pack | cases | inquiry | entries | decision | openapi")] = None,
    write: Annotated[Path | None, typer.Option("--write", help="写入目录。Write all of them into a folder.")] = None,
) -> None:
    """Print a JSON Schema, or the OpenAPI document of the service. 输出 JSON Schema 或接口文档。

    Example: memoranda schema pack > pack.json; memoranda schema openapi > docs/openapi.json
    """
    if (kind is None) == (write is None):
        raise typer.BadParameter("须给出种类或 --write 目录之一 / give either a kind or --write FOLDER")
    if kind is not None:
        sys.stdout.write(schema_text(kind))
        return
    assert write is not None
    write.mkdir(parents=True, exist_ok=True)
    for each in (each for each in Kind if each is not Kind.openapi):  # not of a file: it has its own place
        (write / f"{each.value}.json").write_text(schema_text(each), encoding="utf-8")


def schema_text(kind: Kind) -> str:
    """The schema as it is committed: two spaces, Chinese as it is, a line break at the end."""
    from engine.packs.schema import json_schema

    said = _contract() if kind is Kind.openapi else json_schema(kind.value)
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _contract() -> dict[str, Any]:
    """The OpenAPI document by the default settings, whatever this machine has set."""
    from api.rest.app import create_app
    from api.rest.settings import settings

    return create_app(settings({})).openapi()
