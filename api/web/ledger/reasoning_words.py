"""The labels of the reason tree; what stands beside them is said by the rulebook and the phrases."""

from collections.abc import Mapping

from api.notice.words import WORDS as NOTICE
from engine.vocabulary import Words

WORDS: Mapping[str, Words] = {
    **{key: NOTICE[key] for key in ("basis", "term", "condition", "then", "act")},
    "record": Words("记录 {handle}（{reach}）：{list}", "Entry {handle} ({reach}): {list}"),
    "missing": Words("还缺的事实", "Not known"),
    "standing": Words("记录状态", "Standing"),
    "checked": Words("来源核对", "Source checked"),
    "note": Words("编写说明", "Author's note"),
    "measure": Words("措施编号", "Measure"),
    "number": Words("来源编号", "Number at its source"),
    "of": Words("记录主体", "Stands against"),
    "revision": Words("规则库版本", "Rulebook revision"),
    "semantics": Words("语义版本", "Semantics"),
}
