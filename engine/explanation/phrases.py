"""The words of answers, zh and en side by side; `{…}` is filled by the renderer."""

from collections.abc import Mapping

from engine.vocabulary import Words

# What the counter does not need to hear.
QUIET_FLAGS = frozenset({"relation-unknown", "edition-not-read"})
BENEFIT_EFFECTS = frozenset({"green_channel", "prefer", "simplify", "spare", "route"})

VERDICTS: Mapping[str, Words] = {
    "ineligible": Words("不得参与", "may not take part"),
    "review": Words("须人工审查", "a person must review"),
    "conditional": Words("附条件参与", "may take part on conditions"),
    "eligible": Words("可以参与", "may take part"),
}

CHANNELS: Mapping[str, Words] = {
    "ordinary": Words("普通通道", "ordinary channel"),
    "green": Words("绿色通道", "green channel"),
    "green-offered": Words("可走绿色通道，由办理机关决定", "green channel, if the authority so decides"),
    "strict": Words("从严通道", "strict channel"),
}

EFFECTS: Mapping[str, Words] = {
    "bar": Words("禁止", "bar"),
    "limit": Words("限制", "limit"),
    "scrutinise": Words("从严审查", "scrutinise"),
    "weigh": Words("审慎参考", "weigh"),
    "inform": Words("提示", "inform"),
    "withhold": Words("不予便利", "withhold"),
    "lift": Words("例外", "exception"),
    "green_channel": Words("绿色通道", "green channel"),
    "prefer": Words("优先", "priority"),
    "simplify": Words("容缺受理、简化程序", "simplified procedure"),
    "spare": Words("减少抽查", "fewer inspections"),
    "route": Words("办理方式", "route"),
}

DUTIES: Mapping[str, Words] = {
    "must": Words("应当", "must"),
    "may": Words("可以", "may"),
}

STATES: Mapping[str, Words] = {
    "effective": Words("有效", "effective"),
    "undetermined": Words("待定", "undetermined"),
    "without-effect": Words("不生效", "without effect"),
}

BENEFIT_STATES: Mapping[str, Words] = {
    "granted": Words("应予", "granted"),
    "offered": Words("可予", "may be granted"),
    "withheld": Words("不予", "withheld"),
    "open": Words("暂不予", "not granted yet"),
    "void": Words("不适用", "does not apply"),
}

STANDINGS: Mapping[str, Words] = {
    "current": Words("有效", "current"),
    "not-yet": Words("尚未列入", "not yet listed"),
    "ended": Words("已结束", "ended"),
    "suspended": Words("已中止", "suspended"),
    "lifted": Words("暂时解除，须复查", "lifted for a time, to be rechecked"),
    "annulled": Words("已撤销", "annulled"),
    "ambiguous-day": Words("当日时刻不明或期限不明", "the hour of that day, or the end, is not known"),
    "no-window": Words("记录未附禁止期", "the record carries no ban"),
}

CAUSES: Mapping[str, Words] = {
    "draft": Words("本条来源不足，仅为草稿，不影响结论", "a draft: its source is too weak to change a verdict"),
    "lapsed": Words(
        "自 {gate} 起缺少足够的法律依据（{doc}），不生效",
        "from {gate} without sufficient lawful basis ({doc}), no effect",
    ),
    "local": Words(
        "地方规范性文件自 {gate} 起不得设定惩戒（{doc}），不生效",
        "from {gate} a local document may not restrict ({doc}), no effect",
    ),
    "not-in-force": Words("所引依据当日均不在施行期", "no cited instrument is in force on the day"),
    "not-your-authority": Words("不由询问机关（{of}）实施", "not for the asking authority ({of}) to apply"),
    "not-your-matter": Words("不适用于本事项（{of}）", "not for the matter at hand ({of})"),
    "matter-unstated": Words("未说明办理事项", "the matter at hand was not stated"),
    "lifted": Words("因例外条款 {of} 而不生效", "set aside by the exception {of}"),
    "lift-open": Words("例外条款 {of} 是否适用未定", "whether the exception {of} applies is open"),
    "given-absent": Words("前提条款 {of} 未生效", "its condition {of} has no effect here"),
    "given-open": Words("前提条款 {of} 未定", "its condition {of} is open"),
    "standing": Words("记录状态：{of}", "standing of the entry: {of}"),
    "territory": Words(
        "处罚决定限于 {of}，在此地是否适用须由人判断",
        "the decision is limited to {of}; a person must say if it counts here",
    ),
    "missing": Words("缺少：{of}", "not known: {of}"),
    "contested": Words("有争议：{of}", "contested: {of}"),
    "listed-adversely": Words("当事方现列入{of}", "the party stands on: {of}"),
    "restricted": Words("受 {of} 限制", "restricted by {of}"),
    "list-unknown": Words("名单未及时更新：{of}", "list not known at the moment: {of}"),
}

FLAGS: Mapping[str, Words] = {
    "disputed": Words("异议处理中（{of}），效力不停止", "an objection is pending ({of}); the entry keeps its effect"),
    "recheck-lifted": Words("暂时解除期间，须复查：{of}", "lifted for a time, recheck: {of}"),
    "inform": Words("{of}", "{of}"),
    "edition-not-read": Words(
        "惩戒措施清单现行版未读，沿用最近已读版：{of}", "the current edition of the basic list was not read: {of}"
    ),
    "relation-unknown": Words("关联关系数据从未到达：{of}", "no data ever arrived for the relation: {of}"),
    "candidate": Words(
        "{of}有仅凭名称可能相同的记录，须由人核对",
        "{of} has an entry that may be this party's, known by name only: a person must look",
    ),
    "no-jurisdiction": Words("未说明地区，仅按全国规定判断", "no place given: national measures only"),
    "no-prevailing-moment": Words(
        "项目未说明{of}，按询问时点判断", "the project states no {of}: judged at the time of asking"
    ),
}

MOMENTS: Mapping[str, Words] = {
    "as_of": Words("询问时点", "time of asking"),
    "cut_off": Words("信用查询截止时点", "cut-off of the credit query"),
    "deadline": Words("投标截止时间", "bid deadline"),
    "evaluation": Words("评审时间", "evaluation"),
    "award": Words("定标时间", "award"),
    "contract": Words("签约时间", "contract"),
}

DATES: Mapping[str, Words] = {
    "listed": Words("列入", "listed"),
    "decided": Words("决定", "decided"),
    "published": Words("公布", "published"),
    "expires": Words("届满", "expires"),
    "ban_from": Words("禁止期起", "ban from"),
    "ban_until": Words("禁止期止", "ban until"),
    "disputed": Words("提出异议", "disputed"),
    "settled": Words("异议办结", "objection settled"),
    "suspended": Words("中止", "suspended"),
    "resumed": Words("恢复", "resumed"),
    "repaired": Words("信用修复", "repaired"),
    "removed": Words("移出", "removed"),
    "annulled": Words("撤销", "annulled"),
    "lifted": Words("暂时解除", "lifted for a time"),
    "restored": Words("恢复适用", "restored"),
    "absent": Words("快照中消失", "absent from a snapshot"),
}

REACHES: Mapping[str, Words] = {
    "self": Words("本身", "its own"),
    "branch": Words("分支机构", "a branch's"),
    "head-office": Words("总机构", "the head office's"),
    "legal-representative": Words("法定代表人", "the legal representative's"),
    "actual-controller": Words("实际控制人", "the actual controller's"),
    "director": Words("董事", "a director's"),
    "shareholder": Words("股东", "a shareholder's"),
    "responsible-person": Words("主要负责人", "the responsible person's"),
}

# What binds parties and subjects to one another.
TIES: Mapping[str, Words] = {
    "consortium": Words("联合体其他成员", "another member of the consortium"),
    "branch-of": Words("分支机构", "branches"),
    "legal-representative-of": Words("法定代表人", "legal representatives"),
    "controller-of": Words("实际控制人", "actual controllers"),
    "director-of": Words("董事", "directors"),
    "shareholder-of": Words("股东", "shareholders"),
    "responsible-person-of": Words("主要负责人", "responsible persons"),
    "member-of": Words("成员单位", "members"),
    "expert-in": Words("评审专家", "experts"),
}

REMEDIES: Mapping[str, Words] = {
    "time": Words("自 {value} 起（名单不变）", "from {value} (lists as they are)"),
    "fact": Words("补充事实：{name} 为 {value}", "supply the fact: {name} is {value}"),
    "fact.listed": Words("查明列入时刻晚于该时点（{entry}）", "show that the listing came after that moment ({entry})"),
    "fact.decided": Words(
        "查明决定时刻晚于该时点（{entry}）", "show that the decision came after that moment ({entry})"
    ),
    "fact.matter": Words("说明办理事项（例如 {value}）", "state the matter at hand (for instance {value})"),
    "data": Words("更新名单：{name}，且其中没有记录", "let the list arrive: {name}, with no entry on it"),
    "repair": Words("信用修复：{list} 的记录 {entry}", "repair: entry {entry} of {list}"),
    "objection": Words(
        "异议成立、撤销记录：{list} 的记录 {entry}", "objection upheld, entry annulled: {entry} of {list}"
    ),
    "scope": Words("查明并非如此：{name} 为 {value}", "show that it is otherwise: {name} is {value}"),
    "scope.territory": Words(
        "查明处罚决定的地域范围不及于此（{entry}）", "show that the decision does not reach this place ({entry})"
    ),
    "composition": Words("更换联合体成员 {party}", "replace the consortium's member {party}"),
    "composition.withdraw": Words("关联的 {party} 退出", "the related party {party} withdraws"),
}

CHECKS: Mapping[str, Words] = {
    "text": Words("法条原文", "text"),
    "official-copy": Words("官方文本", "official copy"),
    "press": Words("公开报道", "press"),
    "translation": Words("译本", "translation"),
    "memory": Words("记忆", "memory"),
}
SURE: Mapping[str, Words] = {
    "high": Words("把握高", "high"),
    "medium": Words("把握中", "medium"),
    "low": Words("把握低", "low"),
}

SAYINGS: Mapping[str, Words] = {
    "verdict": Words("结论：{verdict}", "verdict: {verdict}"),
    "asked": Words("{scenario}（{place}），{moment} {when}", "{scenario} ({place}), {moment} {when}"),
    "party": Words("{handle}（{role}）{name}：{verdict}", "{handle} ({role}) {name}: {verdict}"),
    "channel": Words("通道：{channel}", "channel: {channel}"),
    "why": Words("理由", "reasons"),
    "others": Words("另有命中但不改变结论的措施", "also met, without changing the verdict"),
    "tainted": Words("因联合体另一方：{parties}", "because of another member of the consortium: {parties}"),
    "no_reason": Words("未见限制情形", "nothing restrictive was found"),
    "clause": Words("{title}（{number}）{clause}", "{title} ({number}) {clause}"),
    "basis": Words("依据：{basis}", "basis: {basis}"),
    "entry": Words("记录 {handle}（{reach}）：{list}，{dates}", "entry {handle} ({reach}): {list}, {dates}"),
    "until": Words("本记录效力至 {day}", "the entry stands until {day}"),
    "entry_again": Words("记录 {handle}（{reach}），见上", "entry {handle} ({reach}), as above"),
    "act": Words("文书：{act}", "act: {act}"),
    "keeper": Words("名单管理机关：{keeper}", "list kept by: {keeper}"),
    "objection": Words("异议：{how}", "to object: {how}"),
    "objection_unknown": Words(
        "异议：向名单管理机关提出，期限来源未载", "to object: before the list's keeper; no source states a time"
    ),
    "repair": Words("修复：{how}（{basis}）", "to repair: {how} ({basis})"),
    "repair_unknown": Words(
        "修复：来源未载，向名单管理机关询问", "to repair: no source states how; ask the list's keeper"
    ),
    "no_repair": Words("不能修复：{why}", "no repair: {why}"),
    "doubt": Words("存疑（{name}）：{doubt}", "in doubt ({name}): {doubt}"),
    "unsure": Words("来源把握不足，请核对", "the source is weak, check before relying on it"),
    "named": Words("{says}（{code}）", "{says} ({code})"),
    "flag_yes": Words("是", "yes"),
    "flag_no": Words("否", "no"),
    "then": Words("下一步：{then}", "next: {then}"),
    "question": Words("待人判断：{question}", "for a person to answer: {question}"),
    "condition": Words("条件：{condition}", "condition: {condition}"),
    "benefit": Words("{state}：{name}", "{state}: {name}"),
    "granting": Words("{says}（{basis}）", "{says} ({basis})"),
    "benefits": Words("激励与便利", "benefits"),
    "flags": Words("提示：{flag}", "note: {flag}"),
    "missing": Words("请补充：{facts}", "please supply: {facts}"),
    "assumed": Words("未经说明、按否处理：{facts}", "unstated and taken as no: {facts}"),
    "unknown_list": Words(
        "名单 {list} 在该时点未知（最近数据 {when}），不能视为没有记录",
        "the list {list} is not known at that moment (last data {when}); not knowing is not the same as clean",
    ),
    "never": Words("从未到达", "never arrived"),
    "valid_until": Words("同样的问题，结论保持到 {day}", "the same question gets this answer until {day}"),
    "valid_open": Words("目前没有已知的变化日期", "no day is known on which the answer would change"),
    "fresh_until": Words("名单数据可用至 {when}", "the lists' data hold until {when}"),
    "note": Words("说明：{note}", "note: {note}"),
    "checked": Words("核对：{by}，{on}，{confidence}", "checked: {by}, {on}, confidence {confidence}"),
    "ways": Words(
        "怎样才能参与（最少的改变，已逐一复判）：",
        "what would make them eligible (smallest changes, each judged again):",
    ),
    "no_ways": Words("没有当事方可以作出的改变能使结论成为“可以参与”：", "no change at hand would make them eligible:"),
    "and_also": Words("，并且", ", and "),
    "unfinished": Words(
        "已试 {tried} 组，每组至多 {largest} 项，未穷尽",
        "{tried} sets of at most {largest} changes tried, not all there are",
    ),
    "authority_decides": Words("由办理机关依法判断：{clause}", "the authority decides: {clause}"),
    "only_time": Words("修复、异议都不能消除：{clause}", "neither repair nor objection removes: {clause}"),
    "misses": Words("没有适用的措施及其原因：", "measures that did not apply, and why:"),
    "no_misses": Words("所涉名单和场景中没有其他措施", "no other measure stands on these lists in this scenario"),
    "miss": Words("不满足：{wanted}（实为 {got}）", "fails: {wanted} (it is: {got})"),
    "miss_unless": Words("属于例外：{wanted}（实为 {got}）", "excepted: {wanted} (it is: {got})"),
    "miss_day": Words("该日（{value}）文件不在施行期", "the document is not in force on that day ({value})"),
    "miss_tied": Words("该日没有这一关联关系", "the relation does not exist on that day"),
    "miss_place": Words("只适用于{place}", "applies in {place} only"),
    "revision": Words(
        "规则库版本：{revision}，语义版本 {semantics}", "rulebook revision: {revision}, semantics {semantics}"
    ),
    "unnamed": Words("未说明", "not stated"),
    "national": Words("全国", "national"),
}
