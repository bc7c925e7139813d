"""stream-python's other client, which is asynchronous and spells queries in its own way (Feeds §1.2)."""

import pytest
from application import fresh, without
from stream.exceptions import DoesNotExistException, InputException

TWEET = {"actor": 1, "verb": "tweet", "object": 1}

pytestmark = [pytest.mark.anyio, pytest.mark.filterwarnings("ignore::DeprecationWarning:aiohttp")]


@pytest.fixture
def client(application):
    return application.python_async()


async def test_a_story(client):
    """Feeds §5, §6: adding, following, reading, removing."""
    feed, follower = client.feed("user", fresh("ada")), client.feed("timeline", fresh("bob"))
    await follower.follow("user", feed.user_id, activity_copy_limit=1)
    added = await feed.add_activities([TWEET, {**TWEET, "to": [f"flat:{fresh('team')}"]}])
    assert [each["id"] for each in (await follower.get())["results"]] == [
        each["id"] for each in reversed(added["activities"])
    ]
    assert len((await feed.followers())["results"]) == 1
    await follower.unfollow("user", feed.user_id, keep_history=True)
    await feed.remove_activity(activity_id=added["activities"][0]["id"])
    assert len((await follower.get())["results"]) == 1
    with pytest.raises(InputException):
        await feed.add_activity({"verb": "tweet"})


async def test_booleans_in_queries(client):
    """Feeds §3: True is true and False is not."""
    user = await client.users.add(fresh("mike"), {"name": "Mike"})
    again = await client.users.add(user["id"], {"name": "Michael"}, get_or_create=True)
    assert without(again) == without(user)
    feed = client.feed("user", fresh("ada"))
    await feed.add_activity({**TWEET, "actor": f"SU:{user['id']}"})
    page = await feed.get(reactions={"counts": True, "own": True}, user_id=user["id"])
    (activity,) = page["results"]
    assert (activity["actor"], activity["reaction_counts"], activity["own_reactions"]) == (
        without(user),
        {},
        {},
    )
    with pytest.raises(Exception, match=user["id"]):
        await client.users.add(user["id"], get_or_create=False)


async def test_reactions(client):
    """Feeds §7.3: soft=False is not soft."""
    activity = await client.feed("user", fresh("ada")).add_activity(TWEET)
    made = await client.reactions.add("like", activity["id"], "mike")
    await client.reactions.delete(made["id"], soft=True)
    await client.reactions.restore(made["id"])
    await client.reactions.delete(made["id"], soft=False)
    with pytest.raises(DoesNotExistException):
        await client.reactions.get(made["id"])


async def test_collections(client):
    """Feeds §7.2: lists in queries are repeated."""
    items = [{"id": fresh("item"), "name": "Juniper"} for _ in range(2)]
    await client.collections.upsert("pets", items)
    await client.collections.delete_many("pets", [each["id"] for each in items])
    assert (await client.collections.select("pets", [each["id"] for each in items]))["response"]["data"] == []
    with pytest.raises(DoesNotExistException):
        await client.collections.delete("pets", items[0]["id"])
