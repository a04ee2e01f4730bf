"""The words of entries: finding one, what stands in it, and recording what happened."""

from collections.abc import Mapping

from api.web.registrar.words import WORDS as REGISTRAR
from engine.vocabulary import Words

WORDS: Mapping[str, Words] = {
    **REGISTRAR,
    "colon": Words("：", ": "),
    "comma": Words("、", ", "),
    "find_title": Words("查找记录", "Find an entry"),
    "who": Words("统一社会信用代码、名称或记录编号", "Unified social credit code, name, or number of an entry"),
    "who_hint": Words(
        "代码 18 位，可扫描营业执照二维码；记录编号 20 位。用名称查询时，须再选定代码。",
        "A code has 18 characters, a licence's QR code may be scanned; an entry's number has 20. "
        "By name, a code is chosen next.",
    ),
    "find": Words("查找", "Find"),
    "of_title": Words("该主体的记录", "The subject's entries"),
    "of_caption": Words("名录中的记录，共 {count} 条", "Entries in the registry: {count}"),
    "of_none": Words("名录中没有该主体的记录。", "The registry holds no entry of this subject."),
    "of_limited": Words("只列出您的账户所及场景会查的名单。", "Only lists that your account's scenarios consult."),
    "another": Words("查找另一主体", "Find another subject"),
    "entry_title": Words("记录", "Entry"),
    "number": Words("记录编号", "Number"),
    "subject": Words("主体", "Subject"),
    "person": Words("自然人（号码不保存、不显示）", "a natural person (the number is neither kept nor shown)"),
    "by_name": Words("仅有名称，没有代码", "known by name only, without a code"),
    "state": Words("登记状态", "State in the registry"),
    "state_note": Words(
        "是否仍有效力由规则按判断时点得出，不只看登记状态。",
        "Whether it still has effect follows from the rules at the moment asked about, not from this state alone.",
    ),
    "stands": Words("在列", "on the list"),
    "state_repaired": Words("已信用修复", "repaired"),
    "state_removed": Words("已移出", "removed"),
    "state_annulled": Words("已撤销", "annulled"),
    "state_absent": Words("最新全量中已没有", "gone from the newest snapshot"),
    "state_disputed": Words("异议处理中", "objection pending"),
    "state_suspended": Words("效力中止", "suspended"),
    "state_lifted": Words("暂时解除", "lifted for a time"),
    "state_applied": Words("修复申请办理中", "repair applied for"),
    "document": Words("文书号", "Document"),
    "body": Words("认定单位", "Decided by"),
    "dates": Words("日期", "Dates"),
    "facts": Words("所载事项", "What it states"),
    "not_known": Words("不详", "not known"),
    "events": Words("已登记的处理", "What happened to it"),
    "events_caption": Words("已登记的处理，共 {count} 项，先登记的在前", "Recorded: {count}, the first first"),
    "events_none": Words("没有登记过处理。", "Nothing was recorded yet."),
    "event": Words("办理事项", "What happened"),
    "on": Words("日期", "Day"),
    "reason": Words("理由", "Reason"),
    "version": Words("名录库版本", "Registry version"),
    "record_title": Words("登记处理", "Record what happened"),
    "record_beyond": Words(
        "您的账户的地区或场景限制不及于这条记录，只能查看。",
        "Your account's limits do not reach to this entry: you may only look at it.",
    ),
    "record_closed": Words("记录已撤销，不能再登记处理。", "The entry is annulled: nothing more can happen to it."),
    "on_label": Words("发生在哪一天", "On which day it happened"),
    "on_hint": Words(
        "按文书所写，不能在将来。例如 2026-11-20 或 2026-11-20T09:00+08:00。",
        "As its document says, not in the future; for example 2026-11-20.",
    ),
    "document_label": Words("所依据的文书号", "The document it rests on"),
    "document_hint": Words("例如：异议受理〔2026〕1号。不要写个人身份号码。", "No personal numbers."),
    "reason_label": Words("理由（可不填）", "Reason (optional)"),
    "place_label": Words("时限按哪里的规定计算", "Whose deadlines count"),
    "place_hint": Words(
        "只用于算出后续时限，不改变记录。", "Only to work out deadlines; the entry is not changed by it."
    ),
    "check": Words("核对后果", "See what follows"),
    "confirm_title": Words("核对后登记", "Check, then record"),
    "confirm_what": Words("将要登记", "To be recorded"),
    "effect": Words("登记后", "Once recorded"),
    "deadlines": Words("后续时限", "Deadlines that follow"),
    "deadlines_none": Words("所查规定没有为此规定时限。", "No deadline follows by the rules that are held here."),
    "deadlines_caption": Words("登记后产生的时限", "Deadlines that follow"),
    "also": Words(
        "可依文书以相反的处理更正，已登记的不能删除。",
        "It can be corrected by recording the opposite with its document; nothing recorded is deleted.",
    ),
    "do_record": Words("确认登记", "Record it"),
    "change_it": Words("返回修改", "Change it"),
    "done": Words("已登记：{what}，名录库版本 {version}", "Recorded: {what}, registry version {version}"),
    "elsewhere": Words("该主体的全部记录", "All entries of the subject"),
    # the verbs of what may be recorded
    "verb_object": Words("提出异议", "an objection is raised"),
    "verb_settle": Words("异议办结", "the objection is settled"),
    "verb_suspend": Words("中止效力", "its effect is suspended"),
    "verb_resume": Words("恢复效力", "its effect goes on"),
    "verb_apply": Words("申请信用修复", "repair is applied for"),
    "verb_refuse": Words("不予修复", "repair is refused"),
    "verb_repair": Words("信用修复", "repaired"),
    "verb_remove": Words("移出名单", "removed from the list"),
    "verb_annul": Words("撤销", "annulled"),
    "verb_lift": Words("暂时解除", "lifted for a time"),
    "verb_restore": Words("恢复解除前状态", "the lifting is over"),
    # what the judges make of each: engine/matching/standing.py
    "effect_object": Words(
        "异议期间记录仍有效力，结论中注明有异议。", "The entry keeps its effect; answers say that it is disputed."
    ),
    "effect_settle": Words(
        "结论中不再注明有异议；记录的效力不变。如异议成立，另行登记移出或撤销。",
        "Answers no longer call it disputed; its effect stays as it is. Where the objection is "
        "upheld, record the removal or annulment too.",
    ),
    "effect_suspend": Words(
        "自该日起没有效力，直到登记恢复效力。", "It has no effect from that day, until its resumption is recorded."
    ),
    "effect_resume": Words("自该日起恢复效力。", "It has effect again from that day."),
    "effect_apply": Words(
        "申请不改变效力，只起算办理时限。", "An application changes no effect; deadlines begin to count."
    ),
    "effect_refuse": Words("申请办结，记录的效力不变。", "The application is closed; the effect stays as it is."),
    "effect_repair": Words(
        "在列的效力自该日终止，未办结的修复申请随之办结；禁止期和终止后的限制按各自规定。以前的决定不变。",
        "Its effect as a listing ends that day, and an open application is closed; a ban, and what begins with the "
        "end, follow their own rules. Earlier decisions stay as they are.",
    ),
    "effect_remove": Words(
        "在列的效力自该日终止；禁止期和终止后的限制按各自规定。以前的决定不变。",
        "Its effect as a listing ends that day; a ban, and what begins with the end, follow their own rules. "
        "Earlier decisions stay as they are.",
    ),
    "effect_annul": Words(
        "视为自始没有列入；此后不能再登记其他处理。已作出的决定不改写，可能需要复查。",
        "It counts as never listed, and nothing more can be recorded. Decisions already made are not "
        "rewritten; they may have to be looked at again.",
    ),
    "effect_lift": Words(
        "自该日起不直接适用，有关结论转人工审查，直到登记恢复。",
        "From that day it is not applied as such: answers that turn on it go to a person, until it is restored.",
    ),
    "effect_restore": Words("自该日起恢复适用。", "It is applied again from that day."),
}
