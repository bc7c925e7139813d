"""Misskey, Sharkey, Firefish: reactions are likes, quotes have many names."""

from collections.abc import Callable

import pytest
from neighbour import Neighbour
from world import PUBLIC, World

from federation.signatures.choose import CAVAGE, first
from storage import reports
from storage.actors import ActorRow, State
from streams.errors import Gone
from vocab import from_json, quotes

pytestmark = pytest.mark.anyio


@pytest.fixture
def misskey(neighbour: Callable[[str], Neighbour]) -> Neighbour:
    return neighbour("misskey")


@pytest.fixture
async def note(world: World, ada: ActorRow) -> str:
    """A public post of Ada's."""
    return (await world.say(ada, type="Note", content="tea", to=PUBLIC)).ids("object")[0]


@pytest.mark.parametrize("name", ["actor", "actor_without_endpoints"])
async def test_its_actor_is_usable(misskey: Neighbour, name: str) -> None:
    """AP-804, AP-103, IQ-722: a shared inbox at the top, members of other vocabularies, nulls, and a cat."""
    misskey.serve(name)
    bob = await misskey.actor(name)
    assert (bob.name, bob.shared_inbox) == ("bob", "https://misskey.example/inbox")
    assert '"isCat":true' in bob.document
    assert bob.state == State.ACTIVE


async def test_a_quote_in_its_markup(world: World, misskey: Neighbour, ada: ActorRow, note: str) -> None:
    """AP-804, IQ-718, IQ-719: the quote is found, HTML is what is shown, and its own markup is kept."""
    sent = await misskey.send("create", ada, note=note)
    shown = await world.shown(sent["object"]["id"])
    assert quotes.quoted(from_json(shown)) == note
    assert shown["content"].startswith("<p><b>tea</b>")
    assert shown["source"] == {"content": "**tea**", "mediaType": "text/x.misskeymarkdown"}
    assert shown["_misskey_content"] == "**tea**"
    assert "mediaType" not in shown["attachment"][0]


async def test_a_reaction_is_a_like_with_content(
    world: World, misskey: Neighbour, ada: ActorRow, note: str
) -> None:
    """AP-804, IQ-717: counted as the reaction it is, told to the author, and kept with its emoji."""
    sent = await misskey.send("reaction", ada, note=note)
    assert sent["id"] in [
        *await world.listed(note, "likes"),
        *await world.listed(note, "reactions"),
    ]
    shown = await world.shown(sent["id"], ada)
    assert (shown["content"], shown["_misskey_reaction"]) == (":cup:", ":cup:")
    assert shown["tag"][0]["icon"]["url"] == "https://misskey.example/c.png"


async def test_a_renote_counts(world: World, misskey: Neighbour, ada: ActorRow, note: str) -> None:
    """IQ-721: Announce with to and cc."""
    sent = await misskey.send("renote", ada, note=note)
    assert await world.listed(note, "shares") == [sent["id"]]


async def test_deletions(world: World, misskey: Neighbour, ada: ActorRow, note: str) -> None:
    """IQ-721: a Tombstone with nothing but an id and type; then the user, named by id."""
    sent = await misskey.send("create", ada, note=note)
    await misskey.send("delete", ada)
    with pytest.raises(Gone):
        await world.shown(sent["object"]["id"])
    await misskey.send("delete_user")
    assert (await misskey.actor()).state == State.GONE


async def test_blocks_and_reports_reach_us(world: World, misskey: Neighbour, ada: ActorRow) -> None:
    """AP-804, AP-374, AP-378: both are addressed to what they are about."""
    bob = await misskey.actor()
    await world.hear(bob, ada, id=f"{bob.iri}/follows/9", type="Follow", object=ada.iri)
    await misskey.send("block", ada)
    assert await world.listed(ada.iri, "followers") == []
    await misskey.send("flag", ada)
    (report,) = await world.store.read(reports.page, resolved=False, before=2**62)
    assert (report.subject, report.host) == (ada.iri, "misskey.example")


def test_it_speaks_the_older_signatures() -> None:
    """IQ-720: hosts we do not know are knocked at with draft-cavage, which is all it understands."""
    assert first(None, None, now=0) == CAVAGE


async def test_a_vote_is_no_reply(world: World, misskey: Neighbour, ada: ActorRow) -> None:
    """IQ-723, AP-267: a Note with a name and no content, to the author of the poll alone."""
    poll = {
        "type": "Question", "content": "Tea?", "to": PUBLIC, "endTime": "2126-01-01T00:00:00Z",
        "oneOf": [{"type": "Note", "name": "Tea"}, {"type": "Note", "name": "Coffee"}],
    }  # fmt: skip
    question = (await world.say(ada, type="Create", object=poll)).ids("object")[0]
    await misskey.send("vote", ada, poll=question)
    assert await world.listed(question, "replies") == []
    tea = (await world.shown(question))["oneOf"][0]
    assert tea["replies"]["totalItems"] == 1
