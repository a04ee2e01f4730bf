"""The parties of a tender as people paste and upload them: read right, or explained by the line."""

import io
import zipfile

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]
from starlette.datastructures import UploadFile

from api.web.tenders.exports import form_of
from api.web.tenders.lines import STARS, Line, in_file, pasted, without_citizens
from api.web.tenders.parties import Parties, read_parties, too_many
from engine.errors import RefusedInput
from engine.identity import synthetic_code as code
from engine.packs.questions import MOST_PARTIES
from tests.ledger.desk import law

VOCABULARY = law().vocabulary
PROCUREMENT = VOCABULARY.scenarios["procurement"]
# A number of nobody: the district and the day do not go together with a person, the check character fits.
CITIZEN = "11010119900307299X"


def read(text: str) -> Parties:
    """The parties of a pasted text."""
    return read_parties(pasted(text, PROCUREMENT, VOCABULARY), PROCUREMENT)


def sent(data: bytes, name: str = "parties.csv") -> list[Line]:
    """The lines of an upload."""
    return in_file(UploadFile(io.BytesIO(data), size=len(data), filename=name), VOCABULARY)


def workbook(*rows: list[object]) -> bytes:
    """An XLSX of these rows."""
    book, data = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(data)
    return data.getvalue()


def joined(one: int, mark: str) -> dict[str, str]:
    """A member of a consortium as it is asked about."""
    return {"subject": code(one), "role": "consortium-member", "consortium": mark}


@pytest.mark.parametrize(
    "text",
    [
        "{0}\n{1}",
        "{0}\r\n{1}",
        "\n  {0}  \n\n\t\n{1},\n",
        "代码\n{0}\n{1}",
        "序号\t统一社会信用代码\t供应商名称\n1\t{0}\t甲公司\n2\t{1}\t乙公司",
        "No,Unified Social Credit Code,Company name\n1,{0},A Ltd\n2,{1},B Ltd",
        "{0},甲公司\n{1},乙公司",  # nothing stands twice: no consortium
        "'{0}\n'{1}",
    ],
)
def test_codes_are_read_however_they_come(text: str) -> None:
    """A column of codes, with headings or without, with names, with blanks and blank lines."""
    found = read(text.format(code(1), code(2)))
    assert found.said == [{"subject": code(1)}, {"subject": code(2)}], found.faults


def test_wide_letters_small_letters_and_groups() -> None:
    """Full width, lower case, and codes in groups of four."""
    wide = code(1).translate({ord(one): ord(one) + 0xFEE0 for one in "0123456789ABCDEFGHJKLMNPQRTUWXY"})
    grouped = " ".join(code(2)[at : at + 4] for at in range(0, 18, 4))
    found = read(f"{wide}，甲\n{grouped} 甲\n{code(3).lower()}")
    assert found.said == [joined(1, "甲"), joined(2, "甲"), {"subject": code(3)}]


def test_consortia_and_roles() -> None:
    """A mark makes a member; case and width make no other consortium; a role by any of its words in any column."""
    text = f"{code(1)}\tA\n{code(2)}\tａ\tsomebody\n{code(3)}\tA\t供应商\n{code(4)}\t采购代理机构\n{code(5)}\tB"
    found = read(text)
    assert found.said == [
        joined(1, "A"), joined(2, "A"), {**joined(3, "A"), "role": "supplier"},
        {"subject": code(4), "role": "agency"}, joined(5, "B"),
    ]  # fmt: skip
    headed = read(f"role,code,consortium\nsupplier,{code(1)},1\n,{code(2)},1")
    assert headed.said == [{**joined(1, "1"), "role": "supplier"}, joined(2, "1")]


def test_a_person_is_read_and_never_shown_again() -> None:
    """By the number alone; what is shown again has stars, and stars are explained."""
    text = f"{code(1)}\n{CITIZEN[:6]} {CITIZEN[6:14]} {CITIZEN[14:]}, 评审专家"
    assert read(text).said[1] == {"person": CITIZEN, "role": "evaluation-expert"}
    assert read(f"身份证号码,角色\n{CITIZEN},评审专家").said == [{"person": CITIZEN, "role": "evaluation-expert"}]
    shown = without_citizens(text)
    assert STARS in shown
    assert CITIZEN[-4:] not in shown
    assert code(1) in shown
    assert "不再显示" in read(shown).faults[2].zh


@pytest.mark.parametrize(
    ("text", "number", "said"),
    [
        ("91990000O00000001X", 1, "第 9 位是字母 O"),
        (f"{code(1)}\n\n91990000000000", 3, "应为 18 位，实为 14 位"),
        (f"{code(1)[:17]}*", 1, "第 18 位"),
        (f"{code(1)}\n{code(2)}\n{code(1)}", 3, "与第 1 行是同一主体"),
        (f"{code(1)},A\n{code(2)},A\n{code(1)},B", 3, "与第 1 行是同一主体"),
        (f"代码,名称\n,某公司\n{code(2)},", 2, "第 2 行（某公司）：没有统一社会信用代码"),
        (f"{code(1)},某某公司\n{code(2)},某某公司", 1, "第 2 列是联合体标记"),
        (f"代码,联合体\n{code(1)},{'甲' * 21}", 2, "最多 20 字"),
        (f"代码\t联合体\n{code(1)}\t{CITIZEN}", 2, "公民身份号码"),
        (f"代码,角色\n{code(1)},joker", 2, "可用：供应商、联合体成员"),
        (f"{code(1)},联合体成员", 1, "须写明是哪个联合体"),
        ("=cmd|' /C calc'!A0", 1, "第 1 位的字符"),
        ("<script>alert(1)</script>", 1, "第 1 位的字符"),
        ("'; DROP TABLE leaf; --", 1, "没有统一社会信用代码"),
    ],
)
def test_a_faulty_line_is_explained(text: str, number: int, said: str) -> None:
    """By its number, in both languages, and only that line."""
    found = read(text)
    assert said in found.faults[number].zh
    assert f"line {number}" in found.faults[number].en
    assert CITIZEN not in found.faults[number].zh


def test_nothing_is_nothing() -> None:
    """Blank lines and headings alone hold no party."""
    assert pasted(" \n\n,,\n", PROCUREMENT, VOCABULARY) == []
    assert pasted("统一社会信用代码,名称\n", PROCUREMENT, VOCABULARY) == []


def test_a_thousand_and_no_more() -> None:
    """As many as the engine judges together."""
    assert too_many(MOST_PARTIES) is None
    assert "1,001" in str(too_many(MOST_PARTIES + 1))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read(encoding: str) -> None:
    """With a title above its headings, in any encoding that spreadsheets write."""
    text = f"投标人登记表\n名称,统一社会信用代码,联合体\n甲公司,{code(1)},1\n乙公司,{code(2)},1\n,,\n"
    lines = sent(text.encode(encoding))
    assert [line.number for line in lines] == [3, 4]
    assert read_parties(lines, PROCUREMENT).said == [joined(1, "1"), joined(2, "1")]


def test_a_workbook_is_read() -> None:
    """Also our own form, filled in; a code that became a number is explained, for its last digits are lost."""
    whole = workbook(["代码", "联合体"], [code(1), 1], [code(2), 1], [None, None], [9.1990000000000001e17, None])
    found = read_parties(sent(whole, "parties.xlsx"), PROCUREMENT)
    assert found.said == [joined(1, "1"), joined(2, "1")]
    assert "变成数字" in found.faults[5].zh
    assert sent(form_of("zh"), "form.xlsx") == sent(form_of("en"), "form.xlsx") == []


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.csv", "空"),
        (f"{code(1)}\n{code(2)}\n".encode(), "a.csv", "没有“统一社会信用代码”一列"),
        (b"\xd0\xcf\x11\xe0" * 100, "a.xls", "XLS"),
        (b"<html>", "a.xlsx", "XLS"),
        (b"\xff\xfe\x00\x01", "a.csv", "UTF-16"),
        (b"PK\x03\x04 no zip", "a.xlsx", "XLSX"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(data: bytes, name: str, said: str) -> None:
    """Without a word of where it lay with us."""
    with pytest.raises(RefusedInput) as refused:
        sent(data, name)
    fault = refused.value.faults[0]
    assert said in fault.zh
    assert "/" not in fault.place.file + fault.zh.replace("UTF-8/GB18030", "")


def test_a_bomb_is_not_unpacked() -> None:
    """A workbook of a few kilobytes that would be gigabytes."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (64 << 20))
    with pytest.raises(RefusedInput, match="too large"):
        sent(data.getvalue(), "a.xlsx")


def test_a_file_too_large_is_not_copied() -> None:
    """By what the form says of its size."""
    with pytest.raises(RefusedInput, match="larger than 8 MB"):
        in_file(UploadFile(io.BytesIO(b"x"), size=9 << 20, filename="a.csv"), VOCABULARY)
