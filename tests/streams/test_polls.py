"""Polls: votes from here and elsewhere, counted once, told now and then."""

import asyncio
from typing import Any

import pytest
from world import PUBLIC, World

from storage.actors import ActorRow
from streams.errors import NotFound, Redundant, Refused
from streams.polls import BATCH_US
from vocab import Invalid, instants

pytestmark = pytest.mark.anyio

HOUR_US = 3_600_000_000


def at(world: World, later: int = HOUR_US) -> str:
    return instants.spell(world.now + later)


async def poll(world: World, ada: ActorRow, term: str = "oneOf", /, **members: Any) -> str:
    """Let Ada ask; return the poll's id."""
    options = [{"type": "Note", "name": name} for name in ("Tea", "Coffee")]
    thing = {"type": "Question", "content": "Tea or coffee?", "endTime": at(world), term: options}
    members.setdefault("to", PUBLIC)
    made = await world.say(ada, type="Create", object=thing | members)
    return made.ids("object")[0]


async def vote(world: World, bob: ActorRow, ada: ActorRow, iri: str, name: str, number: int = 1) -> None:
    """Let an actor of another server vote."""
    note = {
        "id": f"{bob.iri}/v{number}", "type": "Note", "attributedTo": bob.iri, "to": ada.iri, "name": name,
        "inReplyTo": iri,
    }  # fmt: skip
    await world.hear(bob, ada, id=f"{bob.iri}/c{number}", type="Create", to=ada.iri, object=note)


async def results(world: World, iri: str) -> tuple[list[int], int]:
    shown = await world.shown(iri)
    options = shown.get("oneOf") or shown["anyOf"]
    return [option["replies"]["totalItems"] for option in options], shown["votersCount"]


async def test_a_vote_is_counted_once_and_is_no_reply(world: World) -> None:
    """AP-267, AP-380: once per voter of a single choice, shown at once, listed in the author's inbox."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    question = await poll(world, ada)
    assert await results(world, question) == ([0, 0], 0)
    for number, name in enumerate(["Tea", "Tea", "Coffee"]):
        await vote(world, bob, ada, question, name, number)
    assert await results(world, question) == ([1, 0], 1)
    assert await world.listed(question, "replies") == []
    assert f"{bob.iri}/c0" in await world.listed(ada.iri, "inbox")


async def test_several_may_be_chosen_with_any_of(world: World) -> None:
    """AP-267: once per option; whoever chooses twice is one voter."""
    ada, bob, eve = await world.local("ada"), await world.remote("bob"), await world.local("eve")
    question = await poll(world, ada, "anyOf")
    for number, name in enumerate(["Tea", "Tea", "Coffee"]):
        await vote(world, bob, ada, question, name, number)
    made = {"type": "Note", "inReplyTo": question}
    await world.say(eve, type="Create", object=[{**made, "name": "Tea"}, {**made, "name": "Coffee"}])
    assert await results(world, question) == ([2, 2], 2)


@pytest.mark.parametrize(
    ("name", "members", "late", "error"),
    [("Water", {}, False, Refused), ("Tea", {"to": None}, False, NotFound), ("Tea", {}, True, Refused)],
)
async def test_votes_that_do_not_count(
    world: World, name: str, members: dict[str, Any], late: bool, error: type[Exception]
) -> None:
    """AP-267, AP-380, SEC-034: no such option, no right to see the poll, too late; one of ours is told why."""
    ada, bob, eve = await world.local("ada"), await world.remote("bob"), await world.local("eve")
    question = await poll(world, ada, **members)
    if late:
        world.now += HOUR_US
    await vote(world, bob, ada, question, name)
    with pytest.raises(error):
        await world.say(eve, type="Note", name=name, inReplyTo=question)
    assert (await world.shown(question, ada))["votersCount"] == 0
    assert await world.listed(question, "replies") == []


async def test_nobody_votes_in_a_poll_of_their_own_or_twice(world: World) -> None:
    """AP-380."""
    ada, eve = await world.local("ada"), await world.local("eve")
    question = await poll(world, ada)
    with pytest.raises(Refused):
        await world.say(ada, type="Note", name="Tea", inReplyTo=question)
    await world.say(eve, type="Note", name="Tea", inReplyTo=question)
    with pytest.raises(Redundant):
        await world.say(eve, type="Note", name="Coffee", inReplyTo=question)
    assert await results(world, question) == ([1, 0], 1)


async def test_an_answer_with_words_is_a_reply(world: World) -> None:
    """AP-267: only what has a name and no content is a vote."""
    ada, eve = await world.local("ada"), await world.local("eve")
    question = await poll(world, ada)
    reply = await world.say(eve, type="Note", name="Tea", content="Tea!", inReplyTo=question, to=PUBLIC)
    assert await world.listed(question, "replies") == [reply.ids("object")[0]]
    assert await results(world, question) == ([0, 0], 0)


async def test_results_are_told_in_batches_and_once_at_the_end(world: World) -> None:
    """AP-267: to the audience and to voters, three minutes after the first vote of a batch, without an edit."""
    ada, bob, fan = await world.local("ada"), await world.remote("bob"), await world.remote("fan")
    eve = await world.local("eve")
    question = await poll(world, ada, to=[PUBLIC, fan.iri])
    await vote(world, bob, ada, question, "Tea")
    await world.say(eve, type="Note", name="Coffee", inReplyTo=question)
    assert await world.chores(later=BATCH_US // 2) == 0
    assert await world.chores(later=BATCH_US // 2) == 1
    told = [(inbox, body) for inbox, body in await world.deliveries() if body["type"] == "Update"]
    assert {inbox for inbox, _ in told} == {bob.inbox, fan.inbox}
    shown = told[0][1]["object"]
    assert [option["replies"]["totalItems"] for option in shown["oneOf"]] == [1, 1]
    assert (shown["votersCount"], "updated" in shown, "closed" in shown) == (2, False, False)
    assert (await world.listed(eve.iri, "inbox"))[0] == told[0][1]["id"]
    assert await world.chores(later=HOUR_US) == 1
    last = (await world.deliveries())[-1][1]["object"]
    assert last["closed"] == last["endTime"]
    assert await world.chores(later=HOUR_US) == 0


async def test_a_poll_whose_end_was_put_off_is_not_closed_before(world: World) -> None:
    """AP-266: the new end counts."""
    ada = await world.local("ada")
    question = await poll(world, ada)
    later = at(world, 3 * HOUR_US)
    await world.say(ada, type="Update", object={"id": question, "type": "Question", "endTime": later})
    await world.chores(later=HOUR_US)
    assert "closed" not in await world.shown(question)
    assert len(await world.listed(ada.iri, "outbox")) == 2
    await world.chores(later=2 * HOUR_US)
    assert "closed" in await world.shown(question)


async def test_an_edit_keeps_the_votes(world: World) -> None:
    """AP-166, AP-227, AP-266."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    question = await poll(world, ada)
    await vote(world, bob, ada, question, "Tea")
    shown = await world.shown(question)
    await world.say(ada, type="Update", object={**shown, "content": "Well?"})
    assert await results(world, question) == ([1, 0], 1)
    assert (await world.shown(question))["content"] == "Well?"
    others = [{"name": "Tea"}, {"name": "Water"}]
    with pytest.raises(Invalid):
        await world.say(ada, type="Update", object={"id": question, "type": "Question", "oneOf": others})
    with pytest.raises(Refused):
        await world.say(ada, type="Update", object={"id": question, "type": "Note"})


async def test_votes_elsewhere_go_to_the_author_alone(world: World) -> None:
    """AP-205, AP-267, AP-380: the poll is read first; results come by Update, from its author."""
    ada, bob, eve = await world.local("ada"), await world.remote("bob"), await world.remote("eve")
    options = [
        {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": 0}} for name in "AB"
    ]
    question = {
        "id": f"{bob.iri}/q", "type": "Question", "attributedTo": bob.iri, "to": PUBLIC, "oneOf": options,
        "endTime": at(world), "votersCount": 0,
    }  # fmt: skip
    world.others.documents[f"{bob.iri}/q"] = question
    cast = await world.say(
        ada, type="Note", name="A", inReplyTo=f"{bob.iri}/q", to=PUBLIC, cc=[ada.followers, eve.iri]
    )
    assert cast.ids("to") == cast.embedded("object")[0].ids("to") == (bob.iri,)
    assert cast.get("cc") is None
    assert [inbox for inbox, _ in await world.deliveries()] == [bob.inbox]
    with pytest.raises(NotFound):
        await world.shown(cast.ids("object")[0])
    with pytest.raises(Redundant):
        await world.say(ada, type="Note", name="B", inReplyTo=f"{bob.iri}/q")
    options[0]["replies"] = {"type": "Collection", "totalItems": 1}
    changed = question | {"votersCount": 1, "oneOf": options}
    await world.hear(eve, ada, id=f"{eve.iri}/u", type="Update", object=changed | {"votersCount": 7})
    await world.hear(bob, ada, id=f"{bob.iri}/u", type="Update", object=changed)
    assert await results(world, f"{bob.iri}/q") == ([1, 0], 1)
    assert await world.chores(later=HOUR_US) == 0


async def test_impossible_counts_are_left_out(world: World) -> None:
    """AP-018, SEC-021: what is no number of votes is not kept."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    options = [{"name": name, "replies": {"type": "Collection", "totalItems": -1}} for name in "AB"]
    question = {
        "id": f"{bob.iri}/q", "type": "Question", "attributedTo": bob.iri, "to": PUBLIC, "anyOf": options,
        "votersCount": -5,
    }  # fmt: skip
    await world.hear(bob, ada, id=f"{bob.iri}/c", type="Create", to=PUBLIC, object=question)
    shown = await world.shown(f"{bob.iri}/q")
    assert "votersCount" not in shown
    assert all("totalItems" not in option["replies"] for option in shown["anyOf"])


async def test_a_question_as_an_act_is_sent_as_it_is(world: World) -> None:
    """AP-266: a bare Question is an intransitive activity, not wrapped."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    options = [{"type": "Note", "name": name} for name in ("Tea", "Coffee")]
    asked = await world.say(ada, type="Question", content="Tea?", oneOf=options, to=bob.iri)
    assert asked.types == ("Question",)
    assert await world.listed(ada.iri, "outbox") == [asked.id]
    assert (await world.deliveries())[0][1]["oneOf"] == options


async def test_nothing_is_told_of_a_poll_that_is_deleted(world: World) -> None:
    """AP-230, AP-267."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    question = await poll(world, ada)
    await vote(world, bob, ada, question, "Tea")
    await world.say(ada, type="Delete", object=question)
    assert await world.chores(later=2 * HOUR_US) == 2
    assert await world.deliveries() == []


async def test_two_votes_at_once_are_of_one_voter(world: World) -> None:
    """AP-267: whoever chooses two options at the same moment is counted as one voter."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    question = await poll(world, ada, "anyOf")
    names = enumerate(["Tea", "Coffee"])
    await asyncio.gather(*(vote(world, bob, ada, question, name, number) for number, name in names))
    assert await results(world, question) == ([1, 1], 1)
