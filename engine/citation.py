"""Citations of the law: `政府采购法 22.1.5` is article 22, paragraph 1, item 5; other documents keep their label."""

import re
from dataclasses import dataclass

_NUMBERED = re.compile(r"[1-9][0-9]{0,3}(?:\.[1-9][0-9]{0,2}){0,2}")
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Citation:
    """An instrument and a place in it: numbers (article, paragraph, item) or the document's own label, or neither."""

    instrument: str
    numbers: tuple[int, ...] = ()
    label: str = ""

    def __str__(self) -> str:
        place = ".".join(map(str, self.numbers)) or self.label
        return f"{self.instrument} {place}" if place else self.instrument

    @property
    def article(self) -> int | None:
        """The article number, where the citation has one."""
        return self.numbers[0] if self.numbers else None


def parse_citation(text: str) -> Citation:
    """Read a citation; `str()` of the result gives the text back. ValueError if it is empty or badly spaced."""
    instrument, space, place = text.partition(" ")
    if not instrument or (space and (not place or place != place.strip())):
        raise ValueError(f"`{text}` is not an instrument followed by one space and a place in it")
    if _NUMBERED.fullmatch(place):
        return Citation(instrument, tuple(int(part) for part in place.split(".")))
    return Citation(instrument, label=place)


def spoken_zh(citation: Citation) -> str:
    """The citation as Chinese law writes it: 《政府采购法》第二十二条第一款第（五）项."""
    name = citation.instrument if "号" in citation.instrument else f"《{citation.instrument}》"
    if not citation.numbers:
        return f"{name}{citation.label}"
    shapes = ("第{}条", "第{}款", "第（{}）项")
    return name + "".join(s.format(chinese_number(n)) for s, n in zip(shapes, citation.numbers, strict=False))


def spoken_en(citation: Citation, english: str) -> str:
    """The citation in English, by the instrument's English name: Government Procurement Law, art. 22(1)(5)."""
    if not citation.numbers:
        return f"{english} {citation.label}".strip()
    article, *rest = citation.numbers
    return f"{english}, art. {article}" + "".join(f"({n})" for n in rest)


def chinese_number(number: int) -> str:
    """An integer from 1 to 9999 in the numerals of statutes: 10 is 十, 22 is 二十二, 103 is 一百零三."""
    text, gap = "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + word
            gap = False
        else:
            gap = True
    return text.removeprefix("一") if text.startswith("一十") else text
