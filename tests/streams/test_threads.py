"""Threads complete themselves: bounded, polite, silent, and believing nothing that its origin does not say."""

from typing import Any

import pytest
from world import BASE, PUBLIC, World

from storage import Transaction, blocks, objects, policies
from storage.actors import ActorRow
from streams.instants import DAY_US, SECOND_US
from streams.ports import Manners

pytestmark = pytest.mark.anyio

SOON_US = 30 * SECOND_US
HOUR_US = 3_600 * SECOND_US


def note(world: World, author: ActorRow, number: int, **members: Any) -> dict[str, Any]:
    """Serve a public note of a remote actor and return it."""
    id = f"{author.iri}/n/{number}"
    thing = {
        "id": id,
        "type": "Note",
        "attributedTo": author.iri,
        "to": PUBLIC,
        "content": f"{number}",
        **members,
    }
    world.others.documents[id] = thing
    return thing


def lists(world: World, iri: str, members: list[str]) -> str:
    """Serve a collection and return its id."""
    world.others.documents[iri] = {"id": iri, "type": "Collection", "items": members}
    return iri


async def hear_reply(world: World, author: ActorRow, reply: dict[str, Any]) -> None:
    create = {"id": f"{reply['id']}/c", "type": "Create", "object": reply, "to": PUBLIC}
    await world.hear(author, None, **create)


async def holds(world: World, iri: str) -> bool:
    row = await world.store.read(objects.by_iri, iri)
    return row is not None and row.document is not None


async def test_ancestors_of_a_reply_are_fetched_and_joined(world: World) -> None:
    """AP-742, AP-316: what a received reply answers is read up to the first post, each in its place."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    first = note(world, bob, 1)
    second = note(world, bob, 2, inReplyTo=first["id"])
    third = note(world, bob, 3, inReplyTo=second["id"])
    await hear_reply(world, bob, third)
    assert await world.errands() == []  # SEC-046: not at once
    assert await world.errands(SOON_US) == [third["id"]]
    assert await world.listed(first["id"], "replies") == [second["id"]]
    assert await world.listed(second["id"], "replies") == [third["id"]]
    assert await world.listed(ada.iri, "inbox") == []
    assert await world.deliveries() == []


async def test_a_reply_waits_for_its_parent(world: World) -> None:
    """AP-220: a parent that arrives after its reply, by whichever way, has it listed below."""
    await world.local("ada")
    bob = await world.remote("bob")
    parent = note(world, bob, 1)
    await hear_reply(world, bob, note(world, bob, 2, inReplyTo=parent["id"]))
    await hear_reply(world, bob, parent)
    assert await world.listed(parent["id"], "replies") == [f"{bob.iri}/n/2"]


async def test_an_endless_thread_ends_with_the_purse(world: World) -> None:
    """SEC-046, REL-018: endless inReplyTo costs no more than one purse, and an hour passes before the next."""
    await world.local("ada")
    bob = await world.remote("bob")
    for number in range(100):
        note(world, bob, number, inReplyTo=f"{bob.iri}/n/{number + 1}")
    world.others.purse = 20
    await hear_reply(world, bob, world.others.documents[f"{bob.iri}/n/0"])
    await world.errands(SOON_US)
    assert len(world.others.asked) <= 21
    asked = len(world.others.asked)
    assert await world.errands(SOON_US) == []
    assert len(world.others.asked) == asked


async def test_replies_are_read_when_someone_here_has_to_do_with_a_post(world: World) -> None:
    """AP-742, FEP-f228: a like from here has the replies and the context of a post read, public ones only."""
    ada, bob, eve = (
        await world.local("ada"),
        await world.remote("bob"),
        await world.remote("eve", "far.example"),
    )
    root = note(world, bob, 1)
    root["replies"] = lists(
        world, f"{root['id']}/replies", [f"{eve.iri}/n/2", f"{eve.iri}/n/3", f"{eve.iri}/n/9"]
    )
    root["context"] = lists(world, f"{bob.iri}/contexts/1", [root["id"], f"{eve.iri}/n/4"])
    answer = note(world, eve, 2, inReplyTo=root["id"])
    answer["replies"] = {"type": "Collection", "id": lists(world, f"{answer['id']}/r", [f"{bob.iri}/n/5"])}
    note(world, eve, 3, inReplyTo=root["id"], to=[bob.iri])
    note(world, eve, 4, inReplyTo=answer["id"])
    note(world, eve, 9)
    note(world, bob, 5, inReplyTo=answer["id"])
    await world.say(ada, type="Like", object=root["id"], to=bob.iri)
    told = await world.deliveries()
    await world.errands(SOON_US)
    assert await world.listed(root["id"], "replies") == [answer["id"]]
    assert set(await world.listed(answer["id"], "replies")) == {f"{eve.iri}/n/4", f"{bob.iri}/n/5"}
    assert not await holds(world, f"{eve.iri}/n/3"), "not public"
    assert not await holds(world, f"{eve.iri}/n/9"), "answers nothing"
    assert await world.listed(ada.iri, "inbox") == []
    assert await world.deliveries() == told


async def test_no_collection_is_read_twice_within_an_hour(world: World) -> None:
    """AP-742: polite: again only after an hour, and what failed only after longer and longer."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    root = note(world, bob, 1)
    root["replies"] = lists(world, f"{root['id']}/replies", [f"{bob.iri}/n/404"])
    await world.say(ada, type="Like", object=root["id"], to=bob.iri)
    await world.errands(SOON_US)
    await world.say(ada, type="Announce", object=root["id"], to=PUBLIC)
    await world.errands(SOON_US)
    assert world.others.asked.count(root["replies"]) == 1
    await world.say(ada, type="Note", content="x", to=PUBLIC, inReplyTo=root["id"])
    await world.errands(HOUR_US)
    assert world.others.asked.count(root["replies"]) == 2
    assert world.others.asked.count(f"{bob.iri}/n/404") == 1, "failed an hour ago: two must pass"


async def test_a_host_is_asked_so_often_an_hour(world: World) -> None:
    """SEC-046, AP-742: the share of a host is spent, whichever thread asks."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    world.manners = Manners(requests_per_host_and_hour_max=3)
    root = note(world, bob, 1)
    members = [note(world, bob, number, inReplyTo=root["id"])["id"] for number in range(2, 12)]
    root["replies"] = lists(world, f"{root['id']}/replies", members)
    await world.say(ada, type="Like", object=root["id"], to=bob.iri)
    await world.errands(SOON_US)
    assert len(await world.listed(root["id"], "replies")) == 2
    world.manners = Manners()
    assert await world.errands(HOUR_US + SOON_US) == [root["id"]], "cut short: it goes on an hour later"
    assert len(await world.listed(root["id"], "replies")) == 10


async def test_a_thread_has_a_size(world: World) -> None:
    """AP-742: so many posts are fetched for one thread in all."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    world.manners = Manners(posts_max=3)
    root = note(world, bob, 1)
    members = [note(world, bob, number, inReplyTo=root["id"])["id"] for number in range(2, 12)]
    root["replies"] = lists(world, f"{root['id']}/replies", members)
    await world.say(ada, type="Like", object=root["id"], to=bob.iri)
    await world.errands(SOON_US)
    await world.say(ada, type="Announce", object=root["id"], to=PUBLIC)
    await world.errands(2 * HOUR_US)
    assert len(await world.listed(root["id"], "replies")) == 3


async def test_what_must_not_be_here_stays_away(world: World) -> None:
    """SEC-017, SEC-012, AP-231, AP-256: false authors, suspended hosts, the deleted, and whom the author blocked."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    eve, odd = await world.remote("eve", "far.example"), await world.remote("odd", "bad.example")
    mine = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    root = note(world, bob, 1, inReplyTo=mine)
    deleted = note(world, eve, 2, inReplyTo=root["id"])["id"]
    forged = note(world, eve, 3, inReplyTo=root["id"], attributedTo=bob.iri)["id"]
    suspended = note(world, odd, 4, inReplyTo=root["id"])["id"]
    blocked = note(world, eve, 5, inReplyTo=mine)["id"]
    root["replies"] = lists(world, f"{root['id']}/replies", [deleted, forged, suspended, blocked])

    async def forbid(tx: Transaction) -> None:
        await policies.put(tx, "bad.example", "suspend", now=world.now)
        await blocks.add(tx, ada.id, eve.iri, "block", None, now=world.now)

    await world.store.write(forbid)
    await world.hear(eve, None, id=f"{eve.iri}/d", type="Delete", object=deleted)
    await world.say(ada, type="Like", object=root["id"], to=bob.iri)
    await world.errands(SOON_US)
    assert [await holds(world, iri) for iri in (deleted, forged, suspended)] == [False] * 3
    assert await world.listed(root["id"], "replies") == []
    assert await world.listed(mine, "replies") == []


async def test_news_of_the_followed_is_looked_at_an_hour_later(world: World) -> None:
    """AP-742: a post of someone followed from here has its replies read once it has settled; of others never."""
    ada, bob, eve = await world.local("ada"), await world.remote("bob"), await world.remote("eve")
    follow = await world.say(ada, type="Follow", object=bob.iri)
    await world.hear(bob, ada, id=f"{bob.iri}/ok", type="Accept", object=follow.id)
    for author in (bob, eve):
        post = note(world, author, 1)
        post["replies"] = lists(world, f"{post['id']}/replies", [f"{author.iri}/n/2"])
        note(world, author, 2, inReplyTo=post["id"])
        await hear_reply(world, author, post)
    await world.errands(HOUR_US + SOON_US)
    assert await world.listed(f"{bob.iri}/n/1", "replies") == [f"{bob.iri}/n/2"]
    assert await world.listed(f"{eve.iri}/n/1", "replies") == []


async def test_it_can_be_switched_off(world: World) -> None:
    """AP-742: with ``threads.complete = false`` nothing is asked of anyone."""
    await world.local("ada")
    bob = await world.remote("bob")
    world.manners = Manners(complete=False)
    await hear_reply(world, bob, note(world, bob, 2, inReplyTo=f"{bob.iri}/n/1"))
    assert await world.errands(DAY_US) == []
    assert world.others.asked == []


async def test_our_own_origin_is_never_asked(world: World) -> None:
    """SEC-037: a thread that leads to us, to what we do not have, ends there."""
    await world.local("ada")
    bob = await world.remote("bob")
    await hear_reply(world, bob, note(world, bob, 1, inReplyTo=f"{BASE}/objects/none"))
    await world.errands(DAY_US)
    assert not [iri for iri in world.others.asked if iri.startswith(BASE)]


async def test_a_name_in_common_is_not_read(world: World) -> None:
    """IQ-714: a context that is repeated as conversation is Pleroma's key, not an address."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    key = f"{bob.iri}/contexts/1"
    root = note(world, bob, 1, context=key, conversation=key)
    await world.say(ada, type="Like", object=root["id"], to=bob.iri)
    await world.errands(SOON_US)
    assert key not in world.others.asked
