"""The signing keys: who may read them, which of them signs, and what counts as their signature."""

import base64
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from engine.errors import Unavailable
from engine.ledger.signing import LogKeys, genuine
from tests.ledger.desk import chance

STATEMENT = {"root": "00", "size": 3}


def test_a_first_start_makes_a_key_for_its_owner_alone(tmp_path: Path) -> None:
    """Folder 700, file 600, nothing left beside it; the second start finds the same key."""
    path = tmp_path / "keys" / "ledger.key"
    made = LogKeys.open(path, chance("a"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [*path.parent.iterdir()] == [path]
    assert LogKeys.open(path, chance("b")).fingerprint == made.fingerprint


def test_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    """Whoever is second takes the key of the first: no promise is signed by a key that is in no file."""
    path, together = tmp_path / "keys" / "ledger.key", Barrier(8)

    def start(number: int) -> str:
        together.wait()
        return LogKeys.open(path, chance(str(number))).fingerprint

    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(start, range(8)))
    assert found == {LogKeys.open(path, chance("later")).fingerprint}
    assert [*path.parent.iterdir()] == [path]


def test_a_rotated_key_signs_and_the_older_verifies(keys: LogKeys) -> None:
    """The file keeps both; what either signed is genuine; the newest is last."""
    old = keys.sign(STATEMENT).data()
    rotated = keys.rotated(chance("next"))
    new = rotated.sign(STATEMENT).data()
    again = LogKeys.open(keys.path, chance("never"))
    assert again.fingerprint == rotated.fingerprint != keys.fingerprint
    assert [*again.public] == [keys.fingerprint, rotated.fingerprint]
    assert genuine(STATEMENT, old, again.public)
    assert genuine(STATEMENT, new, again.public)
    assert not genuine(STATEMENT, new, keys.public), "an outsider who pinned the old key is not fooled"
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_may_read_is_refused(keys: LogKeys, mode: int) -> None:
    """With the command that mends it."""
    os.chmod(keys.path, mode)
    with pytest.raises(Unavailable, match="may be read by others") as refused:
        LogKeys.open(keys.path, chance("never"))
    assert "chmod 600" in refused.value.help_en


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"{}", b'{"seeds": []}', b'{"seeds": ["00"]}', b'{"seeds": "00"}', b'{"seeds": [1]}',
        b'{"seeds": null}', b'{"seeds": ["' + b"zz" * 32 + b'"]}', b"\xff\xfe", '{"seeds": ["密"]}'.encode(),
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused_and_kept(keys: LogKeys, content: bytes) -> None:
    """Never replaced by a new key: the old one may be in a backup."""
    keys.path.write_bytes(content)
    with pytest.raises(Unavailable, match="is damaged"):
        LogKeys.open(keys.path, chance("never"))
    assert keys.path.read_bytes() == content


def test_what_is_no_signature_is_not_genuine(keys: LogKeys) -> None:
    """Another statement, key, algorithm, an unknown member, another way to write the same bytes."""
    signed = keys.sign(STATEMENT).data()
    assert genuine(STATEMENT, signed, keys.public)
    assert not genuine(STATEMENT | {"size": 4}, signed, keys.public)
    assert not genuine(STATEMENT, signed, {})
    assert not genuine(STATEMENT, signed | {"algorithm": "none"}, keys.public)
    assert not genuine(STATEMENT, signed | {"more": 1}, keys.public)
    assert not genuine(STATEMENT, {name: signed[name] for name in ("key", "signature")}, keys.public)
    text = signed["signature"]
    for other in (text + "\n", " " + text, text.rstrip("="), text[:-3] + chr(ord(text[-3]) + 1) + "==", "", "é"):
        assert not genuine(STATEMENT, signed | {"signature": other}, keys.public), other
    # the same 64 bytes, written with idle bits set
    assert base64.b64decode(text[:-3] + chr(ord(text[-3]) + 1) + "==") == base64.b64decode(text)
    assert not genuine(STATEMENT, signed, {keys.fingerprint: "00"})
    assert not genuine(STATEMENT, signed, {keys.fingerprint: "zz"})


def test_seeds_stay_in_the_file(keys: LogKeys) -> None:
    """What is printed of the keys is their fingerprint."""
    seed = json.loads(keys.path.read_text())["seeds"][0]
    assert seed not in repr(keys)
    assert seed not in str(keys.public)
    assert keys.fingerprint in repr(keys)
