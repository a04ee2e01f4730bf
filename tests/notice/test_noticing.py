"""What a notice is made from: genuine receipts only, and the rulebook as it was recorded."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.canonical import canonical
from engine.errors import Missing, RefusedInput
from engine.services import again
from engine.services.auditing import receipt_bytes
from engine.services.books import open_ledger
from engine.services.noticing import noted, noted_from
from engine.services.replaying import recorded_rulebook
from tests.ledger.desk import at_home
from tests.notice.office import Office


def receipt_file(office: Office, name: str, folder: Path) -> Path:
    """A decision's receipt as a file."""
    path = folder / f"{name}.json"
    path.write_bytes(receipt_bytes(office.ids[name]))
    return path


def code(refused: pytest.ExceptionInfo[RefusedInput]) -> str:
    """The code of the one fault."""
    (fault,) = refused.value.faults
    return fault.code


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said["core"].update(verdict="eligible"),
        lambda said: said["openings"][0]["value"].update(document="伪造1号"),
        lambda said: said["envelope"].update(recorded_at="2026-01-01T00:00:00.000000+00:00"),
        lambda said: said["head"].update(root="0" * 64),
        lambda said: said.update(number=said["number"] + 1),
    ],
)
def test_no_notice_is_made_of_a_receipt_that_was_changed(open_hours: Office, tmp_path: Path, change: Any) -> None:
    """Whatever was changed, it is refused, in either language."""
    path = receipt_file(open_hours, "two-measures", tmp_path)
    said = json.loads(path.read_bytes())
    change(said)
    path.write_bytes(canonical(said) + b"\n")
    with pytest.raises(RefusedInput) as refused:
        noted_from([path])
    assert code(refused) == "R721"
    assert "凭证不真实" in refused.value.zh


def test_a_receipt_from_elsewhere_needs_its_key(
    open_hours: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused by this ledger's keys; with the other's it is genuine, but the rulebook is not kept here."""
    monkeypatch.setattr(again, "recorded_rulebook", recorded_rulebook)
    path, keys = receipt_file(open_hours, "eligible", tmp_path), tmp_path / "keys.json"
    keys.write_text(json.dumps(dict(open_ledger().keys.public)), encoding="ascii")
    with at_home(tmp_path / "elsewhere"):
        with pytest.raises(RefusedInput) as refused:
            noted_from([path])
        assert code(refused) == "R721"
        with pytest.raises(Missing, match="does not hold the rulebook"):
            noted_from([path], str(keys))
    assert noted_from([path], str(keys)).receipt == json.loads(path.read_bytes())


def test_a_determination_alone_is_no_decision(open_hours: Office, tmp_path: Path) -> None:
    """By number or from a file: the decision is to be named."""
    first, *_ = noted(open_hours.ids["determined"]).determined
    with pytest.raises(RefusedInput) as refused:
        noted(first)
    assert code(refused) == "R722"
    path = tmp_path / "one.json"
    path.write_bytes(receipt_bytes(first))
    with pytest.raises(RefusedInput):
        noted_from([path])
    with pytest.raises(RefusedInput) as stranger:
        noted_from([receipt_file(open_hours, "eligible", tmp_path), path])
    assert code(stranger) == "R723"


def test_two_decisions_are_not_one(open_hours: Office, tmp_path: Path) -> None:
    """A notice is of one decision."""
    with pytest.raises(RefusedInput):
        noted_from([receipt_file(open_hours, name, tmp_path) for name in ("eligible", "green")])


def test_what_is_not_there_is_said(open_hours: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No such decision, no such file, no rulebook."""
    with pytest.raises(Missing):
        noted("01a200ef-0000")
    with pytest.raises(Missing):
        noted_from([tmp_path / "nothing.json"])
    monkeypatch.setattr(again, "recorded_rulebook", lambda *_: None)
    with pytest.raises(Missing) as missing:
        noted(open_hours.ids["eligible"])
    assert "没有规则库" in missing.value.zh
