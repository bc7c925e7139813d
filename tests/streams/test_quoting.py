"""Quotes: asked for, allowed, refused, taken back."""

from typing import Any

import pytest
from world import BASE, PUBLIC, World

from storage.actors import ActorRow
from streams.errors import NotAllowed, NotFound
from vocab import Object, quotes

pytestmark = pytest.mark.anyio


def policy(*automatic: str | None, manual: str | None = None) -> dict[str, Any]:
    return {
        "interactionPolicy": {"canQuote": {"automaticApproval": list(automatic), "manualApproval": manual}}
    }


async def said(world: World, author: ActorRow, **members: Any) -> str:
    made = await world.say(author, type="Note", **{"content": "<p>x</p>", "to": PUBLIC, **members})
    return made.ids("object")[0]


async def sent(world: World, type: str) -> list[dict[str, Any]]:
    return [body for _, body in await world.deliveries() if body["type"] == type]


async def ask(world: World, quoter: ActorRow, quoted: str, number: int = 1) -> str:
    """Let a remote actor ask to quote something; return its post."""
    post = f"{quoter.iri}/q/{number}"
    note = {"id": post, "type": "Note", "attributedTo": quoter.iri, "content": "y", "quote": quoted}
    request = {
        "id": f"{quoter.iri}/qr/{number}",
        "type": "QuoteRequest",
        "object": quoted,
        "instrument": note,
    }
    await world.hear(quoter, None, **request)
    return post


async def test_a_quote_that_is_allowed_gets_a_stamp(world: World) -> None:
    """AP-735, AP-386: Accept with the request inside and a stamp that anyone can read and that embeds nothing."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    note = await said(world, ada, **policy(PUBLIC))
    post = await ask(world, bob, note)
    (accept,) = await sent(world, "Accept")
    assert (accept["object"]["type"], accept["object"]["instrument"]) == ("QuoteRequest", post)
    stamp = await world.shown(accept["result"])
    assert accept["result"].startswith(BASE)
    wanted = {"type": "QuoteAuthorization", "attributedTo": ada.iri, "interactingObject": post}
    assert {term: stamp[term] for term in wanted} == wanted
    assert stamp["interactionTarget"] == note
    assert await world.listed(ada.iri, "inbox") == [f"{bob.iri}/qr/1"]
    again = {"id": f"{bob.iri}/qr/2", "type": "QuoteRequest", "object": note, "instrument": post}
    await world.hear(bob, ada, **again)
    assert [body["result"] for body in await sent(world, "Accept")] == [accept["result"]] * 2


@pytest.mark.parametrize("rule", ["absent", "author", "followers"])
async def test_without_consent_the_answer_is_no(world: World, rule: str) -> None:
    """AP-735: no policy, the author alone, followers only: others are refused."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    rules = {"absent": {}, "author": policy(ada.iri), "followers": policy(ada.followers)}
    await ask(world, bob, await said(world, ada, **rules[rule]))
    assert (await sent(world, "Accept"), len(await sent(world, "Reject"))) == ([], 1)


async def test_followers_and_the_named_may(world: World) -> None:
    """AP-735: a rule may name the author's followers or single actors."""
    ada, bob, kim = await world.local("ada"), await world.remote("bob"), await world.remote("kim")
    await world.hear(bob, ada, id=f"{bob.iri}/f", type="Follow", object=ada.iri)
    note = await said(world, ada, **policy(ada.followers, kim.iri))
    for one in (bob, kim):
        await ask(world, one, note)
    assert len([accept for accept in await sent(world, "Accept") if "result" in accept]) == 2


async def test_the_author_may_be_asked(world: World) -> None:
    """AP-735: with manual approval nothing is said until the author says it, and then the stamp is made."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await ask(world, bob, await said(world, ada, **policy(manual=PUBLIC)))
    assert (await sent(world, "Accept"), await sent(world, "Reject")) == ([], [])
    await world.say(ada, type="Accept", object=f"{bob.iri}/qr/1")
    (accept,) = await sent(world, "Accept")
    assert (await world.shown(accept["result"]))["type"] == "QuoteAuthorization"


async def test_nobody_asks_about_what_is_hidden_or_not_theirs(world: World) -> None:
    """SEC-034: what the asker may not see, or a post of someone else as the quote, is not answered."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await ask(world, bob, await said(world, ada, to=[ada.followers], **policy(PUBLIC)))
    note = await said(world, ada, **policy(PUBLIC))
    theft = {
        "id": f"{bob.iri}/t",
        "type": "QuoteRequest",
        "object": note,
        "instrument": "https://x.example/1",
    }
    await world.hear(bob, ada, **theft)
    assert (await sent(world, "Accept"), await sent(world, "Reject")) == ([], [])


async def test_consent_can_be_taken_back(world: World) -> None:
    """AP-735: the author deletes the stamp; the quoter is told its id and nothing else."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    await ask(world, bob, await said(world, ada, **policy(PUBLIC)))
    stamp = (await sent(world, "Accept"))[0]["result"]
    await world.say(ada, type="Delete", object=stamp)
    (delete,) = await sent(world, "Delete")
    assert delete["object"] == stamp
    assert [inbox for inbox, body in await world.deliveries() if body["type"] == "Delete"] == [bob.inbox]


async def quoted_elsewhere(world: World) -> tuple[ActorRow, ActorRow, str, str]:
    """Ada quotes a post of Bob's, who is asked; return both, the quoting post and the request."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    note = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "content": "x", "to": PUBLIC}
    world.others.documents[note["id"]] = note
    post = await said(world, ada, quote=note["id"])
    (request,) = await sent(world, "QuoteRequest")
    return ada, bob, post, request["id"]


async def test_quoting_asks_and_is_understood_by_old_servers(world: World) -> None:
    """AP-735, AP-730, IQ-718: every spelling, a link in tag and text; the author is sent the post with the request."""
    ada, bob, post, _ = await quoted_elsewhere(world)
    shown = await world.shown(post)
    assert {shown[term] for term in quotes.SPELLINGS} == {f"{bob.iri}/n"}
    assert [(tag["type"], tag["href"]) for tag in shown["tag"]] == [("Link", f"{bob.iri}/n")]
    assert shown["content"].endswith(f'RE: <a href="{bob.iri}/n">{bob.iri}/n</a></span></p>')
    (request,) = await sent(world, "QuoteRequest")
    assert (request["actor"], request["object"], request["to"]) == (ada.iri, f"{bob.iri}/n", bob.iri)
    assert (request["instrument"]["id"], request["instrument"]["content"]) == (post, shown["content"])


async def test_the_stamp_goes_into_the_post(world: World) -> None:
    """AP-735: read at the quoted author's origin; the post is told again, and is no new version of itself."""
    _, bob, post, request = await quoted_elsewhere(world)
    stamp = {"id": f"{bob.iri}/s", "type": "QuoteAuthorization", "attributedTo": bob.iri}
    stamp |= {"interactingObject": f"{post}x", "interactionTarget": f"{bob.iri}/n"}
    world.others.documents[stamp["id"]] = stamp
    accept = {"type": "Accept", "object": request, "result": stamp["id"]}
    await world.hear(bob, None, id=f"{bob.iri}/a1", **accept)
    assert "quoteAuthorization" not in await world.shown(post)
    stamp["interactingObject"] = post
    await world.hear(bob, None, id=f"{bob.iri}/a2", **accept)
    shown = await world.shown(post)
    assert (shown["quoteAuthorization"], "updated" in shown) == (stamp["id"], False)
    assert (await world.shown(stamp["id"]))["interactingObject"] == post
    await world.hear(bob, None, id=f"{bob.iri}/d", type="Delete", object=stamp["id"])
    assert quotes.quoted(Object(await world.shown(post))) is None


@pytest.mark.parametrize("other", ["stranger", "author"])
async def test_a_no_makes_it_a_link(world: World, other: str) -> None:
    """AP-735, SEC-025: refused by its author, a quote is a mere link; nobody else is heard."""
    _, bob, post, request = await quoted_elsewhere(world)
    kim = await world.remote("kim")
    sender = bob if other == "author" else kim
    await world.hear(sender, None, id=f"{sender.iri}/no", type="Reject", object=request)
    shown = await world.shown(post)
    assert (quotes.quoted(Object(shown)) is None) == (other == "author")
    assert f'href="{bob.iri}/n"' in shown["content"]


async def test_two_of_ours(world: World) -> None:
    """AP-735: between people of one server all of it happens at once; oneself needs no consent."""
    ada, eve = await world.local("ada"), await world.local("eve")
    note = await said(world, ada, **policy(PUBLIC))
    post = await said(world, eve, quoteUrl=note)
    stamp = (await world.shown(post))["quoteAuthorization"]
    assert (await world.shown(stamp))["interactingObject"] == post
    refused = await said(world, eve, quote=await said(world, ada))
    assert quotes.quoted(Object(await world.shown(refused))) is None
    mine = await said(world, ada, quote=note)
    assert (await world.shown(mine))["quote"] == note
    with pytest.raises(NotFound):
        await said(world, eve, quote=await said(world, ada, to=[]))
    with pytest.raises(NotAllowed):
        await world.say(eve, type="QuoteRequest", object=note, instrument=mine)


async def test_stamps_of_others_are_kept_to_judge_their_quotes(world: World) -> None:
    """AP-735: read from their origin when a quote comes in."""
    bob, kim = await world.remote("bob"), await world.remote("kim", "far.example")
    stamp = {"id": f"{kim.iri}/s", "type": "QuoteAuthorization", "attributedTo": kim.iri}
    world.others.documents[stamp["id"]] = stamp
    note = {"id": f"{bob.iri}/n", "type": "Note", "attributedTo": bob.iri, "to": PUBLIC, "content": "x"}
    note |= {"quote": f"{kim.iri}/n", "quoteAuthorization": stamp["id"]}
    await world.hear(bob, None, id=f"{bob.iri}/c", type="Create", object=note, to=PUBLIC)
    assert (await world.shown(stamp["id"]))["attributedTo"] == kim.iri


async def test_a_stamp_changes_no_post_that_does_not_show_it(world: World) -> None:
    """AP-735, SEC-025: whoever makes a stamp that names posts of ours and deletes it has no say in them."""
    ada, eve = await world.local("ada"), await world.remote("eve", "evil.example")
    note = (await world.say(ada, type="Note", content="x", to=PUBLIC)).ids("object")[0]
    said = await world.listed(ada.iri, "outbox")
    stamp = {"id": f"{eve.iri}/s", "type": "QuoteAuthorization", "attributedTo": eve.iri}
    stamp |= {"interactingObject": note, "interactionTarget": f"{eve.iri}/n"}
    await world.hear(eve, ada, id=f"{eve.iri}/c", type="Create", object=stamp, to=PUBLIC)
    await world.hear(eve, ada, id=f"{eve.iri}/d", type="Delete", object=stamp["id"], to=PUBLIC)
    assert await world.listed(ada.iri, "outbox") == said


async def test_a_stamp_is_believed_of_its_own_origin_alone(world: World) -> None:
    """AP-735, SEC-017: one that another server attributes to the quoted author is not kept as theirs."""
    ada, bob = await world.local("ada"), await world.remote("bob")
    eve = await world.remote("eve", "evil.example")
    note, stamp = f"{eve.iri}/n", "https://evil.example/s"
    world.others.documents[stamp] = {
        "id": stamp, "type": "QuoteAuthorization", "attributedTo": bob.iri, "interactingObject": note,
        "interactionTarget": f"{bob.iri}/n",
    }  # fmt: skip
    quote = {"id": note, "type": "Note", "attributedTo": eve.iri, "content": "x", "quote": f"{bob.iri}/n"}
    quote |= {"quoteAuthorization": stamp, "to": PUBLIC}
    await world.hear(eve, ada, id=f"{eve.iri}/c", type="Create", object=quote, to=PUBLIC)
    assert (await world.shown(note))["quoteAuthorization"] == stamp
    with pytest.raises(NotFound):
        await world.shown(stamp)
