"""The words every page shares, zh and en side by side; each page has its own beside them."""

from collections.abc import Mapping

from engine.vocabulary import Words

TAGS = {"zh": "zh-CN", "en": "en"}

WORDS: Mapping[str, Words] = {
    "_lang": Words("zh", "en"),  # for templates that say a record's own words
    "service": Words("奖惩备忘录核查", "Memoranda"),
    "skip": Words("跳到正文", "Skip to main content"),
    "menu": Words("菜单", "Menu"),
    "other_language": Words("English", "中文"),
    "sign_out": Words("退出", "Sign out"),
    "signed_in_as": Words("{name}", "{name}"),
    "account": Words("账户", "Account"),
    "purpose_now": Words("查阅用途：{purpose}", "Looking for: {purpose}"),
    "change": Words("更改", "Change"),
    "error": Words("错误：", "Error: "),
    "candidates": Words("是哪一个？", "Which one?"),
    "candidates_hint": Words("名称不能证明身份，请按证照核对代码。", "A name is no proof: compare the codes."),
    "candidates_more": Words(
        "另有至少 {n} 个名称相近，没有列出；请把名称写全，或改用代码。",
        "at least {n} more have a name like that: write it out, or use the code.",
    ),
    "error_summary": Words("请先更正以下内容", "There is a problem"),
    "continue": Words("继续", "Continue"),
    "cancel": Words("取消", "Cancel"),
    "back": Words("返回", "Back"),
    "next_page": Words("下一页", "Next page"),
    "first_page": Words("回到第一页", "Back to the first page"),
    "nothing": Words("没有内容", "Nothing here"),
    "none": Words("无", "none"),
    "yes": Words("是", "yes"),
    "no": Words("否", "no"),
    "download": Words("下载", "Download"),
    "optional": Words("（可不填）", " (optional)"),
    "footer": Words(
        "结论按所载规则库和名单数据得出，不是法律意见。",
        "Answers follow from the rulebook and lists; they are not legal advice.",
    ),
    "verify_link": Words("核验凭证（公开）", "Verify a receipt (public)"),
    "api_link": Words("接口文档", "API documents"),
    "scenario": Words("应用场景", "Scenario"),
    "place": Words("地区", "Place"),
    "national": Words("不限地区（全国）", "no place named (national)"),
    "verdict": Words("结论", "Verdict"),
    "problem_back": Words("回到首页", "Go to the first page"),
    "problem_number": Words("请求编号 {number}", "Request {number}"),
}

# What went wrong, where the words that programs get would not do for people.
PROBLEMS: Mapping[str, Words] = {
    "forbidden": Words("您不能这样做", "You may not do this"),
    "method-not-allowed": Words("此处没有这种操作", "This cannot be done here"),
    "not-found": Words("没有这个页面或对象", "There is no such page or thing"),
}

ENTRANCE: Mapping[str, Words] = {
    "sign_in": Words("登录", "Sign in"),
    "login": Words("登录名", "Name"),
    "password": Words("密码", "Password"),
    "by_provider": Words("用单位统一身份登录", "Sign in with your organisation's account"),
    "no_account": Words(
        "账户由运维人员用 memoranda users create 开立。", "The operator makes accounts with: memoranda users create."
    ),
    "purpose_title": Words("这次查阅是为了什么？", "What are you looking for?"),
    "purpose_why": Words(
        "查阅主体和决定须有用途。用途连同每次查阅一起留痕，可供审计。",
        "Whoever looks at subjects and decisions states a purpose. It is kept with every look, for auditors.",
    ),
    "purpose": Words("用途", "Purpose"),
    "purpose_hint": Words("例如：行政许可受理、招标资格审查。不要写个人身份号码。",
                          "For example: permit intake, bidder qualification. No personal numbers."),
    "change_password": Words("更改密码", "Change the password"),
    "change_purpose": Words("更改用途", "Change the purpose"),
    "roles": Words("角色", "Roles"),
    "unlimited": Words("不限", "any"),
    "signed_in_since": Words("登录时间", "Signed in"),
    "signed_in_until": Words("最迟退出时间", "Signed in until at most"),
    "sign_out_everywhere": Words("在所有设备上退出", "Sign out everywhere"),
    "role_inquirer": Words("查询员", "inquirer"),
    "role_registrar": Words("登记员", "registrar"),
    "role_author": Words("规则编写人", "author"),
    "role_reviewer": Words("审查人", "reviewer"),
    "role_auditor": Words("审计员", "auditor"),
    "role_operator": Words("运维员", "operator"),
}  # fmt: skip
