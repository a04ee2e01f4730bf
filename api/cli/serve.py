"""`memoranda serve`: the service, on the embedded default or the database that is set."""

import sys
from typing import Annotated

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice


def serve(
    host: Annotated[str, typer.Option("--host", help="监听地址。The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65_535, help="端口。The port.")] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="进程数。Processes.")] = 1,
    lang: Annotated[Lang | None, typer.Option("--lang", help="zh | en")] = None,
) -> None:
    """Serve pages and REST until interrupted. 启动网页和接口服务。

    Example: memoranda serve --port 8000
    """
    import uvicorn

    from api.rest.desk import demand_ready
    from api.rest.logs import configuration
    from api.rest.settings import settings
    from api.rest.telemetry import telemetry

    voice = Voice.of_stream(sys.stderr, lang.value if lang else None)
    set_up = settings()
    telemetry(set_up.telemetry)
    start = demand_ready(set_up)
    if start.key:
        typer.echo(voice.say(f"首个运维密钥写在 {start.key}", f"the first operator's key is in {start.key}"), err=True)
    if start.nobody:
        how = "memoranda users create LOGIN --name NAME --role inquirer"
        typer.echo(voice.say(f"网页还没有账户，先开立：{how}", f"nobody can sign in at the pages yet: {how}"), err=True)
    typer.echo(voice.say(f"服务在 http://{host}:{port}", f"serving at http://{host}:{port}"), err=True)
    # Java's client offers HTTP/2 with its first request; httptools, where it is installed, then loses the body.
    uvicorn.run(
        "api.app:served", factory=True, host=host, port=port, workers=workers,
        http="h11", log_config=configuration(set_up.log), access_log=False, server_header=False, timeout_keep_alive=30,
        timeout_graceful_shutdown=set_up.seconds,
    )  # fmt: skip
