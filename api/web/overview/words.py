"""The overview's words."""

from collections.abc import Mapping

from engine.vocabulary import Words

WORDS: Mapping[str, Words] = {
    "title": Words("总览", "Overview"),
    "at": Words("{when} 的情况", "As of {when}"),
    "as_table": Words("{title}：数据表", "{title}: the figures"),
    "total": Words("合计", "Total"),
    "day": Words("日期", "Day"),
    "month": Words("月份", "Month"),
    "legend": Words("图例", "Key"),
    # decisions
    "decisions": Words("核查决定", "Decisions"),
    "decisions_note": Words(
        "按系统结论计数，只计您可以查看的场景和地区；人工认定不改变系统结论。",
        "Counted by the machine's verdict, within the scenarios and places you may see; "
        "what persons determined later does not change it.",
    ),
    "period": Words("时段", "Period"),
    "period_days": Words("近 30 天，按日", "30 days, by day"),
    "period_months": Words("近 12 个月，按月", "12 months, by month"),
    "all_scenarios": Words("全部场景", "All scenarios"),
    "over_time": Words("各结论的决定数", "Decisions by verdict"),
    "over_time_one": Words("各结论的决定数：{scenario}", "Decisions by verdict: {scenario}"),
    "by_scenario": Words("各场景的决定数", "Decisions by scenario"),
    "over_time_desc": Words("{first} 至 {last} 共 {n} 项：{parts}。", "{first} to {last}, {n} in all: {parts}."),
    "by_scenario_desc": Words(
        "{first} 至 {last} 有决定的场景 {n} 个。", "{first} to {last}: {n} scenarios with decisions."
    ),
    "part": Words("{name} {n}", "{name} {n}"),
    "not_yet": Words(
        "较早的数据还在统计，以下从 {day} 起计。刷新本页继续统计。",
        "Earlier days are still being counted: these figures begin with {day}. Load the page again to go on.",
    ),
    "no_decisions": Words("该时段没有决定。", "No decisions in this period."),
    # lists
    "lists": Words("名单时效", "How fresh the lists are"),
    "lists_note": Words(
        "条长为数据已有天数，竖线为时效上限；越过竖线的名单不能视为没有记录。",
        "A bar is the age of the data, the upright line its limit; a list past it is not known, which is not clean.",
    ),
    "lists_desc": Words(
        "共 {n} 个名单：{known} 个可依凭，{past} 个超过时效，{never} 个从未到达。",
        "Of {n} lists {known} may be relied on, {past} are past their limit, {never} never arrived.",
    ),
    "lists_most": Words("先列最紧要的 {shown} 个，共 {n} 个。", "The {shown} most pressing of {n}."),
    "lists_all": Words("列出全部名单", "Show every list"),
    "lists_few": Words("只列最紧要的", "Show the most pressing"),
    "list": Words("名单", "List"),
    "data_time": Words("数据时间", "Data of"),
    "age": Words("已有", "Age"),
    "limit": Words("时效", "Limit"),
    "state": Words("状态", "State"),
    "known": Words("可依凭", "relied on"),
    "past": Words("超过时效", "past its limit"),
    "never": Words("从未到达", "never arrived"),
    "age_of": Words("{age} / {limit} 天", "{age} of {limit} days"),
    "in_days": Words("{n} 天", "{n} days"),
    # objections and repairs
    "handled": Words("异议与信用修复的办理时限", "Objections and repairs against their deadlines"),
    "handled_note": Words(
        "按名录登记的事件计算：未办结的全部计入，办结的只计近一年。以“处理并告知”“审查并作出决定”的时限为准；"
        "受理日未登记的，按受理期限的最后一日算；延长未登记，不计。",
        "By the events in the registry: all that are open, and what ended within a year, against the time to decide. "
        "Acceptance is not recorded and taken to come on its last day; extensions are not recorded and not counted.",
    ),
    "handled_desc": Words("{procedure}：{parts}", "{procedure}: {parts}"),
    "place_law": Words("按哪里的规定", "By the law of"),
    "show": Words("显示", "Show"),
    "procedure": Words("事项", "Procedure"),
    "met": Words("按期办结", "in time"),
    "missed": Words("逾期办结", "late"),
    "pending": Words("办理中（未到期）", "open (in time)"),
    "overdue": Words("办理中（已逾期）", "open (overdue)"),
    "unknown": Words("无法计算", "no deadline known"),
    "unsure": Words(
        "其中 {n} 件所依的时限只凭记忆录入，尚未核对原文。",
        "{n} of these by a deadline remembered, not read in its source.",
    ),
    "unknown_note": Words(
        "“无法计算”：所选地区没有读到时限规定，或所涉年份的工作日尚未公布。",
        "No deadline known: none was read for the place, or the working days of a year are not published.",
    ),
    # reviews
    "waiting": Words("待人工审查", "Waiting for a person"),
    "waiting_desc": Words("共 {n} 项，最久的等了{wait}：{parts}。", "{n} in all, the oldest for {wait}: {parts}."),
    "waiting_more": Words(
        "待审查的太多，只统计最早的 {n} 项。", "There are more than can be counted: these are the oldest {n}."
    ),
    "waited": Words("已等", "Waited"),
    "number": Words("项数", "Number"),
    "to_reviews": Words("去办理", "Go to them"),
    "none_waiting": Words("没有待审查的决定。", "Nothing waits for a person."),
    "band_0": Words("不到 1 天", "under 1 day"),
    "band_1": Words("1–2 天", "1–2 days"),
    "band_3": Words("3–6 天", "3–6 days"),
    "band_7": Words("7–29 天", "7–29 days"),
    "band_30": Words("30–89 天", "30–89 days"),
    "band_90": Words("90 天以上", "90 or more"),
}
