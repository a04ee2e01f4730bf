"""The loader: texts as written, places that point at them, every fault of form, and never a traceback."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from engine.errors import Missing
from engine.packs.source import LONGEST, MOST_FAULTS, parse_tree, read_tree
from tests.packs.conftest import codes, tree

# Text that YAML can hold in a double-quoted scalar without escapes of its own making.
PLAIN = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), min_size=1, max_size=30
)
VISIBLE = PLAIN.filter(lambda text: text.strip() != "")


@pytest.mark.parametrize(
    "text", ["on", "2.10", "012345", "2024-06-10", "yes", "1e5", "0x1F", "1_000", "12:30:45", "二（三）1"]
)
def test_a_scalar_is_the_text_as_written(text: str) -> None:
    """No scalar becomes a boolean, a number or a date."""
    assert tree(f"key: {text}").value == {"key": text}


def test_keys_are_texts_too() -> None:
    """`on:` and `420881:` are what they look like."""
    assert tree("on: a\n420881: b\n2.10: c").value == {"on": "a", "420881": "b", "2.10": "c"}


@given(
    st.recursive(
        VISIBLE,
        lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(VISIBLE, inner, max_size=3),
        max_leaves=12,
    )
)
@example("😀")
@example({"a\\": ["\\ud83d"]})
def test_json_is_read_as_it_is(value: object) -> None:
    """What any JSON writer writes, escaped or not, indented by blanks or tabs, is read back the same."""
    for style in ({"ensure_ascii": True}, {"ensure_ascii": False, "indent": "\t"}, {"separators": (",", ":")}):
        found = tree(json.dumps({"v": value}, **style))  # type: ignore[arg-type]
        assert found.faults == ()
        assert found.value == {"v": value}


@given(VISIBLE, VISIBLE)
def test_places_point_at_the_texts_they_name(key: str, value: str) -> None:
    """The underlined characters are the scalar itself, also behind wide characters."""
    if key == "甲":
        return
    inside = f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(value, ensure_ascii=False)}"
    found = tree(f"前: 言\n  # comment\nrows:\n  - {{甲: 乙, {inside}}}\n")
    for named, wanted in ((True, key), (False, value)):
        place = found.place(("rows", 0, key), key=named)
        assert place.line == 4
        assert json.loads(place.source[place.column - 1 : place.column - 1 + place.length]) == wanted


def test_a_place_of_a_missing_value_is_the_nearest_one_around_it() -> None:
    """Asking for what is not there still points somewhere useful."""
    found = tree("a:\n  b: {c: d}\n")
    assert found.place(("a", "b", "x")).line == 2
    assert found.place(("a", "b"), key=True).column == 3
    assert found.place(()).line == 1


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: 1\nb: 2\na: 3", "P107", 3, 1),
        ("a: {b: 1, b: 2}", "P107", 1, 11),
        ("a: &x 1", "P108", 1, 4),
        ("a: 1\nb: *x", "P109", 2, 4),
        ("a: !!str 1", "P110", 1, 4),
        ("a: !secret 1", "P110", 1, 4),
        ("%TAG ! tag:x,2000:\n---\na: 1", "P110", 1, 1),
        ("a: 1\n---\nb: 2", "P106", 2, 1),
        ("a:\nb: 1", "P112", 1, 1),
        ("a: ~", "P112", 1, 1),
        ("a: null", "P112", 1, 1),
        ("a: ''", "P112", 1, 1),
        ("a: [1, ~]", "P112", 1, 8),
        ("[a, b]: 1", "P113", 1, 1),
        ("~: 1", "P113", 1, 1),
        ("? {a: b}\n: 1", "P113", 1, 3),
        ("a: b: c", "P104", 1, 5),
        ("a: [1, 2", "P104", 1, 9),
        ("a: 'open", "P104", 1, 9),
        ("a: b\n\tc: d", "P104", 2, 1),
        ("a: x\x07y", "P103", 1, 5),
        ("a: x\u202ey", "P103", 1, 5),
        ("a: x\u200by", "P103", 1, 5),
        ('a: "x\\0y"', "P103", 1, 4),
        ("a: " + "x" * (LONGEST + 1), "P114", 1, 4),
        ("a: {b: {c: {d: {e: {f: {g: {h: {i: {j: {k: {l: {m: n}}}}}}}}}}}}", "P111", 1, 48),
        ("", "P105", 1, 1),
        ("# nothing but a comment\n", "P105", 1, 1),
        ("---\n...\n", "P105", 1, 1),
    ],
)
def test_what_is_refused(text: str, code: str, line: int, column: int) -> None:
    """Each fault of form has its code and its place."""
    found = tree(text).faults
    assert [(fault.code, fault.place.line, fault.place.column) for fault in found] == [(code, line, column)]
    assert found[0].zh
    assert found[0].en
    assert "{" not in found[0].en.replace("`{", "")


def test_all_faults_are_told_in_one_run() -> None:
    """None stops the others, and the part before a syntax error is kept."""
    found = tree("a: 1\na: 2\nb: ~\nc: &x 1\nd: !t 2\nrows:\n  - e: f\n  - g: h: i\n")
    assert codes(found.faults) == ["P107", "P112", "P108", "P110", "P104"]
    assert isinstance(found.value, dict)
    assert found.value["a"] == "1"
    assert not found.whole
    assert ("b",) in found.holes


def test_the_first_of_two_equal_keys_stands() -> None:
    """And the fault says where it is."""
    found = tree("a: 1\nb: 2\na: 3")
    assert found.value == {"a": "1", "b": "2"}
    assert "第 1 行" in found.faults[0].zh


def test_wrong_bytes_and_too_many_of_them() -> None:
    """GBK, UTF-16 and a 10 MB pack are refused with the place, a byte order mark is not."""
    wrong = parse_tree("a: 1\nb: 中文".encode("gbk"), "x")
    assert [(fault.code, fault.place.line, fault.place.column) for fault in wrong.faults] == [("P101", 2, 4)]
    assert codes(parse_tree("a: 1".encode("utf-16"), "x").faults) == ["P101"]
    assert codes(parse_tree(b"a: b\n" * 2_000_000, "x").faults) == ["P102"]
    assert parse_tree(b"\xef\xbb\xbfa: 1", "x").value == {"a": "1"}


def test_line_ends_of_all_systems() -> None:
    """CRLF and CR count as one line end."""
    found = tree("a: 1\r\nb: ~\rc: ~")
    assert [fault.place.line for fault in found.faults] == [2, 3]
    assert found.lines == ("a: 1", "b: ~", "c: ~")


def test_very_deep_nesting_is_cheap() -> None:
    """libyaml takes quadratic time on it, so reading stops."""
    for opening in ("[", "{a: ", "- ", "? "):
        assert not tree(opening * 200_000).whole


def test_a_flood_of_faults_ends() -> None:
    """After two hundred faults one more says that the rest is not reported."""
    found = tree("a: ~\n" * 5000)
    assert len(found.faults) == MOST_FAULTS + 1
    assert found.faults[-1].code == "P115"


@given(st.text(max_size=200) | st.text("[]{}:,-?&*!|>'\"%@`#\n\t ab~", max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    """Any text at all gives a tree, or faults with places inside the file; nothing else."""
    data = text.encode("utf-8", "surrogatepass")
    found = parse_tree(data, "x")
    for fault in found.faults:
        assert 1 <= fault.place.line <= max(len(found.lines), 1)
        assert fault.place.column >= 1
    if not found.faults:
        assert found.root is not None


@given(st.binary(max_size=100))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    """The same for bytes."""
    parse_tree(data, "x")


@given(st.dictionaries(VISIBLE, st.lists(VISIBLE, min_size=1, max_size=3), max_size=4))
def test_it_agrees_with_a_plain_loader(value: dict[str, list[str]]) -> None:
    """What PyYAML dumps as text, block or flow, is read back."""
    for flow in (True, False):
        text = yaml.dump(value, Dumper=yaml.SafeDumper, allow_unicode=True, default_flow_style=flow, default_style='"')
        assert tree(text).value == value


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, a folder, an impossible name: each is said, in both languages."""
    for path in (tmp_path / "none.yaml", tmp_path, Path("a\0b"), tmp_path / ("x" * 300)):
        with pytest.raises(Missing) as caught:
            read_tree(path)
        assert caught.value.zh
        assert caught.value.en
    (tmp_path / "a.yaml").write_text("a: 1")
    assert read_tree(tmp_path / "a.yaml").file == str(tmp_path / "a.yaml")
