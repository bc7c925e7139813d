"""``headwater init`` and ``headwater version``: the first things one asks."""

import platform
from importlib.metadata import version as installed
from pathlib import Path

import click

from server import tenancy
from server.cli.run import Command, Run, pass_run
from server.config import example
from storage import Store


@click.command(cls=Command)
@pass_run
def init(run: Run) -> None:
    """Write headwater.toml, create the database, and say what to do next. What exists is left alone."""
    path = run.config_path or Path("headwater.toml")
    written = not path.exists()
    if written:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # it may come to hold secrets (SEC-116)
        path.write_text(example(), encoding="utf-8")
    config = run.config
    engine = run.with_store(_ready)
    shown = {"config": str(path), "written": written, "base_url": config.server.base_url, "engine": engine}
    run.show(
        shown,
        f"{path} {'written' if written else 'is there already'}; database ready ({engine}).\n{_next(run)}",
    )


async def _ready(store: Store) -> str:
    await tenancy.ensure_default(store)
    return store.engine


def _next(run: Run) -> str:
    base_url = run.config.server.base_url
    note = (
        '{"@context":"https://www.w3.org/ns/activitystreams","type":"Note","content":"Hello, world",'
        '"to":"https://www.w3.org/ns/activitystreams#Public"}'
    )
    return f"""
While the server runs ({run.program} serve), in another terminal:

  {run.program} actor add ada
  TOKEN=$({run.program} token issue ada)
  curl -i -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/activity+json' \\
    -d '{note}' {base_url}/users/ada/outbox
  curl -H 'Accept: application/activity+json' '{base_url}/users/ada/outbox?page=true'
"""


@click.command(cls=Command)
@pass_run
def version(run: Run) -> None:
    """Print the version."""
    number = installed("headwater")
    run.show({"version": number, "python": platform.python_version()}, number)
