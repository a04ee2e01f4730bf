"""Which names could be the same subject's: written alike, alike but for one character, or not. Names never decide.

Three views of a name, each a plain text: `normalised`, in which ways of writing are gone; what tells it apart, without
company form and marks of place; and `core`, without a bracketed part as well.
"""

import re
import unicodedata
from functools import cache, lru_cache

from opencc import OpenCC
from rapidfuzz.distance import Indel

# Two names this alike are candidates. With COMPARED characters counted for both names together, one missing or added
# character costs 6 and passes; a wrong one counts as one missing and one added, costs 12 and does not. For in names of
# firms a wrong character is nearly always another firm (宏达, 宏远; 建筑, 建材), a missing one nearly always a slip.
LIKE = 90
COMPARED = 18
# A name that tells less than this may not differ at all: one character of four is a quarter of the name.
_SHORTEST = 5
# Alike in what tells them apart, but not written alike: another company form, a mark of place more.
_NOT_WRITTEN_ALIKE = 99
# Alike but for a bracketed part, or a province in front, that one leaves out: 甲乙（钟祥）有限公司 and 甲乙有限公司.
_LEAVES_OUT = 92
# A key is cut to this length.
_KEY = 12

# NFKC makes the full-width and small ones of these.
_OPENING, _CLOSING = "[{<《〈【〔〖〘〚「『⟨⟪⦅", "]}>》〉】〕〗〙〛」』⟩⟫⦆"
_DOTS, _DASHES = ".•‧∙⋅・", "‐‑‒–—―−"
_QUOTES = "\"'`‘’‚‛“”„‟′″"
_FORM = "有限公司"
_FORMS = re.compile(
    "(?:股份有限公司|有限公司|股份公司|公司|(?:特殊普通|普通|有限)合伙(?:企业)?|合伙企业|个人独资(?:企业)?|个体工商户)+$"
)
_BRACKETED = re.compile(r"\((?!集团|控股)[^()]*\)")
_PROVINCE = re.compile(
    "^(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南"
    "|陕西|甘肃|青海|(?:内蒙古|广西|西藏|宁夏|新疆)(?:(?:壮族|回族|维吾尔)?自治区)?)(?=.{4})"
)
# 钟祥市, 湖北省: marks of a place's rank that names leave out, at least two characters from either end.
_RANKS = re.compile("(?<=..)[省市县](?=..)")
# What alone tells sisters apart: 第一 and 第二, 城东 and 城西, 新 and 老.
_TELLING = frozenset("0123456789〇零一二三四五六七八九十百千甲乙丙丁戊东南西北中新老大小分abcdefghijklmnopqrstuvwxyz")


@cache
def _letters() -> dict[int, str]:
    """What each letter is written as: brackets round, traditional characters simplified, blanks and quotes gone.

    OpenCC reads a phrase as a whole and keeps 乾 in 乾隆; asked letter by letter it always answers alike, so that a
    part of a name is normalised as the whole is. All its letters are asked once, in one text of lines.
    """
    asked = [chr(number) for first, last in ((0x3400, 0xA000), (0x20000, 0x323B0)) for number in range(first, last)]
    answered = OpenCC("t2s").convert("\n".join(asked)).split("\n")
    table = {ord(old): new for old, new in zip(asked, answered, strict=True) if old != new}
    for letters, one in ((_OPENING, "("), (_CLOSING, ")"), (_DOTS, "·"), (_DASHES, "-"), (_QUOTES, "")):
        table |= {ord(letter): one for letter in letters}
    # Blanks of every width and what is not seen: zero-width marks, directions, controls, selectors of variants.
    low = (number for number in range(0x10000) if unicodedata.category(chr(number)) in {"Zs", "Zl", "Zp", "Cc", "Cf"})
    return table | dict.fromkeys([*low, *range(0xFE00, 0xFE10), *range(0xE0000, 0xE01F0)], "")


def normalised(name: str) -> str:
    """The name without its ways of writing: width, case, blanks, quotes, kinds of brackets, traditional characters, and
    有限责任公司 for 有限公司. Normalising again changes nothing."""
    letters = _letters()
    for _ in range(4):  # once for a plain name; again where a step makes work for an earlier one
        plain = unicodedata.normalize("NFKC", name).casefold().translate(letters).replace("有限责任公司", _FORM)
        if plain == name:
            break
        name = plain
    return name


@lru_cache(maxsize=4096)
def core(name: str) -> str:
    """What tells the name apart without a bracketed part, such as a region, and without a province in front: no company
    form, no mark of place; the whole of what tells it apart, if that leaves nothing."""
    return _PROVINCE.sub("", _told(_BRACKETED.sub("", normalised(name)))) or _whole(name)


@lru_cache(maxsize=4096)
def _whole(name: str) -> str:
    """What tells the name apart, bracketed parts included."""
    plain = normalised(name)
    return _told(plain) or _bare(plain)


def _told(plain: str) -> str:
    return _RANKS.sub("", _FORMS.sub("", _bare(plain)))


def _bare(plain: str) -> str:
    return plain.replace("(", "").replace(")", "")


def blocks(name: str) -> tuple[str, ...]:
    """A few short keys for an indexed look-up: any two names with a likeness of LIKE or more share one.

    A missing character leaves the first or the last half of a name whole. So each half is a key, for the name's own
    length and for the one below: of two names that differ by one character, both have the shorter one's length.
    """
    whole = _whole(name)
    if not whole:
        return ()
    keys = [f"={core(name)[:_KEY]}", f"={whole[:_KEY]}"]
    for length in range(max(len(whole) - 1, _SHORTEST), len(whole) + 1):
        half = min(length // 2, _KEY)
        keys += [f"{length}{whole[:half]}-", f"{length}-{whole[-half:]}"]
    return tuple(dict.fromkeys(keys))


def likeness(one: str, other: str) -> int:
    """How alike two names are, 0 to 100: 100 the same but for ways of writing, LIKE or more a candidate."""
    first, second = normalised(one), normalised(other)
    if not (bare := _bare(first)) or not _bare(second):
        return 0
    if bare == _bare(second):
        return 100
    a, b = _whole(first), _whole(second)
    if a == b:
        return _NOT_WRITTEN_ALIKE
    if core(first) == core(second) and core(first) in (a, b):
        return _LEAVES_OUT
    score = _alike(a, b)
    return min(score, LIKE - 1) if min(len(a), len(b)) < _SHORTEST or _tells(a) != _tells(b) else score


def _alike(a: str, b: str) -> int:
    """100 less what is missing or added, out of both names' characters, at most COMPARED of them."""
    counted = min(len(a) + len(b), COMPARED)
    return max(0, 100 - -(-100 * Indel.distance(a, b) // counted))


def _tells(text: str) -> str:
    return "".join(letter for letter in text if letter in _TELLING)
