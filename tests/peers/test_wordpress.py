"""WordPress, Ghost and other publications: ids with a query, articles, an edit with every save."""

from collections.abc import Callable

import pytest
from neighbour import Neighbour
from world import PUBLIC, World

from storage.actors import ActorRow
from vocab import html

pytestmark = pytest.mark.anyio


@pytest.fixture
def wordpress(neighbour: Callable[[str], Neighbour]) -> Neighbour:
    return neighbour("wordpress")


async def test_its_actors_differ_by_their_query(wordpress: Neighbour) -> None:
    """AP-809, IQ-741: the author and the blog have one path, and inboxes elsewhere on their origin."""
    bob, blog = await wordpress.actor(), await wordpress.actor("blog")
    assert bob.id != blog.id
    assert bob.inbox == "https://blog.example/wp-json/activitypub/1.0/actors/1/inbox"
    assert blog.type == "Group"
    assert '"webfinger":"bob@blog.example"' in bob.document


async def test_its_posts_differ_by_their_query(world: World, wordpress: Neighbour, ada: ActorRow) -> None:
    """AP-062, AP-809, IQ-741: no query is ever dropped from an id, and activities are named by fragments."""
    for name in ("create", "other_create"):
        await wordpress.send(name, ada)
    assert (await world.shown("https://blog.example/?p=9"))["name"] == "Tea"
    assert (await world.shown("https://blog.example/?p=10"))["name"] == "Coffee"
    assert len(await world.listed(ada.iri, "inbox")) == 2


async def test_articles_are_kept_whole_and_shown_safely(
    world: World, wordpress: Neighbour, ada: ActorRow
) -> None:
    """IQ-742, AP-747: full HTML, a preview, many pictures."""
    sent = await wordpress.send("create", ada)
    shown = await world.shown(sent["object"]["id"])
    assert shown["content"] == sent["object"]["content"]
    assert shown["preview"] == sent["object"]["preview"]
    assert len(shown["attachment"]) == 6
    assert html.sanitise(shown["content"]).startswith("<p><strong>Leaves</strong></p>")


async def test_every_save_is_an_edit(world: World, wordpress: Neighbour, ada: ActorRow) -> None:
    """IQ-742: edits without a Create before them, and the same one again, leave one post in its last version."""
    for _ in range(3):
        await wordpress.send("update", ada)
    assert (await world.shown("https://blog.example/?p=9"))["content"] == "<p>Longer.</p>"
    assert len(await world.listed(ada.iri, "inbox")) == 1


async def test_a_note_may_say_very_little(world: World, wordpress: Neighbour, ada: ActorRow) -> None:
    """AP-809: no dates, no context beyond the vocabulary, one recipient as text."""
    sent = await wordpress.send("minimal", ada)
    assert (await world.shown(sent["object"]["id"]))["to"] == PUBLIC
