"""Forgetting what is too old: every table that others can make grow has its rule here (SEC-117, REL-041).

Rows go in small units of work, so that nobody waits long behind them; stopped half-way, the next run
goes on. Activities, and the ids by which a repeat is recognised, are never pruned here.
"""

import asyncio
from dataclasses import dataclass

from storage import happenings, jobs
from storage.connection import Store, Transaction
from storage.ids import IDS_PER_US

DAY_US = 24 * 3_600 * 1_000_000
ROWS_AT_ONCE = 500
PAUSE_SECONDS = 0.01
NEWS_US = 5 * 60 * 1_000_000
"""For so long those who listen to a feed may still read what happened there."""
AUDIT_DAYS = 90
"""How long who did what at the Feeds API can be looked up."""
EVENT_NEWS_US = 10 * 60 * 1_000_000
"""For so long those who listen to the Events API may go on from where they were."""
RECEIVED_DAYS = 400
"""How long is known how many messages of the Events API came in a minute: a year can be compared with the last."""
RECEIPT_DAYS = 30
"""How long it is known of a broker's message when it came first, should it be delivered again."""
NOTICE_DAYS = 365
"""How long users of the Events API can read what they were told of."""
CLIENT_DAYS = 180
"""How long a program may have registered here without anyone using it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Which rows of a table are too old: those for which ``condition`` holds ``days`` ago."""

    table: str
    key: str
    condition: str
    days: int


RULES = (
    Rule("foretold", "iri, actor, kind", "until < :then", 0),
    Rule("answers", "caller, key", "created < :then", 7),
    Rule("reports", "id", "resolved < :then", 365),
    Rule("tokens", "hash", "revoked < :then OR expires < :then", 30),
    Rule("refresh_tokens", "hash", "expires < :then", 0),
    # A code that was used is recognised for as long as what came of it can be.
    Rule(
        "consents",
        "id",
        "created < :then AND NOT EXISTS (SELECT 1 FROM tokens WHERE consent = consents.id)"
        " AND NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE consent = consents.id)",
        1,
    ),
    Rule(
        "clients",
        "id",
        "created < :then AND NOT EXISTS (SELECT 1 FROM consents WHERE client = clients.id)",
        CLIENT_DAYS,
    ),
    Rule("sessions", "hash", "expires < :then", 0),
    Rule("attempts", "key", "last < :then", 1),
    # Fetched again when needed; ours have a private half and stay.
    Rule("keys", "id", "private IS NULL AND public IS NOT NULL AND fetched < :then", 30),
    Rule("keys", "id", "private IS NULL AND public IS NULL AND retry_at < :then", 1),
    Rule("visits", "iri", "visited < :then", 30),
    Rule("errands", "host, hour", "hour < :then / 3600000000", 1),
    Rule("hosts", "host", "seen < :then AND coalesce(open_until, 0) < :then", 30),
    # A letter is written together with its jobs, and goes with the last of them, save when two go at once.
    Rule(
        "media",
        "id",
        "created < :then AND NOT EXISTS (SELECT 1 FROM media_uses u WHERE u.media = media.id)",
        1,
    ),
    Rule("engagements", "id", f"id < :then * {IDS_PER_US}", 90),
    Rule("engagement_counts", "tenant, content, label", "latest < :then", 365),
    Rule("stream_actions", "id", f"id < :then * {IDS_PER_US}", 365),
    Rule("hook_reports", "hook, digest", "at < :then", 90),
    Rule("subscribers", "topic, callback", "until < :then", 1),
    Rule("hub_departures", "callback", "until < :then", 0),
    Rule(
        "topics",
        "id",
        "sent < :then AND NOT EXISTS (SELECT 1 FROM subscribers s WHERE s.topic = topics.id)",
        1,
    ),
    Rule("removals", "stream, position", f"position < :then * {IDS_PER_US}", 1),
    Rule("edits", "object, position", f"position < :then * {IDS_PER_US}", 1),
    Rule("watched", "tenant, stream", "until < :then", 0),
    Rule("listeners", "id", "until < :then", 0),
    Rule("news", "event, stream, item", f"event < (:then - {NEWS_US}) * {IDS_PER_US}", 0),
    Rule("event_listeners", "tenant", "until < :then", 0),
    Rule("event_news", "tenant, position", f"position < (:then - {EVENT_NEWS_US}) * {IDS_PER_US}", 0),
    Rule("event_notices", "id", f"id < :then * {IDS_PER_US}", NOTICE_DAYS),
    Rule(
        "points",
        "series, at, point",
        "series IN (SELECT id FROM point_series WHERE dataset = 'system') AND at < :then",
        RECEIVED_DAYS,
    ),
    Rule("feed_audit", "id", f"id < :then * {IDS_PER_US}", AUDIT_DAYS),
    Rule("events_keys", "hash", "minted_by IS NOT NULL AND active_until < :then", 1),
    Rule("event_receipts", "tenant, message", "received < :then", RECEIPT_DAYS),
    Rule("event_tokens", "tenant, token", "valid_until < :then", 30),
    Rule("letters", "id", "created < :then AND NOT EXISTS (SELECT 1 FROM jobs WHERE letter = letters.id)", 1),
)
DEAD_DAYS = 30
ENDED_DAYS = 30
"""How long streams tell that something was deleted (Atom §12.3)."""


async def prune(store: Store, *, now: int) -> dict[str, int]:
    """Remove what is too old and return how many rows went, by table."""
    removed: dict[str, int] = {}
    for rule in RULES:
        while count := await store.write(_apply, rule, now - rule.days * DAY_US):
            removed[rule.table] = removed.get(rule.table, 0) + count
            await asyncio.sleep(PAUSE_SECONDS)
    before = now - ENDED_DAYS * DAY_US
    while count := await store.write(happenings.forget, before=before, limit=ROWS_AT_ONCE):
        removed["happenings"] = removed.get("happenings", 0) + count
        await asyncio.sleep(PAUSE_SECONDS)
    for queue in await store.read(_queues):
        while count := await store.write(jobs.discard, queue, failed_before=now - DEAD_DAYS * DAY_US):
            removed["jobs"] = removed.get("jobs", 0) + count
            await asyncio.sleep(PAUSE_SECONDS)
    return removed


async def _apply(tx: Transaction, rule: Rule, then: int) -> int:
    return await tx.run(
        f"DELETE FROM {rule.table} WHERE ({rule.key}) IN ("  # noqa: S608
        f"SELECT {rule.key} FROM {rule.table} WHERE {rule.condition} LIMIT :limit)",
        then=then,
        limit=ROWS_AT_ONCE,
    )


async def _queues(tx: Transaction) -> list[str]:
    return [str(row[0]) for row in await tx.all("SELECT DISTINCT queue FROM tallies ORDER BY queue")]
