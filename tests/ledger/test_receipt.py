"""Receipts: genuine ones pass both verifiers; whatever is changed, both refuse."""

import ast
import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import verify_receipt
from engine.canonical import canonical
from engine.errors import Unavailable
from engine.ledger import founding
from engine.ledger.algorithms import SM2, Ed25519, SigningKey
from engine.ledger.founding import found
from engine.ledger.merkle import SHA256, SM3
from engine.ledger.receipt import MOST_BYTES, NotYet, faults_of_receipt, leaf_row, receipt_of
from engine.ledger.recording import record
from engine.ledger.sequencing import sequence
from engine.ledger.signing import LogKeys
from engine.registry.store import Store
from engine.services.auditing import receipt_bytes
from engine.services.books import open_ledger
from engine.services.determining import erase
from tests.ledger.desk import NOON, at_home, chance, made

ROOT = Path(__file__).resolve().parents[2]
Kept = tuple[bytes, dict[str, str]]


@pytest.fixture(scope="module")
def receipts(furnished: tuple[Path, list[str]], tmp_path_factory: pytest.TempPathFactory) -> tuple[list[bytes], Any]:
    """Every furnished receipt, and the keys that vouch for them."""
    import shutil

    folder = tmp_path_factory.mktemp("receipts") / "home"
    shutil.copytree(furnished[0], folder)
    with at_home(folder):
        return [receipt_bytes(one) for one in furnished[1]], dict(open_ledger().keys.public)


@pytest.fixture(scope="module")
def determined(receipts: tuple[list[bytes], Any]) -> Kept:
    """The receipt of the decision that a person determined, twice."""
    return next(one for one in receipts[0] if json.loads(one)["determinations"]), receipts[1]


@pytest.fixture(scope="module", params=[SHA256, SM3])
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A small receipt with all parts but determinations, in a log of eleven, by either hash."""
    return eleven(tmp_path_factory.mktemp("small"), request.param)


@pytest.fixture(scope="module")
def national(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The same by SM3 and signed with SM2."""
    return eleven(tmp_path_factory.mktemp("national"), SM3, SM2)


def eleven(folder: Path, hashing: str, algorithm: type[SigningKey] = Ed25519) -> Kept:
    """A receipt out of a log of eleven leaves, and the keys that vouch for it."""
    keys = LogKeys.open(folder / "key", chance("small"), algorithm)
    store = ledger_in(folder)
    found(store, hashing)
    record(store, [made(number, keys, hashing=hashing) for number in range(11)])
    sequence(store, keys, NOON)
    with store.reading() as connection:
        return canonical(receipt_of(connection, "leaf-000004")) + b"\n", dict(keys.public)


def ledger_in(folder: Path) -> Store:
    """An empty ledger on SQLite."""
    from engine.ledger.migrating import LEDGER
    from engine.registry.migrating import upgrade

    store = Store(folder / "ledger.db")
    upgrade(store, LEDGER)
    return store


def accepted(data: bytes, keys: dict[str, str]) -> bool:
    """Whether the receipt is genuine, on which both verifiers must agree."""
    ours = not list(faults_of_receipt(data, keys))
    try:
        verify_receipt.check(data, keys)
    except verify_receipt.Broken:
        theirs = False
    else:
        theirs = True
    assert ours == theirs, data[:300]
    return ours


def test_genuine_receipts_pass(receipts: tuple[list[bytes], Any]) -> None:
    """All of them, with openings and without the line's end."""
    for data in receipts[0]:
        assert accepted(data, receipts[1])
        assert accepted(data[:-1], receipts[1])
        assert json.loads(data)["openings"]


def test_every_flipped_byte_is_seen(small: Kept) -> None:
    """The lowest bit of each byte, and the case of each letter (hex, base64, names)."""
    data, keys = small
    assert accepted(data, keys)
    for place, byte in enumerate(data):
        others = {byte ^ 1} | ({byte ^ 0x20} if chr(byte).isalpha() else set())
        for other in others:
            assert not accepted(data[:place] + bytes([other]) + data[place + 1 :], keys), (
                place,
                data[place : place + 9],
            )


@pytest.mark.slow
def test_every_flipped_bit_of_a_real_receipt_is_seen(determined: Kept) -> None:
    """Each bit of each byte of a receipt with determinations."""
    data, keys = determined
    for place, byte in enumerate(data):
        for bit in range(8):
            assert not accepted(data[:place] + bytes([byte ^ 1 << bit]) + data[place + 1 :], keys), place


def test_a_receipt_by_sm3_and_sm2(national: Kept, tmp_path: Path) -> None:
    """Genuine for both verifiers; not with any bit of the signature, the hash's name or the key changed."""
    data, keys = national
    assert accepted(data, keys)
    receipt = json.loads(data)
    assert receipt["envelope"]["hash"] == "sm3"
    signed = receipt["head"]["signature"]
    assert signed["algorithm"] == "SM2"
    raw = base64.b64decode(signed["signature"])
    for place in range(0, 64, 5):
        changed = base64.b64encode(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]).decode()
        assert not accepted(data.replace(signed["signature"].encode(), changed.encode()), keys)
    for one, other in ((b'"sm3"', b'"sm4"'), (b'"hash":"sm3",', b""), (b'"SM2"', b'"Ed25519"'), (b'"SM2"', b'"sm2"')):
        assert one in data
        assert not accepted(data.replace(one, other), keys)
    other = LogKeys.open(tmp_path / "other", chance("other"), SM2)
    assert not accepted(data, {next(iter(keys)): next(iter(other.public.values()))})
    assert not accepted(data, {next(iter(keys)): LogKeys.open(tmp_path / "ed", chance("e")).public.popitem()[1]})


def test_a_record_cannot_choose_its_hash(small: Kept) -> None:
    """The name of a hash put into an envelope or taken out of it, whatever is made to fit it: it is another leaf."""
    data, keys = small
    for hashing in ("sha256", "sm3", "md5", "", None, 1, ["sm3"]):
        receipt = json.loads(data)
        if receipt["envelope"].get("hash") == hashing:
            continue
        receipt["envelope"]["hash"] = hashing
        assert not accepted(canonical(receipt), keys)
        if hashing == "sm3":
            receipt["envelope"]["core"] = verify_receipt.digest(receipt["core"], "sm3")
            assert not accepted(canonical(receipt | {"openings": []}), keys)


def test_without_sm3_nothing_is_said_of_an_sm3_receipt(national: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither genuine nor not: it cannot be checked here."""

    def without(name: str, data: bytes = b"") -> object:
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(founding, "_hash", without)
    with pytest.raises(Unavailable, match="no sm3"):
        list(faults_of_receipt(*national))
    monkeypatch.setattr(verify_receipt.hashlib, "new", without)
    with pytest.raises(verify_receipt.Unable, match="no sm3"):
        verify_receipt.check(*national)


@given(data=st.data())
def test_bytes_put_in_taken_out_or_changed_are_seen(small: Kept, data: st.DataObject) -> None:
    """Any short stretch replaced by any other."""
    receipt, keys = small
    first = data.draw(st.integers(0, len(receipt) - 1))
    end = data.draw(st.integers(first, min(first + 5, len(receipt))))
    changed = receipt[:first] + data.draw(st.binary(max_size=5)) + receipt[end:]
    assert accepted(changed, keys) == (changed.removesuffix(b"\n") == receipt.removesuffix(b"\n"))


def test_every_changed_member_is_seen(determined: Kept) -> None:
    """Each value of the receipt dropped, doubled, added to, swapped with its neighbour, or put in another kind.

    Showing less is no fault: openings and determinations may be left out from the end.
    """
    data, keys = determined
    receipt = json.loads(data)
    whole = {canonical(receipt)}
    less = {canonical(receipt | {"openings": shown}) for shown in _subsets(receipt["openings"])}
    less |= {canonical(receipt | {"determinations": shown}) for shown in _subsets(receipt["determinations"])}
    for n, one in enumerate(receipt["determinations"]):
        for shown in _subsets(one["openings"]):
            others = deepcopy(receipt["determinations"])
            others[n]["openings"] = shown
            less.add(canonical(receipt | {"determinations": others}))
    tried = 0
    for changed in _changes(receipt):
        written = canonical(changed)
        assert accepted(written, keys) == (written in whole | less), _where(receipt, changed)
        tried += 1
    assert tried > 300


def _subsets(values: list[Any]) -> list[list[Any]]:
    return [values, *(values[:n] + values[n + 1 :] for n in range(len(values)))]


def _changes(tree: Any) -> Iterator[Any]:
    """The tree with one change, everywhere and of every sort."""
    for path in _paths(tree):
        if path[0] == "core" and len(path) > 3:
            continue  # all of it under one hash
        for change in (_other, _kind, _drop, _double, _add, _swap):
            copy = deepcopy(tree)
            holder = copy
            for step in path[:-1]:
                holder = holder[step]
            if change(holder, path[-1]):
                yield copy


def _paths(tree: Any) -> Iterator[list[Any]]:
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, value in inside:
        yield [step]
        yield from ([step, *rest] for rest in _paths(value))


def _other(holder: Any, step: Any) -> bool:
    value = holder[step]
    if isinstance(value, bool) or value is None:
        holder[step] = value is False
    elif isinstance(value, int):
        holder[step] = value + 1
    elif isinstance(value, str):
        holder[step] = value.upper() if value != value.upper() else value + "0"
    return not isinstance(value, dict | list)


def _kind(holder: Any, step: Any) -> bool:
    value = holder[step]
    if isinstance(value, list):
        holder[step] = {} if not value else {str(n): one for n, one in enumerate(value)}
    elif isinstance(value, dict):
        holder[step] = list(value.values())
    else:
        holder[step] = bool(value) if isinstance(value, int) and not isinstance(value, bool) else [value]
    return True


def _drop(holder: Any, step: Any) -> bool:
    del holder[step]
    return True


def _double(holder: Any, step: Any) -> bool:
    if isinstance(holder, list):
        holder.insert(step, holder[step])
    return isinstance(holder, list)


def _add(holder: Any, step: Any) -> bool:
    if isinstance(holder[step], dict):
        holder[step]["zz"] = 1
    elif isinstance(holder[step], list):
        holder[step].append("zz")
    return isinstance(holder[step], dict | list)


def _swap(holder: Any, step: Any) -> bool:
    if isinstance(holder, list) and step and holder[step] != holder[step - 1]:
        holder[step], holder[step - 1] = holder[step - 1], holder[step]
        return True
    return False


def _where(one: Any, other: Any) -> list[str]:
    from engine.ledger.replaying import differences

    return list(differences(one, other))


def test_parts_of_other_receipts_do_not_fit(receipts: tuple[list[bytes], Any]) -> None:
    """Any member taken from another genuine receipt under the same head; only what is the same in both may be."""
    one, other = (json.loads(data) for data in receipts[0][:2])
    for name in one:
        mixed = one | {name: other[name]}
        assert accepted(canonical(mixed), receipts[1]) == (mixed == one or (name == "openings" and not other[name]))


def test_another_decisions_determination_does_not_fit(determined: Kept, receipts: tuple[list[bytes], Any]) -> None:
    """However genuine it is."""
    foreign = json.loads(determined[0])["determinations"]
    for data in receipts[0]:
        if not json.loads(data)["determinations"]:
            assert not accepted(canonical(json.loads(data) | {"determinations": foreign}), receipts[1])


def test_a_forged_determination_is_refused(determined: Kept) -> None:
    """Another answer with an envelope made to fit it: it is not in the log."""
    receipt = json.loads(determined[0])
    one = receipt["determinations"][-1]
    one["core"]["answer"] = "conditional"
    one["envelope"]["core"] = verify_receipt.digest(one["core"], SHA256)
    assert not accepted(canonical(receipt), determined[1])


def test_only_the_pinned_key_counts(small: Kept, tmp_path: Path) -> None:
    """Another key, no key, the right name with another's key."""
    data, keys = small
    other = LogKeys.open(tmp_path / "other", chance("other"))
    assert not accepted(data, dict(other.public))
    assert not accepted(data, {})
    assert not accepted(data, {next(iter(keys)): next(iter(other.public.values()))})


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\n", b"{}", b"[]", b"null", b"1", b'"x"', b"\xff", b"[" * 100_000, b"1e400", b"NaN", b"9" * 5_000,
        b'{"a":' * 3_000, b'{"format":1,"format":1}', b'"\\ud800"', b" " * (MOST_BYTES + 1),
    ],
    ids=range(16),
)  # fmt: skip
def test_what_is_no_receipt_is_refused(small: Kept, data: bytes) -> None:
    """Without a fault of the verifier's own."""
    assert not accepted(data, small[1])


def test_the_same_in_other_bytes_is_refused(small: Kept) -> None:
    """Spaces, another order, a mark at the beginning, another encoding, more ends of line."""
    data, keys = small
    said = json.loads(data)
    for other in (
        json.dumps(said, ensure_ascii=False).encode(), b"\xef\xbb\xbf" + data, data + b"\n", b"\n" + data, b" " + data,
        data.decode().encode("utf-16"), data.decode().encode("utf-16-le"), data[:-1] + b"\r\n",
        json.dumps({name: said[name] for name in reversed(said)}, separators=(",", ":")).encode(),
    ):  # fmt: skip
        assert not accepted(other, keys)


def test_before_its_number_there_is_no_receipt(tmp_path: Path) -> None:
    """Recorded, not numbered: ask again."""
    keys, store = LogKeys.open(tmp_path / "key", chance("k")), ledger_in(tmp_path)
    record(store, [made(1, keys)])
    with store.reading() as connection, pytest.raises(NotYet):
        receipt_of(connection, "leaf-000001")


def test_a_decision_is_found_by_the_beginning_of_its_id(home: Path, ids: list[str]) -> None:
    """If it is the beginning of one only."""
    from engine.errors import Missing

    with open_ledger().store.reading() as connection:
        assert leaf_row(connection, ids[0]).id == ids[0]
        for wrong in ("", ids[0][:3], "%", "_" * 36, "' OR 1=1", "0" * 36, ids[0][:8] + "%"):
            with pytest.raises(Missing):
                leaf_row(connection, wrong)


def test_erased_openings_leave_receipts_valid(home: Path, ids: list[str]) -> None:
    """What names the subject and its entries is gone, hashes stand, others' receipts are as they were."""
    keys = open_ledger().keys.public
    before = {one: json.loads(receipt_bytes(one)) for one in ids}
    subject = next(o["value"]["subject"] for o in before[ids[0]]["openings"] if o["handle"] == "p1")
    count = erase(subject, "依申请", "测试员")
    changed = 0
    for one in ids:
        data = receipt_bytes(one)
        assert accepted(data, dict(keys))
        after = json.loads(data)
        assert after["head"]["size"] > before[one]["head"]["size"], "that it was erased is in the log"
        assert _without_openings(after) == _without_openings(before[one])
        assert subject not in data.decode()
        changed += after["openings"] != before[one]["openings"]
        entries = {e["entry"]: e["of"] for e in before[one]["core"]["entries"]}
        gone = {o["handle"] for o in before[one]["openings"]} - {o["handle"] for o in after["openings"]}
        holders = {o["handle"] for o in before[one]["openings"] if o["value"].get("subject") == subject}
        assert gone == holders | {entry for entry, holder in entries.items() if holder in holders} & {
            o["handle"] for o in before[one]["openings"]
        }
    assert changed == count


def _without_openings(receipt: Any) -> list[Any]:
    """What erasing leaves as it was: content and envelope of the decision and of its determinations."""
    return [(one["core"], one["envelope"], one["number"]) for one in (receipt, *receipt["determinations"])]


def test_a_closed_receipt_names_nobody_and_passes(home: Path, ids: list[str]) -> None:
    """Proves when and what, not whom: neither the parties nor the officer."""
    keys = dict(open_ledger().keys.public)
    for one in ids:
        data = receipt_bytes(one, openings=False)
        assert accepted(data, keys)
        closed = json.loads(data)
        assert closed["openings"] == []
        assert all(determination["openings"] == [] for determination in closed["determinations"])
        assert "测试员" not in data.decode()


def test_a_determination_says_who_and_why_to_whom_may_see(determined: Kept) -> None:
    """Machine verdict and determinations apart; each determination opens its officer and grounds, provably its own."""
    data, keys = determined
    receipt = json.loads(data)
    assert receipt["core"]["verdict"] == "review"
    first, second = receipt["determinations"]
    assert [one["core"]["answer"] for one in (first, second)] == ["ineligible", "eligible"]
    assert second["core"]["supersedes"] == first["envelope"]["id"]
    for one, why in ((first, "理由"), (second, "另有理由")):
        shown = {opening["handle"]: opening["value"] for opening in one["openings"]}
        assert shown["officer"] == {"name": "测试员"}
        assert shown["grounds"]["reasons"] == why
    said = "\n".join(verify_receipt.told(receipt))
    assert said.index("the machine's verdict: review") < said.index("determined by a person: ineligible")
    assert said.index("另有理由") > said.index("determined by a person: eligible")
    swapped = deepcopy(receipt)
    swapped["determinations"][0]["openings"], swapped["determinations"][1]["openings"] = (
        second["openings"], first["openings"],
    )  # fmt: skip
    assert not accepted(canonical(swapped), keys)
    named = deepcopy(receipt)
    named["determinations"][0]["openings"][-1]["value"]["name"] = "他人"
    assert not accepted(canonical(named), keys)


def test_a_determinations_own_receipt(home: Path, ids: list[str]) -> None:
    """It is a leaf like any other."""
    keys = dict(open_ledger().keys.public)
    receipts = [json.loads(receipt_bytes(one)) for one in ids]
    for one in next(receipt for receipt in receipts if receipt["determinations"])["determinations"]:
        data = receipt_bytes(one["envelope"]["id"])
        assert accepted(data, keys)
        assert json.loads(data)["openings"] == one["openings"]
        assert "determined by a person" in "\n".join(verify_receipt.told(json.loads(data)))


def test_the_outsiders_file_stands_alone() -> None:
    """Standard library and cryptography only."""
    tree = ast.parse((ROOT / "verify_receipt.py").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= {*sys.stdlib_module_names, "cryptography"}


def test_the_outsiders_file_as_it_is_run(small: Kept, tmp_path: Path) -> None:
    """Exit code 0, 1, 2, by a file of keys and by fingerprint and key; from anywhere, with nothing of ours in reach."""
    data, keys = small
    ((name, key),) = keys.items()
    (tmp_path / "r.json").write_bytes(data)
    (tmp_path / "bad.json").write_bytes(data.replace(b"eligible", b"Eligible"))
    (tmp_path / "keys.json").write_text(json.dumps(keys))
    (tmp_path / "liar.json").write_text(json.dumps({"0" * 32: key}))

    def run(*words: str) -> tuple[int, str]:
        command = [sys.executable, "-I", str(ROOT / "verify_receipt.py"), *words]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout + done.stderr

    code, said = run("r.json", "--key", "keys.json")
    assert code == 0
    assert "genuine" in said
    assert "leaf-000004" in said
    assert run("r.json", "--key", f"{name}:{key}")[0] == 0
    code, said = run("bad.json", "--key", "keys.json")
    assert code == 1
    assert "NOT GENUINE: the decision is not the one in the envelope" in said
    for words in (
        ("none.json", "--key", "keys.json"), ("r.json", "--key", "none"), ("r.json", "--key", "liar.json"),
        ("r.json", "--key", "r.json"), ("r.json",), ("r.json", "--key", f"{name}:zz"), ("r.json", "--key", ":"),
    ):  # fmt: skip
        assert run(*words)[0] == 2, words
