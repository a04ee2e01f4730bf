"""The shapes of calendar.yaml and deadlines.yaml: on which days bodies work, and how long each step may take."""

from typing import Annotated, Any

from pydantic import Field, RootModel

from engine.packs.fields import (
    Both,
    CheckedShape,
    Code,
    Count,
    Day,
    Line,
    Note,
    Shape,
    Yes,
    fits,
    may,
    need,
    text_schema,
)
from engine.packs.vocabulary_shapes import ScopedShape

YEAR = r"^(19|20|21)\d{2}$"
Year = Annotated[str, fits(YEAR, "写作年份 2026", "write a year, 2026"), text_schema(YEAR)]
Days = Annotated[list[Day], Field(max_length=60)]


class HolidayShape(Both):
    """Days off that follow each other."""

    from_: Day = need("第一日", alias="from")
    until: Day = may("最后一日（含）；只有一日的不写")


class CalendarYearShape(Shape):
    """What the State Council's notices change in a year."""

    notices: Annotated[list[Line], Field(min_length=1, max_length=10)] = may("国务院办公厅通知的文号，后发的在后")
    off: Annotated[list[HolidayShape], Field(min_length=1, max_length=30)] = need("放假")
    worked: Days = may("上班的星期六、星期日")
    checked: CheckedShape = need("核对情况")
    note: Note = may("疑点")


class ProcedureShape(Both):
    """What is handled, in steps."""

    steps: Annotated[dict[Code, Both], Field(min_length=1)] = need("各个环节")


class DeadlineShape(ScopedShape):
    """How long one step may take."""

    from_: Day = need("施行日", alias="from")
    procedure: Code = need("程序")
    step: Code = need("环节")
    start: Code = need("自哪一日起算")
    workdays: Count = may("工作日数；与 days、same_day 只写一个")
    days: Count = may("日数")
    same_day: Yes = may("yes：当日")
    extension: Count = may("经批准可以延长的日数，单位相同")


class DeadlinesShape(Shape):
    """Procedures, the days from which deadlines count, and the rules."""

    procedures: dict[Code, ProcedureShape] = may("程序及其环节")
    starts: dict[Code, Both] = may("起算日")
    rules: dict[Code, DeadlineShape] = may("各地各时期的办理期限")


SHAPES: dict[str, Any] = {"calendar": RootModel[dict[Year, CalendarYearShape]], "deadlines": DeadlinesShape}
