"""The words of an answer and of asking for one, beside the notice's own."""

from collections.abc import Mapping

from api.notice.words import WORDS as NOTICE
from engine.vocabulary import Words

WORDS: Mapping[str, Words] = {
    **NOTICE,
    "title": Words("窗口核查", "Counter check"),
    "who": Words("统一社会信用代码或名称", "Unified social credit code, or name"),
    "who_hint": Words("18 位；可扫描营业执照二维码。用名称查询时，须再选定代码。",
                      "18 characters; a licence's QR code may be scanned. By name, a code is chosen next."),
    "scenario": Words("办理场景", "Scenario"),
    "place": Words("办理地区", "Place"),
    "more": Words("事项、案号、时点", "Matter, case number, time"),
    "matter": Words("办理事项", "Matter"),
    "matter_hint": Words("只用于行政许可和财政资金等分事项的场景。", "For permits, subsidies and the like."),
    "no_matter": Words("不指明", "not named"),
    "case": Words("案号或受理号（可不填）", "Case number (optional)"),
    "at": Words("判断时点（可不填）", "As of (optional)"),
    "at_hint": Words("默认现在。例如 2026-11-20 或 2026-11-20T09:00+08:00。", "Now if empty; for example 2026-11-20."),
    "check": Words("核查", "Check"),
    "as_of": Words("按 {when} 的名单数据", "On the lists' data as of {when}"),
    "print": Words("打印告知书", "Print the notice"),
    "next": Words("下一位", "Next applicant"),
    "whole": Words("完整理由、凭证和复现", "All reasons, receipt and replay"),
    "keys": Words("按 F2 接待下一位，按 Ctrl+P 打印本页。", "F2 for the next applicant, Ctrl+P to print this page."),
    "ways": Words("怎样会有不同结论", "What would change it"),
    "missing": Words("还缺的事实", "Facts that were not stated"),
    "missing_note": Words("写明后可以重新核查；不清楚的留空。", "State what you know, leave the rest empty."),
    "ask_again": Words("补充后重新核查", "Check again with these"),
    "same": Words("同一主体", "the same subject"),
    "fact_money": Words("金额，分", "an amount, in fen"),
    "fact_count": Words("整数", "a whole number"),
    "fact_date": Words("日期，例如 2026-11-20", "a day, such as 2026-11-20"),
    "fact_code": Words("代码", "a code"),
}  # fmt: skip
