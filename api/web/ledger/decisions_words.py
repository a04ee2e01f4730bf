"""The words of the pages on one decision, beside the counter's."""

from collections.abc import Mapping

from api.web.answer_words import WORDS as ANSWER
from engine.vocabulary import Words

WORDS: Mapping[str, Words] = {
    **ANSWER,
    "title": Words("决定：{word}", "Decision: {word}"),
    "back_to_ledger": Words("台账", "Ledger"),
    "machine_says": Words("系统结论", "The machine's verdict"),
    "many_parties": Words("{count} 个当事方", "{count} parties"),
    "print": Words("打印告知书（PDF）", "Print the notice (PDF)"),
    "notice_page": Words("告知书网页", "Notice as a page"),
    "receipt": Words("下载凭证", "Download the receipt"),
    "receipt_closed": Words("下载凭证（不含身份）", "Download the receipt without names"),
    "replay": Words("复现：重新判断一次", "Replay: decide it again"),
    "replay_why": Words(
        "按当时的规则库和当时所知的名录重新判断，与记录逐字节比较。不改变任何记录。",
        "Decides again by the rulebook and the registry of then, and compares byte for byte. Nothing is changed.",
    ),
    "determine": Words("去作人工认定", "Determine it"),
    "all_determinations": Words("以下认定已被后来的取代", "Superseded by the one above"),
    "reasons": Words("理由", "Reasons"),
    "depth": Words("详细程度", "Depth"),
    "depth_counter": Words("窗口", "Counter"),
    "depth_lawyer": Words("法制审核", "Lawyer"),
    "depth_auditor": Words("审计", "Auditor"),
    "depth_counter_is": Words("决定结论的理由。", "What decides."),
    "depth_lawyer_is": Words("所有命中的措施，草稿除外。", "Every measure that was met, but for drafts."),
    "depth_auditor_is": Words(
        "全部：含草稿、来源核对、编写说明和编号。", "Everything: drafts, checks of sources, notes and codes too."
    ),
    "deciding": Words("决定结论", "Deciding"),
    "others_short": Words("另有命中（{count} 项，不改变结论）", "Also met ({count}, without changing the verdict)"),
    "in_library": Words("查看条款", "see the clause"),
    "cause": Words("状态的原因", "Why this state"),
    "flag": Words("提示", "Note"),
    "for_all": Words("整个决定", "The whole decision"),
    "parties_page": Words("第 {first} 至 {last} 个当事方，共 {count} 个", "Parties {first} to {last} of {count}"),
    "next_parties": Words("后面的当事方", "The next parties"),
    "first_parties": Words("回到第一个当事方", "Back to the first party"),
    "no_ways": Words(
        "当事方超过 {most} 个，不逐一试算怎样会有不同结论；可分别核查。",
        "With more than {most} parties, what would change it is not tried out: ask for them one by one.",
    ),
    "record": Words("记录", "Record"),
    "place_in_log": Words("台账序号", "Number in the log"),
    "no_number": Words("已记录，片刻后编入台账", "recorded; it has its number in a moment"),
    "leaf_hash": Words("叶哈希", "Leaf hash"),
    "prove": Words("包含证明", "Proof that it is in the log"),
    "waiting_title": Words("片刻即好", "Just a moment"),
    "waiting": Words(
        "决定已记录，正在编入台账，通常不到一秒。本页会自动继续。",
        "The decision is recorded and gets its number in the log, mostly within a second. This page goes on by itself.",
    ),
    "waiting_again": Words("现在重试", "Try now"),
    "back_to_decision": Words("回到这个决定", "Back to the decision"),
    "no_press": Words("本机不能生成 PDF", "No PDF can be made here"),
    "no_press_way": Words(
        "打开告知书网页，用浏览器的打印功能打印或存为 PDF，内容相同。",
        "Open the notice as a page and print it from the browser, or save it as a PDF: it says the same.",
    ),
    "no_press_operator": Words("请转告运维人员：{said}", "For the operator: {said}"),
    "replayed_title": Words("复现结果", "Replay"),
    "outcome_same": Words("完全一致", "The same"),
    "outcome_same_is": Words(
        "重新判断的结果与记录逐字节相同。", "Decided again, it came out the same to the byte."
    ),
    "outcome_different": Words("不一致", "Different"),
    "outcome_different_is": Words(
        "同样的规则库和名录，得出的结果与记录不同。可能是程序或数据被改动，请告知审计和运维人员，并核验台账。",
        "By the same rulebook and registry it comes out otherwise: program or data may have been altered. "
        "Tell auditor and operator, and verify the log.",
    ),
    "outcome_erased": Words("不能复现：当事方信息已依法删除", "Cannot be replayed: what named the party was erased"),
    "outcome_erased_is": Words(
        "记录和证明仍然有效，但已不知道是谁，无法重新查名录。",
        "The record and its proofs still hold, but who it was is no longer known, so nobody can be looked up.",
    ),
    "outcome_impossible": Words("不能复现", "Cannot be replayed"),
    "outcome_impossible_is": Words(
        "记录读不懂，或当时的规则库已不在台账中。", "The record cannot be read, or the rulebook of then is not kept."
    ),
    "then_verdict": Words("记录的结论", "Recorded"),
    "now_verdict": Words("复现的结论", "Replayed"),
    "differs_at": Words("不同之处（{count} 处）", "Where they differ ({count})"),
    "differs_part": Words("部分", "Part"),
    "differs_pointer": Words("位置（JSON 指针）", "At (JSON pointer)"),
    "differs_more": Words("另有 {count} 处未列出。", "{count} more are not listed."),
    "why_not": Words("原因：{why}", "Why: {why}"),
    "part_verdict": Words("结论", "verdict"),
    "part_parties": Words("当事方及其理由", "parties and their reasons"),
    "part_entries": Words("列入记录", "entries"),
    "part_lists": Words("名单的数据时间", "times of the lists"),
    "part_flags": Words("提示", "notes"),
    "part_valid_until": Words("结论有效期", "how long it holds"),
    "part_fresh_until": Words("数据有效期", "how long the data hold"),
    "part_": Words("其他", "other"),
    "then_page": Words("下一步：", "Next: "),
}  # fmt: skip
