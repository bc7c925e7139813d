"""``headwater deliveries``: the outgoing queues and their dead letters (REL-020)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click

from server.cli.run import Group, Run, now, pass_run
from storage import Store, Transaction, jobs, webhooks
from storage.jobs import Report, State

QUEUE = "deliver"
COLUMNS = ("id", "state", "inbox", "activity", "attempts", "next_at", "status", "error")
HOOK_COLUMNS = ("id", "state", "url", "tenant", "attempts", "next_at", "status", "error")


@click.group(cls=Group)
def deliveries() -> None:
    """Activities on their way to other servers, and news on their way to web hooks."""


_to_hooks = click.option(
    "--webhooks", "queue", flag_value=webhooks.QUEUE, default=QUEUE, help="Letters to web hooks instead."
)


@deliveries.command("list")
@_to_hooks
@click.option("--host", help="Only for this host.")
@click.option("--dead", "only_dead", is_flag=True, help="Only those that were given up.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@pass_run
def list_(run: Run, queue: str, host: str | None, only_dead: bool, limit: int) -> None:
    """Show what waits and what was given up, with the reason."""

    async def look(store: Store) -> list[Report]:
        found = await store.read(jobs.dead, queue, host=host, limit=limit)
        if not only_dead:
            found = await store.read(jobs.waiting, queue, host=host, limit=limit) + found
        return found[:limit]

    columns = COLUMNS if queue == QUEUE else HOOK_COLUMNS
    run.show_table("deliveries", [_row(report) for report in run.with_store(look)], columns)


def _row(report: Report) -> dict[str, Any]:
    about = ("inbox", "activity") if report.queue == QUEUE else ("url", "tenant")
    return {
        "id": report.id,
        "state": State(report.state).name.lower(),
        "host": report.lane,
        **{name: report.payload.get(name) for name in about},
        "attempts": report.attempts,
        "next_at": time(report.run_at) if report.state == State.WAITING else None,
        "failed_last": None if report.failed_last is None else time(report.failed_last),
        "status": report.status,
        "error": report.error,
    }


def time(instant: int) -> str:
    """Write an instant in microseconds for a table."""
    return datetime.fromtimestamp(instant / 1_000_000, UTC).isoformat(timespec="seconds")


def choice(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command its three ways to say which deliveries are meant."""
    command = click.option("--all", "everything", is_flag=True, help="All of them.")(command)
    command = click.option("--host", help="All for this host.")(command)
    return click.argument("ids", nargs=-1, type=int)(command)


def chosen(ids: tuple[int, ...], host: str | None, everything: bool) -> dict[str, Any]:
    """Return which deliveries are meant."""
    if bool(ids) + (host is not None) + everything != 1:
        raise click.UsageError("say which: ids, --host HOST, or --all")
    return {"ids": list(ids) or None, "host": host}


@deliveries.command()
@_to_hooks
@choice
@pass_run
def retry(run: Run, queue: str, ids: tuple[int, ...], host: str | None, everything: bool) -> None:
    """Try again what was given up."""
    count = run.write(jobs.revive, queue, now=now(), **chosen(ids, host, everything))
    run.show({"retried": count}, f"{count} will be tried again")


@deliveries.command()
@_to_hooks
@choice
@click.option("--waiting", is_flag=True, help="Also what is still to be tried.")
@pass_run
def drop(
    run: Run, queue: str, ids: tuple[int, ...], host: str | None, everything: bool, waiting: bool
) -> None:
    """Forget what was given up."""
    count = run.write(jobs.discard, queue, waiting=waiting, **chosen(ids, host, everything))
    run.show({"dropped": count}, f"{count} dropped")


@deliveries.command()
@_to_hooks
@pass_run
def pause(run: Run, queue: str) -> None:
    """Send nothing more until resumed; what is added waits."""
    run.write(jobs.pause, queue)
    run.show({"paused": True}, "deliveries stand still")


@deliveries.command()
@_to_hooks
@click.option(
    "--skip-older-than", "hours", type=click.IntRange(0), metavar="HOURS", help="First drop older ones."
)
@pass_run
def resume(run: Run, queue: str, hours: int | None) -> None:
    """Send again, after a pause or a restore."""

    async def go(tx: Transaction) -> int:
        dropped = 0
        if hours is not None:
            then = now() - hours * 3_600_000_000
            dropped = await jobs.discard(tx, queue, created_before=then, waiting=True)
        await jobs.resume(tx, queue)
        return dropped

    dropped = run.write(go)
    run.show({"paused": False, "dropped": dropped}, f"deliveries go out again, {dropped} dropped")
