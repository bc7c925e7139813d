"""``headwater config``: the settings and their mistakes."""

import click

from server.cli.run import Group, Run, pass_run
from server.config import example as written


@click.group(cls=Group)
def config() -> None:
    """See and check the configuration file."""


@config.command()
@pass_run
def check(run: Run) -> None:
    """Read the configuration as the server would, and say what is wrong with it."""
    found = run.config
    run.show(
        {"ok": True, "base_url": found.server.base_url, "test_mode": found.test_mode},
        f"fine: {found.server.base_url}{' (test mode)' if found.test_mode else ''}",
    )


@config.command()
@pass_run
def example(run: Run) -> None:
    """Print a file with every setting, its default and what it is for."""
    run.show({"toml": written()}, written())
