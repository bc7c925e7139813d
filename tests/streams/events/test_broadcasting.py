"""Public channels: Groups that tell other servers what happens in them, and nothing of anything else."""

import json
from typing import Any

import pytest
from everything import EVERYBODY, SECRETS, everything
from logbook import BASE, Logbook
from pier import IRI, OPS, VAN, WASHED, Pier
from world import PUBLIC

from streams.errors import Gone
from streams.events import batches, presence

pytestmark = pytest.mark.anyio


async def test_an_event_in_a_public_channel_is_told_by_a_note(pier: Pier) -> None:
    """Events §23.1.5: the channel's Group says a sentence, with the projected event attached."""
    await pier.channel()
    ops = await pier.followed()
    made = await pier.log.event(**WASHED, description="came & <b>went</b>")
    [create] = await pier.told()
    note = create["object"]
    assert (create["type"], create["actor"], note["type"]) == ("Create", IRI, "Note")
    assert (note["attributedTo"], note["to"], note["cc"]) == (IRI, PUBLIC, f"{IRI}/followers")
    assert note["content"] == "<p>came &amp; &lt;b&gt;went&lt;/b&gt;</p>"
    [event] = note["attachment"]
    assert (event["id"], event["hw:eventType"]) == (f"{BASE}/events/{made.stream_id}", "as.fleet.van.washed")
    assert event["actor"]["name"] == "Ada"
    assert event["published"] == "2031-03-04T10:00:00.000Z"
    assert (ops.type, ops.iri, ops.handle) == ("Group", IRI, "channel.night-ops")


async def test_an_event_without_a_description_is_a_sentence(pier: Pier) -> None:
    """Events §23.1.5: what other servers show reads as something that somebody says."""
    await pier.channel()
    await pier.followed()
    await pier.log.event("as.fleet.van.created", involves=[{"ACTOR": "Employee/Ada"}, {"CREATES": VAN}])
    await pier.log.event(**WASHED)
    assert await pier.contents() == ["<p>Ada created 7</p>", "<p>Ada: van washed (7)</p>"]


async def test_what_only_some_may_know_of_is_not_told(pier: Pier) -> None:
    """Events §3.6, §23.1.4: neither a restricted event, nor one without rules that names a restricted entity."""
    await pier.channel()
    await pier.followed()
    await pier.log.entity("Safe/1", acl=[{"READ": "Group/board"}])
    await pier.log.event(**WASHED, description="restricted", acl=[{"READ": "Group/board"}])
    await pier.log.event(
        involves=[*WASHED["involves"], {"INVOLVES": "Safe/1"}],
        description="by the way",
        occurred_at="2031-03-04T11:00Z",
    )
    await pier.log.event(**WASHED, description="for all", acl=EVERYBODY, occurred_at="2031-03-04T12:00Z")
    assert await pier.contents() == ["<p>for all</p>"]


async def test_what_is_not_in_the_channel_is_not_told(pier: Pier) -> None:
    await pier.channel()
    await pier.followed()
    await pier.log.event(involves=[{"ACTOR": "Employee/Ada"}, {"AFFECTS": "Vehicle:Van/8"}], acl=EVERYBODY)
    await pier.log.event(involves=[{"ACTOR": "Employee/Ada"}, {"SENT_TO_BCC": VAN}], acl=EVERYBODY)
    assert await pier.told() == []


@pytest.mark.parametrize("said", [False, None, "true", 1])
async def test_other_channels_are_no_actors(pier: Pier, said: Any) -> None:
    """Events §23.1.4: a channel is private unless its property says ``true``."""
    await pier.channel(public=said)
    await pier.log.event(**WASHED, acl=EVERYBODY)
    await pier.work()
    assert await pier.sought() is None
    assert await pier.log.rows("SELECT 1 FROM actors") == []


async def test_a_channel_that_is_closed_tells_nothing_more(pier: Pier) -> None:
    """Also of what matched it while it was open, and was not told yet."""
    await pier.channel()
    await pier.followed()
    await pier.log.event(**WASHED)
    await pier.audience.work()
    await pier.log.entity(OPS, properties={"public": False})
    assert await pier.told() == []
    assert await pier.sought() is None
    await pier.log.entity("ASChannel/board", properties={"public": True}, acl=[{"READ": "Group/board"}])
    assert await pier.sought("board") is None
    assert await pier.sought("nowhere") is None


async def test_the_past_is_not_told(pier: Pier) -> None:
    await pier.log.event(**WASHED)
    await pier.channel()
    await pier.followed()
    assert await pier.told() == []


async def test_each_event_is_told_once_in_each_channel(pier: Pier) -> None:
    await pier.channel()
    await pier.channel("ASChannel/Fleet")
    await pier.followed()
    await pier.followed("fleet")
    for _ in range(2):
        await pier.log.event(**WASHED)
    authors = sorted(said["actor"] for said in await pier.told())
    assert authors == [f"{BASE}/channels/Fleet", IRI]


async def test_an_invalidated_batch_is_taken_back(pier: Pier) -> None:
    """Events §7.8: what was told of it is deleted there, and gone here; the rest stays."""
    await pier.channel()
    await pier.followed()
    of_batch = {"resolvable": {"external_id": "x-1", "batch_id": "b-1"}}
    await pier.log.event(**WASHED, description="wrong", aspects=of_batch)
    await pier.log.event(**WASHED, description="right", occurred_at="2031-03-04T12:00Z")
    wrong, right = [said["object"]["id"] for said in await pier.told()]
    for _ in range(2):
        await pier.log.store.write(batches.hide, pier.log.space, "b-1", now=pier.log.parts.clock())
    deleted = [said["object"]["id"] for said in await pier.told() if said["type"] == "Delete"]
    assert deleted == [wrong]
    assert (await pier.world.shown(right))["content"] == "<p>right</p>"
    with pytest.raises(Gone):
        await pier.world.shown(wrong)


async def test_a_batch_that_is_invalidated_at_once_is_not_told(pier: Pier) -> None:
    await pier.channel()
    await pier.followed()
    await pier.log.event(**WASHED, aspects={"resolvable": {"external_id": "x-1", "batch_id": "b-1"}})
    await pier.log.store.write(batches.hide, pier.log.space, "b-1", now=pier.log.parts.clock())
    assert await pier.told() == []


async def test_a_channel_passes_nothing_on(pier: Pier) -> None:
    """Whoever addresses it does not speak through it: it is no forum (FEP-1b12)."""
    await pier.channel()
    ops = await pier.followed()
    eve = await pier.world.remote("eve", "spam.example")
    note = {
        "id": f"{eve.iri}/n", "type": "Note", "attributedTo": eve.iri, "content": "buy", "to": [PUBLIC, ops.iri],
    }  # fmt: skip
    await pier.world.hear(eve, ops, id=f"{eve.iri}/c", type="Create", object=note, to=[PUBLIC, ops.iri])
    assert await pier.told() == []
    [accept] = await pier.world.listed(ops.iri, "outbox")
    assert (await pier.world.shown(accept, await pier.world.find(ops.iri)))["type"] == "Accept"


async def test_another_tenants_channel_has_its_name(pier: Pier) -> None:
    other = Pier(pier.world, await Logbook.made(pier.log.store, "acme"))
    await other.channel()
    actor = await other.actor()
    assert (actor.iri, actor.name) == (f"{BASE}/tenants/acme/channels/night-ops", "acme.channel.night-ops")
    assert presence.called(actor.name) == ("acme", "night-ops")
    assert presence.called("channel.night-ops") == ("default", "night-ops")
    assert await pier.sought() is None


async def test_nothing_leaves_that_must_not(pier: Pier) -> None:
    """Events §23.1.4: an event with everything is told, and no byte of what is secret goes along."""
    await pier.channel()
    await pier.followed()
    for rules in ((), (*EVERYBODY, {"MANAGE": "Group/TELLNOBODY-17"})):
        await pier.log.event(**everything(VAN, *rules))
    kept = str(
        await pier.log.rows("SELECT body FROM events UNION SELECT aspects FROM event_entities")
    ).lower()
    assert [secret for secret in SECRETS if secret not in kept] == []
    sent = await pier.told()
    assert [said["object"]["content"] for said in sent] == ["<p>Everything happened</p>"] * 2
    letters = json.dumps(sent).lower()
    assert "night" in letters
    assert [secret for secret in SECRETS if secret in letters] == []


async def test_comments_on_what_was_told_are_told_as_replies(pier: Pier) -> None:
    """Events §23.1.4, §23.5: and answers to those in turn; whoever replies to them elsewhere comments on them."""
    await pier.channel()
    await pier.followed()
    made = await pier.log.event(**WASHED)
    first = await pier.log.comment("looks <b>good</b> @Vehicle/7", str(made.stream_id))
    await pier.log.comment("indeed", str(first.stream_id))
    event, comment, answer = [said["object"] for said in await pier.told()]
    assert comment["content"] == "<p>bo: looks &lt;b&gt;good&lt;/b&gt; @Vehicle/7</p>"
    assert (comment["inReplyTo"], comment["attributedTo"]) == (event["id"], IRI)
    assert comment["attachment"][0]["id"] == f"{BASE}/events/{first.stream_id}"
    assert answer["inReplyTo"] == comment["id"]
    assert "answer" not in comment


async def test_comments_that_only_some_may_know_of_are_not_told(pier: Pier) -> None:
    """Nor those on what was not told, nor those that name something restricted, nor what came from elsewhere."""
    await pier.channel()
    await pier.followed()
    await pier.log.entity("Safe/1", acl=[{"READ": "Group/board"}])
    made = await pier.log.event(**WASHED)
    other = await pier.log.event(involves=[{"ACTOR": "Employee/Ada"}, {"AFFECTS": "Vehicle:Van/8"}])
    [_] = await pier.told()
    await pier.log.comment("hush", str(made.stream_id), acl=[{"READ": "Group/board"}])
    await pier.log.comment("see @Safe/1", str(made.stream_id))
    await pier.log.comment("elsewhere", str(other.stream_id))
    await pier.log.comment("heard", str(made.stream_id), origin="fediverse")
    assert len(await pier.told()) == 1


async def test_votes_on_what_everybody_may_read_are_announced(pier: Pier) -> None:
    """Events §23.5: a Like or Dislike as everybody reads it; another one is announced after the first is undone."""
    await pier.channel()
    await pier.followed()
    made = await pier.log.event(**WASHED, acl=EVERYBODY)
    quiet = await pier.log.event(**WASHED, occurred_at="2031-03-04T11:00Z")
    await pier.log.bump(str(made.stream_id))
    [_, _, announce] = await pier.told()
    assert (announce["type"], announce["actor"]) == ("Announce", IRI)
    assert (await pier.world.shown(announce["object"]))["type"] == "Like"
    await pier.log.bump(str(quiet.stream_id))
    await pier.log.bump(str(made.stream_id), "BUMP_DOWN")
    told = await pier.told()
    assert [said["type"] for said in told[2:]] == ["Announce", "Undo", "Announce"]
    assert told[3]["object"]["id"] == announce["id"]
    assert (await pier.world.shown(told[4]["object"]))["type"] == "Dislike"
