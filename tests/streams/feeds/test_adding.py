"""Adding: ids, placements, and what becomes of an activity that is added again."""

import pytest
from plaza import BASE, Plaza

from storage import feedactivities, objects
from streams.feeds import privacy
from vocab.dialects.getstream import activities
from vocab.errors import TooLarge

pytestmark = pytest.mark.anyio

DATED = {"foreign_id": "like:1", "time": "2026-01-01T00:00:00.000001"}


async def test_an_activity_is_stored_once_and_shown_in_each_feed(plaza: Plaza) -> None:
    """Feeds §5.2: at home and where it was sent without an origin, in followers of both with one."""
    await plaza.follow(("timeline:1", "user:ada"), ("timeline:2", "user:bob"))
    await plaza.add("user:ada", {"to": ["user:bob", "notification:c"]})
    shown = {name: await plaza.read(name) for name in ("user:ada", "user:bob", "timeline:1", "timeline:2")}
    assert {name: [one["origin"] for one in found] for name, found in shown.items()} == {
        "user:ada": [None], "user:bob": [None], "timeline:1": ["user:ada"], "timeline:2": ["user:bob"],
    }  # fmt: skip
    assert len({one["id"] for found in shown.values() for one in found}) == 1
    assert await plaza.objects("notification:c") == ["Place:1"]


async def test_followers_of_followers_get_nothing(plaza: Plaza) -> None:
    """Feeds §5.2: propagation stops after one step."""
    await plaza.follow(("timeline:1", "user:ada"), ("timeline:2", "timeline:1"))
    await plaza.add("user:ada")
    assert await plaza.objects("timeline:1") == ["Place:1"]
    assert await plaza.objects("timeline:2") == []


async def test_the_same_foreign_id_and_time_is_the_same_activity(plaza: Plaza) -> None:
    """Feeds §3.3: the payload is replaced everywhere, the id stays, the new placement is added."""
    await plaza.follow(("timeline:1", "user:ada"))
    (first,) = await plaza.add("user:ada", {**DATED, "object": "one"})
    (second,) = await plaza.add("user:bob", {**DATED, "object": "two", "note": "new"})
    assert first.id == second.id
    for name in ("user:ada", "user:bob", "timeline:1"):
        assert [(one["object"], one["note"]) for one in await plaza.read(name)] == [("two", "new")]


async def test_without_upsert_what_is_stored_stays(plaza: Plaza) -> None:
    """Feeds §3.3: the placement is added all the same, and what is stored is returned."""
    await plaza.add("user:ada", {**DATED, "object": "one"})
    (again,) = await plaza.add("user:bob", {**DATED, "object": "two"}, upsert=False)
    assert again.object == "one"
    assert await plaza.objects("user:bob") == ["one"]


async def test_another_time_makes_another_activity(plaza: Plaza) -> None:
    """Feeds §3.3."""
    await plaza.add("user:ada", DATED, {**DATED, "time": "2026-01-01T00:00:00.000002"})
    assert len(await plaza.read("user:ada")) == 2


async def test_without_a_foreign_id_the_content_is_the_identity(plaza: Plaza) -> None:
    """Feeds §3.2, §14.11: the same content at the same explicit time, in two feeds that a third one follows."""
    await plaza.follow(("timeline:1", "user:ada"), ("timeline:1", "user:bob"))
    told = {"time": "2026-01-01T00:00:00", "note": {"b": 1, "a": 2}}
    (first,) = await plaza.add("user:ada", told)
    (second,) = await plaza.add("user:bob", {**told, "note": {"a": 2, "b": 1}})
    assert first.id == second.id
    assert [one["origin"] for one in await plaza.read("timeline:1")] == ["user:ada"]


async def test_activities_without_times_keep_their_order(plaza: Plaza) -> None:
    """Feeds §3.1, §14.10: times that the server gives grow strictly."""
    made = await plaza.add("user:ada", *[{"object": f"o:{n}"} for n in range(20)])
    assert len({one.time for one in made}) == 20
    assert await plaza.objects("user:ada") == [f"o:{n}" for n in reversed(range(20))]


async def test_many_homes_have_one_activity(plaza: Plaza) -> None:
    """Feeds §6.4: one id, every feed without an origin, and it lives until it is removed from the last one."""
    (made,) = await plaza.add(["flat:1", "flat:2"])
    assert [one["origin"] for name in ("flat:1", "flat:2") for one in await plaza.read(name)] == [None, None]
    await plaza.remove("flat:1", made.id)
    assert await plaza.objects("flat:2") == ["Place:1"]
    await plaza.remove("flat:2", made.id)
    row = await plaza.store.read(objects.by_iri, f"{BASE}/activities/{made.id}")
    assert row is not None
    assert row.deleted is not None


async def test_what_is_too_large_is_added_nowhere(plaza: Plaza) -> None:
    """Feeds §5.1, §12: 10 KB; nothing of the batch is stored."""
    with pytest.raises(TooLarge):
        await plaza.add("user:ada", {}, {"text": "x" * 10_240})
    assert await plaza.read("user:ada") == []


async def test_the_document_is_an_activity_in_its_actors_stream(plaza: Plaza) -> None:
    """One core: valid AS2, with its terms explained; who it was sent to is not in it."""
    (made,) = await plaza.add(
        "user:ada", {**DATED, "verb": "like", "to": ["notification:secret"], "price": 2.50}
    )
    row = await plaza.store.read(objects.by_iri, f"{BASE}/activities/{made.id}")
    assert row is not None
    assert row.document is not None
    assert (row.type, row.public, row.local) == ("Like", 0, 1)
    assert "secret" not in row.document
    listed = await plaza.store.read(
        lambda tx: tx.all(
            "SELECT o.iri FROM entries e JOIN streams s ON s.id = e.stream JOIN objects o ON o.id = s.owner"
            " WHERE e.item = :item AND s.kind = 'outbox'",
            item=row.id,
        )
    )
    assert listed == [(f"{BASE}/entities/User/ada",)]


async def test_tenants_know_nothing_of_each_other(plaza: Plaza) -> None:
    """Feeds §2.1: the same feed, the same foreign id, two activities."""
    other = await Plaza.made(plaza.store, "other")
    (mine,) = await plaza.add("user:ada", {**DATED, "object": "mine"})
    (theirs,) = await other.add("user:ada", {**DATED, "object": "theirs"})
    assert mine.id == theirs.id
    assert (await plaza.objects("user:ada"), await other.objects("user:ada")) == (["mine"], ["theirs"])
    await other.remove("user:ada", mine.id)
    assert await plaza.objects("user:ada") == ["mine"]


async def test_what_is_read_is_what_was_sent(plaza: Plaza) -> None:
    """Feeds §5.1: custom fields come back verbatim, date-looking text and numbers' spelling included."""
    custom = {
        "when": "2020-01-01T00:00:00Z",
        "n": None,
        "deep": {"type": "Note", "to": [], "x": [1, "2"]},
        "": "e",
    }
    (made,) = await plaza.add("user:ada", {**custom, "actor": 7, "target": "T:1"})
    (read,) = await plaza.read("user:ada")
    assert read == activities.spelled(made)
    assert {name: read[name] for name in custom} == custom
    assert read["actor"] == "7"


@pytest.mark.parametrize("removed", [False, True])
async def test_what_is_said_to_be_somebody_elses_is_theirs(plaza: Plaza, removed: bool) -> None:
    """Feeds §3.3, §5.5, §7.9: by an upsert, or added again; listed, exported and counted so."""
    await plaza.add("user:x", {**DATED, "actor": "SU:ada"})
    if removed:
        await plaza.remove("user:x", "like:1")
    (made,) = await plaza.add("user:x", {**DATED, "actor": "SU:bob"})
    ada, bob = [await privacy.export(plaza.parts, await plaza.refresh(), name) for name in ("ada", "bob")]
    assert (ada.activities, bob.activities) == ((), (made.id,))
    actors = await plaza.store.read(lambda tx: tx.all("SELECT actor FROM feed_activities"))
    assert actors == [(feedactivities.actor_mark("SU:bob"),)]
    lists = "SELECT s.owner FROM entries e JOIN streams s ON s.id = e.stream WHERE s.kind = 'outbox'"
    owner = await plaza.store.read(objects.id_of, f"{BASE}/entities/User/bob")
    assert await plaza.store.read(lambda tx: tx.all(lists)) == [(owner,)]
