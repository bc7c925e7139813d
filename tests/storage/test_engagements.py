"""What people did with what they were shown."""

import pytest

from storage import Store, engagements, ids, prune, tenants
from storage.engagements import SHOWN, Engagement
from storage.entries import NEWEST
from storage.prune import DAY_US

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
async def _tenants(store: Store) -> None:
    await store.write(tenants.add, 7, "app", now=1)
    await store.write(tenants.add, 8, "other", now=1)


def did(label: str, *contents: str) -> Engagement:
    return Engagement(label, contents, {"label": label, "further": {"ü": [1.5, None]}})


async def test_it_is_counted_by_content_and_label(store: Store) -> None:
    """Feeds §7.6, §10.1: what rankings call ``analytics.<label>``."""
    await store.write(
        engagements.note, 7, [did("click", "a"), did("click", "a"), did("share", "a", "b")], now=5
    )
    await store.write(engagements.note, 7, [did(SHOWN, "a", "b"), did("click", "b")], now=6)
    await store.write(engagements.note, 8, [did("click", "a")], now=6)
    assert await store.peek(engagements.counts, 7, ["a", "b", "c"]) == {
        "a": {"click": 2, "share": 1, SHOWN: 1},
        "b": {"share": 1, SHOWN: 1, "click": 1},
    }
    assert await store.peek(engagements.counts, 8, ["a"]) == {"a": {"click": 1}}
    assert await store.peek(engagements.counts, 7, []) == {}


async def test_what_was_told_is_kept_as_it_was(store: Store) -> None:
    await store.write(engagements.note, 7, [did("click", "a"), did("share")], now=5)
    found = await store.read(engagements.page, 7, before=NEWEST, limit=10)
    assert [one.label for _, one in found] == ["share", "click"]
    assert found[1][1].event == did("click", "a").event
    assert await store.read(engagements.page, 7, before=found[1][0], limit=10) == []
    assert await store.read(engagements.page, 8, before=NEWEST, limit=10) == []


async def test_it_is_forgotten(store: Store) -> None:
    """SEC-117: what was told after some months, and what was counted when nothing was added to it for a year."""
    await store.write(engagements.note, 7, [did("click", "a")], now=0)
    await store.write(engagements.note, 7, [did("click", "b")], now=300 * DAY_US)
    told = ids.instant_of((await store.read(engagements.page, 7, before=NEWEST, limit=1))[0][0])
    await prune.prune(store, now=told + 89 * DAY_US)
    assert len(await store.read(engagements.page, 7, before=NEWEST, limit=10)) == 2
    await prune.prune(store, now=told + 91 * DAY_US)
    assert await store.read(engagements.page, 7, before=NEWEST, limit=10) == []


async def test_counts_to_which_nothing_is_added_are_forgotten(store: Store) -> None:
    await store.write(engagements.note, 7, [did("click", "a")], now=0)
    await store.write(engagements.note, 7, [did("click", "b")], now=2 * DAY_US)
    await prune.prune(store, now=366 * DAY_US)
    assert await store.peek(engagements.counts, 7, ["a", "b"]) == {"b": {"click": 1}}
