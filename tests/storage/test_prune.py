"""Forgetting what is too old."""

import pytest

from storage import (
    Store,
    Transaction,
    answers,
    attempts,
    clients,
    codes,
    consents,
    eventskeys,
    eventtokens,
    hosts,
    jobs,
    keys,
    letters,
    points,
    prune,
    refreshtokens,
    sessions,
    tenants,
    tokens,
)
from storage.answers import Answer
from storage.clients import ClientRow
from storage.eventtokens import EventToken
from storage.points import NewPoint
from storage.prune import CLIENT_DAYS, DAY_US, RECEIVED_DAYS, ROWS_AT_ONCE
from vocab.dialects.events import Point

pytestmark = pytest.mark.anyio

NOW = 400 * DAY_US


async def _rows(tx: Transaction) -> dict[str, list[str]]:
    found = {}
    for table, column in (
        ("answers", "key"),
        ("foretold", "iri"),
        ("hosts", "host"),
        ("keys", "id"),
        ("letters", "body"),
        ("tokens", "scope"),
    ):
        rows = await tx.all(f"SELECT {column} FROM {table} ORDER BY {column}")
        found[table] = [str(row[0]) for row in rows]
    return found


async def test_what_is_too_old_goes_and_the_rest_stays(store: Store, actor: int) -> None:
    """SEC-117, REL-041."""

    async def fill(tx: Transaction, word: str, then: int) -> None:
        await answers.keep(tx, "ada", word, Answer("", 200, None, ""), now=then)
        await tx.run(
            "INSERT INTO foretold VALUES (:iri, 'a', 'undo', :until)", iri=word, until=then + 5 * DAY_US
        )
        await hosts.learn_signature(tx, word, "cavage", then)
        await keys.put(tx, id=word, actor="theirs", algorithm="rsa", public="PEM", now=then)
        await keys.put(
            tx, id=f"{word}-ours", actor="ours", algorithm="rsa", public="PEM", private="P", now=then
        )
        await keys.remember_failure(tx, f"{word}-failed", retry_at=then, now=then)
        await letters.write(tx, word, now=then)
        await jobs.add(tx, "q", {}, now=then, letter=await letters.write(tx, f"{word}-sent", now=then))
        await tokens.issue(tx, word, actor, word, now=then, expires=then + DAY_US)
        await tokens.issue(tx, f"{word}-lasting", actor, f"{word}-lasting", now=then)

    await store.write(fill, "old", NOW - 60 * DAY_US)
    await store.write(fill, "new", NOW)
    removed = await prune.prune(store, now=NOW)
    assert removed == {"answers": 1, "foretold": 1, "hosts": 1, "keys": 2, "letters": 1, "tokens": 1}
    assert await store.read(_rows) == {
        "answers": ["new"],
        "foretold": ["new"],
        "hosts": ["new"],
        "keys": ["new", "new-failed", "new-ours", "old-ours"],
        "letters": ["new", "new-sent", "old-sent"],
        "tokens": ["new", "new-lasting", "old-lasting"],
    }
    assert await prune.prune(store, now=NOW) == {}


async def test_what_programs_and_browsers_leave_goes(store: Store, actor: int) -> None:
    """SEC-117: a code stays as long as its consent, a program as long as someone uses it."""

    async def fill(tx: Transaction, word: str, then: int) -> None:
        row = ClientRow(f"{word} client", word, None, (), "", {}, then - CLIENT_DAYS * DAY_US)
        await clients.add(tx, row)
        id = await consents.add(tx, actor, row.id, word, "read", now=then)
        await codes.add(tx, word, id, redirect_uri=None, challenge="", expires=then)
        await refreshtokens.add(tx, word, id, now=then, expires=then + 5 * DAY_US)
        await tokens.issue(tx, word, actor, "read", now=then, expires=then, consent=id)
        await sessions.add(tx, word, actor, now=then, expires=then + DAY_US)
        await attempts.begin(tx, word, free=1, now=then)

    await store.write(fill, "old", NOW - 60 * DAY_US)
    await store.write(fill, "new", NOW)
    await store.write(clients.add, ClientRow("young client", "", None, (), "", {}, NOW))
    assert await prune.prune(store, now=NOW) == dict.fromkeys(
        ("attempts", "clients", "consents", "refresh_tokens", "sessions", "tokens"), 1
    )
    assert await store.read(codes.find, "old") is None
    assert await store.read(codes.find, "new") is not None
    assert await store.read(clients.find, "new client") is not None
    assert await store.read(clients.find, "young client") is not None
    assert await store.read(sessions.find, "new", now=NOW) is not None
    assert await prune.prune(store, now=NOW) == {}


async def test_more_than_a_batch_goes_in_batches(store: Store) -> None:
    """REL-041."""

    async def fill(tx: Transaction) -> None:
        rows = [{"host": f"h{n}.example"} for n in range(ROWS_AT_ONCE * 2 + 1)]
        await tx.many("INSERT INTO hosts (host, seen) VALUES (:host, 1)", rows)

    await store.write(fill)
    assert await prune.prune(store, now=NOW) == {"hosts": ROWS_AT_ONCE * 2 + 1}


async def test_dead_letters_go_after_thirty_days_and_are_counted(store: Store) -> None:
    """REL-020, REL-022."""
    for failed in (NOW - 31 * DAY_US, NOW - 29 * DAY_US):
        await store.write(jobs.add, "q", {}, now=failed)
        (job,) = await store.write(jobs.claim, "q", now=failed, owner="me", lease_us=1, limit=9)
        await store.write(jobs.bury, job, owner="me", now=failed, error="gone")
    assert await prune.prune(store, now=NOW) == {"jobs": 1}
    counts = (await store.scan(jobs.counts))["q"]
    assert (counts.enqueued, counts.dead, counts.discarded) == (2, 1, 1)


async def test_keys_of_browsers_go_and_those_of_programs_stay(store: Store) -> None:
    """Events §1.2, §18.2: scoped keys hold a day at most; a full key whose time is over may be given time again."""

    async def fill(tx: Transaction) -> None:
        await tenants.add(tx, 7, "north", now=1)
        await eventskeys.add(tx, 7, "full", type="BASIC", username=None, active_until=2, now=1)
        for name, until in (("old", NOW - 2 * DAY_US), ("new", NOW)):
            await eventskeys.add(
                tx, 7, name, type="BASIC", username=None, active_until=until, minted_by="x", label=name, now=1
            )
        for name, valid in (("gone", NOW - 31 * DAY_US), ("late", NOW - DAY_US), ("ever", None)):
            await eventtokens.put(tx, 7, EventToken(name, "{}", "{}", valid), now=1)

    async def left(tx: Transaction) -> tuple[list[str], list[str]]:
        keys = await tx.all("SELECT label FROM events_keys ORDER BY label")
        kept = await tx.all("SELECT token FROM event_tokens ORDER BY token")
        return [str(row[0]) for row in keys], [str(row[0]) for row in kept]

    await store.write(fill)
    await prune.prune(store, now=NOW)
    assert await store.read(left) == (["", "new"], ["ever", "late"])


async def test_what_was_received_is_counted_for_a_year_and_more(store: Store) -> None:
    """Events §19.4: of the points of a tenant only those of the dataset system go."""
    now = 2 * NOW
    await store.write(tenants.add, 7, "harbour", now=now)
    old, new = now - (RECEIVED_DAYS + 1) * DAY_US, now - (RECEIVED_DAYS - 1) * DAY_US
    found = [
        Point(dataset, "x", at, {}, {"n": 1}) for dataset in ("system", "timeseries") for at in (old, new)
    ]
    await store.write(points.add, 7, [NewPoint(point) for point in found], now=now)
    assert await prune.prune(store, now=now) == {"points": 1}
