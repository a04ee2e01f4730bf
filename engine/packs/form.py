"""What may be wrong with the form of a file, in two languages: codes P101 to P117."""

# code: (zh, en, help zh, help en)
SAID = {
    "P101": ("文件不是 UTF-8 编码", "the file is not UTF-8", "请另存为 UTF-8", "save it as UTF-8"),
    "P102": ("文件超过 {n} 字节", "the file is larger than {n} bytes", "请拆成几个文件", "split it into several files"),
    "P103": (
        "含有不可见的控制字符 U+{n}",
        "an invisible control character, U+{n}",
        "请删除该字符",
        "delete the character",
    ),
    "P104": ("YAML 语法错误：{zh}", "this is not YAML: {en}", "请检查此处及上一行", "look here and at the line before"),
    "P105": ("文件是空的", "the file is empty", "", ""),
    "P106": ("一个文件只能有一份文档", "a file holds one document only", "请去掉 `---`", "remove the `---`"),
    "P107": (
        "键 `{n}` 重复，第 {at} 行已有",
        "the key `{n}` appears twice, first on line {at}",
        "请删去或合并其中一个",
        "remove or merge one of them",
    ),
    "P108": ("不接受锚点 `&{n}`", "anchors are not taken: `&{n}`", "请直接写出内容", "write the content out"),
    "P109": ("不接受引用 `*{n}`", "aliases are not taken: `*{n}`", "请直接写出内容", "write the content out"),
    "P110": (
        "不接受标签 `{n}`",
        "tags are not taken: `{n}`",
        "请删去标签，一切标量均为文本",
        "remove it: every scalar is text",
    ),
    "P111": ("嵌套超过 {n} 层", "nested deeper than {n} levels", "", ""),
    "P112": ("值为空", "the value is empty", "请填写，或删去整个键", "write it, or leave the key out"),
    "P113": ("键应为文本", "a key is a text", "", ""),
    "P114": ("文本超过 {n} 字", "the text is longer than {n} characters", "", ""),
    "P115": ("错误太多，其余未报", "too many faults, the rest is not reported", "", ""),
    "P116": ("不是 JSON：{en}", "this is not JSON: {en}", "", ""),
    "P117": ("键 `{n}` 在同一对象中重复", "the key `{n}` appears twice in one object", "请只写一次", "write it once"),
}

# PyYAML's own words for the commonest slips, in Chinese.
PROBLEMS = {
    "mapping values are not allowed": "此处不能再有冒号；文本中含“: ”时请加引号",
    "could not find expected ':'": "缺少冒号“:”",
    "did not find expected key": "此处应为键，请检查缩进",
    "did not find expected '-' indicator": "此处应为“-”，请检查缩进",
    "did not find expected ',' or ']'": "缺少“,”或“]”",
    "did not find expected ',' or '}'": "缺少“,”或“}}”",
    "cannot start any token": "此处的字符不能开头；缩进请用空格，特殊字符请加引号",
    "unexpected end of stream": "文件在此处意外结束，可能缺少引号或括号",
    "did not find expected node content": "此处缺少内容",
    "block sequence entries are not allowed": "此处不能有“-”，请检查缩进",
}
