"""The library's words beside those of the site that is written to a folder."""

from collections.abc import Mapping

from api.notice.words import WORDS as NOTICE
from api.site.words import WORDS as SITE
from engine.vocabulary import Words

WORDS: Mapping[str, Words] = {
    **SITE,
    **{key: NOTICE[key] for key in ("data_time", "relied", "known", "unknown", "never", "later")},
    "title": Words("文件与名单", "Library"),
    "sections": Words("文件与名单的各部分", "Parts of the library"),
    "matrix_short": Words("总图", "In one picture"),
    "search_for": Words("搜索标题、文号、条款、名单", "Search titles, numbers, clauses and lists"),
    "search_hint": Words(
        "任意一段文字；几个词用空格隔开，须都出现。", "Any part of a word; several words must all be there."
    ),
    "any": Words("全部", "all"),
    "show": Words("显示", "Show"),
    "all_again": Words("清除条件", "Clear"),
    "documents_found": Words("{n} 份文件", "{n} documents"),
    "none_found": Words(
        "没有符合条件的文件。放宽条件试试。", "No document is like that. Ask for less."
    ),
    "effect_today": Words("有效措施", "Measures in effect"),
    "of_all": Words("{biting} / {n} 条", "{biting} of {n}"),
    "pages": Words("分页", "Pages"),
    "previous_page": Words("上一页", "Previous page"),
    "page_of": Words("第 {number} 页，共 {last} 页", "Page {number} of {last}"),
    "day": Words("哪一天", "On which day"),
    "day_hint": Words("例如 2026-11-20", "For example 2026-11-20"),
    "not_today": Words("以下按 {day} 说明，不是今天。", "What follows is as on {day}, not today."),
    "lists_named": Words("涉及名单", "Lists it speaks of"),
    "lists_group": Words("名单组 {number}：{n} 个名单", "Group {number}: {n} lists"),
    "lists_none": Words("不依名单", "no list"),
    "revision": Words("规则库版本", "Rulebook revision"),
    "made_by_other": Words(
        "您来自的决定用的是规则库 {made_by}，现行规则库是 {revision}：下面是现行的读法，可能与作出决定时不同。",
        "The decision you come from was made by rulebook {made_by}; now {revision} is served. "
        "Below is how it reads now, which may differ from then.",
    ),
    "where": Words("{day} 在哪些场景、对哪些名单、在哪些地方有效", "Where it bites on {day}"),
    "where_lead": Words(
        "只列当日有效的措施（含须由人判断的）。点场景、名单可看同一处的其他文件。",
        "Only measures with effect on the day, those left to a person among them. Follow a scenario or a list to what "
        "other documents say there.",
    ),
    "where_long": Words("看全部 {n} 处（另页）", "All {n} of them, on a page of its own"),
    "where_of": Words("{title}：{day} 何处有效", "{title}: where it bites on {day}"),
    "where_none": Words("当日没有任何措施有效，原因见上表各行。", "No measure has effect on the day; see above."),
    "clauses": Words("条款", "Clauses"),
    "list": Words("名单", "List"),
    "holds_until": Words("至 {until}", "until {until}"),
    "cases_none_here": Words("文件旁没有可读的用例。", "There are no cases to read beside this document."),
    "cases_all": Words("全部 {n} 条用例", "All {n} cases"),
    "cases_of": Words("用例：{title}", "Cases: {title}"),
    "cases_of_clause": Words("只列由 {clause} 决定的用例", "Only cases that {clause} decides"),
    "case": Words("情形", "Situation"),
    "expected": Words("应得结论", "Verdict it must get"),
    "decided_by": Words("由哪条决定", "Decided by"),
    "to_document": Words("回到文件", "Back to the document"),
    "its_cases": Words("{n} 条用例", "{n} cases"),
    "age_now": Words("距今", "Age"),
    "entries": Words("记录数", "Entries"),
    "relied_until": Words("可依凭至", "Relied on until"),
    "cadence": Words("约定更新周期", "Agreed to come"),
    "cadence_days": Words("每 {n} 天", "every {n} days"),
    "late": Words("已逾期未到", "overdue"),
    "wanted_by": Words("哪些场景须查", "Consulted in"),
    "freshness_note": Words(
        "截至 {when}，名录库版本 {version}。超过可依凭期限的名单视为不明，不视为没有记录。",
        "As of {when}, registry version {version}. A list that is too old counts as unknown, never as clean.",
    ),
    "follows": Words("{day} 由此产生的措施", "What follows from it on {day}"),
    "follows_count": Words(
        "{n} 条有效，另有历史和草稿 {rest} 条。", "{n} with effect, and {rest} of history or drafts."
    ),
    "follows_none": Words("没有符合条件的措施。", "No measure is like that."),
    "rest": Words("也列出历史和草稿", "History and drafts too"),
    "effect": Words("措施种类", "Effect"),
    "effect_count": Words("{n} 条", "{n}"),
    "by_effect": Words("{day} 的措施，按种类", "Measures on {day} by effect"),
    "measure": Words("措施", "Measure"),
    "scenarios_in": Words("场景", "Scenarios"),
    "in_place": Words("地区", "Place"),
    "scenarios_lead": Words("一次核查针对一个场景。", "Every check is made in one scenario."),
    "matrix_part": Words("名单组", "Group of lists"),
    "matrix_table_lead": Words(
        "每格是列入该名单后，在该场景中当日最强的措施；空格是没有措施。点一格看条款。",
        "Each cell is the strongest measure of the day for somebody on the list; an empty cell has none. "
        "Follow a cell to its clauses.",
    ),
    "rows_of": Words("{title}（{first}–{last}）", "{title} ({first}–{last})"),
}  # fmt: skip
