"""A row of a list's file as an entry to be, whatever its form; every fault at once; no person's number anywhere."""

import logging
import pickle
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import FrozenInstanceError
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.calendar import read_when
from engine.errors import MemorandaError
from engine.inquiry import DATES
from engine.registry.faults import SAID, RowFault
from engine.registry.headings import columns_of
from engine.registry.rows import Incoming, reader_of
from engine.registry.sheets import open_sheet
from engine.vocabulary import FactType, Owner
from tests.registry.filing import (
    LIST,
    citizens_number,
    read_row,
    read_rows,
    refused,
    taken,
    unified,
    vocabulary,
    write_csv,
    write_json_lines,
    write_workbook,
)

AGAIN = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
SELDOM = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
PENALTIES = "administrative-penalties"
PERSON = citizens_number("11010519491231002")
CODE = unified(1)


def read_file(path: Path, list_code: str = LIST) -> list[Incoming | tuple[RowFault, ...]]:
    """A file's rows, as an import reads them."""
    with open_sheet(path) as sheet:
        read = reader_of(columns_of(sheet.headings, vocabulary(), list_code), vocabulary(), list_code)
        return [read(number, cells) for number, cells in sheet]


# -- what is kept


def test_a_row_by_example() -> None:
    """Every part of an entry, as the registry keeps it."""
    headings = ["名称", "统一社会信用代码", "组织机构代码", "主体类别", "文书号", "作出机关", "列入日期", "决定日期"]
    headings += ["禁止期起始日", "禁止期届满日", "处罚种类", "罚款金额（万元）", "备注"]
    row = [
        "某某（钟祥） 有限公司",
        CODE.lower(),
        CODE[8:17],
        "企业",
        "钟财罚〔2024〕1号",
        "钟祥市财政局",
        "2024年1月10日",
    ]
    row += ["2024-01-08 09:30", "20240110", "2025/1/9", "罚款", "0.5", "随便"]
    assert read_rows(headings, row) == [
        Incoming(
            row=2,
            name="某某（钟祥） 有限公司",
            code=CODE,
            other_codes=(("organisation-code", CODE[8:17]),),
            person="",
            kind="legal-person",
            dates={
                "listed": "2024-01-10", "decided": "2024-01-08T09:30:00+08:00",
                "ban_from": "2024-01-10", "ban_until": "2025-01-09",
            },
            facts={"penalty": "fine", "amount": 500_000},
            document="钟财罚〔2024〕1号",
            body="钟祥市财政局",
        )
    ]  # fmt: skip


def test_silence_is_kept_apart_from_not_knowing() -> None:
    """What a cell leaves open is not stated; what it says nobody knows is named."""
    row = {"名称": "甲", "统一社会信用代码": "", "文书号": "-", "罚款金额": "不详", "处罚种类": "/", "决定日期": "未知"}
    found = taken(row)
    assert (found.facts, found.dates, found.unknown) == ({}, {"listed": "2024-01-10"}, ("decided", "amount"))
    assert (found.code, found.document, found.kind) == ("", "", "")
    assert taken({"列入日期": "不详"}).unknown == ("listed",)


def test_a_natural_person_is_known_by_the_number_or_the_name() -> None:
    """The number is kept apart, for a moment; a masked one is none; the kind follows from the number."""
    found = taken({"名称": "张三", "统一社会信用代码": PERSON})
    assert (found.person, found.code, found.kind) == (PERSON, "", "natural-person")
    found = taken({"名称": "张三", "身份证号码": "110105********002X", "主体类别": "自然人"})
    assert (found.person, found.code, found.kind, found.name) == ("", "", "natural-person", "张三")
    assert taken({"名称": "张三", "身份证号码": PERSON, "主体类别": ""}).kind == "natural-person"


def test_a_fact_with_the_names_of_other_words_is_found_by_them() -> None:
    """A permit by its name, a place by its name; one that nobody knows is refused, for it would match nothing."""
    matter, place = vocabulary().matters["food-production"], vocabulary().jurisdictions["420881"]
    row = {"名称": "甲", "决定日期": "2024-01-10", "许可事项": matter.name.zh, "限定地域": place.name.zh}
    assert taken(row, PENALTIES).facts == {"permit_matter": "food-production", "territory": "420881"}
    assert taken({**row, "限定地域": "420881"}, PENALTIES).facts["territory"] == "420881"
    assert refused({**row, "许可事项": "某种没有的许可"}, PENALTIES) == ["R511"]


@pytest.mark.parametrize("list_code", sorted(vocabulary().lists))
def test_every_fact_of_every_list_is_read(list_code: str) -> None:
    """A value of the fact's type under its Chinese name."""
    words, record = vocabulary(), vocabulary().lists[list_code]
    facts = [fact for code, fact in words.facts.items() if fact.owner is Owner.ENTRY and record.carries(code)]
    samples = {FactType.MONEY: ("1.5", 150), FactType.COUNT: ("3", 3), FactType.FLAG: ("是", True)}
    samples[FactType.DATE] = ("2024年1月10日", "2024-01-10")
    row, wanted = {}, {}
    for fact in facts:
        if fact.code in DATES:
            continue
        closed = next(iter(fact.values), None) or {"permit_matter": "food-production", "territory": "420881"}.get(
            fact.code
        )
        row[fact.name.zh], wanted[fact.code] = samples.get(fact.type, (closed or "x", closed or "x"))
    assert taken(row, list_code).facts == wanted


# -- the same from every form of file

NAMES = st.text(st.sampled_from("甲乙丙丁公司（）厂·A1"), min_size=1, max_size=12).map(lambda text: f"公司{text}")
ROWS = st.lists(
    st.tuples(
        NAMES,
        st.integers(0, 10**8 - 1).map(unified) | st.none(),
        st.dates(date(1950, 1, 1), date(2190, 1, 1)),
        st.integers(0, 10**9),
        st.sampled_from(["罚款", "警告"]) | st.none(),
    ),
    min_size=1,
    max_size=5,
)


@AGAIN
@given(rows=ROWS, encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]), delimiter=st.sampled_from(",\t;"))
def test_every_form_of_file_gives_the_same_rows(rows: Any, encoding: str, delimiter: str, tmp_path: Path) -> None:
    """CSV in every encoding, JSON Lines, a workbook with texts, and one with real dates and numbers."""
    headings = ["名称", "统一社会信用代码", "列入日期", "罚款金额", "处罚种类"]
    texts = [headings, *([n, c, d.isoformat(), f"{fen / 100:.2f}", p] for n, c, d, fen, p in rows)]
    values = [headings, *([n, c, datetime(d.year, d.month, d.day), fen / 100, p] for n, c, d, fen, p in rows)]
    wanted = [
        Incoming(
            number, name, code or "", (), "", "", {"listed": day.isoformat()},
            ({"penalty": {"罚款": "fine", "警告": "warning"}[kind]} if kind else {}) | {"amount": fen}, "", "",
        )
        for number, (name, code, day, fen, kind) in enumerate(rows, 2)
    ]  # fmt: skip
    assert read_file(write_csv(tmp_path / "a.csv", texts, encoding, delimiter)) == wanted
    assert read_file(write_workbook(tmp_path / "a.xlsx", texts)) == wanted
    assert read_file(write_workbook(tmp_path / "b.xlsx", values)) == wanted
    lines = read_file(write_json_lines(tmp_path / "a.jsonl", texts, encoding))
    assert [taken_.dates | dict(taken_.facts) for taken_ in lines if isinstance(taken_, Incoming)] == [
        row.dates | dict(row.facts)
        for row in wanted  # type: ignore[operator]
    ]


def test_ragged_rows(tmp_path: Path) -> None:
    """Cells left out at the end are blank ones, blank ones too many are nothing, a full one too many shifts all."""
    path = tmp_path / "a.csv"
    path.write_text(
        "名称,列入日期,文书号,罚款金额\n甲,2024-01-10\n乙,2024-01-10,x,1,, \n丙,公司,2024-01-10,x,1\n丁\n", "utf-8"
    )
    first, second, third, last = read_file(path)
    assert isinstance(first, Incoming)
    assert (first.name, first.document, first.facts) == ("甲", "", {})
    assert isinstance(second, Incoming)
    assert second.facts == {"amount": 100}
    assert isinstance(third, tuple)
    assert (third[0].row, third[0].field, third[0].code) == (4, "", "R501")
    assert isinstance(last, tuple)
    assert [(fault.row, fault.field, fault.code) for fault in last] == [(5, "listed", "R503")]


# -- what is refused


def test_every_fault_of_a_row_is_said_at_once() -> None:
    """In the order of reading, each with its field and its way out."""
    headings = ["名称", "统一社会信用代码", "主体类别", "列入日期", "罚款金额", "处罚种类", "决定日期"]
    (found,) = read_rows(headings, ["a\x00b", CODE[:-1], "外星人", "", "很多", "罚", "2024-02-30"])
    assert isinstance(found, tuple)
    assert {(fault.field, fault.code) for fault in found} == {
        ("name", "R513"), ("code", "R517"), ("kind", "R511"), ("listed", "R503"), ("amount", "R508"),
        ("penalty", "R511"), ("decided", "R505"),
    }  # fmt: skip
    assert all((fault.row, fault.severity) == (2, "error") for fault in found)
    assert all(fault.zh and fault.en and len(fault.zh) < 200 for fault in found)


def test_a_row_that_names_nobody_is_refused() -> None:
    """No name and no number, or only a masked one."""
    assert refused({"名称": ""}) == ["R502"]
    assert refused({"名称": " ", "统一社会信用代码": "9142****1234"}) == ["R502"]
    assert refused({"名称": "", "统一社会信用代码": CODE}) == []


def test_a_ban_does_not_end_before_it_begins() -> None:
    """On one day it may."""
    row = {"名称": "甲", "禁止期起始日": "2024-01-10", "禁止期届满日": "2024-01-09"}
    assert refused(row) == ["R519"]
    assert refused({**row, "禁止期届满日": "2024-01-10"}) == []
    assert refused({**row, "禁止期起始日": ""}) == []


def test_a_whole_day_has_no_hour() -> None:
    """Its last minute is the day itself where something ends."""
    assert refused({"届满日期": "2024-12-31 12:00"}) == ["R507"]
    assert taken({"届满日期": "2024-12-31 23:59:59"}).dates["expires"] == "2024-12-31"
    assert refused({"禁止期起始日": "2024-12-31 23:59:59"}) == ["R507"]


def test_a_required_day_that_is_wrong_is_not_missing_too() -> None:
    """One fault for one cell."""
    assert refused({"列入日期": "x"}) == ["R504"]


@pytest.mark.parametrize("word", ["自然人", "natural-person", "个人", " 自 然 人 "])
def test_the_kind_is_read_by_its_words(word: str) -> None:
    """Of the forms, of the vocabulary; a blank is open; an unknown one refused."""
    assert taken({"主体类别": word}).kind == "natural-person"
    assert taken({"主体类别": "法人及非法人组织"}).kind == "legal-person"
    assert taken({"主体类别": ""}).kind == taken({"主体类别": "不详"}).kind == ""
    assert refused({"主体类别": "神仙"}) == ["R511"]


def test_warnings_do_not_refuse() -> None:
    """They stand with the entry."""
    found = taken({"统一社会信用代码": CODE, "身份证号码": PERSON})
    assert [(w.code, w.field, w.severity, w.row) for w in found.warnings] == [("R521", "person_number", "warning", 2)]
    assert found.person == ""


@given(
    st.lists(
        st.text(max_size=20) | st.integers() | st.floats() | st.none() | st.booleans() | st.datetimes(), max_size=12
    )
)
def test_any_row_is_taken_or_refused(cells: list[Any]) -> None:
    """Never an accident; what is taken is what an entry may be."""
    headings = ["名称", "统一社会信用代码", "列入日期", "届满日期", "罚款金额", "处罚种类", "情形项号", "文书号"]
    (found,) = read_rows(headings, cells)
    if isinstance(found, Incoming):
        assert all(read_when(text).text == text for text in found.dates.values())
        assert all(isinstance(value, int | str | bool) for value in found.facts.values())
    else:
        assert found
        assert all(len(fault.zh + fault.en + fault.help_zh + fault.help_en) < 700 for fault in found)


# -- persons' numbers

SHOWN = 8
OURS = [sentence for said in SAID.values() for sentence in said if sentence and "{" not in sentence]
NUMBERS = st.builds(
    lambda place, born, order: citizens_number(f"{place}{born:%Y%m%d}{order:03d}"),
    st.sampled_from(["110105", "420881", "510104", "810000"]),
    st.dates(date(1930, 1, 1), date(2015, 1, 1)),
    st.integers(0, 999),
)
HEADINGS = (
    "名称", "统一社会信用代码", "组织机构代码", "工商注册号", "身份证号码", "主体类别", "文书号", "作出机关",
    "列入日期", "决定日期", "届满日期", "禁止期起始日", "罚款金额", "处罚种类", "列入情形", "限定地域", "没有这一列",
)  # fmt: skip
SLIPS = st.sampled_from(
    [
        lambda n: n, lambda n: n, str.lower, lambda n: f"张三{n}", lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
        lambda n: f"{n[:6]}-{n[6:]}", lambda n: "".join(chr(ord(c) + 0xFEE0) for c in n), lambda n: n[:17],
        lambda n: n + "1", lambda n: n[:9] + n[10] + n[9] + n[11:], lambda n: n[:6] + n[8:17], lambda n: f"{n}、{n}",
        lambda n: f"\u200b{n[:3]}\u200b{n[3:]}",
    ]
)  # fmt: skip


def shows(text: str, number: str) -> bool:
    """Whether some characters of the number in a row stand in the text, in any width, with any marks between.

    Not counted: the sentences that are the same for every cell, which have days and amounts for examples.
    """
    for sentence in OURS:
        text = text.replace(sentence, "")
    plain = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text).upper())
    return any(number[at : at + SHOWN] in plain for at in range(len(number) - SHOWN + 1))


def told(found: Incoming | Sequence[RowFault]) -> str:
    """All that may be stored, logged or shown of a row: everything but the number that waits to be digested."""
    if not isinstance(found, Incoming):
        return f"{found!r}"
    return (
        f"{found!r} {found} {found.name} {found.document} {found.body} {found.facts} {found.dates} {found.other_codes}"
    )


@settings(max_examples=200)
@given(NUMBERS, st.sampled_from(HEADINGS), SLIPS, st.sampled_from(["", "自然人", "法人"]))
def test_a_persons_number_leaks_from_no_column(number: str, heading: str, slip: Any, kind: str) -> None:
    """In every column, whole or misspelt, in every writing: refused or set apart, and never repeated or kept.

    A misspelt one may be anything: where a text holds it that is no number of anybody, it is nobody's.
    """
    row = {"名称": "张三", "列入日期": "2024-01-10", "主体类别": kind}
    written = slip(number)
    found = read_row({**row, heading: written})
    misspelt = heading in ("文书号",) and number not in re.sub("[^0-9A-Z]", "", written.upper())
    if not misspelt:
        assert not shows(told(found), number), found
    if isinstance(found, Incoming) and found.person:
        assert found.person == number
        assert heading in ("统一社会信用代码", "组织机构代码", "工商注册号", "身份证号码")


@SELDOM
@given(number=NUMBERS, as_number=st.booleans())
def test_a_persons_number_leaks_from_no_file(
    number: str, as_number: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """In a cell of any column, in the headings, in broken files: messages, logs, both streams, and errors."""
    caplog.set_level(logging.DEBUG)
    cell: Any = int(number) if as_number and number.isdigit() else number
    tables = [
        [list(HEADINGS[:-1]), [cell] * (len(HEADINGS) - 1)],
        [[number, "名称", "列入日期"], ["甲", "乙", "2024-01-10"]],
        [[number, number]],
    ]
    said = []
    for at, table in enumerate(tables):
        for path in (
            write_csv(tmp_path / f"{at}.csv", table), write_workbook(tmp_path / f"{at}.xlsx", table),
            write_json_lines(tmp_path / f"{at}.jsonl", table), broken(tmp_path / f"{at}b.csv", f'"名称{number}'),
            broken(tmp_path / f"{at}b.jsonl", f'{{"名称": {number}'),
            broken(tmp_path / f"{at}c.csv", f"名称,b\n{number},\x00"),
        ):  # fmt: skip
            try:
                with open_sheet(path) as sheet:
                    said.append(f"{sheet.notes}")
                    columns = columns_of(sheet.headings, vocabulary(), LIST)
                    said.append(f"{columns.notes}")
                    read = reader_of(columns, vocabulary(), LIST)
                    said += [told(read(row, cells)) for row, cells in sheet]
            except MemorandaError as error:
                said.append(f"{error!r} {error.args} {error.zh} {error.en} {getattr(error, 'faults', '')}")
    out = capfd.readouterr()
    assert len(said) >= 18
    for text in (*said, out.out, out.err, caplog.text):
        assert not shows(text, number), text


def broken(path: Path, text: str) -> Path:
    """A file that cannot be read."""
    path.write_text(text, "utf-8")
    return path


def test_an_incoming_row_hides_the_number_and_does_not_change() -> None:
    """In its text; but two persons of one name are two rows, and a worker may be handed one."""
    one, other = taken({"身份证号码": PERSON}), taken({"身份证号码": citizens_number("11010519491231003")})
    assert PERSON not in repr(one) + str(one) + f"{one}"
    assert one != other
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(FrozenInstanceError):
        one.person = ""  # type: ignore[misc]
