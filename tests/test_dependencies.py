"""What the audit's page says of dependencies is what pyproject.toml asks for and what is installed."""

import importlib.metadata
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")]
SHIPPED = ("gm", "otel")


def name_of(requirement: str) -> str:
    """The package a requirement is about."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return found[0]


def test_every_dependency_is_documented() -> None:
    """Each that is run with, and each of the extras that are shipped; and none that is not."""
    extras = PROJECT["optional-dependencies"]
    wanted = {name_of(one) for one in PROJECT["dependencies"]}
    wanted |= {name_of(one) for extra in SHIPPED for one in extras[extra]}
    assert {row[0] for row in ROWS if row[0] != "package"} == wanted


def test_licences_are_those_the_packages_declare() -> None:
    """By their first word, where they are installed: BSD, MIT, Apache, LGPL."""
    checked = 0
    for row in ROWS:
        if row[0] == "package" or not (declared := licence(row[0])):
            continue
        said = row[-1].split("-")[0]
        assert said.lower() in declared.lower(), row[0]
        checked += 1
    assert checked > 20


def licence(package: str) -> str:
    """What the package's own metadata say; empty where it is not installed."""
    try:
        said = importlib.metadata.metadata(package)
    except importlib.metadata.PackageNotFoundError:
        return ""
    classifiers = [one for one in said.get_all("Classifier") or [] if one.startswith("License")]
    return " ".join([said.get("License-Expression") or said.get("License") or "", *classifiers])
