"""``headwater feeds engagements``: what people did with what they were shown, as programs told it (Feeds §7.6)."""

from datetime import UTC, datetime

import click

from server.cli.feeds import tenant_of, tenant_option
from server.cli.run import Command, Run, pass_run
from storage import Transaction, ids
from storage import engagements as rows
from storage.engagements import Engagement
from storage.entries import NEWEST
from vocab import jsontext

LIMIT_MAX = 1_000


@click.command(cls=Command)
@tenant_option
@click.option("--limit", type=click.IntRange(1, LIMIT_MAX), default=50, show_default=True, help="How many.")
@click.option(
    "--before", type=int, default=NEWEST, help="Only those below this number, which a list ends with."
)
@pass_run
def engagements(run: Run, label: str, limit: int, before: int) -> None:
    """Show what people did with what they were shown, the newest first."""

    async def look(tx: Transaction) -> list[tuple[int, Engagement]]:
        return await rows.page(tx, await tenant_of(tx, label), before=before, limit=limit)

    told = [
        {"id": id, "time": _time(id), "label": one.label, "event": _event(run, one)}
        for id, one in run.write(look)
    ]
    run.show_table("engagements", told, ("id", "time", "label", "event"))


def _time(id: int) -> str:
    return datetime.fromtimestamp(ids.instant_of(id) // 1_000_000, UTC).isoformat()


def _event(run: Run, one: Engagement) -> object:
    return one.event if run.as_json else jsontext.dumps(one.event).decode()
