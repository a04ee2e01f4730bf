"""The commands as a user types them: answers, exit codes, and messages instead of tracebacks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import rfc8785

from api.cli.schema import Kind, schema_text

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "memoranda" / "demo"
CLEAN, DEFAULTER = "91990000000000101X", "919900000000001021"
REGISTRY = str(DEMO / "registry.yaml")
AT = ("--scenario", "procurement", "--at", "2026-11-20T09:00+08:00", "--in", "420881", "--entries", REGISTRY)


def memoranda(*words: str, lang: str = "en", code: int = 0) -> str:
    """What the command prints on both streams; it must end with `code` and never with a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "api.cli.main", *words],
        cwd=ROOT,
        env={"PATH": "", "NO_COLOR": "1", "COLUMNS": "120", "MEMORANDA_LANG": lang, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
    )
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    assert done.returncode == code, said
    return said


def write(folder: Path, name: str, text: str) -> str:
    """A file of the test's own, by its path."""
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_an_ineligible_party_is_an_answer() -> None:
    """Exit 0 whenever an answer was given, also a refusal."""
    assert "verdict: may not take part" in memoranda("decide", DEFAULTER, *AT)


def test_chinese_is_the_default_and_depths_say_more() -> None:
    """Counter, lawyer, auditor: each says what the one before says, and more."""
    said = [
        memoranda("decide", DEFAULTER, *AT, "--depth", depth, lang="zh") for depth in ("counter", "lawyer", "auditor")
    ]
    assert all("结论：不得参与" in one for one in said)
    assert len(said[0]) < len(said[1]) < len(said[2])


def test_json_is_canonical_and_names_nobody() -> None:
    """`--json` prints the core bytes: RFC 8785, handles for names."""
    text = memoranda("decide", DEFAULTER, *AT, "--json").rstrip("\n")
    assert rfc8785.dumps(json.loads(text)).decode() == text
    assert DEFAULTER not in text


def test_both_forms_of_the_question_agree() -> None:
    """The short form and the file ask the same thing."""
    by_file = memoranda("decide", "--inquiry", str(DEMO / "1-clean-bidder.yaml"), "--entries", REGISTRY, "--json")
    short = memoranda("decide", CLEAN, *AT, "--json")
    assert json.loads(by_file)["parties"] == json.loads(short)["parties"]


def test_full_width_codes_are_read() -> None:
    """A code pasted in full-width characters, spaced and in lower case, is the same code."""
    wide = CLEAN.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789ABCDEFGHJKLMNPQRTUWXY"})
    assert "may take part" in memoranda("decide", wide, *AT)
    assert "may take part" in memoranda("decide", f" {CLEAN[:8].lower()} {CLEAN[8:].lower()}", *AT)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("decide",), "--inquiry"),
        (("decide", CLEAN), "--scenario"),
        (("decide", CLEAN, "--entries", REGISTRY), "--scenario"),
        (("decide", "--inquiry", "a", CLEAN, "--entries", REGISTRY), "--inquiry"),
        (("decide", "--inquiry", "a", "--at", "2024-01-01", "--entries", REGISTRY), "--at"),
        (("table",), "pack"),
        (("nonsense",), "nonsense"),
        (("decide", CLEAN, *AT, "--depth", "deep"), "--depth"),
    ],
)
def test_wrong_usage_exits_2(words: tuple[str, ...], expected: str) -> None:
    """Exit 2, and the option or command at fault is named."""
    assert expected in memoranda(*words, code=2)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"code": DEFAULTER[:-1] + "2"}, "check character"),
        ({"code": "9199000000000I101X"}, "letter I"),
        ({"code": "11010519491231002X"}, "citizen"),
        ({"--scenario": "procurment"}, "did you mean `procurement`"),
        ({"--at": "2024-02-30T09:00+08:00"}, "2024-02-30T09:00+08:00"),
        ({"--in": "420882"}, "420882"),
        ({"--entries": "nowhere.yaml"}, "nowhere.yaml"),
    ],
)
def test_refused_input_exits_3(changes: dict[str, str], expected: str) -> None:
    """Exit 3, and the message says what is wrong and where."""
    options = dict(zip(AT[::2], AT[1::2], strict=True)) | {k: v for k, v in changes.items() if k != "code"}
    words = [word for pair in options.items() for word in pair]
    said = memoranda("decide", changes.get("code", CLEAN), *words, code=3)
    assert expected in said
    assert "11010519491231002X" not in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("scenario: procurement\nas_of: 2024-01-01\nparties: []\n", "parties"),
        ("scenario: procurement\nas_of: 2024-01-01\n", "parties"),
        ("scenario: [procurement\n", ":"),
        ("", "empty"),
        ("- 1\n- 2\n", "mapping"),
        ("a: &x 1\nb: *x\n", "anchor"),
        ("\x00", "character"),
    ],
)
def test_broken_inquiries_are_explained(tmp_path: Path, text: str, expected: str) -> None:
    """A broken or empty file, or one with no party, gets a message with its place."""
    file = write(tmp_path, "inquiry.yaml", text)
    said = memoranda("decide", "--inquiry", file, "--entries", REGISTRY, code=3)
    assert expected in said
    assert "inquiry.yaml" in said


def test_entries_for_unknown_lists_are_refused(tmp_path: Path) -> None:
    """An unknown list is named, with the nearest known one."""
    file = write(
        tmp_path,
        "entries.yaml",
        f"entries:\n  - {{subject: {CLEAN}, list: judgement-defaulters, listed: 2024-01-01}}\n",
    )
    said = memoranda("decide", CLEAN, *AT[:-1], file, code=3)
    assert "judgement-defaulters" in said
    assert "did you mean `judgment-defaulters`" in said


def test_a_pack_of_ten_megabytes_is_refused(tmp_path: Path) -> None:
    """Every input is bounded."""
    file = write(tmp_path, "big.yaml", "note: " + "长" * 3_500_000 + "\n")
    said = memoranda("check", file, code=1)
    assert "big.yaml" in said


def test_a_layer_that_does_not_exist_is_named() -> None:
    """A wrong `--packs` is a message, not a traceback."""
    assert "nowhere" in memoranda("decide", CLEAN, *AT, "--packs", "nowhere", code=3)


def test_a_layer_with_a_faulty_pack_is_refused_whole(tmp_path: Path) -> None:
    """No half of a rulebook ever answers."""
    (tmp_path / "local").mkdir()
    write(tmp_path / "local", "faulty.yaml", "title: 无效\nmeasures: []\n")
    assert "faulty.yaml" in memoranda("decide", CLEAN, *AT, "--packs", str(tmp_path), code=3)


def test_check_is_clean_and_counts() -> None:
    """The shipped library has no error."""
    assert " 0 error" in memoranda("check")


@pytest.mark.parametrize("format", ["json", "sarif"])
def test_check_formats_are_json(format: str, tmp_path: Path) -> None:
    """Both machine formats parse, with the fault in them."""
    file = write(tmp_path, "faulty.yaml", "title: 无效\nmeasures: []\n")
    said = memoranda("check", file, "--format", format, code=1)
    assert "faulty.yaml" in json.dumps(json.loads(said))


def test_an_unknown_code_to_explain_is_refused() -> None:
    """`--explain` of nothing says so."""
    assert "P999" in memoranda("check", "--explain", "P999", code=3)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind.value != "openapi"])
def test_committed_schemas_are_the_printed_ones(kind: Kind) -> None:
    """A changed shape is a visible diff under memoranda/schema/."""
    committed = (ROOT / "memoranda" / "schema" / f"{kind.value}.json").read_text(encoding="utf-8")
    assert committed == schema_text(kind)


def test_the_demo_tells_eight_situations_in_both_languages() -> None:
    """The four verdict words of the field, and an exit code of 0."""
    zh, en = memoranda("demo", lang="zh"), memoranda("demo", "--lang", "en")
    for said in ("不得参与", "须人工审查", "可以参与", "绿色通道", "缺少足够的法律依据"):
        assert said in zh
    assert en.count("\n   verdict:") == zh.count("\n   结论：") == 8


def test_a_failing_case_reads_like_a_diff(tmp_path: Path) -> None:
    """Expected with a minus, got with a plus, and the reasons below."""
    pack = ROOT / "memoranda" / "national" / "procurement-ban-nationwide.yaml"
    cases = pack.with_name("procurement-ban-nationwide.cases.yaml").read_text(encoding="utf-8")
    (tmp_path / "national").mkdir()
    text = pack.read_text(encoding="utf-8")
    write(tmp_path / "national", "copied-pack.yaml", text)
    write(tmp_path / "national", "copied-pack.cases.yaml", cases.replace("expect: ineligible", "expect: eligible", 1))
    said = memoranda("test", str(tmp_path), "--packs", str(tmp_path), code=1)
    assert "- eligible" in said
    assert "+ ineligible" in said
    assert "1 failed" in said


def test_cases_that_cannot_be_read_are_never_left_out(tmp_path: Path) -> None:
    """Neither `test` nor `check` of a pack passes over a broken cases file beside it."""
    pack = ROOT / "memoranda" / "national" / "procurement-ban-nationwide.yaml"
    cases = pack.with_name("procurement-ban-nationwide.cases.yaml").read_text(encoding="utf-8")
    (tmp_path / "national").mkdir()
    copied = tmp_path / "national" / "copied-pack.yaml"
    write(tmp_path / "national", copied.name, pack.read_text(encoding="utf-8"))
    write(tmp_path / "national", "copied-pack.cases.yaml", cases + "\n- case: broken\n  inquiry: [\n")
    for command, code in (("test", 3), ("check", 1)):
        said = memoranda(command, str(copied), "--packs", str(tmp_path), code=code)
        assert "copied-pack.cases.yaml" in said
