"""``headwater feeds verdicts``: what a tenant's moderators decided (Feeds §7.10)."""

import click

from server.cli.feeds import tenant_of, tenant_option
from server.cli.run import Command, Run, pass_run
from storage import Transaction
from storage import verdicts as rows
from storage.verdicts import Verdict

LIMIT_MAX = 1_000


@click.command(cls=Command)
@tenant_option
@click.option("--limit", type=click.IntRange(1, LIMIT_MAX), default=50, show_default=True, help="How many.")
@pass_run
def verdicts(run: Run, label: str, limit: int) -> None:
    """Show what moderators decided of users, activities and reactions, the latest first."""

    async def look(tx: Transaction) -> list[Verdict]:
        return await rows.latest(tx, await tenant_of(tx, label), limit=limit)

    run.show_table("verdicts", [one._asdict() for one in run.write(look)], Verdict._fields)
