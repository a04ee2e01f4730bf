"""A tree against its shape, every deviation a fault at its place; and the shapes printed as JSON Schema for editors."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from engine.errors import Fault
from engine.packs.asked_shapes import CasesShape, EntriesShape, InquiryShape
from engine.packs.decision_shape import DecisionShape
from engine.packs.fields import DAY, MONEY, Misfit
from engine.packs.handling_shapes import SHAPES as HANDLING
from engine.packs.pack_shape import CONDITION, PackShape
from engine.packs.source import MOST_FAULTS
from engine.packs.tree import Path_, Tree, Value, step_into
from engine.packs.vocabulary_shapes import SHAPES as VOCABULARY
from engine.packs.words import advice, shown

Shape = type[BaseModel]
SCHEMAS: Mapping[str, Shape] = {
    "pack": PackShape,
    "cases": CasesShape,
    "inquiry": InquiryShape,
    "entries": EntriesShape,
    "decision": DecisionShape,
}
FILES: Mapping[str, Shape] = {**SCHEMAS, **VOCABULARY, **HANDLING}

_SHAPES = {
    "model_type": ("一组键值", "a mapping of keys"),
    "dict_type": ("一组键值", "a mapping of keys"),
    "model_attributes_type": ("一组键值", "a mapping of keys"),
    "list_type": ("列表", "a list"),
    "string_type": ("文本", "a text"),
    "union_tag_invalid": ("另一种写法", "written otherwise"),
}
_BOUNDS = {
    "string_too_short": ("不能为空", "must not be empty"),
    "string_too_long": ("不超过 {max_length} 字", "at most {max_length} characters"),
    "too_short": ("至少 {min_length} 项", "at least {min_length} item"),
    "too_long": ("不超过 {max_length} 项", "at most {max_length} items"),
}


def faults_of(tree: Tree, name: str) -> list[Fault]:
    """Every way in which the tree departs from the shape of that kind of file (`pack`, `cases`, `lists` …)."""
    if tree.root is None:
        return []
    shape = FILES[name]
    try:
        shape.model_validate(tree.value)
    except ValidationError as error:
        found = error.errors(include_url=False)[:MOST_FAULTS]
        faults = [fault for one in found if (fault := _fault(tree, shape, one)) is not None]
        # What stands where reading stopped is half a word, not a wrong one.
        return [fault for fault in faults if tree.whole or fault.place.line < tree.cut]
    return []


def _fault(tree: Tree, shape: Shape, error: Any) -> Fault | None:
    path, last, kind = _path(tree, error["loc"]), str(error["loc"][-1]) if error["loc"] else "", error["type"]
    if path in tree.holes or (kind == "missing" and not tree.whole):
        return None
    if kind == "missing":
        place = tree.place(path, key=True)
        return Fault("P122", place, f"缺少键 `{last}`", f"the key `{last}` is missing")
    if kind == "extra_forbidden":
        help_zh, help_en = advice(last, _keys(shape, error["loc"][:-1]))
        zh, en = f"没有 `{shown(last)}` 这个键", f"there is no key `{shown(last)}` here"
        return Fault("P121", tree.place(path, key=True), zh, en, help_zh, help_en)
    return _wrong_value(tree, path, kind, error)


def _wrong_value(tree: Tree, path: Path_, kind: str, error: Any) -> Fault:
    key = "[key]" in error["loc"]
    place, given, ctx = tree.place(path, key), error["input"], error.get("ctx", {})
    text = shown(given) if isinstance(given, str) else ""
    misfit = ctx.get("error")
    known = misfit.known if isinstance(misfit, Misfit) else _quoted(ctx["expected"]) if "expected" in ctx else ()
    if known and not isinstance(given, str):
        return Fault("P124", place, "此处应为文本", "this should be a text", *advice("", known))
    if known:
        zh, en = f"此处不能写 `{text}`", f"`{text}` is not one of the words that may stand here"
        return Fault("P123", place, zh, en, *advice(text, known))
    if kind in _SHAPES:
        zh, en = _SHAPES[kind]
        return Fault("P124", place, f"此处应为{zh}", f"this should be {en}")
    if isinstance(misfit, Misfit):
        zh, en = f"`{text}` 的写法不对", f"`{text}` is not written as it should be"
        return Fault("P125", place, zh, en, misfit.zh, misfit.en)
    zh, en = _BOUNDS.get(kind, ("写法不对", "not as it should be"))
    return Fault("P126", place, zh.format(**ctx), en.format(**ctx))


def _quoted(expected: str) -> list[str]:
    return [part for number, part in enumerate(expected.split("'")) if number % 2]


def _path(tree: Tree, loc: tuple[str | int, ...]) -> Path_:
    """The part of pydantic's location that exists in the tree; the names of alternatives in between are skipped."""
    path: list[str | int] = []
    value: Value | None = tree.value
    for step in loc:
        inner = step_into(value, step)
        if inner is not None:
            path.append(step)
            value = inner
    return tuple(path)


def _keys(shape: Shape, loc: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand at a location of the shape."""
    models = [shape]
    for step in loc:
        fields = [info for model in models for key, info in _fields(model) if key == step]
        # A step that is no field is an index, a free key, or the name of an alternative: the same shapes still apply.
        models = [inner for info in fields for inner in _models(info.annotation)] if fields else models
    return [key for model in models for key, _ in _fields(model)]


def _fields(model: Shape) -> Iterator[tuple[str, Any]]:
    for name, info in model.model_fields.items():
        if name == "root":
            for inner in _models(info.annotation):
                yield from _fields(inner)
        else:
            yield info.alias or name, info


def _models(annotation: Any) -> Iterator[Shape]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file: pack, cases, inquiry, entries, decision, or a vocabulary file's name."""
    schema: dict[str, Any] = _for_editors(FILES[name].model_json_schema(by_alias=True))
    if "#/$defs/condition" in str(schema):
        schema.setdefault("$defs", {}).update(condition=_CONDITION, test=_TEST)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _for_editors(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_for_editors(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    # pydantic titles every field by its English name; an editor would show that instead of our description.
    inner = {
        key: _for_editors(part)
        for key, part in schema.items()
        if part != CONDITION and not (key == "title" and isinstance(part, str))
    }
    return {**inner, "$ref": "#/$defs/condition"} if CONDITION in schema.values() else inner


_SCALAR = {"type": ["string", "number", "boolean"]}
_FIGURE = {"type": ["string", "number"]}
_COUNTED = {"type": ["string", "integer"], "pattern": r"^\d{1,4}$"}
_PERIOD = {
    "type": "object",
    "properties": {unit: _COUNTED for unit in ("years", "months", "days")},
    "additionalProperties": False,
    "minProperties": 1,
}
_TEST = {
    "description": "对一个事实的检验：等于、之一、比较、之前、之内，或 not/any/all",
    "anyOf": [
        _SCALAR,
        {"type": "array", "items": _SCALAR, "minItems": 1},
        {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": False,
            "properties": {
                **{op: _FIGURE for op in ("at_least", "above", "at_most", "below")},
                "between": {"type": "array", "items": _FIGURE, "minItems": 2, "maxItems": 2},
                "before": {"type": "string", "description": f"{DAY} 或时点名"},
                "on_or_after": {"type": "string", "description": f"{DAY} 或时点名"},
                "within": _PERIOD,
                "not": {"$ref": "#/$defs/test"},
                "any": {"type": "array", "items": {"$ref": "#/$defs/test"}, "minItems": 1},
                "all": {"type": "array", "items": {"$ref": "#/$defs/test"}, "minItems": 1},
            },
        },
    ],
}
_CONDITION = {
    "description": f"条件：事实名对应检验，各项须同时成立；金额以元计（{MONEY}）",
    "type": "object",
    "minProperties": 1,
    "properties": {
        "any": {"type": "array", "items": {"$ref": "#/$defs/condition"}, "minItems": 1},
        "all": {"type": "array", "items": {"$ref": "#/$defs/condition"}, "minItems": 1},
        "not": {"$ref": "#/$defs/condition"},
    },
    "additionalProperties": {"$ref": "#/$defs/test"},
}
