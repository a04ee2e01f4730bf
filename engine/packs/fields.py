"""The texts a file is made of, for pydantic: text at run time, and in the printed schema whatever an editor reads."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, WithJsonSchema

# YAML 1.2 in an editor reads `2.10` as a number and `true` as a boolean where we read texts.
_ANY_SCALAR = {"type": ["string", "number", "boolean"]}

DAY = r"^\d{4}-\d{2}-\d{2}$"
WHEN = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2}))?$"
MONEY = r"^\d{1,13}(\.\d{1,2})?$"
COUNT = r"^\d{1,9}$"
CODE = r"^[a-z0-9][a-z0-9_-]{0,63}$"
PLACE = r"^(national|\d{6})$"


class Misfit(ValueError):
    """A text of the wrong form: `zh` and `en` say what is right, `known` are the words that may stand there."""

    def __init__(self, zh: str = "", en: str = "", known: tuple[str, ...] = ()) -> None:
        super().__init__(en)
        self.zh, self.en, self.known = zh, en, known


def fits(pattern: str, zh: str, en: str) -> AfterValidator:
    """A check that the text has this form; the sentences say which."""
    shape = re.compile(pattern)

    def check(text: str) -> str:
        if not shape.fullmatch(text):
            raise Misfit(zh, en)
        return text

    return AfterValidator(check)


def text_schema(pattern: str, **more: Any) -> WithJsonSchema:
    """How a text of this form is printed: an editor may read it as a number."""
    return WithJsonSchema({**_ANY_SCALAR, "pattern": pattern, **more})


def among(words: Iterable[str]) -> AfterValidator:
    """A check that the text is one of these words."""
    known = tuple(words)

    def check(text: str) -> str:
        if text not in known:
            raise Misfit(known=known)
        return text

    return AfterValidator(check)


def enum_schema(words: Iterable[str], **more: Any) -> WithJsonSchema:
    """How a closed word is printed."""
    return WithJsonSchema({"enum": list(words), **more})


Text = Annotated[str, Field(min_length=1, max_length=4000), WithJsonSchema({**_ANY_SCALAR, "maxLength": 4000})]
Line = Annotated[str, Field(min_length=1, max_length=300), WithJsonSchema({**_ANY_SCALAR, "maxLength": 300})]
Day = Annotated[str, fits(DAY, "日期写作 2024-06-10", "a day is written 2024-06-10"), text_schema(DAY)]
Instant = Annotated[
    str,
    fits(
        WHEN,
        "写作日期 2024-06-10，或带时区的时刻 2024-06-10T09:00+08:00",
        "write a day, 2024-06-10, or an instant with its offset, 2024-06-10T09:00+08:00",
    ),
    text_schema(WHEN),
]
Code = Annotated[
    str,
    fits(CODE, "代码由小写字母、数字和连字符组成", "a code is made of lower-case letters, digits and hyphens"),
    text_schema(CODE),
]
_ITEM = r"^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$"
ItemCode = Annotated[
    str, fits(_ITEM, "项号由字母和数字组成", "an item is made of letters and digits"), text_schema(_ITEM)
]
PlaceCode = Annotated[
    str, fits(PLACE, "地区写作 national 或六位代码", "a place is `national` or six digits"), text_schema(PLACE)
]
Count = Annotated[str, fits(COUNT, "应为非负整数", "a whole number, 0 or more"), text_schema(COUNT)]
Yes = Literal["yes", "no"]
_LABEL = r"^[^#\s](?:[^#\n]{0,62}[^#\s])?$"
Label = Annotated[
    str,
    fits(_LABEL, "条款标签不超过 64 字，不含 #", "a clause label has at most 64 characters and no `#`"),
    text_schema(_LABEL),
]
_TARGET = r"^\S(?:[^\n]{0,126}\S)?$"
Target = Annotated[str, fits(_TARGET, "写作条款标签或 pack#clause", "a label, or pack#clause"), text_schema(_TARGET)]
_CITATION = r"^\S+( \S(.*\S)?)?$"
Cited = Annotated[
    str,
    Field(max_length=200),
    fits(_CITATION, "写作文件名，空一格，再写条款", "write the instrument, one space, and the place in it"),
    text_schema(_CITATION),
]


class Shape(BaseModel):
    """A mapping with these keys and no others."""

    model_config = ConfigDict(extra="forbid")


def need(zh: str, **more: Any) -> Any:
    """A key that must be written; `zh` is what the editor shows."""
    return Field(description=zh, **more)


def may(zh: str, **more: Any) -> Any:
    """A key that may be left out (but not left empty: the schema shows no null)."""
    return Field(description=zh, default_factory=str, **more)


def kind_of(value: Any) -> str:
    """Which of several shapes a value is meant to have: `‹list›`, `‹map›`, `‹words›` or `‹text›`."""
    if isinstance(value, dict):
        return "‹words›" if {"zh", "en"} & value.keys() else "‹map›"
    return "‹list›" if isinstance(value, list) else "‹text›"


as_text, as_list, as_map, as_words = Tag("‹text›"), Tag("‹list›"), Tag("‹map›"), Tag("‹words›")
by_kind = Discriminator(kind_of)


class Both(Shape):
    """The same in Chinese and in English."""

    zh: Text = need("中文")
    en: Text = need("英文")


# A remark in one language, which then stands for both, or in both.
Note = Annotated[Annotated[Text, as_text] | Annotated[Both, as_words], by_kind]


class CheckedShape(Shape):
    """How a reading was checked."""

    by: Literal["text", "official-copy", "press", "translation", "memory"] = need(
        "核对依据：text 法条原文、official-copy 官方文本、press 公开报道、translation 译本、memory 记忆"
    )
    on: Day = need("核对日期")
    confidence: Literal["high", "medium", "low"] = need("把握程度；low 为草稿，不产生效力")


class SpanShape(Shape):
    """Days in force."""

    from_: Day = need("生效日", alias="from")
    until: Day = may("有效期最后一日（含）")
    note: Text = may("终止效力的文件")


class PeriodShape(Shape):
    """A length of time."""

    years: Count = may("年")
    months: Count = may("月")
    days: Count = may("日")
