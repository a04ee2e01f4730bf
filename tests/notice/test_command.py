"""`memoranda notice` as it is typed."""

import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from api.cli import main
from api.notice import pdf as setting
from engine.errors import Missing
from tests.ledger.desk import at_home
from tests.notice.office import Office


def memoranda(office: Office, *words: str, code: int = 0, lang: str = "zh") -> str:
    """What the command prints on both streams; it must end with `code`."""
    said, status = StringIO(), 0
    with at_home(office.home), pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(said):
        patch.setenv("MEMORANDA_LANG", lang)
        patch.setattr(sys, "argv", ["memoranda", *words])
        try:
            main.run()
        except SystemExit as ended:
            status = int(ended.code or 0)
    assert status == code, said.getvalue()
    return said.getvalue()


def test_by_number_and_from_a_receipt(office: Office, tmp_path: Path) -> None:
    """The beginning of a number is enough; the receipt gives the same file, as HTML and as PDF."""
    number, receipt = office.ids["two-measures"], str(tmp_path / "receipt.json")
    memoranda(office, "receipt", number, "-o", receipt)
    for ending in ("html", "pdf"):
        one, other = tmp_path / f"one.{ending}", tmp_path / f"other.{ending}"
        assert str(one) in memoranda(office, "notice", number, "-o", str(one))
        memoranda(office, "notice", "--receipt", receipt, "-o", str(other))
        assert one.read_bytes() == other.read_bytes()
    assert (tmp_path / "one.pdf").read_bytes().startswith(b"%PDF-")


def test_language_and_closed(office: Office, tmp_path: Path) -> None:
    """In English, and without the party."""
    path = tmp_path / "notice.html"
    memoranda(office, "notice", office.ids["green"], "-o", str(path), "--lang", "en", "--closed")
    page = path.read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert "this notice does not name the party" in page


@pytest.mark.parametrize("words", [(), ("01a2", "--receipt", "r.json"), ("01a2", "-o", "notice.docx")])
def test_wrong_usage(office: Office, words: tuple[str, ...]) -> None:
    """Nothing named, two things named, a kind of file that we do not write."""
    memoranda(office, "notice", *words, code=2)


def test_what_is_missing_ends_with_3(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No such decision; no Pango, where HTML still works; a forged receipt."""
    path = tmp_path / "notice.pdf"
    assert "台账中没有决定" in memoranda(office, "notice", "ffffffff", "-o", str(path), code=3)

    def without() -> None:
        raise Missing("缺少 Pango", "Pango is missing", "安装", "install it")

    monkeypatch.setattr(setting, "_weasyprint", without)
    number = office.ids["eligible"]
    assert "install it" in memoranda(office, "notice", number, "-o", str(path), code=3, lang="en")
    assert not path.exists()
    memoranda(office, "notice", number, "-o", str(path.with_suffix(".html")))
    forged = tmp_path / "forged.json"
    memoranda(office, "receipt", number, "-o", str(forged))
    forged.write_bytes(forged.read_bytes().replace(b'"verdict":"eligible"', b'"verdict":"ineligible"'))
    assert "R721" in memoranda(office, "notice", "--receipt", str(forged), "-o", str(path), code=3)
