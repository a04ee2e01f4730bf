"""The words of what waits for a person, and of what they determine."""

from collections.abc import Mapping

from api.notice.words import WORDS as NOTICE
from engine.vocabulary import Words

NO_ANSWER = Words("请选择认定结论", "choose an answer")
NEEDED = {
    "reasons": Words("请写明理由", "give your reasons"),
    "document": Words("请填写文书号", "give the document's number"),
}
TAKES = Words(
    "该决定已有认定，见上。要以本认定取代它，请勾选",
    "there is a determination already, see above: tick to take its place",
)
GONE = Words("它已不是最近的认定，请重新核对", "that is no longer the newest determination: look again")

WORDS: Mapping[str, Words] = {
    **NOTICE,
    "title": Words("待人工审查", "Waiting for a person"),
    "note": Words(
        "系统不能得出结论、须由人依法认定的决定，等得最久的在前。",
        "What the machine leaves to a person, the longest wait first.",
    ),
    "found": Words("共 {n} 项", "{n} in all"),
    "found_more": Words("多于 {n} 项，先列最早的", "more than {n}: the oldest come first"),
    "filter": Words("筛选", "Filter"),
    "any": Words("全部", "any"),
    "show": Words("显示", "Show"),
    "waited": Words("已等", "Waited"),
    "days": Words("{n} 天", "{n} days"),
    "under_a_day": Words("不到 1 天", "under a day"),
    "what": Words("办理", "To do"),
    "review": Words("审查", "Review"),
    "read": Words("查看", "Read"),
    "of_decision": Words("决定 {id}", "decision {id}"),
    "nothing_waits": Words("没有待审查的决定。", "Nothing waits."),
    # the determination
    "determine": Words("人工认定", "Determination"),
    "decided": Words(
        "这个决定由系统得出，不需要人工认定。", "The machine decided this: there is nothing to determine."
    ),
    "whole": Words("完整理由、凭证和复现", "All reasons, receipt and replay"),
    "asked": Words("所问事项", "What was asked"),
    "look_at": Words("须由您核实和判断", "What to look at"),
    "look_at_note": Words(
        "以下是系统不能自行判断的地方。逐项核实后作出认定；系统不替您选择。",
        "What the machine could not settle. Look at each, then determine; the machine chooses nothing for you.",
    ),
    "missing": Words("没有说明的事实", "Facts nobody stated"),
    "not_known": Words("未及时更新、不能依凭的名单", "Lists too old to rely on"),
    "old_list": Words("{name}（{keeper}），数据时间：{when}", "{name} ({keeper}), data of {when}"),
    "ways": Words("怎样会有不同结论", "What would change it"),
    "already": Words("现有认定", "The determination there is"),
    "yours": Words("您的认定", "Your determination"),
    "answer": Words("认定结论", "Answer"),
    "reasons": Words("理由", "Reasons"),
    "reasons_hint": Words(
        "写明核实了什么、依据什么。将载入告知书；不要写公民身份号码。",
        "What was looked at, and on what it rests. It stands in the notice; no citizen's numbers.",
    ),
    "document": Words("文书号", "Document number"),
    "document_hint": Words("据以作出认定的文书，例如 测认〔2026〕1号。", "The document it rests on."),
    "takes_place": Words("本认定取代上述现有认定", "This takes the place of the determination above"),
    "check": Words("继续核对", "Continue"),
    # before it is recorded
    "confirm": Words("核对后记录", "Check, then record"),
    "confirm_note": Words(
        "记录后不能修改或删除，只能由新的认定取代。", "Once recorded it cannot be changed or deleted, only superseded."
    ),
    "officer": Words("认定人", "Officer"),
    "takes": Words("取代", "Takes the place of"),
    "takes_which": Words("{when} {officer}的认定：{word}", "what {officer} determined on {when}: {word}"),
    "record": Words("记录认定", "Record it"),
    "change_it": Words("返回修改", "Change it"),
}
