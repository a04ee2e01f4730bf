"""The notice as a PDF: our fonts and no other, tagged, the same bytes each time, and nothing loaded."""

import builtins
import re
import shutil
import subprocess
import sys
import zlib
from ctypes.util import find_library
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from api.notice import pdf as setting
from api.notice.page import notice_page
from api.notice.pdf import FACES, notice_pdf
from engine.errors import Missing
from engine.services.noticing import noted
from tests.notice.office import Office

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "api" / "notice" / "fonts"
typeset = pytest.mark.skipif(
    find_library("pango-1.0") is None, reason="Pango is not installed, and `dev.py test` may not install it here"
)


def inside(pdf: bytes) -> bytes:
    """The file with its compressed streams opened."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts)


def fonts(pdf: bytes) -> set[bytes]:
    """The names of the embedded fonts, without the mark of their subset."""
    return {name.partition(b"+")[2] or name for name in re.findall(rb"/FontName\s*/([^\s/>]+)", inside(pdf))}


@pytest.fixture(scope="module")
def page(office: Office) -> str:
    """The page of a refusal."""
    from tests.ledger.desk import at_home

    with at_home(office.home):
        return notice_page(noted(office.ids["two-measures"]))


@pytest.fixture(scope="module")
def made(page: str) -> bytes:
    """The same as a PDF."""
    return notice_pdf(page)


@typeset
def test_it_is_set_in_our_fonts_only(made: bytes) -> None:
    """A machine's own fonts play no part, so it looks the same everywhere."""
    assert fonts(made) == {b"Memoranda-Sans-SC", b"Memoranda-Sans-SC-Bold"}


@typeset
def test_it_is_tagged_and_a4(made: bytes) -> None:
    """PDF/UA with its language and title, on A4."""
    said = inside(made)
    assert made.startswith(b"%PDF-1.7")
    assert b"pdfuaid" in said
    assert b"/StructTreeRoot" in said
    assert b"/Lang (zh-CN)" in said
    width, height = (float(part) for part in re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", said)[0])
    assert (round(width), round(height)) == (595, 842)


@typeset
def test_the_same_page_gives_the_same_bytes(page: str, made: bytes) -> None:
    """No clock and no chance in it."""
    assert notice_pdf(page) == made


@typeset
def test_weasyprint_has_nothing_to_complain_of(page: str, caplog: pytest.LogCaptureFixture) -> None:
    """Every rule of the sheet is understood and every letter is there."""
    with caplog.at_level("WARNING", "weasyprint"):
        notice_pdf(page)
    assert caplog.messages == []


@typeset
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_its_text_can_be_read(made: bytes, tmp_path: Path) -> None:
    """By a screen reader or a search: title, verdict, pages."""
    path = tmp_path / "notice.pdf"
    path.write_bytes(made)
    said = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    for text in ("守信激励和失信惩戒核查告知书", "不得参与", "失信被执行人名单", "第1/2页", "第2/2页"):
        assert text in re.sub(r"\s", "", said)


@typeset
def test_a_page_loads_nothing(tmp_path: Path) -> None:
    """Not even where its markup asks for it."""
    secret = tmp_path / "secret.css"
    secret.write_text("body::before { content: 'LEAKED' }", encoding="ascii")
    with pytest.raises(ValueError, match="loads nothing"):
        setting._fetcher().fetch(secret.as_uri())
    plain, asking = "<p>x</p>", f'<link rel="stylesheet" href="{secret.as_uri()}"><p>x</p>'
    identifier = re.compile(rb"/ID \[[^]]*\]")
    assert identifier.sub(b"", notice_pdf(asking)) == identifier.sub(b"", notice_pdf(plain))


def test_without_pango_it_says_what_to_install(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What, and how to mend it, in both languages; the page itself was made without it."""
    real = builtins.__import__

    def without(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Missing) as missing:
        notice_pdf(page)
    assert "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in missing.value.help_zh
    assert ".html" in missing.value.help_en


def test_the_vendored_fonts_are_those_described() -> None:
    """The digests stand in VENDOR.md, both weights hold exactly characters.txt, and the licence is beside them."""
    from fontTools.ttLib import TTFont

    described = (FONTS / "VENDOR.md").read_text(encoding="utf-8")
    characters = set((FONTS / "characters.txt").read_text(encoding="utf-8").replace("\n", ""))
    for path in FACES.values():
        data = path.read_bytes()
        assert f"| `{path.name}` | {len(data):,} | `{sha256(data).hexdigest()}` |" in described
        assert {chr(code) for code in TTFont(path).getBestCmap()} == characters
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    gb2312 = {bytes([high, low]).decode("gb2312", "ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)}
    assert gb2312 - {""} <= characters


@pytest.mark.slow
def test_a_machine_without_fonts_makes_the_same_file(page: str, made: bytes, tmp_path: Path) -> None:
    """Byte for byte: nothing of the machine's is in it."""
    (tmp_path / "fonts.conf").write_text(
        f"<!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>",
        encoding="ascii",
    )
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    program = (
        "import sys; from pathlib import Path; from api.notice.pdf import notice_pdf; folder = Path(sys.argv[1]); "
        "folder.joinpath('page.pdf').write_bytes(notice_pdf(folder.joinpath('page.html').read_text('utf-8')))"
    )
    environment = {"PATH": "/usr/bin:/bin", "FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "PYTHONUTF8": "1"}
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, env=environment, check=True)
    assert (tmp_path / "page.pdf").read_bytes() == made
