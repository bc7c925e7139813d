"""What a page of enriched activities costs, and how much is on it (Feeds §9)."""

from typing import Any

import pytest
from plaza import Plaza

from storage import Transaction
from storage.connection import Row, Value
from storage.placements import Placed
from streams.feeds import collections, enrichment, reactions, reading, users
from streams.feeds.conversations import OwnReplies
from streams.feeds.enrichment import Wanted
from streams.feeds.referents import Shown
from vocab.dialects.getstream import FeedActivity
from vocab.dialects.getstream import reactions as dialect
from vocab.dialects.getstream.users import NewUser

pytestmark = pytest.mark.anyio

EVERYTHING = Wanted(own=True, latest=True, first=True, counts=True, user="u0", replies=OwnReplies("u0"))


class Counting:
    """A transaction that counts the statements that read."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.engine = tx.engine
        self.statements = 0

    async def all(self, sql: str, /, **parameters: Value) -> list[Row]:
        self.statements += 1
        return await self._tx.all(sql, **parameters)

    async def one(self, sql: str, /, **parameters: Value) -> Row | None:
        self.statements += 1
        return await self._tx.one(sql, **parameters)


async def react(plaza: Plaza, user: str, **members: Any) -> str:
    new = dialect.posted({"kind": "like", **members})
    return (await reactions.add(plaza.parts, await plaza.refresh(), new, user, author="")).name


async def populate(plaza: Plaza, how_many: int) -> list[FeedActivity]:
    """Make activities that refer to all kinds of things, each with reactions three levels deep."""
    made: list[FeedActivity] = []
    for n in range(how_many):
        tenant = await plaza.refresh()
        await plaza.store.write(users.add, tenant.id, NewUser(f"u{n}", {}), keep=True, author="", now=1)
        await plaza.store.write(
            collections.add, tenant.id, ("food", f"{n}"), {"n": n}, owner="", author="", now=1
        )
        before = {"about": f"SA:{made[-1].id}"} if made else {}
        made += await plaza.add("user:ada", {"actor": f"SU:u{n}", "object": f"SO:food:{n}", **before})
        parent = await react(plaza, f"u{n}", activity_id=str(made[-1].id))
        for _ in range(2):
            parent = await react(plaza, f"u{n}", parent=parent)
        made += await plaza.add("user:ada", {"why": f"SR:{parent}"})
    return made


async def cost(plaza: Plaza, made: list[FeedActivity]) -> tuple[int, list[dict[str, Any]]]:
    """Return how many statements a page of activities takes, and the page."""
    space = await plaza.parts.space(plaza.tenant)
    kept = await reading.some(plaza.parts, plaza.tenant, [one.id for one in made])
    text = plaza.parts.spellings.text
    shown = [Shown.of(one.item, text(Placed(one, None), space.entities)) for one in kept]

    async def counted(tx: Transaction) -> tuple[int, list[dict[str, Any]]]:
        counting: Any = Counting(tx)
        page = await enrichment.enrich(counting, plaza.parts, space, shown, EVERYTHING)
        return counting.statements, page

    return await plaza.store.read(counted)


async def test_a_longer_page_takes_no_more_statements(plaza: Plaza) -> None:
    made = await populate(plaza, 12)
    few, short = await cost(plaza, made[-8:])
    many, whole = await cost(plaza, made)
    assert len(whole) == 3 * len(short) == 24
    assert many <= few <= 20
    newest = whole[-2]
    assert newest["actor"]["id"] == "u11"
    assert newest["object"]["data"] == {"n": 11}
    like = newest["latest_reactions"]["like"][0]
    assert like["latest_children"]["like"][0]["latest_children"]["like"][0]["user"] == newest["actor"]
    assert whole[-1]["why"]["user"] == newest["actor"]


async def test_a_page_replaces_so_many_references(plaza: Plaza, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often the same thing is referred to: what is written is bounded, not only what is read."""
    members = {f"m{n}": "SU:ada" for n in range(9)}
    made = await plaza.add("user:ada", members, {**members, "n": 2})

    async def replaced() -> int:
        _, page = await cost(plaza, made)
        return sum(isinstance(one[member], dict) for one in page for member in ("actor", *members))

    assert await replaced() == 20
    monkeypatch.setattr(enrichment, "REFERENCES_MAX", 15)
    assert await replaced() == 15
