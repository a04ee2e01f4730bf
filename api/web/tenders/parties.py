"""The parties of a tender out of its lines, ready to be asked about; every line at fault is said by its number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from api.web.tenders.lines import CODE, CONSORTIUM, NAME, PERSON, ROLE, STARS, Line, roles_of
from engine.identity import WrongCode, is_citizens, read_citizens_number, read_subject
from engine.packs.questions import MOST_PARTIES
from engine.registry.cells import holds_a_person
from engine.registry.faults import quoted
from engine.vocabulary import Scenario, Words

LONGEST_MARK = 20
MEMBER = "consortium-member"
_APART = re.compile(r"[\s\-]+")
_FIRM = re.compile(r"(公司|集团|研究院|设计院|厂|事务所|中心|合作社)$")
NO_CODE = Words("没有统一社会信用代码", "there is no unified social credit code")
ROUNDED = Words(
    "表格软件已把代码变成数字，末几位可能已丢失；请把该列设为文本后重填",
    "the spreadsheet turned the code into a number and may have lost its last digits: "
    "format the column as text and fill it in again",
)
STARRED = Words("公民身份号码不再显示，请重新填写", "a citizen's number is not shown again: write it once more")
PERSONAL_MARK = Words("联合体标记中有公民身份号码，不接收", "a citizen's number stands in the consortium's mark")
FIRM_MARK = Words(
    "第 2 列是联合体标记，却是单位名称；名称请放第 3 列，或加一行列名",
    "column 2 is the consortium's mark, and this is a firm's name: put names in column 3, or add a line of headings",
)
NO_MARK = Words(
    "角色是联合体成员，须写明是哪个联合体", "a member of a consortium must say of which: give it a mark"
)  # fmt: skip


class _Wrong(Exception):
    def __init__(self, said: Words) -> None:
        super().__init__(said.en)
        self.said = said


@dataclass
class Parties:
    """What was read: the parties, the line each stands on, and what is wrong with which line."""

    said: list[dict[str, Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: dict[int, Words] = field(default_factory=dict)


def read_parties(lines: Sequence[Line], scenario: Scenario | None) -> Parties:
    """Every party once in a role. A line at fault is no party; the first fault of a line is the one that is said."""
    found, roles, seen = Parties(), roles_of(scenario), dict[tuple[str, str], int]()
    spelt = dict[str, str]()
    for line in lines:
        try:
            party = _party(line, roles, scenario, spelt)
            key = str(party.get("subject") or party["person"]), str(party.get("role", ""))
            if seen.setdefault(key, line.number) != line.number:
                raise _Wrong(_twice(seen[key]))
        except _Wrong as wrong:
            found.faults[line.number] = _named(wrong.said, line)
            continue
        found.said.append(party)
        found.lines.append(line.number)
    return found


def too_many(count: int) -> Words | None:
    """What is said where there are more than one question may have."""
    if count <= MOST_PARTIES:
        return None
    return Words(
        f"有 {count:,} 个当事方，一次最多 {MOST_PARTIES:,} 个；请分批核查",
        f"{count:,} parties, and one tender has {MOST_PARTIES:,} at most: check them in parts",
    )


def _party(line: Line, roles: dict[str, str], scenario: Scenario | None, spelt: dict[str, str]) -> dict[str, Any]:
    party, mark = _who(line), _mark(line, spelt)
    role = _role(line, roles, scenario)
    if mark and not role and scenario and MEMBER in scenario.roles:
        role = MEMBER
    if role == MEMBER and not mark:
        raise _Wrong(NO_MARK)
    return party | ({"role": role} if role else {}) | ({"consortium": mark} if mark else {})


def _who(line: Line) -> dict[str, Any]:
    code, person = (_APART.sub("", line.cells.get(name, "")).upper() for name in (CODE, PERSON))
    if line.rounded:
        raise _Wrong(ROUNDED)
    if STARS in (code, person):
        raise _Wrong(STARRED)
    if is_citizens(code) or (not code and person):
        try:
            return {"person": read_citizens_number(code or person)}
        except WrongCode as wrong:
            raise _Wrong(Words(wrong.zh, wrong.en)) from None
    if not code:
        raise _Wrong(NO_CODE)
    try:
        subject = read_subject(line.cells[CODE])
    except WrongCode as wrong:
        raise _Wrong(Words(wrong.zh, wrong.en)) from None
    return {"subject": subject, **({"kind": "natural-person"} if subject.startswith("person") else {})}


def _mark(line: Line, spelt: dict[str, str]) -> str:
    """The consortium's mark, as it was spelt the first time: case and blanks make no other consortium."""
    mark = " ".join(line.cells.get(CONSORTIUM, "").split())
    if holds_a_person(mark):
        raise _Wrong(PERSONAL_MARK)
    if _FIRM.search(mark):
        raise _Wrong(FIRM_MARK)
    if len(mark) > LONGEST_MARK:
        raise _Wrong(
            Words(
                f"联合体标记最多 {LONGEST_MARK} 字，例如 A、1、甲",
                f"a consortium's mark has {LONGEST_MARK} characters at most, for example A or 1",
            )
        )
    return spelt.setdefault(mark.casefold(), mark)


def _role(line: Line, roles: dict[str, str], scenario: Scenario | None) -> str:
    said = line.cells.get(ROLE, "")
    if said and said.casefold() not in roles and scenario:
        zh, en = ("、".join(getattr(name, lang) for name in scenario.roles.values()) for lang in ("zh", "en"))
        raise _Wrong(Words(f"没有角色 `{quoted(said)}`，可用：{zh}", f"no role `{quoted(said)}`; there are: {en}"))
    return roles.get(said.casefold(), "")


def _twice(first: int) -> Words:
    return Words(
        f"与第 {first} 行是同一主体、同一角色，请删去一行",
        f"the same subject in the same role as line {first}: delete one",
    )


def _named(said: Words, line: Line) -> Words:
    """The fault with where it is, and the name beside the code if there is one."""
    name = quoted(line.cells.get(NAME, "")) if line.cells.get(NAME) else ""
    zh, en = (f"（{name}）", f" ({name})") if name else ("", "")
    return Words(f"第 {line.number} 行{zh}：{said.zh}", f"line {line.number}{en}: {said.en}")
