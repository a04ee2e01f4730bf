"""One hash for a ledger's whole life: fixed at its first start, kept against other settings, named in each record."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.canonical import canonical
from engine.errors import Refused, Unavailable
from engine.ledger import founding
from engine.ledger.auditing import audit
from engine.ledger.envelope import Opened, digest, hashing_of, leaf_of, naming, read_json
from engine.ledger.founding import found, hash_of
from engine.ledger.merkle import SHA256, SM3
from engine.ledger.recording import record
from engine.ledger.sequencing import sequence
from engine.ledger.signing import LogKeys
from engine.registry.store import Store, ask
from engine.services.books import HASH, SIGNATURE, open_ledger, rotate_key
from tests.ledger.desk import NOON, at_home, made


def test_the_first_start_fixes_the_hash(ledger: Store) -> None:
    """Without a setting it stays; with the same one too; with another it is refused, and stays."""
    assert found(ledger, SM3) == SM3
    assert found(ledger) == SM3
    assert found(ledger, SM3) == SM3
    with pytest.raises(Unavailable, match="founded on sm3, the setting is sha256") as refused:
        found(ledger, SHA256)
    assert "sm3" in refused.value.help_en
    assert found(ledger) == SM3
    with ledger.reading() as connection:
        assert hash_of(connection) == SM3


def test_without_a_setting_it_is_sha256(ledger: Store) -> None:
    """And an empty setting is none."""
    assert found(ledger, "") == SHA256
    with pytest.raises(Unavailable, match="founded on sha256"):
        found(ledger, SM3)


def test_first_starts_at_once_agree(ledger: Store, address: str) -> None:
    """Half of them want another hash: one is founded, the others are refused."""

    def start(number: int) -> str:
        store = Store(address)
        try:
            return found(store, (SHA256, SM3)[number % 2])
        except Unavailable:
            return ""
        finally:
            store.close()

    with ThreadPoolExecutor(6) as threads:
        seen = set(threads.map(start, range(6))) - {""}
    assert seen == {found(ledger)}


def test_a_ledger_of_before_keeps_the_hash_of_its_records(ledger: Store, keys: LogKeys) -> None:
    """Records without the row that says it: the first of them does."""
    record(ledger, [made(1, keys)])
    with pytest.raises(Unavailable, match="founded on sha256"):
        found(ledger, SM3)
    assert found(ledger) == SHA256


@pytest.mark.parametrize("name", ["md5", "SM3", "SHA-256", "sha512", "x" * 1000])
def test_another_hash_is_no_choice(ledger: Store, name: str) -> None:
    """Refused in words that name those there are; nothing is founded."""
    with pytest.raises(Refused, match="no hash is called"):
        found(ledger, name)
    with ledger.reading() as connection:
        assert ask(connection, "SELECT * FROM founding") == []


def test_a_python_without_sm3_says_so(ledger: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start, and nothing is founded on what cannot be reckoned."""

    def without(name: str, data: bytes = b"") -> object:
        if name == SM3:
            raise ValueError("unsupported hash type sm3")
        return sha256(data)

    monkeypatch.setattr(founding, "_hash", without)
    with pytest.raises(Unavailable, match="this Python has no sm3"):
        found(ledger, SM3)
    assert found(ledger) == SHA256


def test_an_altered_founding_is_refused_or_named(ledger: Store, keys: LogKeys) -> None:
    """A hash of nobody's is refused; the other of ours does not fit the records."""
    found(ledger)
    record(ledger, [made(1, keys)])
    sequence(ledger, keys, NOON)
    _set(ledger, "md5")
    with pytest.raises(Unavailable, match="hash is unknown"):
        found(ledger)
    with ledger.reading() as connection:
        assert [one.where for one in audit(connection, keys.public)] == ["founding"]
    _set(ledger, SM3)
    with ledger.reading() as connection:
        assert "its hash is not the ledger's" in [one.what.en for one in audit(connection, keys.public)]


def test_every_digest_of_an_sm3_record_is_sm3(keys: LogKeys) -> None:
    """Core, commitments, caller, purpose and leaf; the record names it."""
    leaf = made(1, keys, hashing=SM3)
    envelope, core = read_json(leaf.row[6]), leaf.row[5]
    assert envelope["hash"] == hashing_of(envelope) == SM3
    assert envelope["core"] == digest(core.encode(), SM3) != digest(core.encode())
    assert envelope["caller"] == digest(b"tests", SM3)
    assert envelope["purpose"] == digest(b"", SM3)
    _, handle, salt, value, _ = leaf.openings[0]
    assert envelope["commitments"] == {handle: Opened(handle, salt, read_json(value)).commitment(SM3)}
    assert leaf_of(envelope).hex() == leaf.row[7] == digest(b"\0" + canonical(envelope), SM3)


def test_a_sha256_record_is_as_it_always_was(keys: LogKeys) -> None:
    """SHA-256 is named by silence."""
    envelope = read_json(made(1, keys).row[6])
    assert "hash" not in envelope
    assert naming(SHA256) == {}
    assert leaf_of(envelope).hex() == sha256(b"\0" + canonical(envelope)).hexdigest()
    for wrong in (SHA256, "md5", "", None, 1, [], "SM3"):
        with pytest.raises(ValueError, match="unknown hash"):
            hashing_of(envelope | {"hash": wrong})


def test_the_settings_make_the_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SM3 and SM2 from the first start; later the hash stays, and the key is of what is said when it is rotated."""
    with at_home(tmp_path / "home"):
        monkeypatch.setenv(HASH, SM3)
        monkeypatch.setenv(SIGNATURE, "SM2")
        first = open_ledger()
        assert (first.hashing, first.keys.algorithm) == (SM3, "SM2")
        monkeypatch.delenv(HASH)
        monkeypatch.delenv(SIGNATURE)
        assert open_ledger().hashing == SM3
        assert open_ledger().keys.fingerprint == first.keys.fingerprint
        assert rotate_key().algorithm == "Ed25519"
        assert next(iter(open_ledger().keys.public)) == first.keys.fingerprint
        monkeypatch.setenv(SIGNATURE, "RSA")
        with pytest.raises(Refused, match="no signature is called RSA"):
            open_ledger()


def _set(ledger: Store, hashing: str) -> None:
    with ledger.writing() as connection:
        connection.execute(text("UPDATE founding SET hash = :hash"), {"hash": hashing})
