"""All that a tender's file needs in one archive: receipt, keys, the program that checks them, notice, table."""

import io
import json
import time
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from api.notice.page import notice_page
from api.web.tenders.exports import csv_of, xlsx_of
from api.web.tenders.table import Row, Table
from engine.canonical import canonical
from engine.ledger.receipt import NotYet, receipt_of
from engine.ledger.sequencer import MAXIMUM_DELAY
from engine.model import Rulebook
from engine.services.books import Ledger
from engine.services.noticing import Noted, noted_in

_HERE = Path(__file__)
VERIFIER = "verify_receipt.py"
_LOOK = 0.1
_README = """\
核查凭证包 · Receipt bundle

决定编号 Decision: {decision}
密钥指纹 Key fingerprint: {fingerprint}

receipt.json        凭证：决定内容、在台账中的位置和签名 · the decision, its place in the signed log
keys.json           台账公钥 · the log's public keys
verify_receipt.py   验证程序，只需 Python 3，不联网 · checks the receipt; needs Python 3 and no network
notice-zh.html      告知书，可用浏览器打印 · the notice in Chinese, to print from a browser
notice-en.html      告知书英文本 · the notice in English
table.csv/.xlsx     各方结论一览 · the table of verdicts

怎样核验
1. 把 keys.json 中的密钥指纹与记录单位另行公布的指纹核对；不同的，不要采信。
2. 在本文件夹运行：
       python3 verify_receipt.py receipt.json --key keys.json
3. 显示“真实 / genuine”，且决定编号与上面相同，即证明记录未被改动。
凭证含有当事方的统一社会信用代码，请按档案保管。

How to check
1. Compare the fingerprint in keys.json with the one published elsewhere by whoever keeps the log.
   If they differ, do not rely on this bundle.
2. In this folder run:
       python3 verify_receipt.py receipt.json --key keys.json
3. "genuine" with the decision number above proves that the record was not altered.
The receipt holds the parties' codes: keep it as the file demands.
"""


def bundle_of(ledger: Ledger, table: Table, rows: list[Row], rulebook: Rulebook, lang: str) -> bytes | None:
    """The archive; the same bytes at the same head. None where the decision has no number in the log yet."""
    decision = str(table.row.id)
    noted = _numbered(ledger, decision, rulebook)
    if noted is None:
        return None
    with ledger.store.reading() as connection:
        receipt = receipt_of(connection, decision)
    parts: Mapping[str, bytes] = {
        "README.txt": _README.format(decision=decision, fingerprint=ledger.keys.fingerprint).encode(),
        "receipt.json": canonical(receipt) + b"\n",
        "keys.json": json.dumps(dict(ledger.keys.public), indent=1).encode() + b"\n",
        VERIFIER: verifier(),
        "notice-zh.html": notice_page(noted, "zh").encode(),
        "notice-en.html": notice_page(noted, "en").encode(),
        "table.csv": csv_of(table, rows, lang),
        "table.xlsx": xlsx_of(table, rows, lang),
    }
    return _packed(parts, datetime.fromisoformat(table.row.recorded_at))


@cache
def verifier() -> bytes:
    """The program that checks receipts, as it lies beside this one where that is installed, or in the project."""
    beside = _HERE.with_name(VERIFIER)
    return (beside if beside.is_file() else _HERE.parents[3] / VERIFIER).read_bytes()


def _numbered(ledger: Ledger, decision: str, rulebook: Rulebook) -> Noted | None:
    """What its notice is made of, once it has its number: a moment is waited for that."""
    until = time.monotonic() + MAXIMUM_DELAY
    while True:
        try:
            return noted_in(ledger, decision, closed=False, judge=rulebook)
        except NotYet:
            if time.monotonic() > until:
                return None
            time.sleep(_LOOK)


def _packed(parts: Mapping[str, bytes], at: datetime) -> bytes:
    data = io.BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = ZipInfo(name, at.timetuple()[:6])
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return data.getvalue()
