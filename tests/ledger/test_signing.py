"""The signing keys: who may read them, which of them signs, and what counts as their signature."""

import base64
import json
import os
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

import verify_receipt
from engine.canonical import canonical
from engine.errors import Unavailable
from engine.ledger.algorithms import SM2, Ed25519, SigningKey, algorithm_of
from engine.ledger.signing import LogKeys, fingerprint, fingerprint_of_public, genuine
from tests.ledger.desk import chance
from verify_receipt import BASE, plus, sm2_fits, times

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
        b'{"seeds": null}', b'{"keys": []}', b'{"keys": [{"algorithm": "RSA", "secret": "00"}]}',
        b'{"keys": [{"secret": "' + b"01" * 32 + b'"}]}',
        b'{"keys": [{"algorithm": "SM2", "secret": "' + b"ff" * 32 + b'"}]}',
        b'{"algorithm": "none", "seeds": ["' + b"01" * 32 + b'"]}',
        b'{"seeds": ["' + b"zz" * 32 + b'"]}', b"\xff\xfe", '{"seeds": ["密"]}'.encode(),
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
    secret = json.loads(keys.path.read_text())["keys"][0]["secret"]
    assert secret not in repr(keys)
    assert secret not in str(keys.public)
    assert keys.fingerprint in repr(keys)


def test_a_file_of_before_sm2_is_read_and_rotated(tmp_path: Path) -> None:
    """One algorithm for all seeds, as it was written then; what its keys signed verifies after a rotation to SM2."""
    path = tmp_path / "ledger.key"
    path.write_text(json.dumps({"algorithm": "Ed25519", "seeds": ["01" * 32, "02" * 32]}))
    path.chmod(0o600)
    old = LogKeys.open(path, chance("never"))
    assert [*old.public] == [fingerprint(Ed25519(bytes([n]) * 32).public) for n in (1, 2)]
    signed = old.sign(STATEMENT).data()
    new = old.rotated(chance("next"), SM2)
    again = LogKeys.open(path, chance("never"))
    assert (again.algorithm, again.fingerprint) == ("SM2", new.fingerprint)
    assert [*again.public][:2] == [*old.public]
    assert genuine(STATEMENT, signed, again.public)
    assert genuine(STATEMENT, again.sign(STATEMENT).data(), again.public)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [*tmp_path.iterdir()] == [path]


def test_rotations_at_once_lose_no_key(keys: LogKeys) -> None:
    """Each begins from what the file holds by then, not from what its caller read before."""
    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(lambda n: keys.rotated(chance(str(n))).fingerprint, range(6)))
    assert {*LogKeys.open(keys.path, chance("never")).public} == {keys.fingerprint, *made}


def test_a_folder_that_takes_no_key_is_said(tmp_path: Path) -> None:
    """In words, with where."""
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="no signing key can be written"):
        LogKeys.open(tmp_path / "file" / "ledger.key", chance("x"))


@pytest.mark.parametrize("algorithm", [Ed25519, SM2])
def test_an_algorithm_signs_and_verifies(algorithm: type[SigningKey]) -> None:
    """64 bytes over any data; not over other data, nor under another key, nor with any byte of it changed."""
    key, other = algorithm.fresh(chance("one")), algorithm.fresh(chance("other"))
    assert len(key.public) == algorithm.PUBLIC_BYTES
    assert algorithm(key.secret).public == key.public
    assert algorithm_of(key.public) is algorithm
    for data in (b"", b"data", "数据".encode() * 100):
        signature = key.sign(data)
        assert len(signature) == 64
        assert algorithm.verifies(key.public, signature, data)
        assert not algorithm.verifies(key.public, signature, data + b"x")
        assert not algorithm.verifies(other.public, signature, data)
    for place in range(0, 64, 7):
        changed = bytearray(signature)
        changed[place] ^= 1
        assert not algorithm.verifies(key.public, bytes(changed), data)
    for short in (signature[:-1], signature + b"x", b"", bytes(64)):
        assert not algorithm.verifies(key.public, short, data)


def test_the_outsiders_sm2_agrees_with_the_library() -> None:
    """Plain integers in verify_receipt.py and gmalg: the same verdict on good signatures and on spoilt ones."""
    for number in range(8):
        key, data = SM2.fresh(chance(f"key {number}")), f"data {number}".encode()
        signature = key.sign(data)
        assert sm2_fits(key.public, signature, data)
        for place in (0, 31, 32, 63):
            changed = bytearray(signature)
            changed[place] ^= 1 << number
            assert not sm2_fits(key.public, bytes(changed), data)
            assert not SM2.verifies(key.public, bytes(changed), data)
    order = SM2.ORDER
    r, s = signature[:32], signature[32:]
    beyond = int.from_bytes(s, "big") + order
    tried = [bytes(32) + s, r + bytes(32), r + (order - int.from_bytes(r, "big")).to_bytes(32, "big"), b"\xff" * 64, r]
    tried += [r + beyond.to_bytes(32, "big")] if beyond < 1 << 256 else []
    for spoilt in tried:
        assert not sm2_fits(key.public, spoilt, data)
        assert not SM2.verifies(key.public, spoilt, data)
    for public in (b"", key.public[1:], b"\x02" + key.public[1:], key.public[:-1] + bytes([key.public[-1] ^ 1])):
        assert not sm2_fits(public, signature, data)
        with pytest.raises(ValueError, match="no public key"):
            SM2.verifies(public, signature, data)


def test_the_group_of_the_outsiders_sm2() -> None:
    """The base point has the stated order, doubling is adding to itself, and infinity is neutral."""
    assert times(SM2.ORDER, BASE) is None
    assert times(SM2.ORDER - 1, BASE) == (BASE[0], -BASE[1] % verify_receipt.P)
    assert plus(times(3, BASE), times(2, BASE)) == times(5, BASE)
    assert plus(None, BASE) == plus(BASE, None) == BASE
    for secret in (1, 2, 12345, SM2.ORDER - 2):
        point = times(secret, BASE)
        assert point
        public = SM2(secret.to_bytes(32, "big")).public
        assert public == b"\x04" + b"".join(part.to_bytes(32, "big") for part in point)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")
def test_openssl_verifies_our_sm2_and_we_its(tmp_path: Path) -> None:
    """Under the user id that both use."""
    key, data = SM2.fresh(chance("openssl")), "数据".encode()
    head = bytes.fromhex(
        "3059301306072a8648ce3d020106082a811ccf5501822d034200"
    )  # SubjectPublicKeyInfo on the SM2 curve
    text = base64.encodebytes(head + key.public).decode()
    (tmp_path / "pub.pem").write_text(f"-----BEGIN PUBLIC KEY-----\n{text}-----END PUBLIC KEY-----\n")
    (tmp_path / "data").write_bytes(data)
    (tmp_path / "sig").write_bytes(_der(key.sign(data)))
    user = ["-rawin", "-digest", "sm3", "-pkeyopt", f"distid:{SM2.USER.decode()}"]

    def openssl(*words: str) -> str:
        done = subprocess.run(["openssl", *words], cwd=tmp_path, capture_output=True, text=True)
        return done.stdout + done.stderr

    verify = ("pkeyutl", "-verify", "-pubin", "-inkey", "pub.pem", "-in", "data", "-sigfile", "sig", *user)
    said = openssl(*verify)
    assert "Signature Verified Successfully" in said, said
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "own.pem")
    openssl("pkey", "-in", "own.pem", "-pubout", "-outform", "DER", "-out", "own.der")
    openssl("pkeyutl", "-sign", "-inkey", "own.pem", "-in", "data", "-out", "own.sig", *user)
    theirs, public = _raw((tmp_path / "own.sig").read_bytes()), (tmp_path / "own.der").read_bytes()[-65:]
    assert SM2.verifies(public, theirs, data)
    assert sm2_fits(public, theirs, data)


def _der(signature: bytes) -> bytes:
    """The signature as openssl reads it: a sequence of two integers."""
    parts = b""
    for half in (signature[:32], signature[32:]):
        number = half.lstrip(b"\0")
        number = b"\0" + number if number[0] > 127 else number
        parts += bytes([2, len(number)]) + number
    return bytes([0x30, len(parts)]) + parts


def _raw(der: bytes) -> bytes:
    """And back."""
    halves, at = list[bytes](), 2
    for _ in range(2):
        length = der[at + 1]
        halves.append(der[at + 2 : at + 2 + length].lstrip(b"\0").rjust(32, b"\0"))
        at += 2 + length
    return b"".join(halves)


def test_what_is_no_secret_of_sm2() -> None:
    """Zero, the order less one and above; a draw of such is drawn again."""
    for number in (0, SM2.ORDER - 1, SM2.ORDER, 2**256 - 1):
        with pytest.raises(ValueError, match="no secret"):
            SM2(number.to_bytes(32, "big"))
    draws = iter([b"\xff" * 32, bytes(32), b"\x07" * 32])
    assert SM2.fresh(lambda _: next(draws)).secret == b"\x07" * 32


def test_a_public_key_says_its_algorithm() -> None:
    """By its length; one algorithm's signature never passes as the other's."""
    for number, (one, other) in enumerate(((Ed25519, SM2), (SM2, Ed25519))):
        key = one.fresh(chance(str(number)))
        public, name = key.public.hex(), fingerprint(key.public)
        assert fingerprint_of_public(public) == name
        signature = base64.b64encode(key.sign(canonical(STATEMENT))).decode()
        signed = {"algorithm": one.NAME, "key": name, "signature": signature}
        assert genuine(STATEMENT, signed, {name: public})
        assert not genuine(STATEMENT, signed | {"algorithm": other.NAME}, {name: public})
    for wrong in ("", "00", "zz", "00" * 65, "04" + "00" * 64, "05" + "11" * 64):
        with pytest.raises(ValueError):  # noqa: PT011 - whichever way it is none
            fingerprint_of_public(wrong)


def test_without_gmalg_sm2_names_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To make a key, to read one, and to verify: never a silent no."""
    keys = LogKeys.open(tmp_path / "sm2", chance("sm2"), SM2)
    signed = keys.sign(STATEMENT).data()
    monkeypatch.setitem(sys.modules, "gmalg", None)
    for deed in (
        lambda: LogKeys.open(tmp_path / "new", chance("x"), SM2),
        lambda: LogKeys.open(tmp_path / "sm2", chance("x")),
        lambda: keys.sign(STATEMENT),
        lambda: genuine(STATEMENT, signed, keys.public),
    ):
        with pytest.raises(Unavailable) as refused:
            deed()
        assert "pip install memoranda[gm]" in refused.value.help_en
    assert not (tmp_path / "new").exists()
