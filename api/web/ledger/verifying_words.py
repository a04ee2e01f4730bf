"""The words of the public page on which receipts and notices are checked."""

from collections.abc import Mapping

from engine.vocabulary import Words

WORDS: Mapping[str, Words] = {
    "title": Words("核验凭证或告知书", "Check a receipt or a notice"),
    "intro": Words(
        "任何人都可以核验，不需要登录。只回答真伪、记录时间和结论，不显示当事方是谁。上传的内容不保存。",
        "For anybody, without signing in. It tells whether the record is genuine, when it was made and its verdict, "
        "never whom it names. What you upload is not kept.",
    ),
    "receipt": Words("凭证文件（receipt.json）", "Receipt (receipt.json)"),
    "receipt_hint": Words("最大 8 MB。", "8 MB at most."),
    "or": Words("或者", "or"),
    "code": Words("告知书二维码的文字", "Text of the notice's QR code"),
    "code_hint": Words(
        "用扫码枪或手机扫描后粘贴，以 memoranda-notice-1 开头。",
        "Scan it and paste what it says; it begins with memoranda-notice-1.",
    ),
    "check": Words("核验", "Check"),
    "another": Words("再核验一份", "Check another"),
    "genuine": Words("真实", "Genuine"),
    "genuine_note": Words(
        "记录在本台账中，未被改动。", "The record is in this ledger and was not altered."
    ),
    "forged": Words("不真实", "Not genuine"),
    "forged_note": Words("以下核验没有通过，不要采信：", "This did not hold; do not rely on it:"),
    "unknown": Words("不认识", "Not known"),
    "unknown_note": Words(
        "本台账中没有编号和叶哈希都相符的记录。请核对是否抄录完整，或是否由别处出具。",
        "This ledger has no record with that number and that leaf hash. "
        "See whether all of it was copied, and whether it was made elsewhere.",
    ),
    "recorded": Words("记录时间", "Recorded"),
    "kind": Words("记录种类", "Kind of record"),
    "kind_determination": Words("人工认定", "a person's determination"),
    "machine": Words("系统结论", "The machine's verdict"),
    "determined": Words("认定结论", "Determined"),
    "person": Words("人工认定", "Determined by a person"),
    "person_none": Words("无", "none"),
    "person_holds": Words("{word}（{when} 记录，以此为准）", "{word} (recorded {when}; this one holds)"),
    "superseded": Words("已被取代的认定", "Superseded determinations"),
    "superseded_one": Words("{word}（{when} 记录）", "{word} (recorded {when})"),
    "print": Words("请与手中告知书所载的时间和结论核对。",
                   "Compare time and verdict with the notice in your hand."),
    "own": Words("不信任本页时", "If you do not trust this page"),
    "own_note": Words(
        "凭证可以在自己的电脑上核验，不连接本系统：python3 verify_receipt.py receipt.json --key keys.json。"
        "公钥文件 keys.json 应从另行公布处取得。",
        "A receipt can be checked on your own machine without this system: "
        "python3 verify_receipt.py receipt.json --key keys.json. Take keys.json from where it was published.",
    ),
}  # fmt: skip
