"""``headwater demo``: see two servers talk before reading a line of documentation."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from server import demo as showing
from server.cli.run import Command, Failure, Run, pass_run, printable

COLOURS = {"ada": "cyan", "bob": "magenta"}


@click.command(cls=Command)
@click.option("--once", is_flag=True, help="Stop when the story is told.")
@pass_run
def demo(run: Run, once: bool) -> None:
    """Start two servers on this machine and show what crosses between them."""
    try:
        asyncio.run(_show(run, once))
    except showing.DemoError as error:
        raise Failure(str(error)) from error
    except KeyboardInterrupt:
        return


async def _show(run: Run, once: bool) -> None:
    console = Console(highlight=False, quiet=run.as_json)
    told: list[dict[str, str]] = []

    def tell(who: str, what: str) -> None:
        told.append({"who": who, "what": what})
        console.print(f"[bold {COLOURS[who]}]{who}[/] {printable(what)}", markup=True)

    with tempfile.TemporaryDirectory(prefix="headwater-demo-") as directory:
        console.print("Starting two servers …")
        async with showing.two_servers(Path(directory)) as (first, second):
            await showing.story(first, second, tell)
            result: dict[str, Any] = {"servers": [first.base_url, second.base_url], "story": told}
            run.show(result)
            if not once:
                console.print(
                    f"Both are still running: {first.base_url} and {second.base_url}. Ctrl-C ends them."
                )
                await asyncio.Event().wait()
