"""Whatever file comes: the same table out of every format and encoding, and a plain word for every broken one."""

import hashlib
import json
import os
import struct
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import Missing, RefusedInput
from engine.registry import lines, sheets
from engine.registry.sheets import digest, open_sheet
from tests.registry.filing import csv_bytes, shared_texts, table_of, write_csv, write_json_lines, write_workbook

TABLE = [["名称", "文书号", "列入日期"], ["甲公司", "财罚〔2024〕1号", "2024-01-10"], ["乙（钟祥）厂", "", "2024/1/11"]]
# Chinese, rare characters, full-width forms, quotes, delimiters, blanks and line ends in a cell.
LETTERS = st.sampled_from("公司名单一二三０１Ａａ（）〔〕、。ab12,;\t\"'= \n\r𠮷㐀é-_/") | st.characters(
    codec="utf-8", exclude_categories=["Cs", "Cc", "Co", "Cn"]
)
CELLS = st.text(LETTERS, max_size=12)
TABLES = (
    st.integers(2, 6)
    .flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=5))
    .map(lambda rows: [[f"列{n}" for n in range(len(rows[0]) if rows else 2)], *rows])
)
SAME_FOLDER = [HealthCheck.function_scoped_fixture]
AGAIN = settings(suppress_health_check=SAME_FOLDER)
SELDOM = settings(suppress_health_check=SAME_FOLDER, max_examples=20)


def said(path: Path) -> str:
    """The code of the refusal, now or at a row; nothing if the file is read to its end."""
    try:
        table_of(path)
    except RefusedInput as refusal:
        fault = refusal.faults[0]
        assert fault.zh
        assert fault.en
        assert len(fault.zh) < 200
        return fault.code
    return ""


def put(path: Path, data: bytes | str) -> Path:
    """A file of these bytes."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


# -- the same table out of every file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_every_encoding_and_delimiter(encoding: str, delimiter: str, tmp_path: Path) -> None:
    """UTF-8 with and without its mark, GB18030; comma, tab, semicolon."""
    assert table_of(write_csv(tmp_path / "a.csv", TABLE, encoding, delimiter)) == TABLE


@AGAIN
@given(table=TABLES, encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]), delimiter=st.sampled_from(",\t;"))
def test_csv_gives_back_what_was_written(table: Any, encoding: str, delimiter: str, tmp_path: Path) -> None:
    """Quotes, delimiters and line ends inside cells; only rows without any content are passed over."""
    wanted = [table[0], *(row for row in table[1:] if any(row))]
    assert table_of(write_csv(tmp_path / "a.csv", table, encoding, delimiter)) == wanted


@AGAIN
@given(table=TABLES, encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_json_lines_give_back_what_was_written(table: Any, encoding: str, tmp_path: Path) -> None:
    """One object a line; a table without rows has no line and says so."""
    path = write_json_lines(tmp_path / "a.jsonl", table, encoding)
    if len(table) == 1:
        assert said(path) in ("R303", "R313")  # a byte order mark may stand alone
    else:
        assert table_of(path) == table


@pytest.mark.parametrize("shared", [False, True])
def test_a_workbook_keeps_its_texts_either_way(shared: bool, tmp_path: Path) -> None:
    """In the cell, or in a table of their own."""
    path = write_workbook(tmp_path / "a.xlsx", TABLE)
    rows = table_of(shared_texts(path) if shared else path)
    assert [[cell or "" for cell in row] for row in rows] == TABLE


@SELDOM
@given(table=TABLES)
def test_a_workbook_gives_back_what_was_written(table: Any, tmp_path: Path) -> None:
    """An empty cell is None; a carriage return is XML's line end."""
    wanted = [[cell.replace("\r\n", "\n").replace("\r", "\n") or None for cell in row] for row in table]
    wanted = [wanted[0], *(row for row in wanted[1:] if any(row))]
    assert table_of(write_workbook(tmp_path / "a.xlsx", table)) == wanted


def test_a_workbook_keeps_numbers_and_dates(tmp_path: Path) -> None:
    """A day as datetime, money as a number, a code as text."""
    row = ["甲", 1234.5, 20240110, datetime(2024, 1, 10), date(2024, 1, 11), True]
    path = write_workbook(tmp_path / "a.xlsx", [["名称", "a", "b", "c", "d", "e"], row])
    assert table_of(path)[1] == ["甲", 1234.5, 20240110, datetime(2024, 1, 10), datetime(2024, 1, 11), True]


def test_bare_numbers_of_a_workbook_counting_from_1904_are_texts(tmp_path: Path) -> None:
    """A number that may be a day must not be read four years wrong; a formatted date is right as it is."""
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    table = [["名称", "列入日期", "决定日期"], ["甲", 43_839, datetime(2024, 1, 10)]]
    path = write_workbook(tmp_path / "a.xlsx", table, epoch=CALENDAR_MAC_1904)
    assert table_of(path)[1] == ["甲", "43839", datetime(2024, 1, 10)]


def test_a_json_number_keeps_every_digit(tmp_path: Path) -> None:
    """Eighteen digits are a code; true and null stay what they are."""
    path = put(tmp_path / "a.jsonl", '{"a": 911000001000013428, "b": 1.10, "c": true, "d": null, "e": 1e400}')
    assert table_of(path)[1] == ["911000001000013428", "1.10", True, None, "1e400"]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path: Path) -> None:
    """The heading is row 1, blank rows and line ends inside a cell count as one row does."""
    table = [["名称", "b"], ["甲\n厂", "1"], ["", ""], [None, None], ["乙", "2"]]
    for path in (write_csv(tmp_path / "a.csv", table), write_workbook(tmp_path / "a.xlsx", table)):
        with open_sheet(path) as sheet:
            assert [number for number, _ in sheet] == [2, 5], path.suffix


def test_a_title_above_the_headings_is_no_heading(tmp_path: Path) -> None:
    """Lists of offices begin with one; the headings are the first row with two cells."""
    table = [["某市失信主体名单", None], [None, None], ["名称", "列入日期"], ["甲", "2024-01-10"]]
    for path in (write_csv(tmp_path / "a.csv", table), write_workbook(tmp_path / "a.xlsx", table)):
        with open_sheet(path) as sheet:
            assert sheet.headings == ("名称", "列入日期")
            assert [number for number, _ in sheet] == [4]


def test_a_table_of_one_column_begins_with_its_heading(tmp_path: Path) -> None:
    """More rows than are looked at for a heading."""
    table = [["名称"], *([f"公司{n}"] for n in range(30))]
    assert table_of(write_csv(tmp_path / "a.csv", table)) == table


def test_headings_alone_are_a_table_without_rows(tmp_path: Path) -> None:
    """That is for the import to judge."""
    assert table_of(write_csv(tmp_path / "a.csv", TABLE[:1])) == TABLE[:1]
    assert table_of(write_workbook(tmp_path / "a.xlsx", TABLE[:1])) == TABLE[:1]


def test_the_first_visible_sheet_with_content_is_read_and_the_others_named(tmp_path: Path) -> None:
    """A hidden sheet holds choices for a form; another visible one may hold more rows, so it is spoken of."""
    path = write_workbook(tmp_path / "a.xlsx", [["秘", "密"], [1, 2]], [], TABLE, TABLE, [], hidden=[0])
    with open_sheet(path) as sheet:
        assert list(sheet.headings) == TABLE[0]
        assert [note.code for note in sheet.notes] == ["R316"]
        assert "表3" in sheet.notes[0].zh
        assert "表4" in sheet.notes[0].zh
        assert "表5" not in sheet.notes[0].zh


def test_empty_columns_behind_the_last_heading_are_cut_and_full_ones_kept(tmp_path: Path) -> None:
    """What stands there must be seen by whoever reads the row."""
    table = [["名称", "b", None, "  "], ["甲", "1", None, None], ["乙", "2", None, "多"]]
    rows = table_of(write_workbook(tmp_path / "a.xlsx", table))
    assert rows[:2] == [["名称", "b"], ["甲", "1"]]
    assert rows[2][:4] == ["乙", "2", None, "多"]


def test_the_position_runs_to_the_end(tmp_path: Path) -> None:
    """Never back, never past the whole; at the end it is the whole, also once the file is closed."""
    table = [["名称", "b"], *([hashlib.sha512(b"%d" % n).hexdigest() * 3, str(n)] for n in range(2000))]
    paths = (
        write_csv(tmp_path / "a.csv", table),
        write_json_lines(tmp_path / "a.jsonl", table),
        write_workbook(tmp_path / "a.xlsx", table),
    )
    for path in paths:
        with open_sheet(path) as sheet:
            seen = [sheet.position() for _ in sheet]
        seen.append(sheet.position())
        shares = [done / whole for done, whole in seen]
        assert shares == sorted(shares), path.suffix
        assert shares[-1] == 1
        assert shares[0] < 0.9


@pytest.mark.slow
def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    """Thirty megabytes pass through; the part that is looked at first is all that is ever held."""
    row = b"91990000000000000X,\xe7\x94\xb2" + b"y" * 150 + b"\n"
    path = put(tmp_path / "a.csv", b"code,name\n" + row * 170_000)
    tracemalloc.start()
    with open_sheet(path) as sheet:
        count = sum(1 for _ in sheet)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 170_000
    assert peak < 8 << 20


def test_digest_is_of_the_bytes(tmp_path: Path) -> None:
    """SHA-256, as `sha256sum` prints it."""
    path = put(tmp_path / "a", b"abc")
    assert digest(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_what_a_file_is_goes_by_its_content(tmp_path: Path) -> None:
    """A workbook under another name; objects without the usual ending; a CSV in capitals."""
    assert table_of(write_workbook(tmp_path / "a.csv.xlsx", TABLE).rename(tmp_path / "b.csv"))[0] == TABLE[0]
    assert table_of(put(tmp_path / "list.txt", '\n {"名称": "甲"}\n\n{"名称": "乙"}\n')) == [["名称"], ["甲"], ["乙"]]
    assert table_of(write_csv(tmp_path / "LIST.CSV", TABLE)) == TABLE


# -- files that cannot be read


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    """Also a name no system can have."""
    for path in (tmp_path / "none.csv", Path("a\0b"), tmp_path / ("x" * 300)):
        with pytest.raises(Missing):
            open_sheet(path)
        with pytest.raises(Missing):
            digest(path)


def test_a_folder_or_a_pipe_is_no_list(tmp_path: Path) -> None:
    """A pipe would never answer."""
    os.mkfifo(tmp_path / "pipe")
    assert said(tmp_path) == said(tmp_path / "pipe") == "R301"


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.jsonl", "a"])
def test_an_empty_file_is_named_so(name: str, tmp_path: Path) -> None:
    """No byte at all."""
    assert said(put(tmp_path / name, b"")) == "R303"


@pytest.mark.parametrize("data", ["\n\n", "\ufeff\n", ",,\n,,\n"])
def test_a_file_without_content_is_named_so(data: str, tmp_path: Path) -> None:
    """Line ends and delimiters are nothing."""
    assert said(put(tmp_path / "a.csv", data)) == "R313"
    assert said(write_workbook(tmp_path / "a.xlsx", [])) == "R313"


@pytest.mark.parametrize("at", [0, 30, 400_000])
def test_nul_bytes_are_no_text(at: int, tmp_path: Path) -> None:
    """At the beginning and far behind it."""
    data = csv_bytes([*TABLE, *[TABLE[1]] * 20_000])
    assert said(put(tmp_path / "a.csv", data[:at] + b"\0" + data[at:])) == "R304"
    late = data * 3
    assert said(put(tmp_path / "a.csv", late + b"a\0,b,c\n")) == "R304"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_refused(encoding: str, tmp_path: Path) -> None:
    """Excel's `Unicode text`; without its mark it is full of NUL bytes."""
    wanted = "R305" if encoding in ("utf-16", "utf-32") else "R304"
    assert said(write_csv(tmp_path / "a.csv", TABLE, encoding)) == wanted


@pytest.mark.parametrize("filler", [0, 30_000])
@pytest.mark.parametrize("headings", [TABLE[0], ["name", "document", "listed"]])
def test_two_encodings_in_one_file_are_refused_at_the_line(filler: int, headings: list[str], tmp_path: Path) -> None:
    """Before and behind the part that is looked at first; nothing is read as nonsense."""
    first = csv_bytes([headings, *TABLE[1:], *[TABLE[1]] * filler])
    path = put(tmp_path / "a.csv", first + csv_bytes([TABLE[1]], "gb18030") + csv_bytes(TABLE[1:]))
    with pytest.raises(RefusedInput) as refused:
        table_of(path)
    assert (refused.value.faults[0].code, refused.value.faults[0].place.line) == ("R306", 4 + filler)
    assert refused.value.__suppress_context__  # the error behind it holds the file's bytes


def test_utf_8_behind_gb18030_is_refused_or_unknown(tmp_path: Path) -> None:
    """The other way round a late odd number of bytes shows it."""
    data = csv_bytes([TABLE[0], *[TABLE[1]] * 40_000], "gb18030") + "名称单位,b,c\n一,b,c".encode()
    assert said(put(tmp_path / "a.csv", data)) == "R306"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("shift", range(4))
def test_a_character_may_stand_across_the_part_that_is_looked_at(encoding: str, shift: int, tmp_path: Path) -> None:
    """One MiB ends in the middle of a character of three bytes, or of four: still the same encoding."""
    first = csv_bytes([["名称", "b"], ["公司", "1"]], encoding)
    fill = b"x" * ((1 << 20) - len(first) - 5 - shift - 2) + b",2\r\n"
    path = put(
        tmp_path / "a.csv",
        first + fill.replace(b"x" * 90_000, b"x" * 89_997 + b",y\n") + csv_bytes([["㐀𠮷乙丙", "3"]], encoding),
    )
    assert table_of(path)[-1] == ["㐀𠮷乙丙", "3"]


def test_json_lines_with_another_encoding_further_down(tmp_path: Path) -> None:
    """The line is named there too."""
    lines_ = ['{"名称": "甲公司"}\n' * 60_000, '{"名称": "乙公司"}\n']
    path = put(tmp_path / "a.jsonl", lines_[0].encode() + lines_[1].encode("gb18030"))
    with pytest.raises(RefusedInput) as refused:
        table_of(path)
    assert refused.value.faults[0].place.line == 60_001


@pytest.mark.parametrize(
    "text",
    [
        '名称,b\n"甲,1\n乙,2\n',
        '名称,b\n"甲"乙,1\n',
        '名称,b\n甲,"1\n' + "x" * 140_000 + '"\n',
        "名称,b\n甲," + "x" * 140_000,
    ],
)
def test_broken_quotes_and_giant_cells_are_refused_at_the_row(text: str, tmp_path: Path) -> None:
    """A quote nobody closed would take the rest of the file into one cell."""
    with pytest.raises(RefusedInput) as refused:
        table_of(put(tmp_path / "a.csv", text))
    assert (refused.value.faults[0].code, refused.value.faults[0].place.line) == ("R307", 2)


@pytest.mark.parametrize("piece", [b"x" * 100, b'"a\n",', b"{"])
def test_a_row_without_an_end_does_not_gather_the_file(
    piece: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line, or one record of ever new cells, past what a row may take."""
    monkeypatch.setattr(lines, "MOST_ROW", 1 << 20)
    assert said(put(tmp_path / "a.csv", b"a,b\n1,2\n" + piece * (3 * (1 << 20) // len(piece)))) in ("R308", "R307")


def test_a_file_past_its_bound_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its size, before anything is read."""
    monkeypatch.setattr(lines, "MOST_BYTES", 40)
    assert said(write_csv(tmp_path / "a.csv", TABLE)) == "R302"


def test_more_columns_than_anybody_needs_are_refused(tmp_path: Path) -> None:
    """200 are taken in every format, 201 in none."""
    for width, wanted in ((200, ""), (201, "R309")):
        table = [[f"列{n}" for n in range(width)], ["x"] * width]
        assert said(write_csv(tmp_path / "a.csv", table)) == wanted
        assert said(write_json_lines(tmp_path / "a.jsonl", table)) == wanted
        assert said(write_workbook(tmp_path / "a.xlsx", table)) == wanted


@pytest.mark.parametrize(
    "data",
    [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"<html><table><tr><td>", b"\xef\xbb\xbf\n <?xml version"],
)
@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.csv"])
def test_old_workbooks_and_web_pages_are_named_so(data: bytes, name: str, tmp_path: Path) -> None:
    """An encrypted XLSX has the old frame too."""
    assert said(put(tmp_path / name, data)) == "R310"


# -- JSON Lines


@pytest.mark.parametrize(
    "line",
    [
        "[1]", "1", '"a"', '{"a": 1', '{"a": 1} {"a": 2}', '{"a": {"b": 1}}', '{"a": [1]}', '{"a": 1, "a": 2}',
        '{"a": NaN}', '{"a": Infinity}', "{'a': 1}", '{"a": 1}x', "[" * 100_000, '{"a": ' * 100_000,
    ],
)  # fmt: skip
def test_a_line_that_is_no_plain_object_is_refused_at_its_line(line: str, tmp_path: Path) -> None:
    """Nested, doubled, cut off, or very deep."""
    with pytest.raises(RefusedInput) as refused:
        table_of(put(tmp_path / "a.jsonl", '{"a": 1}\n\n' + line + "\n"))
    assert (refused.value.faults[0].code, refused.value.faults[0].place.line) == ("R314", 3)


def test_keys_are_those_of_the_first_line(tmp_path: Path) -> None:
    """Fewer are blanks in any order; another one is refused where it stands, and a number in it is not repeated."""
    first = json.dumps({"名称": "甲", "b": 1})
    assert table_of(put(tmp_path / "a.jsonl", first + '\n{"b": 2}\n{"b": 3, "名称": "乙"}')) == [
        ["名称", "b"],
        ["甲", "1"],
        [None, "2"],
        ["乙", "3"],
    ]
    with pytest.raises(RefusedInput) as refused:
        table_of(put(tmp_path / "a.jsonl", first + '\n{"11010519491231002X": 2}'))
    fault = refused.value.faults[0]
    assert (fault.code, fault.place.line) == ("R315", 2)
    assert "1105" not in fault.zh + fault.en


# -- workbooks


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """Twenty megabytes of nothing in twenty kilobytes."""
    path = write_workbook(tmp_path / "a.xlsx", TABLE)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/a.bin", b"\0" * (20 << 20))
    assert said(path) == "R312"


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All parts together, and one part that would be read whole."""
    path = shared_texts(write_workbook(tmp_path / "a.xlsx", TABLE))
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 5000)
    assert said(path) == "R312"
    monkeypatch.undo()
    monkeypatch.setattr(sheets, "MOST_TEXTS", 10)
    assert said(path) == "R312"


def rezipped(path: Path, name: str, change: Any) -> Path:
    """The workbook with one part changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, change(data) if part == name else data)
    return path


def test_entities_that_multiply_do_not(tmp_path: Path) -> None:
    """A billion laughs in the table of texts: expat stops them, and the workbook is called broken."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    dtd = f'<!DOCTYPE x [<!ENTITY l0 "{"ha" * 50}">{laughs}]>'.encode()
    path = shared_texts(write_workbook(tmp_path / "a.xlsx", TABLE))
    assert table_of(path)[1][0] == "甲公司"
    rezipped(
        path,
        "xl/sharedStrings.xml",
        lambda data: data.replace(b"<sst", dtd + b"<sst", 1).replace(b"<t>", b"<t>&l11;", 1),
    )
    assert said(path) == "R311"


def broken_workbooks(path: Path) -> Iterator[Path]:
    """The same workbook broken in many ways."""
    good = shared_texts(write_workbook(path, TABLE)).read_bytes()
    for size in (4, 100, len(good) // 2, len(good) - 1):
        yield put(path, good[:size])
    for name in (
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "[Content_Types].xml",
    ):
        for change in (
            lambda data: b"",
            lambda data: data[: len(data) // 2],
            lambda data: b"\xff" * 50,
            lambda data: b"<a/>",
        ):
            put(path, good)
            yield rezipped(path, name, change)
    put(path, good)
    yield rezipped(path, "xl/worksheets/sheet1.xml", lambda data: data.replace(b"<v>0</v>", b"<v>999</v>"))
    yield put(path, good.replace(b"PK\x01\x02", b"PK\x01\x03"))
    yield put(path, b"PK\x03\x04" + b"x" * 1000)


def test_a_broken_workbook_is_refused_and_never_a_traceback(tmp_path: Path) -> None:
    """Cut off, parts gone, parts of something else, texts that are not there. Some breaks leave an empty one."""
    codes = [said(path) for path in broken_workbooks(tmp_path / "a.xlsx")]
    assert set(codes) <= {"R311", "R313", ""}
    assert codes.count("R311") > len(codes) // 2
    assert said(put(tmp_path / "b.xlsx", "名称,b\n")) == "R311"


@SELDOM
@given(at=st.floats(0, 1), byte=st.integers(0, 255))
def test_a_flipped_byte_is_no_accident(at: float, byte: int, tmp_path: Path) -> None:
    """Anywhere in a workbook: it is read, or refused."""
    good = write_workbook(tmp_path / "a.xlsx", TABLE).read_bytes()
    place = int(at * (len(good) - 1))
    assert said(put(tmp_path / "b.xlsx", good[:place] + bytes([byte]) + good[place + 1 :])) in (
        "",
        "R310",
        "R311",
        "R312",
        "R313",
    ) + (("R304", "R306") if place < 4 else ())


def test_a_wrong_dimension_hides_no_columns(tmp_path: Path) -> None:
    """Some programs write A1 for every sheet."""
    path = write_workbook(tmp_path / "a.xlsx", TABLE)
    rezipped(path, "xl/worksheets/sheet1.xml", lambda data: data.replace(b'ref="A1:C3"', b'ref="A1"'))
    assert [row[0] for row in table_of(path)] == [row[0] for row in TABLE]
    assert table_of(path)[1][2] == "2024-01-10"


@pytest.mark.slow
@pytest.mark.parametrize(("row", "wanted"), [("1048576", ""), ("1048577", "R311"), ("999999999999", "")])
def test_a_row_far_down_is_found_without_counting_for_ever(row: str, wanted: str, tmp_path: Path) -> None:
    """The last row a spreadsheet has is read; one below it is no spreadsheet's."""
    path = write_workbook(tmp_path / "a.xlsx", TABLE)
    mark = f'r="{row}"'.encode()
    rezipped(path, "xl/worksheets/sheet1.xml", lambda data: data.replace(b'<row r="3"', b"<row " + mark))
    assert said(path) == wanted


def test_one_length_of_a_part_may_lie(tmp_path: Path) -> None:
    """A part that says it unpacks to ten bytes is read no further than that, and then does not fit its check sum."""
    path = write_workbook(tmp_path / "a.xlsx", TABLE)
    data = bytearray(path.read_bytes())
    at = data.index(b"xl/worksheets/sheet1.xml", data.index(b"PK\x01\x02")) - 46
    struct.pack_into("<I", data, at + 24, 10)
    assert said(put(path, bytes(data))) == "R311"
