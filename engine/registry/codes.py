"""Whom a row names by a number: a unified code, an older code, or a citizen's number, which no message repeats.

A number in any column is read for what it is; one with asterisks, as public lists print persons' numbers, is none.
"""

import re

from engine.identity import (
    WrongCode,
    is_citizens,
    organisation_fits,
    read_citizens_number,
    read_subject,
    registration_fits,
)
from engine.registry.cells import plain_text, text_of
from engine.registry.faults import RowFault, WrongCell
from engine.registry.headings import CODE, ORGANISATION, PERSON, REGISTRATION
from engine.registry.lines import Cell

NATURAL, INDIVIDUAL = "natural-person", "individual-business"
# The schemes of older codes.
ORGANISATION_CODE, REGISTRATION_NUMBER = "organisation-code", "registration-number"
_UNIFIED = "unified"
_AROUND = re.compile(r"[\s\-'\"=]+")
_MASKED = re.compile(r"[*●•×]|XXXX")
# From here on a workbook's number is no longer exact.
_ROUNDED = 10**15
_LONGEST = 64


# A unified code, other codes with their schemes, a citizen's number to be digested and dropped at once, and warnings.
# A plain tuple, for there is one for every row.
Named = tuple[str, tuple[tuple[str, str], ...], str, tuple[RowFault, ...]]
NOBODY: Named = ("", (), "", ())
_INNER_MISFIT = WrongCell("R520").at(0, CODE, "warning")


def inner_misfit(row: int) -> RowFault:
    """The warning that the organisation code inside a valid unified code fails its own check, as in some real ones."""
    doubt = _INNER_MISFIT
    return RowFault(row, CODE, doubt.code, doubt.zh, doubt.en, severity=doubt.severity)


def named(row: int, cells: dict[str, Cell], kind: str, wrong: list[RowFault]) -> Named:
    """Whom the cells name, by field. What cannot be read goes to `wrong`; beside a better number it is a warning."""
    found: dict[str, str] = {}
    failed: list[tuple[str, WrongCell]] = []
    for column, cell in cells.items():
        try:
            scheme, number = _read(column, cell, kind)
        except WrongCell as error:
            failed.append((column, error))
            continue
        if scheme and found.setdefault(scheme, number) != number:
            failed.append(
                (column, _not_taken("同一行有两个不同的号码", "the row has two different numbers of this kind"))
            )
    return _weighed(row, found, kind, failed, wrong)


def _weighed(
    row: int, found: dict[str, str], kind: str, failed: list[tuple[str, WrongCell]], wrong: list[RowFault]
) -> Named:
    code, person = found.get(_UNIFIED, ""), found.get(PERSON, "")
    doubts: list[RowFault] = []
    for column, error in failed:
        if column in (CODE, PERSON) or not (code or person):
            wrong.append(error.at(row, column))
        else:
            doubts.append(error.at(row, column, "warning"))
    organisation = kind not in ("", NATURAL, INDIVIDUAL)
    if (kind == NATURAL and len(found) > bool(person)) or (organisation and person and not code):
        wrong.append(WrongCell("R518").at(row, PERSON if person else CODE))
    if person and (code or kind == INDIVIDUAL):
        person = ""
        why = _not_taken(
            "身份证号码是经营者或者有关人员的", "the citizen's number is that of somebody behind the subject"
        )
        doubts.append(why.at(row, PERSON, "warning"))
    if code and not organisation_fits(code[8:17]):
        doubts.append(inner_misfit(row))
    others = [
        (scheme, number) for scheme, number in found.items() if scheme in (ORGANISATION_CODE, REGISTRATION_NUMBER)
    ]
    inner = dict(others).get(ORGANISATION_CODE, "")
    if code and inner and inner != code[8:17]:
        others.remove((ORGANISATION_CODE, inner))
        why = _not_taken(
            "组织机构代码与统一社会信用代码第 9 至 17 位不同",
            "the organisation code is not that inside the unified code",
        )
        doubts.append(why.at(row, ORGANISATION, "warning"))
    return code, tuple(others), person, tuple(doubts)


def _not_taken(zh: str, en: str) -> WrongCell:
    return WrongCell("R521", zh=zh, en=en)


def _read(column: str, cell: Cell, kind: str) -> tuple[str, str]:
    """The scheme and the number of one cell; nothing for a blank or masked one."""
    if isinstance(cell, int | float) and abs(cell) >= _ROUNDED:
        raise WrongCell("R516")
    number = _AROUND.sub("", plain_text(text_of(cell))).upper()
    if not plain_text(number) or _MASKED.search(number):
        return "", ""
    if re.fullmatch(r"\d(?:\.\d+)?E\+\d+", number):
        raise WrongCell("R516")
    if is_citizens(number):
        return PERSON, number
    if column == PERSON:
        return _of_person(number)
    if len(number) == 9:
        if organisation_fits(number):
            return ORGANISATION_CODE, number
        raise _wrong("组织机构代码的校验位不符", "the check character of the organisation code does not fit")
    if len(number) == 15:
        return _of_fifteen(column, number, kind)
    try:
        return _UNIFIED, read_subject(number[:_LONGEST])
    except WrongCode as wrong:
        raise _wrong(wrong.zh, wrong.en) from None


def _of_person(number: str) -> tuple[str, str]:
    """A citizen's number of 15 digits becomes the one of 18; other papers of a person are not taken."""
    if len(number) in (15, 18):
        try:
            return PERSON, read_citizens_number(number)
        except WrongCode as wrong:
            raise _wrong(wrong.zh, wrong.en) from None
    return "", ""


def _of_fifteen(column: str, number: str, kind: str) -> tuple[str, str]:
    """A registration number by its check digit, unless it may as well be a citizen's number of 15 digits."""
    try:
        old = bool(read_citizens_number(number))
    except WrongCode:
        old = False
    if not registration_fits(number):
        raise _wrong("注册号的校验位不符", "the check digit of the registration number does not fit")
    if old and (kind == NATURAL or (column != REGISTRATION and not kind)):
        raise _wrong(
            "也可能是 15 位身份证号码；请填写主体类别，或分列填写",
            "it may be a citizen's number of 15 digits: state the kind of subject, or use a column for each",
        )
    return REGISTRATION_NUMBER, number


def _wrong(zh: str, en: str) -> WrongCell:
    return WrongCell("R517", zh=zh, en=en)
