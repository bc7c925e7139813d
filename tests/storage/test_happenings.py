"""The index of what happened: read along its own indexes, however large it is."""

from typing import Any

import pytest

from storage import Store, Transaction, happeningpages, happenings
from storage.entries import Viewer
from storage.happeningpages import Place, Wanted
from storage.happenings import Happening, Noting
from storage.happeningsight import Sight
from storage.happeningvalues import Facet

pytestmark = pytest.mark.anyio

TOP, BOTTOM = Place((1 << 63) - 1, (1 << 63) - 1), Place(0, 0)
SHELF = Facet("shelf", "social")


class Spy:
    """A transaction that remembers the plans of what it is asked."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.engine = tx.engine
        self.plans: list[str] = []

    async def _explain(self, sql: str, parameters: dict[str, Any]) -> None:
        rows = await self._tx.all(f"EXPLAIN QUERY PLAN {sql}", **parameters)
        self.plans += [str(row[3]) for row in rows]

    async def all(self, sql: str, /, **parameters: Any) -> list[Any]:
        await self._explain(sql, parameters)
        return await self._tx.all(sql, **parameters)

    async def one(self, sql: str, /, **parameters: Any) -> Any:
        await self._explain(sql, parameters)
        return await self._tx.one(sql, **parameters)


async def fill(store: Store, actor: int, count: int) -> int:
    """Store so many public activities, of which two at a time happened at once; return the number of their shelf."""

    async def insert(tx: Transaction) -> None:
        await tx.many(
            "INSERT INTO objects (id, iri, kind, type, local, owner, public, document, published)"
            " VALUES (:id, :iri, 2, 'Create', 1, :owner, 1, '{}', :published)",
            [
                {
                    "id": 100 + n,
                    "iri": f"https://here.example/a/{n}",
                    "owner": actor,
                    "published": 1_000 + n // 2,
                }
                for n in range(count)
            ],
        )

    await store.write(insert)
    rows = await store.read(happenings.unnoted, limit=count)
    told = [Noting(row, Happening("social", None, False, (SHELF,), f"no {row.id - 100}")) for row in rows]
    assert await store.write(happenings.note, told) == count
    return (await store.read(_shelves))[0]


async def _shelves(tx: Transaction) -> list[int]:
    return [
        int(row[0] or 0) for row in await tx.all("SELECT id FROM happening_values WHERE option = 'shelf'")
    ]


@pytest.mark.parametrize("size", [1, 3, 100])
@pytest.mark.parametrize("limit", [1, 2, 50])
async def test_windows_follow_each_other_without_a_gap(
    store: Store, actor: int, size: int, limit: int
) -> None:
    """Each row is in one window, also of those that happened at once; both ends are left out."""
    shelf = await fill(store, actor, 9)
    found: list[Place] = []
    before: Place | None = TOP
    while before is not None:
        window = await store.read(
            happeningpages.window,
            shelf,
            Wanted(Sight(), "social"),
            before,
            Place(1_000, 100),
            size=size,
            limit=limit,
        )
        assert len(window.found) <= min(size, limit)
        found += window.found
        before = window.rest
    assert found == [Place(1_000 + n // 2, 100 + n) for n in range(8, 0, -1)]


async def test_a_window_looks_at_no_more_than_its_rows(store: Store, actor: int) -> None:
    """What is wanted may be rare: a statement ends after its rows all the same, and says where to go on."""
    shelf = await fill(store, actor, 9)
    wanted = Wanted(Sight(), "social", words=(("no 0",),))
    window = await store.read(happeningpages.window, shelf, wanted, TOP, BOTTOM, size=4, limit=10)
    assert window == ([], Place(1_002, 105))
    window = await store.read(happeningpages.window, shelf, wanted, TOP, BOTTOM, size=9, limit=10)
    assert window.found == [Place(1_000, 100)]


async def test_how_far_back_the_newest_reach_tells_how_dense_they_are(
    store: Store, actor: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several pieces the newest counts; where there is less than one stride nothing is to be gone past."""
    shelf = await fill(store, actor, 9)
    monkeypatch.setattr(happeningpages, "STRIDE", 3)
    end = TOP.published

    async def thin(tx: Transaction) -> None:
        await tx.run(
            "INSERT INTO happening_facets (value, published, id)"
            " SELECT :thin, published, id FROM happening_facets WHERE published < 1002",
            thin=shelf + 1,
        )

    await store.write(thin)
    assert await store.read(happeningpages.reach, [shelf], until=end) == 1_003
    assert await store.read(happeningpages.reach, [shelf + 1], until=end) == 1_000
    assert await store.read(happeningpages.reach, [shelf, shelf + 1], until=end) == 1_003
    assert await store.read(happeningpages.reach, [shelf], until=1_002) == 1_000
    assert await store.read(happeningpages.reach, [shelf], until=1_001) == 0
    assert await store.read(happeningpages.reach, [shelf + 2], until=end) == 0


async def test_nothing_is_read_through_as_a_whole(store: Store, actor: int) -> None:
    """What is new is found by its own index, a window along the piece, and one entry by its row.

    On PostgreSQL the plan depends on how much there is.
    """
    if store.engine != "sqlite":
        return
    shelf = await fill(store, actor, 9)
    sight = Sight(Viewer(actor, "https://here.example/users/ada"), 1, None)

    async def look(tx: Transaction) -> list[str]:
        spy = Spy(tx)
        await happenings.unnoted(spy, limit=1)  # type: ignore[arg-type]
        await happeningpages.window(
            spy, shelf, Wanted(sight, "social", (frozenset({1}),), frozenset({2}), (("x",),)), TOP, BOTTOM,  # type: ignore[arg-type]
            size=2, limit=2,
        )  # fmt: skip
        await happeningpages.of_iri(spy, "https://here.example/a/1", sight)  # type: ignore[arg-type]
        await happeningpages.told(spy, [100])  # type: ignore[arg-type]
        await happeningpages.named(spy, ["https://here.example/a/1"], sight)  # type: ignore[arg-type]
        await happeningpages.ended(spy, [shelf], [shelf], Wanted(sight, "social"), since=0, limit=2)  # type: ignore[arg-type]
        return spy.plans

    plans = await store.read(look)
    assert any("objects_unnoted" in plan for plan in plans)
    scans = [plan for plan in plans if plan.startswith("SCAN") and "each" not in plan and "few" not in plan]
    assert scans == []
