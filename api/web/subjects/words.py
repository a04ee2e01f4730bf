"""The words of a subject's page, beside the notice's and the counter's own."""

from collections.abc import Mapping

from api.web.answer_words import WORDS as ANSWER
from engine.vocabulary import Words

WORDS: Mapping[str, Words] = {
    **ANSWER,
    "title": Words("主体查询", "Look up a subject"),
    "title_one": Words("主体", "Subject"),
    "title_looks": Words("谁查阅过该主体", "Who looked at this subject"),
    "who_hint": Words(
        "18 位代码，可扫描营业执照二维码；自然人输入公民身份号码，用后即弃。用名称查询时，须再选定代码。",
        "An 18-character code; a licence's QR code may be scanned. For a natural person the citizen's number, which is "
        "dropped at once. By name, a code is chosen next.",
    ),
    "look_up": Words("查询", "Look up"),
    "another": Words("查询另一主体", "Look up another"),
    "noted": Words("每次查阅连同用途留痕，可供审计。", "Every look is noted with its purpose, for auditors."),
    "code": Words("代码", "Code"),
    "kind": Words("类型", "Kind"),
    "names": Words("名称", "Name"),
    "other_codes": Words("其他代码", "Other codes"),
    "version": Words("数据", "Data"),
    "former_name": Words("曾用名", "Former name"),
    "nameless": Words("名录库中没有名称", "no name in the registry"),
    "printed": Words("见于名单记录", "as printed with an entry"),
    "since": Words("自 {day} 起", "from {day}"),
    "until_day": Words("至 {day} 止", "until {day}"),
    "limited": Words(
        "您的账户只用于部分场景，这里只显示这些场景所查名单的记录。",
        "Your account is for some scenarios only: entries are shown of the lists those consult.",
    ),
    # answers
    "answers_now": Words("现在问，会怎样答", "Asked now"),
    "answers_day": Words("在 {day} 问，会怎样答", "Asked on {day}"),
    "preview": Words(
        "以下是试算，没有记入台账，不能据以告知当事人。",
        "These are previews: they are not in the ledger and no notice goes with them.",
    ),
    "preview_record": Words("需要依据时，请“记录为决定”。", "To rely on one, record it as a decision."),
    "preview_place": Words("地区：{place}", "Place: {place}"),
    "record": Words("记录为决定", "Record as a decision"),
    "record_in": Words("（{scenario}）", " ({scenario})"),
    "more_reasons": Words("另有 {number} 条决定性理由", "deciding reasons not shown here: {number}"),
    "and_more": Words("{names} 等 {number} 个", "{names} and others, {number} in all"),
    "because_entry": Words("因{list}的记录", "because of an entry on: {list}"),
    # the form
    "other_day": Words("换一个日子，或回到当时", "Another day, or what was known then"),
    "day": Words("判断日期（可不填）", "Day to judge (optional)"),
    "day_hint": Words("例如 2026-11-20；可以是将来。", "For example 2026-11-20; it may lie ahead."),
    "known_then": Words("当时（可不填）", "Known then (optional)"),
    "known_hint": Words(
        "名录库版本号，或一个时间，例如 12、2026-05-01、2026-05-01T09:00+08:00。",
        "A version of the registry or a time, such as 12, 2026-05-01, 2026-05-01T09:00+08:00.",
    ),
    "show": Words("查看", "Show"),
    # then and now
    "then_now": Words("当时所知与现在所知", "As known then, as known now"),
    "then_why": Words(
        "两栏问的是同一时点（{when}），不同的只是名录库当时和现在各知道什么：此后补录、更正、修复和撤销的，只在后一栏。",
        "Both columns ask about the same moment ({when}). They differ only in what the registry knew: what was "
        "entered, corrected, repaired or annulled since stands in the second alone.",
    ),
    "then_known": Words("当时所知", "As known then"),
    "now_known": Words("现在所知", "As known now"),
    "as_version": Words("名录库第 {number} 版，记录于 {when}", "registry version {number}, recorded {when}"),
    "as_empty": Words("名录库第 0 版：当时还没有任何数据", "registry version 0: nothing was known yet"),
    "differs": Words("不同", "differs"),
    "differs_verdict": Words("结论不同", "another verdict"),
    "differs_reasons": Words("理由不同", "other reasons"),
    "not_known": Words("当时不知道这条记录", "this entry was not known then"),
    "not_kept": Words("现在没有这条记录", "this entry is not there now"),
    "no_entries": Words("名录库中没有该主体的记录。", "The registry has no entry of this subject."),
    # the picture
    "timeline": Words("时间线", "Timeline"),
    "picture_title": Words("记录、事件、禁止期和措施的时间线", "Timeline of entries, events, bans and measures"),
    "picture_desc": Words(
        "自 {first} 至 {last}：{entries} 条记录、{events} 个事件；各场景逐段的结论。内容与图后的表格相同。",
        "From {first} to {last}: {entries} entries, {events} events, and what each scenario answers, period by period. "
        "The table after the picture says the same.",
    ),
    "key_listed": Words("粗条：列入至结束，箭头表示没有已知的结束日",
                        "thick bar: from listing to end; an arrow: no known end"),
    "key_ban": Words("细条：禁止期", "thin bar: a ban"),
    "key_marks": Words(
        "带号的标记：事件；方形为结束，菱形为停止，三角形为申请，圆形为办结",
        "numbered marks: events; square: an end, diamond: a pause, triangle: something asked for, round: settled",
    ),
    "key_verdict": Words(
        "场景条：逐段的结论；写不下字时，× 为不得参与，? 为须人工审查，± 为附条件参与，+ 为可以参与",
        "bars of scenarios: verdicts; where words find no room, × may not take part, ? a person must review, "
        "± on conditions, + may take part",
    ),
    "today": Words("今天", "today"),
    "computed": Words(
        "场景条由引擎逐个转折日判断得出：按现在所知，只看记录本身，视名单为最新，按每日终了，地区为{place}。名单过期、仅凭名称的疑似记录另见上面的结论。",
        "The scenarios' bars are judged by the engine on each day that turns anything: as known now, by the entries "
        "alone with lists taken as fresh, at the end of each day, in: {place}. Stale lists and entries known by name "
        "only are spoken of in the answers above.",
    ),
    "reached": Words(
        "{scenario}：转折日太多，只算到 {day}。", "{scenario}: too many days that turn it; worked out until {day}."
    ),
    "more_clauses": Words("另有 {number} 条措施", "measures not named here: {number}"),
    "begun": Words("记录较多，场景条只从 {day} 起算。", "There are many entries: the scenarios' bars begin on {day}."),
    "row": Words("行", "Row"),
    "from": Words("起", "From"),
    "to": Words("止", "Until"),
    "what": Words("内容", "What"),
    "detail": Words("说明", "Details"),
    "on_list": Words("在名单上", "on the list"),
    "ban": Words("禁止期", "ban"),
    "no_end": Words("没有固定期限", "no fixed end"),
    "not_clear": Words("不明", "not known"),
    "onwards": Words("以后无已知变化", "no known change after"),
    "by_entry": Words("{row} 行", "row {row}"),
    "because_rows": Words("因 {rows}", "because of {rows}"),
    "by_related": Words("关联主体的记录（{reach}）", "a related subject's entry ({reach})"),
    "known_since": Words("名录库自第 {number} 版起知道", "known since registry version {number}"),
    "document_is": Words("文书：{document}", "document: {document}"),
    "reason_is": Words("理由：{reason}", "reason: {reason}"),
    # entries
    "entries": Words("名单记录", "Entries"),
    "dates": Words("日期", "Dates"),
    "body": Words("作出单位", "Deciding body"),
    "state_now": Words("现在的状态", "State now"),
    "disputed": Words("异议处理中，效力不停止", "an objection is pending; the entry keeps its effect"),
    "ban_state": Words("禁止期：{state}", "ban: {state}"),
    "shown_part": Words("第 {first} 至 {last} 条，共 {all} 条", "{first} to {last} of {all}"),
    "older": Words("更早的记录", "Earlier entries"),
    "newest": Words("回到最近的记录", "Back to the latest entries"),
    # relations
    "relations": Words("关联关系", "Relations"),
    "relation": Words("对方是", "The other is"),
    "other": Words("对方", "Who"),
    "no_relations": Words("名录库中没有该主体的关联关系。", "The registry has no relation of this subject."),
    "relations_more": Words("只列出前 {most} 项，共 {all} 项。", "The first {most} of {all} are listed."),
    # looks
    "looks_link": Words("谁查阅过该主体", "Who looked at this subject"),
    "looks_note": Words(
        "含这一次。对该主体作出的决定不在此列，见台账。",
        "This look is among them. Decisions on the subject are no looks: they stand in the ledger.",
    ),
    "looked_at": Words("时间", "When"),
    "looked_by": Words("谁", "Who"),
    "looked_act": Words("做了什么", "What"),
    "looked_why": Words("用途", "Purpose"),
    "looked_case": Words("案号", "Case"),
    "act_read-subject": Words("查阅主体", "looked at the subject"),
    "act_read-decision": Words("查阅决定", "looked at a decision"),
    "act_read-looks": Words("查阅留痕", "looked at this log"),
    "act_other": Words("其他", "something else"),
    "back_subject": Words("返回该主体", "Back to the subject"),
}  # fmt: skip

KINDS: Mapping[str, Words] = {
    "legal-person": Words("法人或其他组织", "legal person or other organisation"),
    "individual-business": Words("个体工商户", "individual business"),
    "public-institution": Words("事业单位", "public institution"),
    "social-organisation": Words("社会组织", "social organisation"),
    "natural-person": Words("自然人", "natural person"),
}

SCHEMES: Mapping[str, Words] = {
    "organisation-code": Words("组织机构代码", "organisation code"),
    "registration-number": Words("工商注册号", "registration number"),
}

# What the other end is to the subject: where the subject is the near end of the tie, where it is the far one.
TIES: Mapping[str, tuple[Words, Words]] = {
    "branch-of": (Words("总机构", "head office"), Words("分支机构", "branch")),
    "legal-representative-of": (
        Words("由其任法定代表人的单位", "represented by this one"), Words("法定代表人", "legal representative")
    ),
    "controller-of": (Words("受其实际控制的单位", "controlled by this one"), Words("实际控制人", "actual controller")),
    "director-of": (Words("由其任董事的单位", "directed by this one"), Words("董事", "director")),
    "shareholder-of": (Words("由其持股的单位", "held by this one"), Words("股东", "shareholder")),
    "responsible-person-of": (
        Words("由其任主要负责人的单位", "headed by this one"), Words("主要负责人", "responsible person")
    ),
    "member-of": (Words("所属组织", "organisation it belongs to"), Words("成员单位", "member")),
    "expert-in": (Words("由其任评审专家的一方", "where it is an expert"), Words("评审专家", "expert")),
}  # fmt: skip
