"""PeerTube: films by a person in a channel, with many addresses."""

from collections.abc import Callable

import pytest
from neighbour import Neighbour
from world import PUBLIC, World

from storage.actors import ActorRow
from vocab import from_json, media

pytestmark = pytest.mark.anyio


@pytest.fixture
def peertube(neighbour: Callable[[str], Neighbour]) -> Neighbour:
    made = neighbour("peertube")
    made.serve("video")
    return made


async def test_a_film_belongs_to_the_person(world: World, peertube: Neighbour, ada: ActorRow) -> None:
    """AP-808, IQ-737, IQ-738: of person and channel the one who acts is the author; all addresses are kept."""
    sent = await peertube.send("create", ada)
    film = sent["object"]
    shown = await world.shown(film["id"])
    for term in ("attributedTo", "url", "icon", "category", "licence", "language", "mediaType", "comments"):
        assert shown[term] == film[term]
    bob = await peertube.actor()
    await world.hear(bob, ada, id=f"{bob.iri}/d", type="Delete", object=film["id"])
    with pytest.raises(Exception, match=film["id"]):
        await world.shown(film["id"])


async def test_a_film_is_shown_by_its_page_and_its_file(peertube: Neighbour) -> None:
    """AP-021, IQ-738: the HTML address is for people, the mp4 to be played, torrents and playlists are neither."""
    film = from_json(peertube.document("video"))
    assert media.page(film) == film.id
    played = [one for one in media.attached(film) if one.kind == "video"]
    assert [one.media_type for one in played] == ["video/mp4"]


async def test_the_channel_announces_it(world: World, peertube: Neighbour, ada: ActorRow) -> None:
    """IQ-737, AP-367: who follows the channel hears of the film, read from its origin."""
    channel = await peertube.actor("channel")
    follow = await world.say(ada, type="Follow", object=channel.iri)
    await world.hear(channel, ada, id=f"{channel.iri}/ok", type="Accept", object=follow.id)
    sent = await peertube.send("announce")
    assert sent["id"] in await world.listed(ada.iri, "inbox")
    assert (await world.shown(sent["object"]))["name"] == "Whisking"


async def test_views_are_listed(world: World, peertube: Neighbour, ada: ActorRow) -> None:
    """IQ-739, AP-808, AP-384: a View has no effect."""
    sent = await peertube.send("view", ada)
    assert await world.listed(ada.iri, "inbox") == [sent["id"]]


@pytest.mark.parametrize("name", ["cache_file", "watch_action"])
async def test_bookkeeping_is_left_out(world: World, peertube: Neighbour, ada: ActorRow, name: str) -> None:
    """IQ-739: copies, and that a film was watched, are no concern of people's; they are dropped without a word."""
    await peertube.send(name, ada)
    assert await world.listed(ada.iri, "inbox") == []


async def test_dislikes_count_by_themselves(world: World, peertube: Neighbour, ada: ActorRow) -> None:
    """AP-808, AP-365: addressed to Public, counted once."""
    note = (await world.say(ada, type="Note", content="tea", to=PUBLIC)).ids("object")[0]
    for _ in range(2):
        await peertube.send("dislike", ada, note=note)
    assert len(await world.listed(note, "dislikes")) == 1


async def test_its_server_may_ask_to_follow_ours(world: World, peertube: Neighbour) -> None:
    """IQ-740, AP-101: our server's own actor accepts nobody by itself."""
    sent = await peertube.send("follow_instance")
    ours = await world.find(sent["object"])
    assert await world.listed(ours.iri, "followers") == []
    assert await world.deliveries() == []
