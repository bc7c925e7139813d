"""Reactions of feeds: however many there are, nothing is read that is not shown (Feeds §7.3, §9.2)."""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest

from storage import Store, Transaction, feedcounts, feedlatest, feedreactions
from storage.connection import Row, Value
from storage.feedreactions import Below, By, Cut

pytestmark = pytest.mark.anyio

TENANT, FIRST = 1, 1_000
SUBJECTS = (10, 11, 12)
KINDS = ("like", "clap")
USERS = ("bob", "carl")


async def fill(tx: Transaction) -> None:
    """Sixty reactions: to three things in turn, of two kinds and two users in all mixtures; every seventh is hidden."""
    await tx.run("INSERT INTO tenants (id, label, created) VALUES (1, 'default', 1)")
    for n in range(60):
        subject, kind, user = SUBJECTS[n % 3], KINDS[n // 3 % 2], USERS[n // 6 % 2]
        await tx.run(
            "INSERT INTO objects (id, iri, kind, type, local, public, document, published)"
            " VALUES (:id, :iri, 2, 'Like', 1, 0, '{}', 1)",
            id=FIRST + n, iri=f"https://here.example/{n}",
        )  # fmt: skip
        await tx.run(
            "INSERT INTO feed_reactions (item, tenant, name, position, subject, activity, parent, level, kind, author,"
            " targets, deleted) VALUES (:item, 1, :name, :n, :subject, 'u', '', 1, :kind, :user, '', :deleted)",
            item=FIRST + n, name=f"r{n}", n=n + 1, subject=subject, kind=kind, user=user,
            deleted=None if n % 7 else 1,
        )  # fmt: skip
        await feedcounts.change(tx, subject, kind, 1 if n % 7 else 0)


class Watching:
    """A transaction that looks at how the engine goes about each statement before it is run."""

    def __init__(self, tx: Transaction, plans: list[str]) -> None:
        self._tx = tx
        self._plans = plans
        self.engine = tx.engine

    async def _look(self, sql: str, parameters: dict[str, Value]) -> None:
        how = "EXPLAIN QUERY PLAN" if self.engine == "sqlite" else "EXPLAIN"
        rows = await self._tx.all(f"{how} {sql}", **parameters)
        self._plans += [str(row[-1]) for row in rows]

    async def all(self, sql: str, /, **parameters: Value) -> list[Row]:
        await self._look(sql, parameters)
        return await self._tx.all(sql, **parameters)

    async def one(self, sql: str, /, **parameters: Value) -> Row | None:
        await self._look(sql, parameters)
        return await self._tx.one(sql, **parameters)


Reader = Callable[..., Awaitable[Any]]
READERS: Iterable[tuple[str, Reader, tuple[Any, ...], dict[str, Any]]] = (
    ("find", feedreactions.find, (TENANT, "r3"), {}),
    ("named", feedreactions.named, (TENANT, ["r3", "r4"]), {}),
    ("below", feedreactions.below, (10,), {"limit": 5}),
    ("mixed", feedreactions.page, (Below(10), "", Cut(limit=5)), {}),
    ("kind", feedreactions.page, (Below(10), "like", Cut(after=20, oldest_first=True, limit=5)), {}),
    ("own", feedreactions.page, (Below(10, "bob"), "", Cut(before=30, limit=5)), {}),
    ("own kind", feedreactions.page, (Below(10, "bob"), "like", Cut(limit=5)), {}),
    ("by", feedreactions.page, (By(TENANT, "bob"), "", Cut(limit=5)), {}),
    ("by kind", feedreactions.page, (By(TENANT, "bob"), "like", Cut(limit=5)), {}),
    ("of author", feedreactions.of_author, (TENANT, "bob"), {}),
    ("latest", feedlatest.of_each_kind, (SUBJECTS,), {"most": 2}),
    ("first", feedlatest.of_each_kind, (SUBJECTS,), {"most": 2, "oldest_first": True}),
    ("latest own", feedlatest.of_each_kind, (SUBJECTS,), {"most": 2, "author": "bob", "kinds": ["like"]}),
    ("children", feedlatest.of_all_kinds, (SUBJECTS,), {"most": 3}),
    ("counts", feedcounts.of, (SUBJECTS,), {}),
)


SORTED = ("own", "latest", "first", "latest own", "children", "counts")
"""What is put together from several pieces of an index, and sorted then."""


@pytest.mark.parametrize(("name", "read", "given", "how"), READERS, ids=[row[0] for row in READERS])
async def test_everything_is_found_by_an_index(
    store: Store, name: str, read: Reader, given: tuple[Any, ...], how: dict[str, Any]
) -> None:
    await store.write(fill)
    plans: list[str] = []

    async def watched(tx: Transaction) -> Any:
        if tx.engine == "postgres":
            await tx.run("SET LOCAL enable_seqscan = off")
            await tx.run("SET LOCAL enable_bitmapscan = off")
        return await read(Watching(tx, plans), *given, **how)

    assert await store.write(watched)
    touching = [plan for plan in plans if re.search(r"\b[rxc]\b|feed_reaction", plan)]
    assert touching
    assert not [plan for plan in touching if re.search(r"SCAN [rxc]\b|Seq Scan on feed_", plan)]
    if name not in SORTED:
        assert not [plan for plan in plans if re.search(r"TEMP B-TREE FOR ORDER|\bSort\b", plan)]


async def test_what_is_first(store: Store) -> None:
    """Newest or oldest first, so many of each kind; hidden ones never."""
    await store.write(fill)
    shown = [n for n in range(60) if n % 7]

    def of(subject: int, kind: str, user: str | None = None) -> list[str]:
        return [
            f"r{n}" for n in shown
            if SUBJECTS[n % 3] == subject and KINDS[n // 3 % 2] == kind and user in (None, USERS[n // 6 % 2])
        ]  # fmt: skip

    def named(found: dict[int, list[Any]], subject: int, kind: str) -> list[str]:
        return [row.name for row in found[subject] if row.kind == kind]

    latest = await store.peek(feedlatest.of_each_kind, SUBJECTS, most=3)
    first = await store.peek(feedlatest.of_each_kind, SUBJECTS, most=3, oldest_first=True)
    own = await store.peek(feedlatest.of_each_kind, SUBJECTS, most=3, author="bob", kinds=["like"])
    for subject in SUBJECTS:
        for kind in KINDS:
            assert named(latest, subject, kind) == of(subject, kind)[:-4:-1]
            assert named(first, subject, kind) == of(subject, kind)[:3]
        assert named(own, subject, "like") == of(subject, "like", "bob")[:-4:-1]
        assert named(own, subject, "clap") == []
    children = await store.peek(feedlatest.of_all_kinds, SUBJECTS, most=4)
    for place, subject in enumerate(SUBJECTS):
        assert [row.position - 1 for row in children[subject]] == [n for n in shown if n % 3 == place][:-5:-1]
    for nobody in (feedlatest.of_each_kind, feedlatest.of_all_kinds):
        assert await store.peek(nobody, [], most=3) == {}
        assert await store.peek(nobody, [999], most=3) == {}
