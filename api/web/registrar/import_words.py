"""The words of imports: the form, what a trial found, and what was written."""

from collections.abc import Mapping

from api.web.registrar.words import WORDS as REGISTRAR
from engine.vocabulary import Words

WORDS: Mapping[str, Words] = {
    **REGISTRAR,
    "colon": Words("：", ": "),
    "import_title": Words("导入名单", "Import a list"),
    "import_lead": Words(
        "先试导：逐行核对，不写入。看过报告，确认后才写入。",
        "The file is tried first: every row is read and nothing is written until you have seen the report.",
    ),
    "list_label": Words("名单", "Which list it is"),
    "choose_list": Words("请选择", "choose"),
    "file_label": Words("文件", "File"),
    "file_hint": Words(
        "CSV、XLSX 或 JSON Lines，最大 {most} MB；按内容识别，不看文件名。更大的文件请运维人员用 memoranda import。",
        "CSV, XLSX or JSON Lines, at most {most} MB; told by its content. For a larger one the operator has "
        "memoranda import.",
    ),
    "file_held": Words("已上传“{name}”。不另选文件即沿用。", "“{name}” is here already: leave this empty to use it."),
    "data_time_label": Words("数据时点（可不填）", "Which moment the data show (optional)"),
    "data_time_hint": Words(
        "不填即现在。例如 2026-11-20 或 2026-11-20T06:00+08:00。", "Now if empty; for example 2026-11-20."
    ),
    "snapshot_label": Words("全量：文件中没有的记录视为已终止", "A snapshot: entries that are not in it have ended"),
    "partial_label": Words("只收合格的行，其余另存", "Take the good rows only, and keep the others apart"),
    "how": Words("怎样收", "How it is taken"),
    "reason_label": Words("说明（可不填）", "Why (optional)"),
    "reason_hint": Words("例如：每日更新。不要写个人身份号码。", "For example: daily update. No personal numbers."),
    "mapping_summary": Words("列名对应（文件的列名不通用时）", "Headings (where the file has its own)"),
    "mapping_label": Words("列名对应，YAML 或 JSON（可不填）", "Which heading is which field, YAML or JSON (optional)"),
    "mapping_hint": Words(
        "例如 headings: {name: [企业名称], code: [信用代码]}",
        "For example headings: {name: [Firm], code: [Number]}",
    ),
    "try": Words("试导", "Try it"),
    "dropped": Words("已取消，上传的文件已删除，没有写入。", "Cancelled: the file is deleted and nothing was written."),
    # at work
    "work_try": Words("正在试导", "The file is being tried"),
    "work_take": Words("正在写入", "The file is being imported"),
    "stage_": Words("等待办理", "Waiting for its turn"),
    "stage_read": Words("已读 {done}%", "{done}% read"),
    "stage_write": Words("正在比对并收尾", "Comparing and finishing"),
    "work_wait": Words(
        "可以离开此页，稍后再回来；办理不会中断。", "You may leave this page and come back: the work goes on."
    ),
    "refresh": Words("刷新", "Refresh"),
    "failed_title": Words("没有办成", "It could not be done"),
    "failed_lost": Words(
        "办理的程序中断了。如在写入时中断，可能已经写入，也可能没有：再试导一次即知，已写入的显示为“未变”。",
        "The program at work was cut off. If it was writing, the data may be in or not: try again, and what is in "
        "shows as unchanged.",
    ),
    "failed_unavailable": Words(
        "名录库暂不可用，没有写入。请稍后再试。", "The registry is not available: nothing was written."
    ),
    "failed_fault": Words(
        "程序出错，没有写入。请告知运维人员。", "The program failed: nothing was written. Tell the operator."
    ),
    "again": Words("再试导一次", "Try it again"),
    # what a trial found
    "preview_title": Words("试导报告", "What the trial found"),
    "nothing_written": Words("只是试导，还没有写入。", "Only tried: nothing is written yet."),
    "what": Words("文件", "The file"),
    "size": Words("{size} 字节", "{size} bytes"),
    "data_time": Words("数据时点", "Data as of"),
    "taken_snapshot": Words("全量", "a snapshot"),
    "taken_more": Words("补充（不终止已有记录）", "additions (no entry ends)"),
    "taken_partial": Words("只收合格的行", "the good rows only"),
    "figures": Words("将有的变化", "What would change"),
    "figures_done": Words("变化", "What changed"),
    "new": Words("新增", "new"),
    "changed": Words("变更", "changed"),
    "ended": Words("终止", "ended"),
    "would_end": Words("将终止", "would end"),
    "unchanged": Words("未变", "unchanged"),
    "refused": Words("拒收", "refused"),
    "by_name": Words("仅有名称", "by name only"),
    "warnings": Words("提醒", "warnings"),
    "refused_title": Words("不合格的行", "Rows that are wrong"),
    "refused_caption": Words(
        "不合格的行，共 {count} 行，列出前 {shown} 处", "Rows that are wrong: {count}; faults shown: {shown}"
    ),
    "row": Words("行", "Row"),
    "field": Words("列", "Column"),
    "code": Words("代码", "Code"),
    "why": Words("原因", "What is wrong"),
    "help": Words("怎样改", "How to mend it"),
    "refused_all": Words("下载全部不合格的行（CSV）", "Download every fault (CSV)"),
    "refused_cut": Words("只保留前 {most} 处", "only the first {most} are kept"),
    "unnamed_title": Words("仅有名称的记录", "Entries known by name only"),
    "unnamed_says": Words(
        "没有代码，名称不能证明是谁：涉及名称相近的主体时，结论一律转人工审查。",
        "They have no code, and a name proves nobody: answers about subjects of a like name go to a person.",
    ),
    "unnamed_caption": Words(
        "仅有名称的记录，共 {count} 条，列出前 {shown} 条", "Known by name only: {count}; shown: {shown}"
    ),
    "name": Words("名称", "Name"),
    "possible": Words("名称相近的主体", "Subjects of a like name"),
    "notes": Words("说明", "Notes"),
    "refusal_rows": Words(
        "有 {refused} 行不合格，整份不收。改正后重新上传，或改为只收合格的行。",
        "{refused} rows are wrong and nothing would be taken: mend them and upload again, or take the good rows only.",
    ),
    "refusal_endings": Words(
        "现有 {current} 条中将终止 {would_end} 条，过多，须专门确认。多半是文件不全。",
        "{would_end} of {current} entries would end, too many to be taken without a word. The file is probably "
        "not whole.",
    ),
    "refusal_older": Words(
        "全量数据的时点早于该名单已有的数据，不收。请核对数据时点；补充旧数据不要勾选全量。",
        "The snapshot is older than the data there is and is not taken: look at the moment of the data, and to add old "
        "rows do not call it a snapshot.",
    ),
    "refusal_changed-meanwhile": Words(
        "办理期间该名单已有新的导入，没有写入。请再试导一次。",
        "Another import of the list finished meanwhile, nothing was written: try again.",
    ),
    "refusal_empty": Words("文件没有任何记录，不收。", "The file holds no entry and is not taken."),
    "endings_label": Words("确认无误的，填写将终止的条数", "If that is right, write how many will end"),
    "endings_hint": Words("写 {would_end}。", "Write {would_end}."),
    "endings_wrong": Words("条数不是 {would_end}", "the number is not {would_end}"),
    "confirm": Words("确认写入", "Import it"),
    "partial_button": Words("改为只收合格的行，再试导", "Take the good rows only, and try again"),
    "change_it": Words("改动选项或换文件", "Change something, or another file"),
    "drop": Words("取消，删除文件", "Cancel, and delete the file"),
    "kept_until": Words(
        "文件暂存至最后一次使用后一小时，过后删除。", "The file is kept for an hour after its last use."
    ),
    "meanwhile": Words(
        "试导以后，该名单已有变动，报告不再准确。请再试导一次。",
        "The list has changed since the trial, and the report no longer holds: try again.",
    ),
    # what was written
    "done_title": Words("已写入", "Imported"),
    "done_version": Words("名录库版本 {version}", "Registry version {version}"),
    "not_done_title": Words("没有写入", "Nothing was written"),
    "next": Words("导入另一份", "Import another"),
}

# What the engine calls by an option of the command line, and how this page calls it.
PLAIN = (
    ("或用 --mapping 另给列名对应文件", "或在“列名对应”中写明"),
    ("or give a mapping file by --mapping that lists one of them", "or list one of them under Headings"),
    ("or give a mapping file by --mapping", "or say so under Headings"),
    ("映射文件应为", "列名对应应为"),
    ("a mapping file has", "the headings have"),
    ("--mapping", "“列名对应”"),
)
