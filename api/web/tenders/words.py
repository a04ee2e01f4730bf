"""The words of the tender pages beside the notice's own."""

from collections.abc import Mapping

from api.notice.words import WORDS as NOTICE
from engine.vocabulary import Words

WORDS: Mapping[str, Words] = {
    **NOTICE,
    "title": Words("采购和招标核查", "Check a tender"),
    "lead": Words(
        "一个项目的全部当事方一次核查：按同一截止时点，联合体各方一并判断，得到一张结论表。",
        "All parties of a project at once: judged at one cut-off, consortia as a whole, in one table of verdicts.",
    ),
    "scenario": Words("办理场景", "Scenario"),
    "place": Words("项目所在地", "Place of the project"),
    "case": Words("项目编号（可不填）", "Tender number (optional)"),
    "case_hint": Words("记入决定，只有有权查看的人能看到。", "Kept with the decision, for those who may see it."),
    "at": Words("截止时点（可不填）", "Cut-off (optional)"),
    "at_hint": Words(
        "政府采购为信用查询截止时点，招标投标为评审时间；不填按现在。例如 2026-11-20 或 2026-11-20T09:00+08:00。",
        "In procurement the cut-off of the credit query, in bidding the evaluation; now if empty. "
        "For example 2026-11-20.",
    ),
    "parties_in": Words("当事方", "Parties"),
    "parties_hint": Words(
        "每行一个：代码，联合体标记，名称，角色。用逗号、制表符或空格分隔，可直接从表格粘贴；"
        "只有代码必填，最多 1,000 行。第一行可以是列名。",
        "One a line: code, consortium's mark, name, role; parted by commas, tabs or blanks, or pasted from a "
        "spreadsheet. Only the code is needed; 1,000 lines at most. The first line may hold headings.",
    ),
    "file": Words("或者上传文件", "Or upload a file"),
    "file_hint": Words("XLSX 或 CSV，第一行是列名，最大 8 MB。",
                       "XLSX or CSV with headings in the first row, up to 8 MB."),
    "empty_form": Words("下载空白样表（XLSX）", "Download an empty form (XLSX)"),
    "marks_note": Words("怎样填写联合体", "How to state consortia"),
    "marks_text": Words(
        "同一联合体的各方填相同的标记，例如 A、1、甲。标记相同的，一方不良即全体；只出现一次的标记不起作用。"
        "名称只用来在出错时找到该行，不作记录。",
        "Members of one consortium have the same mark, such as A or 1, and stand or fall together; a mark that stands "
        "only once has no effect. Names only help to find a line that is wrong and are not kept.",
    ),
    "check": Words("核查", "Check"),
    "wrong_lines": Words("有误的行", "Lines that are wrong"),
    "wrong_more": Words("只列出前 30 行。", "Only the first 30 are listed."),
    "recent": Words("我最近核查的项目", "Tenders I checked lately"),
    "recent_line": Words("{when}　{scenario}，{count} 个当事方", "{when}, {scenario}, parties: {count}"),
    "job_title": Words("正在核查", "Checking"),
    "job_wait": Words("本页会自动更新，完成后显示结论表。可以离开，稍后回到本页。",
                      "This page updates itself and goes on to the table. You may leave and come back to it."),
    "job_refresh": Words("立即刷新", "Refresh now"),
    "stage_": Words("正在等候", "Waiting for its turn"),
    "stage_read": Words("已读取 {done} / {whole} 个当事方的名录数据", "Registry data read: {done} of {whole} parties"),
    "stage_judge": Words("{whole} 个当事方的数据已读完，正在判断", "All {whole} parties are read, now they are judged"),
    "stage_record": Words("已判断，正在记入台账", "Judged, now it is recorded"),
    "failed_title": Words("没有办成", "It was not done"),
    "failed_lost": Words("办理中断（服务停止或重启），没有结论。",
                         "The work broke off: the service stopped or started anew."),
    "failed_unavailable": Words("数据库暂时不可用，没有结论。", "The database was not available."),
    "failed_fault": Words("系统出错，没有结论；请告知运维人员。", "The system failed; please tell its operator."),
    "submit_again": Words("重新提交", "Submit it again"),
    "failed_note": Words("当事方没有保存，请重新粘贴或上传。",
                         "The parties were not kept: paste or upload them again."),
    "table_title": Words("项目核查结果", "Verdicts on a tender"),
    "table_case": Words("项目编号", "Tender number"),
    "in_all": Words("共 {count} 个当事方", "{count} parties in all"),
    "all": Words("全部", "All"),
    "filter": Words("按结论筛选", "By verdict"),
    "table_label": Words("各方结论", "Verdicts"),
    "caption": Words("第 {first}–{last} 个，共 {shown} 个", "{first} to {last} of {shown}"),
    "caption_none": Words("没有这种结论的当事方", "no party has this verdict"),
    "party": Words("当事方", "Party"),
    "verdict_column": Words("结论", "Verdict"),
    "reason": Words("决定性理由", "Deciding reason"),
    "until": Words("期限", "Until"),
    "others_more": Words("另有 {n} 项理由", "{n} more reasons"),
    "one_more": Words("另有 1 项理由", "1 more reason"),
    "team": Words("联合体 {mark}，{size} 方，一并判断", "Consortium {mark}, members: {size}, judged as one"),
    "team_apart": Words("联合体 {mark}，{size} 方", "Consortium {mark}, members: {size}"),
    "team_nameless": Words("未标记的联合体，{size} 方，一并判断",
                           "Consortium without a mark, members: {size}, judged as one"),
    "pages": Words("表的各页", "Pages of the table"),
    "page_of": Words("第 {number} 页，共 {pages} 页", "page {number} of {pages}"),
    "previous_page": Words("上一页", "Previous page"),
    "whole": Words("完整理由、凭证和复现", "All reasons, receipt and replay"),
    "export_csv": Words("导出 CSV", "Export CSV"),
    "export_xlsx": Words("导出 XLSX", "Export XLSX"),
    "bundle": Words("下载凭证包（ZIP）", "Receipt bundle (ZIP)"),
    "export_note": Words(
        "导出的是所筛选的行；用 Excel 打开请选 XLSX，以免代码末位丢失。"
        "凭证包内有凭证、公钥、验证程序、告知书和全表，可归入项目档案。",
        "Exports hold the rows chosen above; for Excel take XLSX, which keeps every digit. The bundle holds receipt, "
        "keys, the program that checks them, notices and the whole table.",
    ),
    "waiting": Words("决定已记录，正在编入台账；请稍候再下载凭证包。",
                     "The decision is recorded and is about to get its number: try the bundle again in a moment."),
    "undetermined": Words(
        "{count} 个当事方须由人工认定，尚未作出认定。认定及于整个项目；要分别认定，请单独核查。",
        "Parties that a person must determine: {count}; nobody did yet. A determination is of the whole tender: "
        "to determine parties one by one, check each by itself.",
    ),
    "undeterminable": Words(
        "{count} 个当事方须由人审查。项目的总结论更重，不能整体认定：请单独核查后逐个认定。",
        "Parties that a person must review: {count}. The verdict on the whole is graver, so it cannot be determined "
        "as a whole: check each by itself and determine that.",
    ),
    "check_alone": Words("单独核查", "Check by itself"),
    "missing_above": Words("有些结论取决于项目情况，还有 {count} 项没有说明。",
                           "Some verdicts depend on facts about the project that were not stated: {count}."),
    "missing": Words("项目还缺的事实", "Facts about the project that were not stated"),
    "missing_note": Words("写明后对同一批当事方重新核查；不清楚的留空。",
                          "State what you know and the same parties are checked again; leave the rest empty."),
    "ask_again": Words("补充后重新核查", "Check again with these"),
    "fact_money": Words("金额，分", "an amount, in fen"),
    "fact_count": Words("整数", "a whole number"),
    "fact_date": Words("日期，例如 2026-11-20", "a day, such as 2026-11-20"),
    "fact_code": Words("代码", "a code"),
    "same": Words("同一主体", "the same subject"),
    "next": Words("核查下一个项目", "Check another tender"),
}  # fmt: skip
