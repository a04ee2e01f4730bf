"""What the pages say of themselves, in Chinese and English, and the marks of effects in the picture."""

from collections.abc import Mapping, Sequence

from engine.explanation.phrases import EFFECTS
from engine.model import Effect
from engine.vocabulary import Words

LANGS = ("zh", "en")
TAGS = {"zh": "zh-CN", "en": "en"}

# One character each, so that a cell never speaks by colour alone.
LETTERS: Mapping[str, Words] = {
    Effect.BAR: Words("禁", "B"),
    Effect.LIMIT: Words("限", "L"),
    Effect.SCRUTINISE: Words("严", "S"),
    Effect.WEIGH: Words("慎", "W"),
    Effect.WITHHOLD: Words("不", "N"),
    Effect.INFORM: Words("提", "I"),
    Effect.GREEN_CHANNEL: Words("绿", "G"),
    Effect.ROUTE: Words("办", "R"),
    Effect.PREFER: Words("优", "P"),
    Effect.SIMPLIFY: Words("简", "E"),
    Effect.SPARE: Words("减", "F"),
    Effect.LIFT: Words("例", "X"),
}
AT_REST = Words("·", "·")
LEFT_OPEN = Words("*", "*")

COLOURS: Mapping[str, Words] = {
    "black": Words("黑名单（失信惩戒对象）", "Black lists: dishonest parties"),
    "watch": Words("重点关注名单", "Watch lists"),
    "record": Words("处罚等公开记录", "Records: penalties and the like"),
    "red": Words("红名单（守信激励对象）", "Red lists: honest parties"),
}
WORDS: Mapping[str, Words] = {
    "site": Words("守信激励与失信惩戒文件库", "Library of joint incentives and punishments"),
    "skip": Words("跳到正文", "Skip to the content"),
    "home": Words("首页", "Home"),
    "here": Words("您在这里", "You are here"),
    "documents": Words("文件", "Documents"),
    "lists": Words("名单", "Lists"),
    "scenarios": Words("应用场景", "Scenarios"),
    "picture": Words("总图", "The picture"),
    "other": Words("English", "中文"),
    "switch": Words("English version of this page", "本页中文版"),
    "search": Words("搜索", "Search"),
    "search_for": Words("搜索标题、文号、条款、名单", "Search titles, numbers, clauses and lists"),
    "search_hint": Words(
        "可以输入任意一段文字；按 / 键跳到这里，用 ↑ ↓ 键选结果，按 Esc 键清空。",
        "Any part of a word will do. Press / to come here, ↑ and ↓ to walk the results, Esc to clear.",
    ),
    "results": Words("搜索结果", "Results"),
    "found": Words("找到 {n} 项", "{n} found"),
    "found_more": Words("找到 {n} 项，先列出 {shown} 项", "{n} found, the first {shown} shown"),
    "found_none": Words("没有找到。换一个更短的词试试。", "Nothing found. Try a shorter word."),
    "kind_document": Words("文件", "document"),
    "kind_clause": Words("条款", "clause"),
    "kind_list": Words("名单", "list"),
    "kind_scenario": Words("场景", "scenario"),
    "on_this_page": Words("本页内容", "On this page"),
    "lead": Words(
        "哪份文件对谁、在什么事情上、规定了什么措施，依据哪一条。",
        "Which document attaches which measure to whom, in what business, and on which article.",
    ),
    "count": Words(
        "截至 {day}：{documents} 份文件，{measures} 条措施，其中 {biting} 条有效；其余是历史或草稿，也列出并说明原因。",
        "On {day}: {documents} documents, {measures} measures, {biting} of them with effect. "
        "The rest are history or drafts, shown with the reason.",
    ),
    "matrix": Words("名单与场景总图", "Lists and scenarios in one picture"),
    "matrix_lead": Words(
        "每格是列入该名单后，在该场景中当日最强的措施。点一格看条款。",
        "Each cell is the strongest measure of the day for somebody on the list. Follow a cell to its clauses.",
    ),
    "matrix_title": Words("名单 × 应用场景：{day} 最强的措施", "Lists by scenarios: the strongest measure on {day}"),
    "matrix_desc": Words(
        "{rows} 行名单，{columns} 列场景，{cells} 格有措施，其中 {biting} 格当日有效。同样的内容见下面的表格。",
        "{rows} rows of lists, {columns} columns of scenarios, {cells} cells with measures, "
        "{biting} of them with effect on the day. The table below says the same.",
    ),
    "matrix_table": Words("同样的内容，用表格看", "The same as a table"),
    "matrix_skip": Words("跳过总图", "Skip the picture"),
    "matrix_rest": Words("尚无措施", "No measure yet"),
    "matrix_rest_lists": Words("名单：{names}", "lists: {names}"),
    "matrix_rest_scenarios": Words("场景：{names}", "scenarios: {names}"),
    "key": Words("图例", "Key"),
    "key_open": Words("由机关裁量或有争议，须由人判断", "left to the authority or contested: a person decides"),
    "key_local": Words("只在某个地方有效", "in some place only"),
    "key_rest": Words("只有历史或草稿，当日无效", "history or drafts only, no effect on the day"),
    "no_list": Words("不依名单，依本次查询的事实", "On no list: the facts of the inquiry"),
    "cell": Words("{list}，{scenario}：{effect}", "{list}, {scenario}: {effect}"),
    "cell_more": Words("有效 {n} 条", "{n} with effect"),
    "number": Words("文号", "Number"),
    "form": Words("文件种类", "Kind"),
    "issued": Words("发文日期", "Issued"),
    "in_force": Words("有效期", "In force"),
    "always": Words("未载日期", "no day stated"),
    "place": Words("适用地区", "Place"),
    "issuers": Words("发文单位", "Issuers"),
    "how_read": Words("怎样核对的", "How it was read"),
    "reading": Words("{by}，{on}，{sure}：{n} 条", "{by}, {on}, confidence {sure}: measures {n}"),
    "note": Words("疑点", "Doubts"),
    "tally": Words("{day} 有效 {biting} 条，共 {n} 条", "{biting} of {n} measures have effect on {day}"),
    "short_tally": Words("{biting}/{n} 条有效", "{biting} of {n} with effect"),
    "own_reading": Words(
        "“措施”一栏是我们自己的一句话读法，不是原文。", "The measure is our own one-line reading, not the text."
    ),
    "annex": Words("附件表", "The annex as a table"),
    "on_day": Words("{day} 是否有效", "On {day}"),
    "left_open": Words("由人判断", "a person decides"),
    "only_in": Words("仅{place}", "only in {place}"),
    "unread": Words(
        "惩戒措施清单现行版未读，沿用最近已读版",
        "the basic list's edition then in force was not read; the last one read counts",
    ),
    "then": Words("下一步", "Next"),
    "cases": Words("用例", "Cases"),
    "cases_lead": Words(
        "每句是一种情形和应得的结论，机器逐一核对过。",
        "Each sentence is a situation with the verdict it must get; the machine tries them all.",
    ),
    "shared_cases": Words("涉及本文件的跨文件用例", "Cases of several documents that name this one"),
    "no_cases": Words("还没有用例。", "There is no case yet."),
    "list_question": Words("{name}：列入后会怎样？", "{name}: what can happen to a firm on this list?"),
    "red_question": Words("{name}：列入后有什么好处？", "{name}: what does a firm on this list gain?"),
    "colour": Words("性质", "Colour"),
    "keeper": Words("名单管理机关", "Kept by"),
    "terms": Words("期限", "How long"),
    "term": Words("自{start}起{length}", "{length} from the day {start}"),
    "term_open": Words("没有固定期限，到移出为止", "no fixed end: until removed"),
    "term_if": Words("条件：{condition}", "if {condition}"),
    "term_span": Words("适用于{span}{start}的记录", "for entries {start} {span}"),
    "no_terms": Words("来源未载期限", "no source states a term"),
    "nothing": Words("本名单没有当日有效的措施。", "No measure on this list has effect on the day."),
    "nothing_here": Words("当日没有有效的措施。", "No measure has effect here on the day."),
    "resting": Words("历史和草稿（{n} 条，当日不生效）", "History and drafts ({n}, no effect on the day)"),
    "way_back": Words("异议与修复", "Objection and repair"),
    "no_way_back": Words("红名单不涉及修复。", "A favour is not repaired."),
    "documents_of": Words("规定本名单后果的文件", "Documents that speak of this list"),
    "scenario_question": Words(
        "{name}：谁受限制，为什么？谁得便利？", "{name}: who is held back, and why? Who is favoured?"
    ),
    "roles": Words("角色", "Roles"),
    "moment": Words("以何时为准", "Which moment counts"),
    "consults": Words("必须查清的名单", "Lists that must be known"),
    "benefits_consult": Words("给予便利前须查清的名单", "Lists to be known before a benefit"),
    "none": Words("无", "none"),
    "restrictions": Words("限制和惩戒", "Restrictions"),
    "benefits": Words("激励和便利", "Benefits"),
    "past": Words("历史和草稿", "History and drafts"),
    "no_restrictions": Words("当日没有有效的限制。", "No restriction has effect on the day."),
    "no_benefits": Words("当日没有有效的便利。", "No benefit has effect on the day."),
    "and_more": Words("等 {n} 个名单", "and {n} more"),
    "source": Words("出处", "Source"),
    "basis": Words("依据", "Basis"),
    "by": Words("实施单位", "By"),
    "applies": Words("适用", "Applies"),
    "footer_day": Words("按 {day} 说明。规则库版本 {revision}。", "As on {day}. Rulebook revision {revision}."),
    "footer_law": Words(
        "这里不是法律意见，也不是法律原文，而是我们的读法；来源和把握程度逐条写明。",
        "Not legal advice, and not the law: our readings, each with its source and how sure we are.",
    ),
}


def words_in(lang: str) -> dict[str, str]:
    """Every word of the pages in `zh` or `en`."""
    return {key: words.say(lang) for key, words in WORDS.items()}


def letter(effect: str, left_open: bool, lang: str) -> str:
    """The mark of an effect in a cell, with a star where a person decides."""
    return LETTERS[effect].say(lang) + (LEFT_OPEN.say(lang) if left_open else "")


def effect_word(effect: str, asides: Sequence[str], lang: str) -> str:
    """The effect in words, with what must be said along with it."""
    word = EFFECTS[effect].say(lang)
    if not asides:
        return word
    return f"{word}（{'，'.join(asides)}）" if lang == "zh" else f"{word} ({', '.join(asides)})"
