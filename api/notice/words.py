"""The notice's own words, zh and en side by side; what the law and the rulebook say comes from the rulebook."""

from collections.abc import Mapping
from datetime import datetime

from engine.calendar import SHANGHAI
from engine.vocabulary import Words

TAGS = {"zh": "zh-CN", "en": "en"}

WORDS: Mapping[str, Words] = {
    "title": Words("守信激励和失信惩戒核查告知书", "Notice of a decision on joint incentive and punishment"),
    "number": Words("决定编号", "Decision number"),
    "recorded": Words("记录时间", "Recorded"),
    "scenario": Words("应用场景", "Scenario"),
    "place": Words("适用地区", "Place"),
    "matter": Words("办理事项", "Matter"),
    "authority": Words("办理机关", "Authority"),
    "judged_at": Words("判断时点", "Judged at"),
    "stated": Words("所述事实", "Facts stated"),
    "holds": Words("结论有效期", "How long it holds"),
    "not_stated": Words("未说明", "not stated"),
    "machine": Words("系统结论", "The machine's verdict"),
    "person": Words("人工认定", "A person's determination"),
    "waits": Words("尚未作出", "not made yet"),
    "waits_note": Words("系统不能得出结论，须由人依法认定。", "The machine does not decide this: a person must."),
    "machine_note": Words(
        "由系统按所载规则库和名单数据得出。", "Made by the program from the rulebook and lists named below."
    ),
    "determined_at": Words("认定时间", "Determined"),
    "officer": Words("认定人", "By"),
    "document": Words("认定文书", "Document"),
    "reasons_given": Words("认定理由", "Reasons"),
    "supersedes": Words("已被取代的认定：{word}", "Superseded: {word}"),
    "not_opened": Words("未公开", "not opened"),
    "parties": Words("当事方与理由", "Parties and reasons"),
    "channel": Words("办理通道：{channel}", "Channel: {channel}"),
    "closed": Words("（本告知书不载身份）", "(this notice does not name the party)"),
    "erased": Words("（身份信息已抹除）", "(what named the party was erased)"),
    "unopened": Words("（身份信息未公开，或已抹除）", "(who it is was not opened, or was erased)"),
    "person_key": Words("自然人（登记摘要 {digest}…）", "natural person (registered as {digest}…)"),
    "restrictions": Words("限制与理由", "Restrictions and reasons"),
    "questions": Words("须由人审查的事项", "What a person must review"),
    "others": Words("另有命中但不改变结论的措施", "Also met, without changing the verdict"),
    "conditions": Words("参与条件", "Conditions"),
    "benefits": Words("激励与便利", "Benefits"),
    "by": Words("依据：{clause}", "by: {clause}"),
    "why": Words("原因：{why}", "because: {why}"),
    "clause": Words("文件条款", "Document"),
    "basis": Words("法律及政策依据", "Basis"),
    "entry": Words("列入记录", "Entry"),
    "act": Words("决定文书", "Act"),
    "term": Words("期限", "Term"),
    "state": Words("状态", "State"),
    "condition": Words("条件", "Condition"),
    "then": Words("下一步", "Next"),
    "remarks": Words("应当知道的事项", "What else to know"),
    "rights": Words("异议与信用修复", "How to object and to repair"),
    "rights_note": Words(
        "认为列入有误的，可以提出异议；符合条件的，可以申请信用修复。均向名单管理机关提出，不向出具本告知书的单位提出。",
        "Object where an entry is wrong, apply for repair where the terms are met: before the keeper of the list, "
        "not before whoever hands out this notice.",
    ),
    "lists": Words("查询的名单及其数据时间", "Lists consulted, and how old their data are"),
    "list": Words("名单", "List"),
    "keeper": Words("管理机关", "Kept by"),
    "data_time": Words("数据时间", "Data of"),
    "age": Words("距判断时点", "Age at the moment judged"),
    "relied": Words("是否可依凭", "Relied on"),
    "known": Words("可依凭", "yes"),
    "unknown": Words("未及时更新，不能视为没有记录", "no: too old, which is not the same as clean"),
    "never": Words("从未到达", "never arrived"),
    "later": Words("晚于判断时点", "after that moment"),
    "needed": Words("必查", "required"),
    "made_by": Words("据以判断的版本", "What it was judged by"),
    "registry": Words("名录库版本", "Registry version"),
    "rulebook": Words("规则库版本", "Rulebook revision"),
    "software": Words("软件", "Software"),
    "semantics": Words("语义版本", "semantics"),
    "proof": Words("记录凭据与核验", "Proof, and how to check it"),
    "qr": Words(
        "二维码：决定编号、叶哈希、台账头和密钥指纹，与右侧所载相同",
        "QR code: decision number, leaf hash, tree head and key fingerprint, as printed beside it",
    ),
    "leaf_number": Words("台账序号", "Number in the log"),
    "of": Words("第 {number} 号（自 0 起，共 {size} 条）", "{number} (counting from 0) of {size} entries"),
    "leaf": Words("叶哈希", "Leaf hash"),
    "head": Words("台账头", "Tree head"),
    "head_size": Words("{size} 条，{when} 签署，根：", "{size} entries, signed {when}, root:"),
    "key": Words("密钥指纹", "Key fingerprint"),
    "check_intro": Words(
        "向记录单位索取本决定的凭证文件（receipt.json）和另行公布的公钥文件（keys.json），任选一种方法：",
        "Ask for the decision's receipt (receipt.json), take the keys from where they are published (keys.json), then:",
    ),
    "check_compare": Words(
        "显示“真实 / genuine”，且决定编号、密钥指纹与上表相同，即证明记录未被改动。",
        "'genuine' with the same number and fingerprint as above proves that the record was not altered.",
    ),
    "stamp": Words("办理机关（盖章）", "Authority (seal)"),
    "clerk": Words("经办人", "Officer"),
    "served": Words("送达日期", "Served on"),
    "disclaimer": Words(
        "本告知书载明一次核查的结论和理由，不是行政决定，不代替办理机关依法作出的决定。未见限制情形，是指截至所载数据时间未查到，不是信用评价。",
        "This notice states the outcome of one query and its reasons. It is no administrative decision and does not "
        "stand for the authority's own. 'Nothing restrictive found' means as of the data named here; it is no rating.",
    ),
}

_SPANS = (
    (86_400, Words("{} 天", "{} days"), Words("1 天", "1 day")),
    (3_600, Words("{} 小时", "{} hours"), Words("1 小时", "1 hour")),
)
_SHORT = Words("不足 1 小时", "less than 1 hour")


def say(key: str, lang: str, **parts: str) -> str:
    """A word of the notice, its parts filled in."""
    return WORDS[key].say(lang).format(**parts) if parts else WORDS[key].say(lang)


def day_or_instant(text: str, lang: str, seconds: bool = False) -> str:
    """A day, a span of days (`a/b`) or an instant in Beijing time, as people write them."""
    if "/" in text:
        return ("至" if lang == "zh" else " to ").join(day_or_instant(part, lang) for part in text.split("/"))
    moment = datetime.fromisoformat(text)
    if "T" in text:
        moment = moment.astimezone(SHANGHAI)
    day = f"{moment.year}年{moment.month}月{moment.day}日" if lang == "zh" else moment.date().isoformat()
    if "T" not in text:
        return day
    return f"{day} {moment:%H:%M:%S}" if seconds else f"{day} {moment:%H:%M}"


def age(seconds: int, lang: str) -> str:
    """How old data are, in whole days or hours, rounded down."""
    for length, many, one in _SPANS:
        if (count := seconds // length) > 0:
            return one.say(lang) if count == 1 else many.say(lang).format(count)
    return _SHORT.say(lang)
