"""One fact's value from text: money in fen, counts, days, codes and flags; what does not fit says why."""

import re
from datetime import date

from engine.calendar import read_day
from engine.packs.words import advice, plain_text, shown
from engine.vocabulary import FactRecord, FactType

_MONEY = re.compile(r"([0-9]{1,13})(?:\.([0-9]{1,2}))?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNT = re.compile(r"[0-9]{1,9}")
_FLAGS = {"yes": True, "no": False, "true": True, "false": False}
LONGEST_CODE = 64


class WrongValue(ValueError):
    """A text that is no value of the fact; `help` is the way out, zh and en."""

    def __init__(self, zh: str, en: str, help: tuple[str, str] = ("", "")) -> None:
        super().__init__(en)
        self.zh, self.en, self.help = zh, en, help


def fen(text: str) -> int:
    """Yuan with at most two decimals as fen: `12.5` is 1250. WrongValue otherwise."""
    found = _MONEY.fullmatch(plain_text(text))
    if not found:
        word = shown(text)
        helps = (
            "写作元，如 2000000 或 12.50，不写逗号和单位",
            "write yuan, as 2000000 or 12.50, without commas or units",
        )
        raise WrongValue(f"`{word}` 不是金额", f"`{word}` is not an amount of money", helps)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def count(text: str) -> int:
    """A whole number, 0 or more. WrongValue otherwise."""
    plain = plain_text(text)
    if not _COUNT.fullmatch(plain):
        word = shown(text)
        raise WrongValue(f"`{word}` 不是非负整数", f"`{word}` is not a whole number, 0 or more")
    return int(plain)


def number(fact: FactRecord, text: str) -> int:
    """A figure as the fact counts it: money in fen, else a count."""
    return fen(text) if fact.type is FactType.MONEY else count(text)


def day(text: str) -> date:
    """A calendar day. WrongValue otherwise."""
    plain = plain_text(text)
    try:
        if not _DAY.fullmatch(plain):
            raise ValueError("a day is written YYYY-MM-DD")
        return read_day(plain)
    except ValueError as error:
        word = shown(text)
        helps = ("日期写作 2024-06-10", "a day is written 2024-06-10")
        raise WrongValue(f"`{word}` 不是可能的日期", f"`{word}` is not a possible day: {error}", helps) from None


def flag(text: str) -> bool:
    """Yes or no. WrongValue otherwise."""
    plain = plain_text(text).casefold()
    if plain not in _FLAGS:
        word = shown(text)
        raise WrongValue(f"`{word}` 应写 yes 或 no", f"`{word}` should be `yes` or `no`")
    return _FLAGS[plain]


def code(fact: FactRecord, text: str) -> str:
    """A code of the fact, full-width characters read right; one of its values where they are closed."""
    plain = plain_text(text)
    if not 0 < len(plain) <= LONGEST_CODE:
        raise WrongValue(f"代码不超过 {LONGEST_CODE} 字", f"a code has at most {LONGEST_CODE} characters")
    if fact.values and plain not in fact.values:
        word = shown(text)
        raise WrongValue(
            f"`{fact.code}` 没有取值 `{word}`", f"`{word}` is no value of `{fact.code}`", advice(plain, fact.values)
        )
    return plain


def read_value(fact: FactRecord, text: str) -> int | str | bool | date:
    """The text as a value of the fact. WrongValue if it is none."""
    if fact.type is FactType.DATE:
        return day(text)
    if fact.type is FactType.FLAG:
        return flag(text)
    if fact.type is FactType.CODE:
        return code(fact, text)
    return number(fact, text)
