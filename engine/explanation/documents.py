"""The kinds of documents in words: ranks of instruments, forms and kinds of packs, and whether an edition was read."""

from collections.abc import Mapping

from engine.vocabulary import Words

RANKS: Mapping[str, Words] = {
    "law": Words("法律", "law"),
    "administrative-regulation": Words("行政法规", "administrative regulation"),
    "party-state-council-document": Words("党中央、国务院文件", "Party or State Council document"),
    "judicial-interpretation": Words("司法解释", "judicial interpretation"),
    "department-rule": Words("部门规章", "department rule"),
    "normative-document": Words("规范性文件", "normative document"),
    "local-regulation": Words("地方性法规", "local regulation"),
    "local-rule": Words("地方政府规章", "local rule"),
    "local-normative-document": Words("地方规范性文件", "local normative document"),
    "memorandum": Words("备忘录", "memorandum"),
}

FORMS: Mapping[str, Words] = {
    "memorandum": Words("备忘录", "memorandum"),
    "statute": Words("法律", "law"),
    "regulation": Words("行政法规", "administrative regulation"),
    "rule": Words("部门规章", "department rule"),
    "judicial-interpretation": Words("司法解释", "judicial interpretation"),
    "normative-document": Words("规范性文件", "normative document"),
    "policy": Words("政策文件", "policy"),
    "local-plan": Words("地方实施方案", "local plan"),
    "local-regulation": Words("地方性法规", "local regulation"),
}

KINDS: Mapping[str, Words] = {
    "punishment": Words("惩戒", "punishment"),
    "incentive": Words("激励", "incentive"),
    "mixed": Words("兼有", "both"),
}

# Whether the rows of an edition of the basic list were read.
EDITIONS_READ: Mapping[str, Words] = {
    "yes": Words("已读", "read"),
    "partly": Words("部分已读", "partly read"),
    "no": Words("未读", "not seen"),
}
