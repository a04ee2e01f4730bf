"""Shapes: each deviation has its code, place and way out, and no correct file is underlined by an editor."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.model import Effect, Form, Reach, Window
from engine.packs.library import shipped
from engine.packs.schema import FILES, SCHEMAS, faults_of, json_schema
from tests.packs.conftest import HEAD, WORDS, codes, measure, tree


def said(text: str, name: str = "pack") -> list[tuple[str, int, str]]:
    """Code, line and English help of each fault."""
    return [(fault.code, fault.place.line, fault.help_en) for fault in faults_of(tree(text), name)]


def test_a_correct_pack_has_no_faults() -> None:
    """The small pack and the small vocabulary fit their shapes."""
    assert said(HEAD + measure()) == []
    for name, text in WORDS.items():
        assert said(text, name) == []


FIRST = HEAD.count("\n") + 1


@pytest.mark.parametrize(
    ("changed", "code", "help_en"),
    [
        ({"efect": "bar"}, "P121", "did you mean `effect`?"),
        ({"says": "{zh: 甲, en: a, ne: b}"}, "P121", "known: zh, en"),
        ({"basis": None}, "P122", ""),
        ({"says": "{zh: 甲}"}, "P122", ""),
        ({"effect": "barr"}, "P123", "did you mean `bar`?"),
        ({"effect": "ｂａｒ"}, "P123", "did you mean `bar`?"),
        ({"duty": "shall"}, "P123", "known: must, may"),
        ({"while_": "after_end"}, "P123", "did you mean `after-end`?"),
        ({"reaches": "[self, brunch]"}, "P123", "did you mean `branch`?"),
        ({"term": "{from: lsited, years: 3}"}, "P123", "did you mean `listed`?"),
        ({"checked": "{by: txt, on: 2026-11-21, confidence: high}"}, "P123", "did you mean `text`?"),
        ({"scenarios": "procurement"}, "P124", ""),
        ({"says": "不得参加"}, "P124", ""),
        ({"matters": "{a: b}"}, "P124", ""),
        ({"matters": "some"}, "P123", "known: all"),
        ({"clause": "[一]"}, "P124", ""),
        ({"clause": "'一#二'"}, "P125", "a clause label has at most 64 characters and no `#`"),
        ({"basis": "['采购法  22']"}, "P125", "write the instrument, one space, and the place in it"),
        ({"by": "[财政部]"}, "P125", "a code is made of lower-case letters, digits and hyphens"),
        ({"scenarios": "[]"}, "P126", ""),
    ],
)
def test_each_deviation(changed: dict[str, str | None], code: str, help_en: str) -> None:
    """One wrong key, one fault, on the lines of its measure, with the nearest word."""
    found = said(HEAD + measure(**changed))
    assert [(each[0], each[2]) for each in found] == [(code, help_en)]
    assert FIRST <= found[0][1] < FIRST + 12


def test_a_fault_points_at_the_word() -> None:
    """A wrong value is underlined itself; an unknown key, its key; a missing one, the key of what lacks it."""
    text = HEAD + measure(effect="barr", efect="bar") + measure(clause=None)
    found = {fault.code: fault.place for fault in faults_of(tree(text), "pack")}
    assert _underlined(found["P123"]) == "barr"
    assert _underlined(found["P121"]) == "efect"
    assert found["P122"].line > found["P121"].line


def _underlined(place: Any) -> str:
    return str(place.source[place.column - 1 : place.column - 1 + place.length])


def test_what_the_loader_refused_is_not_told_twice() -> None:
    """An empty value is one fault, and a file cut short does not lack what stands after the cut."""
    assert said(HEAD + measure(basis="~", effect="*x")) == []
    assert said("title: a\nkind: x: y") == []


def test_every_fault_at_once() -> None:
    """None hides another."""
    text = "title: a\nnumbr: 3\nkind: punish\nissued: 2020-1-1\nmeasures: [{clause: 1, efect: bar}, hello]\n"
    assert {"P121", "P122", "P123", "P124", "P125"} <= set(codes(faults_of(tree(text), "pack")))


@pytest.mark.parametrize("text", ["a", "[a]", "{}", "a: b", "- a: b", "measures: {a: b}", "measures: [[a]]"])
@pytest.mark.parametrize("name", sorted(FILES))
def test_nothing_makes_it_raise(text: str, name: str) -> None:
    """A wrong file is faults, whatever kind it was meant to be."""
    for fault in faults_of(tree(text), name):
        assert fault.zh
        assert fault.en


@given(
    st.recursive(
        st.text("abc 一1", min_size=1, max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "zh",
                        "en",
                        "measures",
                        "clause",
                        "says",
                        "then",
                        "by",
                        "matters",
                        "entries",
                        "list",
                        "events",
                        "subject",
                        "arrivals",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=10,
    )
)
def test_no_shape_makes_it_raise(value: object) -> None:
    """Nor does any nesting of known keys."""
    text = json.dumps(value, ensure_ascii=False)
    for name in SCHEMAS:
        faults_of(tree(text), name)


class _Editor(yaml.SafeLoader):
    """YAML as an editor reads it (version 1.2, core schema): numbers, booleans and nulls, no dates."""


_Editor.yaml_implicit_resolvers = {}
_Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
_Editor.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"[-+]?[0-9]+$"), list("-+0123456789"))
_Editor.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)
_Editor.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node), 10))


def _shipped_files() -> Iterator[Any]:
    for path in sorted(shipped().rglob("*.yaml")):
        folder = path.relative_to(shipped()).parts[0]
        if folder == "vocabulary":
            yield pytest.param(path, path.stem, id=path.name)
        elif folder not in ("demo", "schema"):
            yield pytest.param(path, "cases" if path.name.endswith(".cases.yaml") else "pack", id=path.name)


def _as_json(value: Any) -> Any:
    """Keys as texts, which is how JSON Schema sees them."""
    if isinstance(value, dict):
        return {str(key): _as_json(part) for key, part in value.items()}
    return [_as_json(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("path", "name"), list(_shipped_files()))
def test_an_editor_underlines_no_shipped_file(path: Path, name: str) -> None:
    """The printed JSON Schema accepts what an editor's YAML 1.2 makes of a correct file."""
    value = _as_json(yaml.load(path.read_text(encoding="utf-8"), Loader=_Editor))
    jsonschema.Draft202012Validator(json_schema(name)).validate(value)


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_schemas_are_schemas(name: str) -> None:
    """Each is valid, and its references lead somewhere."""
    schema = json_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    references = set(re.findall(r'"\$ref": "#/\$defs/([^"]+)"', json.dumps(schema, ensure_ascii=False)))
    assert references <= set(schema.get("$defs", {}))


@pytest.mark.parametrize("name", ["pack", "cases", "inquiry", "entries"])
def test_every_field_speaks_chinese(name: str) -> None:
    """The editor's hover text."""
    for shape in (json_schema(name), *json_schema(name)["$defs"].values()):
        for key, field in shape.get("properties", {}).items():
            if shape.get("additionalProperties") is False and not shape.get("minProperties"):
                assert re.search("[一-鿿]", field.get("description", "")), key


def test_an_editor_sees_wrong_words_too() -> None:
    """The closed words stand in the schema."""
    text = json.dumps(json_schema("pack"))
    for word in (*Effect, *Form, *Reach, *Window):
        assert json.dumps(str(word)) in text
