"""Who an identifier names: unified social credit codes (GB 32100-2015), synthetic handles for persons."""

import re
import unicodedata
from datetime import date

from stdnum.cn import ric, uscc

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LOOKALIKES = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
# What a citizen's number begins with: a province, or since 2018 Hong Kong, Macao and Taiwan.
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_PERSON = re.compile(r"person-[a-z0-9][a-z0-9-]{0,47}")


class WrongCode(ValueError):
    """A code that names nobody; `zh` and `en` say which character is wrong. Never repeats a person's number."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def read_subject(text: str) -> str:
    """The canonical identifier: an 18-character code, or `person-…` for a natural person's handle.

    Full-width characters, spaces, hyphens and lower case are read right. Raises WrongCode for anything else,
    also for a citizen's number (GB 11643), which is never accepted and never repeated.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if _PERSON.fullmatch(plain):
        return plain
    code = re.sub(r"[\s-]", "", plain).upper()
    if _is_a_citizens(code):
        raise WrongCode(
            "这是公民身份号码，本系统不接收", "this is a citizen's number, which is never taken; use a person- handle"
        )
    _check_letters(code)
    if uscc.calc_check_digit(code[:17]) != code[17]:
        raise WrongCode(
            "统一社会信用代码校验位不符，至少有一个字符写错",
            "the check character of the code does not fit, at least one character is wrong",
        )
    return code


def _is_a_citizens(code: str) -> bool:
    """A province, a day of birth and the check character of GB 11643, also where GB 32100's fits too.

    The places stdnum knows are too few (new counties, Hong Kong, Macao), so only its check character is asked.
    """
    if len(code) != 18 or not (code.isascii() and code[:17].isdigit()) or not _PROVINCES.match(code):
        return False
    try:
        born = date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    except ValueError:
        return False
    return born.year >= 1900 and code[17] == ric.calc_check_digit(code)


def _check_letters(code: str) -> None:
    for place, letter in enumerate(code, 1):
        if letter in _LOOKALIKES:
            meant = _LOOKALIKES[letter]
            raise WrongCode(
                f"第 {place} 位是字母 {letter}，信用代码不使用 I、O、S、V、Z；是否为 {meant}？",
                f"character {place} is the letter {letter}, which the code never uses; is it {meant}?",
            )
        if letter not in _ALPHABET:
            raise WrongCode(
                f"第 {place} 位的字符不属于统一社会信用代码",
                f"character {place} does not belong to the code's alphabet",
            )
    if len(code) != 18:
        raise WrongCode(
            f"统一社会信用代码应为 18 位，实为 {len(code)} 位", f"the code has 18 characters, this has {len(code)}"
        )


def synthetic_code(number: int) -> str:
    """A valid code that no real firm has: the unassigned prefix 91990000, `number` from 0, a right check character."""
    body = f"91990000{number:09d}"
    return body + str(uscc.calc_check_digit(body))
