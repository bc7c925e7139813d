"""Mastodon: what it sends is understood, and what it needs is sent."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from neighbour import Neighbour
from world import PUBLIC, World

from storage import reports
from storage.actors import ActorRow
from vocab import dump, from_json

pytestmark = pytest.mark.anyio

SPELLINGS = {
    "sensitive": "as:sensitive",
    "Hashtag": "as:Hashtag",
    "quoteUrl": "as:quoteUrl",
    "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
    "movedTo": {"@id": "as:movedTo", "@type": "@id"},
    "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
    "toot": "http://joinmastodon.org/ns#",
    "Emoji": "toot:Emoji",
    "blurhash": "toot:blurhash",
    "votersCount": "toot:votersCount",
    "focalPoint": {"@id": "toot:focalPoint", "@container": "@list"},
    "featured": {"@id": "toot:featured", "@type": "@id"},
    "featuredTags": {"@id": "toot:featuredTags", "@type": "@id"},
    "discoverable": "toot:discoverable",
    "indexable": "toot:indexable",
    "suspended": "toot:suspended",
    "memorial": "toot:memorial",
    "attributionDomains": {"@id": "toot:attributionDomains", "@container": "@set"},
    "schema": "http://schema.org#",
    "PropertyValue": "schema:PropertyValue",
    "value": "schema:value",
    "ostatus": "http://ostatus.org#",
    "conversation": "ostatus:conversation",
    "atomUri": "ostatus:atomUri",
}


@pytest.fixture
def mastodon(neighbour: Callable[[str], Neighbour]) -> Neighbour:
    return neighbour("mastodon")


@pytest.fixture
async def note(world: World, ada: ActorRow) -> str:
    """A public post of Ada's."""
    return (await world.say(ada, type="Note", content="tea", to=PUBLIC)).ids("object")[0]


async def test_a_post_of_its_is_kept_whole(world: World, mastodon: Neighbour, ada: ActorRow) -> None:
    """AP-801, IQ-708: nulls, language maps, embedded first pages, its own identifiers and its signature."""
    sent = await mastodon.send("create", ada)
    assert await world.listed(ada.iri, "inbox") == [sent["id"]]
    shown = await world.shown(sent["object"]["id"])
    expected = {term: value for term, value in sent["object"].items() if value is not None}
    for term in ("contentMap", "conversation", "atomUri", "sensitive", "attachment", "tag", "likes", "url"):
        assert shown[term] == expected[term]
    assert shown["replies"]["first"]["next"] == sent["object"]["replies"]["first"]["next"]
    assert "summary" not in shown
    assert (await world.shown(sent["id"]))["signature"] == sent["signature"]
    assert "toot:focalPoint" in str(shown["@context"])


async def test_an_edit_counts_by_its_updated(world: World, mastodon: Neighbour, ada: ActorRow) -> None:
    """IQ-702: both ways: theirs replaces, and ours carries ``updated`` behind ``published``."""
    await mastodon.send("create", ada)
    edited = (await mastodon.send("update", ada))["object"]
    assert (await world.shown(edited["id"]))["content"] == "<p>more tea?</p>"
    bob = await mastodon.actor()
    note = (await world.say(ada, type="Note", content="a", to=[PUBLIC, bob.iri])).ids("object")[0]
    await world.say(ada, type="Update", object={"id": note, "type": "Note", "content": "b"})
    _, update = (await world.deliveries())[-1]
    assert update["object"]["updated"] > update["object"]["published"]
    assert update["id"] != note


async def test_our_mentions_are_tagged_and_addressed(
    world: World, mastodon: Neighbour, ada: ActorRow
) -> None:
    """IQ-703, AP-801: who is named in the text and addressed is tagged too, or would not be notified."""
    bob = await mastodon.actor()
    await world.say(ada, type="Note", content="<p>@bob@mastodon.example tea?</p>", to=PUBLIC, cc=bob.iri)
    inbox, body = (await world.deliveries())[-1]
    assert inbox in (bob.inbox, bob.shared_inbox)
    assert body["object"]["tag"] == [{"type": "Mention", "href": bob.iri, "name": "@bob@mastodon.example"}]
    assert bob.iri in (body["cc"], *body["cc"])


async def test_our_types_and_their_order_are_ours_to_choose(
    world: World, mastodon: Neighbour, ada: ActorRow
) -> None:
    """IQ-701, IQ-704, IQ-707: an Article brings a preview; pictures are described twice and stay in order."""
    bob = await mastodon.actor()
    pictures = [{"type": "Image", "url": f"https://here.example/{n}.jpg", "name": str(n)} for n in range(6)]
    article = {"type": "Article", "name": "Tea", "content": "<p>Long</p>", "attachment": pictures}
    await world.say(ada, **article, to=[PUBLIC, bob.iri])
    _, body = (await world.deliveries())[-1]
    assert body["object"]["preview"]["type"] == "Note"
    assert [(one["name"], one["summary"]) for one in body["object"]["attachment"]] == [
        (str(n), str(n)) for n in range(6)
    ]


@pytest.mark.parametrize("term", sorted(SPELLINGS.keys() - {"toot", "schema", "ostatus", "value"}))
def test_extension_terms_are_spelt_as_it_reads_them(term: str) -> None:
    """IQ-705, AP-039: it reads plain JSON, so the inline definitions are exactly its own."""
    used: dict[str, Any] = {"type": term} if term[0].isupper() else {"type": "Note", term: ["x"]}
    context = from_json(json.loads(dump.dump(from_json(used)))).context
    (inline,) = (entry for entry in context if isinstance(entry, dict))
    assert inline.keys() >= {term}
    assert inline.items() <= SPELLINGS.items()


async def test_reactions_are_undone_by_id_or_by_what_they_were(
    world: World, mastodon: Neighbour, ada: ActorRow, note: str
) -> None:
    """AP-802: Undo with the activity embedded, with its id or without one."""
    await mastodon.send("like", note=note)
    await mastodon.send("announce", note=note)
    assert len(await world.listed(note, "likes")) == len(await world.listed(note, "shares")) == 1
    await mastodon.send("undo_like", note=note)
    await mastodon.send("undo_announce", note=note)
    assert await world.listed(note, "likes") == await world.listed(note, "shares") == []


async def test_an_accept_names_the_follow_or_embeds_it(
    world: World, mastodon: Neighbour, ada: ActorRow
) -> None:
    """AP-802, IQ-710: its Accept completes ours; ours embeds its Follow with the id it gave."""
    bob = await mastodon.actor()
    follow = await world.say(ada, type="Follow", object=bob.iri)
    await mastodon.send("accept", ada, follow=follow.id or "")
    assert await world.listed(ada.iri, "following") == [bob.iri]
    await world.hear(bob, ada, id=f"{bob.iri}/follows/9", type="Follow", object=ada.iri)
    _, accept = (await world.deliveries())[-1]
    assert accept["object"]["id"] == f"{bob.iri}/follows/9"
    assert (accept["object"]["actor"], accept["object"]["object"]) == (bob.iri, ada.iri)


async def test_a_block_ends_the_relation(world: World, mastodon: Neighbour, ada: ActorRow) -> None:
    """IQ-706, AP-374: a Block from another server is obeyed and not shown."""
    bob = await mastodon.actor()
    await world.hear(bob, ada, id=f"{bob.iri}/follows/9", type="Follow", object=ada.iri)
    await mastodon.send("block", ada)
    assert await world.listed(ada.iri, "followers") == []


async def test_a_report_comes_from_the_server(
    world: World, mastodon: Neighbour, ada: ActorRow, note: str
) -> None:
    """IQ-706, AP-801: a Flag of the instance actor with an array of ids; in nobody's inbox."""
    await mastodon.send("flag", ada, note=note)
    (report,) = await world.store.read(reports.page, resolved=False, before=2**62)
    assert (report.subject, report.objects) == (ada.iri, (note,))
    assert await world.listed(ada.iri, "inbox") == []


async def test_deletions_of_strangers_cost_nothing(world: World, mastodon: Neighbour, ada: ActorRow) -> None:
    """IQ-706, AP-801, SEC-013: whoever is purged there is announced to all; nothing is fetched for it."""
    world.others.documents.clear()
    before = list(world.others.asked)
    await mastodon.send("delete-stranger")
    assert await world.listed(ada.iri, "inbox") == []
    assert set(world.others.asked) - set(before) <= {"https://mastodon.example/users/gone"}
