"""What we have learned of other hosts: how to sign for them, and whether they answer (REL-016)."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from storage.connection import Transaction
from storage.jobs import lanes
from storage.sql import each, listed

MINUTE_US = 60 * 1_000_000
FAILURES_MAX = 5
FAILURES_WITHIN_US = 10 * MINUTE_US
OPEN_US = 30 * MINUTE_US
OPEN_US_MAX = 12 * 60 * MINUTE_US
SUSPENDED_AFTER_US = 7 * 24 * 60 * MINUTE_US
"""A host that has failed for so long is tried once a day, and what waits for it is kept short (AP-298)."""
PROBE_US = 24 * 60 * MINUTE_US


@dataclass(frozen=True, slots=True)
class HostState:
    """One host as we know it. Its circuit is open while it is taken to be down."""

    host: str
    signature: str | None = None
    signature_learned: int | None = None
    media_type: str | None = None
    failures: int = 0
    failing_since: int | None = None
    opens: int = 0
    open_until: int | None = None
    not_before: int | None = None
    seen: int = 0

    def is_closed_to_us(self, now: int) -> bool:
        """Tell whether nothing should be sent there yet: it is down, or has asked us to wait."""
        return max(self.open_until or 0, self.not_before or 0) > now

    def is_suspended(self, now: int) -> bool:
        """Tell whether a host has not answered for a week (AP-298)."""
        since = self.failing_since
        return self.opens > 0 and since is not None and now - since >= SUSPENDED_AFTER_US


_TROUBLED = """
SELECT host, opens FROM hosts WHERE host IN (SELECT each.value ->> 0 FROM {each}) AND (failures > 0 OR opens > 0)
"""
_COLUMNS = ", ".join(field.name for field in fields(HostState))


async def get(tx: Transaction, host: str) -> HostState:
    """Return what is known of a host; of one never heard of, nothing."""
    row: Any = await tx.one(f"SELECT {_COLUMNS} FROM hosts WHERE host = :host", host=host)  # noqa: S608
    return HostState(host) if row is None else HostState(*row)


async def learn_signature(tx: Transaction, host: str, form: str, now: int) -> None:
    """Remember the form of signature a host has accepted (AP-455)."""
    await tx.run(
        "INSERT INTO hosts (host, signature, signature_learned, seen) VALUES (:host, :form, :now, :now)"
        " ON CONFLICT (host) DO UPDATE SET signature = excluded.signature,"
        " signature_learned = excluded.signature_learned, seen = excluded.seen",
        host=host,
        form=form,
        now=now,
    )


async def learn_media_type(tx: Transaction, host: str, media_type: str, now: int) -> None:
    """Remember the media type a host wants when it refuses the usual one."""
    await tx.run(
        "INSERT INTO hosts (host, media_type, seen) VALUES (:host, :media_type, :now)"
        " ON CONFLICT (host) DO UPDATE SET media_type = excluded.media_type, seen = excluded.seen",
        host=host,
        media_type=media_type,
        now=now,
    )


async def hold(tx: Transaction, host: str, not_before: int, now: int) -> None:
    """Send nothing to a host before the instant it asked for (``Retry-After``, REL-014)."""
    await tx.run(
        "INSERT INTO hosts (host, not_before, seen) VALUES (:host, :not_before, :now)"
        " ON CONFLICT (host) DO UPDATE SET not_before = excluded.not_before, seen = excluded.seen",
        host=host,
        not_before=not_before,
        now=now,
    )


async def succeeded(tx: Transaction, answering: Iterable[str], now: int) -> None:
    """Note that hosts answer; this closes their circuits, and their waiting jobs go out."""
    hosts = listed((host,) for host in sorted(set(answering)))
    for host, opens in await tx.all(_TROUBLED.format(each=each(tx.engine, "hosts")), hosts=hosts):
        await tx.run(
            "UPDATE hosts SET failures = 0, failing_since = NULL, opens = 0, open_until = NULL, seen = :now"
            " WHERE host = :host",
            host=host,
            now=now,
        )
        if opens:
            await lanes.reopen(tx, str(host), now=now)


async def heard(tx: Transaction, host: str, now: int) -> None:
    """Try a host again at once that was taken to be down: it has just proven that it is there (AP-298).

    Its circuit stays half open: one delivery goes first.
    """
    if await tx.run(
        "UPDATE hosts SET open_until = :now WHERE host = :host AND open_until > :now", host=host, now=now
    ):
        await lanes.reopen(tx, host, now=now)


async def failed(tx: Transaction, host: str, now: int) -> HostState:
    """Note that a host did not answer or answered 5xx, and return how it stands now."""
    await tx.run(
        "INSERT INTO hosts (host, seen) VALUES (:host, :now)"
        " ON CONFLICT (host) DO UPDATE SET seen = excluded.seen",
        host=host,
        now=now,
    )
    state = after_failure(await get(tx, host), now)
    await tx.run(
        "UPDATE hosts SET failures = :failures, failing_since = :failing_since, opens = :opens,"
        " open_until = :open_until WHERE host = :host",
        host=host,
        failures=state.failures,
        failing_since=state.failing_since,
        opens=state.opens,
        open_until=state.open_until,
    )
    return state


def after_failure(state: HostState, now: int) -> HostState:
    """Judge one more failure: five in ten minutes open the circuit, a failed probe opens it for longer."""
    if state.failing_since is None or (state.opens == 0 and now - state.failing_since > FAILURES_WITHIN_US):
        return replace(state, failures=1, failing_since=now)
    failures = state.failures + 1
    probe_failed = state.opens > 0 and now >= (state.open_until or 0)
    if not probe_failed and (state.opens > 0 or failures < FAILURES_MAX):
        return replace(state, failures=failures)
    open_us = PROBE_US if state.is_suspended(now) else min(OPEN_US << min(state.opens, 10), OPEN_US_MAX)
    return replace(state, failures=failures, opens=state.opens + 1, open_until=now + open_us)
