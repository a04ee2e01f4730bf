"""Which version of the registry a question means: a number, a time, or the newest."""

from datetime import datetime

from sqlalchemy import Connection

from engine.calendar import SHANGHAI
from engine.errors import Missing, refused_input
from engine.registry.chain import Version, known_at, latest, version_at


def version_of(connection: Connection, said: str | None = None) -> Version:
    """The version meant; Missing for one the registry has not reached, RefusedInput for what is neither.

    A day alone means its end in Asia/Shanghai: all that was known that day.
    """
    newest = latest(connection)
    if said is None:
        return newest
    if said.isascii() and said.isdigit() and len(said) < 10:
        if int(said) > newest.number:
            zh, en = (
                f"名录库尚无版本 {said}，最新为 {newest.number}",
                f"there is no version {said} yet, the newest is {newest.number}",
            )
            raise Missing(zh, en)
        return version_at(connection, int(said))
    return known_at(connection, _moment(said))


def _moment(said: str) -> datetime:
    try:
        moment = datetime.fromisoformat(said if len(said) > 10 else f"{said}T23:59:59.999999")
    except ValueError:
        raise refused_input(
            "R640", "既不是版本号也不是时间", "this is neither a version nor a time",
            "写 12、2024-06-10 或 2024-06-10T09:00+08:00", "write 12, 2024-06-10 or 2024-06-10T09:00+08:00",
        ) from None  # fmt: skip
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
