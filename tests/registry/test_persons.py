"""Natural persons: found again by a keyed digest, never by a number that anything kept, showed or repeated."""

import hmac
import json
import pickle
import threading
import traceback
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from engine.errors import Unavailable
from engine.identity import WrongCode
from engine.registry.persons import KEY_BYTES, PersonKeys, masked, masked_name


def citizens_number(body: str) -> str:
    """The number of nobody in particular: 17 digits and their check character."""
    return body + str(ric.calc_check_digit(body + "?"))


NUMBER = citizens_number("42088119900307011")
NUMBERS = st.builds(
    lambda region, day, order: citizens_number(f"{region}{day:%Y%m%d}{order:03d}"),
    st.sampled_from(["110101", "310101", "420881", "440305", "830000"]),
    st.dates(date(1930, 1, 1), date(2020, 1, 1)),
    st.integers(0, 999),
)


def fixed(*letters: str):
    """Chance that gives these, one key after the other."""
    keys = iter(letters)
    return lambda size: next(keys).encode() * size


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the key file will be."""
    return tmp_path / "keys" / "identity.key"


@pytest.fixture
def keys(path: Path) -> PersonKeys:
    """Keys made at first start."""
    return PersonKeys.open(path, fixed("a"))


def test_a_first_start_makes_a_key_for_its_owner_only(keys: PersonKeys, path: Path) -> None:
    """File 0600, folder 0700, nothing else left in it; the next start reads the same."""
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    again = PersonKeys.open(path, fixed())
    assert again.key_id == keys.key_id
    assert again.digest(NUMBER) == keys.digest(NUMBER)
    written = json.loads(path.read_text())
    assert written == {"keys": [{"id": keys.key_id, "key": "61" * KEY_BYTES}]}


def test_the_digest_is_what_a_stock_tool_computes(keys: PersonKeys) -> None:
    """HMAC-SHA256 of the 18 characters."""
    assert keys.digest(NUMBER) == f"person:{keys.key_id}:{hmac.new(b'a' * 32, NUMBER.encode(), 'sha256').hexdigest()}"


@given(NUMBERS, NUMBERS, st.sampled_from([str.lower, lambda n: f" {n[:6]} {n[6:14]}-{n[14:]}\n", str.swapcase]))
def test_a_person_has_one_digest_however_the_number_is_written(one: str, other: str, written) -> None:
    """Blanks, hyphens, a small x, full width; another number has another."""
    keys = PersonKeys(Path("nowhere"), [b"k" * 32])
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in one)
    assert keys.digest(written(one)) == keys.digest(wide) == keys.digest(one)
    assert (keys.digest(one) == keys.digest(other)) is (one == other)


def test_an_old_number_of_15_digits_is_the_same_person(keys: PersonKeys) -> None:
    """Until 1999 they had neither century nor check character."""
    assert keys.digest(NUMBER[:6] + NUMBER[8:17]) == keys.digest(NUMBER)


def test_another_installation_has_other_digests(keys: PersonKeys, tmp_path: Path) -> None:
    """So that lists cannot be joined across them."""
    other = PersonKeys.open(tmp_path / "other" / "identity.key", fixed("b"))
    assert other.digest(NUMBER).split(":")[1:] != keys.digest(NUMBER).split(":")[1:]


def test_after_a_rotation_a_person_is_still_found(keys: PersonKeys, path: Path) -> None:
    """New digests under the new key, the old one among those looked for; also after a restart, and once more."""
    old = keys.digest(NUMBER)
    rotated = keys.rotate(fixed("b"))
    assert rotated.digest(NUMBER) != old
    assert rotated.digests(NUMBER) == (rotated.digest(NUMBER), old)
    twice = rotated.rotate(fixed("c"))
    assert PersonKeys.open(path, fixed()).digests(NUMBER) == twice.digests(NUMBER)
    assert twice.digests(NUMBER)[1:] == rotated.digests(NUMBER)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_rotation_takes_in_what_another_process_wrote(keys: PersonKeys, path: Path) -> None:
    """The file counts, not what was read at start: no key is ever lost."""
    late = PersonKeys.open(path, fixed())
    keys.rotate(fixed("b"))
    assert len(late.rotate(fixed("c")).digests(NUMBER)) == 3


def test_chance_that_repeats_itself_rotates_nothing(keys: PersonKeys, path: Path) -> None:
    """Such a source is broken; the file stays as it was."""
    before = path.read_bytes()
    with pytest.raises(ValueError, match="no two the same"):
        keys.rotate(fixed("a"))
    with pytest.raises(ValueError, match="32 bytes"):
        keys.rotate(lambda size: b"short")
    assert path.read_bytes() == before


def test_several_first_starts_at_once_agree(path: Path) -> None:
    """One of them makes the key, all have it."""
    found: list[str] = []
    chances = [fixed(letter) for letter in "abcdefgh"]
    threads = [threading.Thread(target=lambda c=c: found.append(PersonKeys.open(path, c).key_id)) for c in chances]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({*found}) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_open_to_others_is_refused(keys: PersonKeys, path: Path, mode: int) -> None:
    """With the command that mends it, also for a rotation."""
    path.chmod(mode)
    for use in (lambda: PersonKeys.open(path, fixed()), lambda: keys.rotate(fixed("b"))):
        with pytest.raises(Unavailable) as caught:
            use()
        assert f"{mode:04o}" in caught.value.en
        assert f"chmod 600 '{path}'" in caught.value.help_zh
    path.chmod(0o600)
    assert PersonKeys.open(path, fixed()).key_id == keys.key_id


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o711, 0o770])
def test_a_folder_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    """Before a key is put into it."""
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(Unavailable) as caught:
        PersonKeys.open(folder / "identity.key", fixed("a"))
    assert f"chmod 700 '{folder}'" in caught.value.help_en
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"keys": []}',
        '{"keys": [{"id": "00000000", "key": "61"}]}',
        '{"keys": [{"id": "00000000", "key": "' + "61" * 32 + '"}]}',
        '{"keys": [{"key": "' + "61" * 32 + '"}]}',
        '{"keys": "61"}',
        "x" * 100_000,
    ],
)
def test_a_damaged_file_is_refused_and_left_alone(keys: PersonKeys, path: Path, text: str) -> None:
    """A new key in its place would lose every person; the message repeats nothing of it."""
    path.write_text(text)
    with pytest.raises(Unavailable) as caught:
        PersonKeys.open(path, fixed("b"))
    assert "damaged" in caught.value.en
    assert "61" * 32 not in f"{caught.value}{caught.value.zh}{caught.value.help_en}"
    assert path.read_text() == text


def test_what_is_no_file_is_refused(tmp_path: Path, keys: PersonKeys, path: Path) -> None:
    """A link to another file, a folder in its place, a file in the folder's place."""
    link = path.with_name("link.key")
    link.symlink_to(path)
    (path.parent / "folder.key").mkdir()
    for wrong in (link, path.parent / "folder.key", path / "identity.key"):
        with pytest.raises(Unavailable):
            PersonKeys.open(wrong, fixed("b"))


@pytest.mark.parametrize(
    "wrong",
    [
        NUMBER[:17],
        NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1"),
        "42088119901332011X",
        "",
        "张三",
        "91990000000000000I",
    ],
)
def test_what_is_no_citizens_number_is_refused_unrepeated(keys: PersonKeys, wrong: str) -> None:
    """Neither in the message nor anywhere in the chain of causes."""
    with pytest.raises(WrongCode) as caught:
        keys.digest(wrong)
    told = "".join(traceback.format_exception_only(caught.value)) + caught.value.zh + caught.value.en
    assert not wrong or wrong not in told
    assert caught.value.__cause__ is None


def test_nothing_shows_a_key(keys: PersonKeys) -> None:
    """Neither repr nor format; and a copy out of the process is refused."""
    shown = f"{keys!r} {keys} {keys.rotate(fixed('b'))!r}"
    assert keys.key_id in shown
    for key in (b"a" * 32, b"b" * 32):
        assert key.hex() not in shown
        assert repr(key) not in shown
    with pytest.raises(TypeError):
        pickle.dumps(keys)


@given(NUMBERS)
def test_a_mask_shows_province_and_end(number: str) -> None:
    """Not birth, not county."""
    assert masked(number) == f"{number[:2]}{'＊' * 14}{number[-2:]}"
    assert masked(f" {number[:6]} {number[6:]}") == masked(number)


@pytest.mark.parametrize(
    ("number", "shown"), [("", ""), ("1234", "＊＊＊＊"), ("G1234567", "＊" * 8), ("EA1234567", "EA＊＊＊＊＊67")]
)
def test_a_short_number_is_hidden_whole(number: str, shown: str) -> None:
    """Of a passport's nine characters four may show."""
    assert masked(number) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三", "张＊"), ("欧阳明日", "欧＊"), (" 阿依古丽·买买提", "阿＊"), ("𠮷野", "𠮷＊"), ("", "＊")],
)
def test_a_name_shows_its_first_character(name: str, shown: str) -> None:
    """And not how long it is."""
    assert masked_name(name) == shown
