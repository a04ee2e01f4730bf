"""Who an identifier names: unified social credit codes (GB 32100-2015), synthetic handles for persons."""

import re
import unicodedata
from datetime import date

from stdnum.cn import ric, uscc
from stdnum.iso7064 import mod_11_10

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# A check sum whose weights are powers of a base is a number read in that base, or in one alike by the modulus; `int`
# reads it many times faster than a loop. GB 32100 weighs the places by powers of 3 modulo 31, and 34 is 3 modulo 31;
# GB 11714 by falling powers of 2 modulo 11, and 13 is 2 modulo 11. What is no character of a code is no digit.
_DIGITS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BASE_34 = bytes(_DIGITS[at] if (at := _ALPHABET.find(chr(byte))) >= 0 else ord("!") for byte in range(256))
_BASE_13 = bytes(_DIGITS[at % 11] if (at := _DIGITS.find(byte)) >= 0 else ord("!") for byte in range(256))
_CHECKS_11 = "0X987654321"
_LOOKALIKES = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
# What a citizen's number begins with: a province, or since 2018 Hong Kong, Macao and Taiwan.
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
# A handle in a file, or the keyed digest by which a registry knows a person.
_PERSON = re.compile(r"person-[a-z0-9][a-z0-9-]{0,47}|person:[0-9a-f]{4,64}:[0-9a-f]{64}")


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
    if is_citizens(code):
        raise WrongCode(
            "这是公民身份号码，本系统不接收", "this is a citizen's number, which is never taken; use a person- handle"
        )
    _check_letters(code)
    if not fits(code):
        raise WrongCode(
            "统一社会信用代码校验位不符，至少有一个字符写错",
            "the check character of the code does not fit, at least one character is wrong",
        )
    return code


def read_citizens_number(text: str) -> str:
    """The 18 characters of a citizen's number (GB 11643); one of the old 15 digits is brought to 18. Never kept.

    Full-width characters, spaces, hyphens and a small x are read right. WrongCode otherwise, which does not repeat it.
    """
    code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    if len(code) == 15 and code.isascii() and code.isdigit():  # until 1999: a year of two digits, no check character
        longer = f"{code[:6]}19{code[6:]}"
        code = longer + str(ric.calc_check_digit(f"{longer}0"))
    if not is_citizens(code):
        raise WrongCode("不是有效的公民身份号码", "this is no valid citizen's number")
    return code


def fits(code: str) -> bool:
    """Whether these are 18 characters of the alphabet of GB 32100-2015, the last of them the check character."""
    try:
        digits = code.encode().translate(_BASE_34)
        return len(digits) == 18 and digits[17] == _DIGITS[-int(digits[16::-1], 34) % 31]
    except ValueError:
        return False


def organisation_fits(code: str) -> bool:
    """Whether these are the nine characters of an organisation code (GB 11714) with the right check character.

    Places 9 to 17 of a unified code are one; in some real codes it does not fit.
    """
    try:
        digits = code.encode().translate(_BASE_13)
        return len(digits) == 9 == len(code) and code[8] == _CHECKS_11[int(digits[:8], 13) * 2 % 11]
    except ValueError:
        return False


def registration_fits(number: str) -> bool:
    """Whether this is a business registration number of 15 digits with the right check digit (ISO 7064 MOD 11,10)."""
    return len(number) == 15 and number.isascii() and number.isdigit() and bool(mod_11_10.is_valid(number))


def is_code(code: str) -> bool:
    """Whether this is a unified social credit code as it is kept, and not a citizen's number that fits by chance."""
    return fits(code) and (code[0] == "9" or not is_citizens(code))


def is_citizens(code: str) -> bool:
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
    """A valid code that no real firm has: the unassigned prefix 91990000, `number` from 0 to 99,999,999, and the right
    check characters of the organisation code (GB 11714) and of the whole."""
    organisation = f"{number:08d}"
    body = f"91990000{organisation}{_CHECKS_11[int(organisation, 13) * 2 % 11]}"
    return body + str(uscc.calc_check_digit(body))
