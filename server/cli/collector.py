"""``headwater collector``: messages of the Events API that wait to be kept, or could not be (REL-020)."""

from typing import Any

import click

from server.cli.deliveries import time
from server.cli.run import Group, Run, now, pass_run
from server.eventscollector import QUEUE
from storage import Store, jobs, tenants
from storage.jobs import Report, State

COLUMNS = ("id", "state", "tenant", "kind", "received_at", "error")


@click.group(cls=Group)
def collector() -> None:
    """Messages that programs left to the collector of the Events API."""


@collector.command("list")
@click.option("--dead", "only_dead", is_flag=True, help="Only those that could not be kept.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@pass_run
def list_(run: Run, only_dead: bool, limit: int) -> None:
    """Show what waits, and what could not be kept with the reason; with `--json` the messages as well."""

    async def look(store: Store) -> list[dict[str, Any]]:
        found = await store.read(jobs.dead, QUEUE, limit=limit)
        if not only_dead:
            found = await store.read(jobs.waiting, QUEUE, limit=limit) + found
        labels = {tenant.id: tenant.label for tenant in await store.read(tenants.every)}
        return [_row(report, labels) for report in found[:limit]]

    run.show_table("messages", run.with_store(look), COLUMNS)


def _row(report: Report, labels: dict[int, str]) -> dict[str, Any]:
    return {
        "id": report.id,
        "state": State(report.state).name.lower(),
        "tenant": labels.get(report.payload["tenant"], report.payload["tenant"]),
        "kind": report.payload["noun"],
        "received_at": time(report.payload["received"]),
        "error": report.error,
        "message": report.payload["text"],
    }


_ids = click.argument("ids", nargs=-1, type=int)
_all = click.option("--all", "everything", is_flag=True, help="All of them.")


def _chosen(ids: tuple[int, ...], everything: bool) -> list[int] | None:
    if bool(ids) == everything:
        raise click.UsageError("say which: ids, or --all")
    return list(ids) or None


@collector.command()
@_ids
@_all
@pass_run
def retry(run: Run, ids: tuple[int, ...], everything: bool) -> None:
    """Try again to keep what could not be kept."""
    count = run.write(jobs.revive, QUEUE, now=now(), ids=_chosen(ids, everything))
    run.show({"retried": count}, f"{count} will be tried again")


@collector.command()
@_ids
@_all
@pass_run
def drop(run: Run, ids: tuple[int, ...], everything: bool) -> None:
    """Forget what could not be kept."""
    count = run.write(jobs.discard, QUEUE, ids=_chosen(ids, everything))
    run.show({"dropped": count}, f"{count} dropped")
