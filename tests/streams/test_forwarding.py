"""Forwarding: when, what, to whom, and never in circles."""

from typing import Any

import pytest
from world import BASE, PUBLIC, World

from storage import Transaction
from storage.actors import ActorRow
from vocab import dump, from_json
from vocab.jsontext import loads

pytestmark = pytest.mark.anyio


async def following(world: World, followed: ActorRow, *followers: ActorRow) -> None:
    for one in followers:
        await world.hear(one, followed, id=f"{one.iri}/f/{followed.name}", type="Follow", object=followed.iri)
    await world.store.write(_settle)


async def _settle(tx: Transaction) -> None:
    await tx.run("DELETE FROM jobs")


async def sent(world: World) -> list[tuple[str, str, str]]:
    """Return the deliveries that wait: inbox, who signs, the bytes."""

    async def waiting(tx: Transaction) -> list[Any]:
        return await tx.all(
            "SELECT j.payload, l.body FROM jobs j JOIN letters l ON l.id = j.letter WHERE j.queue = 'deliver'"
        )

    rows = [(loads(payload), body) for payload, body in await world.store.read(waiting)]
    return sorted((work["inbox"], work["actor"], body) for work, body in rows)


def answer(author: ActorRow, number: int, parent: str, *to: str | None, **members: Any) -> dict[str, Any]:
    note = {"id": f"{author.iri}/n/{number}", "type": "Note", "attributedTo": author.iri, "content": "r"}
    note |= {"inReplyTo": parent, "to": list(to), **members}
    return {"id": f"{author.iri}/c/{number}", "type": "Create", "object": note, "to": list(to)}


@pytest.fixture
async def people(world: World) -> tuple[ActorRow, ActorRow, ActorRow, str]:
    """Ada with a follower on each of two hosts, one of them Bob's, and her post."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    kim, joe = await world.remote("kim", "far.example"), await world.remote("joe")
    await following(world, ada, kim, joe)
    post = (await world.say(ada, type="Note", content="p", to=PUBLIC)).ids("object")[0]
    return ada, bob, kim, post


async def test_an_answer_to_us_reaches_our_followers(
    world: World, people: tuple[ActorRow, ActorRow, ActorRow, str]
) -> None:
    """AP-390, AP-391, AP-393: the received bytes, signed by the owner, not to the host they came from, once."""
    ada, bob, kim, post = people
    create = answer(bob, 1, post, PUBLIC, ada.followers, "https://else.example/u/x")
    for inbox in (ada, None, ada):
        await world.hear(bob, inbox, **create)
    ((inbox, signer, body),) = await sent(world)
    assert (inbox, signer) == (kim.inbox, ada.iri)
    assert body == dump.dump(from_json({"actor": bob.iri, **create})).decode()


@pytest.mark.parametrize("missing", ["collection", "reference", "ownership"])
async def test_all_conditions_must_hold(
    world: World, people: tuple[ActorRow, ActorRow, ActorRow, str], missing: str
) -> None:
    """AP-390: not without a collection of ours, nor a reference to a thing of ours; our actor is no such thing."""
    ada, bob, _, post = people
    mention = {"type": "Mention", "href": ada.iri}
    cases = {
        "collection": answer(bob, 1, post, PUBLIC, ada.iri, bob.followers),
        "reference": answer(bob, 1, f"{bob.iri}/own", PUBLIC, ada.followers, tag=mention),
        "ownership": answer(bob, 1, post, PUBLIC, f"{BASE}/users/nobody/followers"),
    }
    await world.hear(bob, ada, **cases[missing])
    assert await sent(world) == []


async def test_links_are_followed_a_little_way(
    world: World, people: tuple[ActorRow, ActorRow, ActorRow, str]
) -> None:
    """AP-392: through what we hold, five steps and no further, without fetching anything."""
    ada, bob, _, post = people
    parent = post
    for number in range(1, 8):
        note = answer(bob, number, parent, PUBLIC)
        await world.hear(bob, ada, **note)
        parent = f"{bob.iri}/n/{number}"
    asked = list(world.others.asked)
    await world.hear(bob, ada, **answer(bob, 20, f"{bob.iri}/n/3", PUBLIC, ada.followers))
    assert len(await sent(world)) == 1
    await world.hear(bob, ada, **answer(bob, 21, f"{bob.iri}/n/7", PUBLIC, ada.followers))
    assert len(await sent(world)) == 1
    assert world.others.asked == asked


async def test_update_and_delete_go_the_same_way(
    world: World, people: tuple[ActorRow, ActorRow, ActorRow, str]
) -> None:
    """AP-394: also when they do not name the collection themselves."""
    ada, bob, _, post = people
    create = answer(bob, 1, post, PUBLIC, ada.followers)
    await world.hear(bob, ada, **create)
    edited = {**create["object"], "content": "edited", "updated": "2026-11-20T12:30:00Z"}
    await world.hear(bob, ada, id=f"{bob.iri}/u", type="Update", object=edited, to=[PUBLIC])
    await world.hear(bob, ada, id=f"{bob.iri}/d", type="Delete", object=f"{bob.iri}/n/1", to=[PUBLIC])
    assert len(await sent(world)) == 3


async def test_what_changes_actors_is_not_forwarded(
    world: World, people: tuple[ActorRow, ActorRow, ActorRow, str]
) -> None:
    """SEC-038: neither an actor's edit nor its end, nor what is between two actors, nor for the blocked."""
    ada, bob, _, post = people
    tag = {"tag": {"type": "Link", "href": post}, "to": [PUBLIC, ada.followers]}
    await world.hear(bob, ada, id=f"{bob.iri}/u", type="Update", object=bob.iri, **tag)
    await world.hear(bob, ada, id=f"{bob.iri}/m", type="Move", object=bob.iri, target=f"{bob.iri}2", **tag)
    await world.say(ada, type="Block", object=bob.iri)
    await world.hear(bob, ada, **answer(bob, 1, post, PUBLIC, ada.followers))
    assert await sent(world) == []


async def test_local_followers_are_told_once(
    world: World, people: tuple[ActorRow, ActorRow, ActorRow, str]
) -> None:
    """AP-393: those who live here find it in their inbox, one time, named or not."""
    ada, bob, _, post = people
    eve = await world.local("eve")
    await world.say(eve, type="Follow", object=ada.iri)
    await world.hear(bob, ada, **answer(bob, 1, post, PUBLIC, ada.followers, eve.iri))
    assert (await world.listed(eve.iri, "inbox")).count(f"{bob.iri}/c/1") == 1


async def test_two_servers_do_not_forward_for_ever(
    world: World, people: tuple[ActorRow, ActorRow, ActorRow, str]
) -> None:
    """SEC-038: what comes back to us from whom we forwarded it to goes nowhere."""
    ada, bob, _, post = people
    create = answer(bob, 1, post, PUBLIC, ada.followers)
    await world.hear(bob, ada, **create)
    await world.store.write(_settle)
    await world.hear(bob, None, **create)
    assert await sent(world) == []


async def test_who_has_blocked_the_author_is_told_nothing(
    world: World, people: tuple[ActorRow, ActorRow, ActorRow, str]
) -> None:
    """AP-256, AP-390: a reply that goes to Ada's followers passes by those of them who have blocked its author."""
    ada, bob, _, post = people
    eve, cy = await world.local("eve"), await world.local("cy")
    for follower in (eve, cy):
        await world.say(follower, type="Follow", object=ada.iri)
    await world.say(eve, type="Block", object=bob.iri)
    await world.hear(bob, ada, **answer(bob, 1, post, PUBLIC, ada.followers))
    assert f"{bob.iri}/c/1" not in await world.listed(eve.iri, "inbox")
    assert f"{bob.iri}/c/1" in await world.listed(cy.iri, "inbox")


async def test_what_has_no_id_is_not_forwarded(
    world: World, people: tuple[ActorRow, ActorRow, ActorRow, str]
) -> None:
    """AP-394, SEC-038: nobody could check it, and sent again it would go out again."""
    ada, bob, _, post = people
    await world.hear(bob, ada, type="Like", object=post, to=[PUBLIC, ada.followers])
    assert len(await world.listed(post, "likes")) == 1
    assert await sent(world) == []
