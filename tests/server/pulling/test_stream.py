"""What feeds bring is in the stream, for those who may see it (Atom §8.5, §17.5)."""

from pathlib import Path
from typing import Any

import pytest
from press import Press
from world import BASE

from storage.entries import Viewer
from streams.happenings import local
from streams.providers import FeedRequest, Filter, Onlooker
from vocab.entry import Entry

pytestmark = pytest.mark.anyio

FEEDS = Path(__file__).parents[2] / "vectors" / "feeds"


async def shown(desk: Any, reader: str | None, *filters: Filter) -> list[Entry]:
    [provider] = [
        one for one in local.providers(desk.world.store, BASE, lambda: desk.world.now) if one.key == "feeds"
    ]
    who = Onlooker()
    if reader is not None:
        actor = await desk.world.find(f"{BASE}/users/{reader}")
        who = Onlooker(Viewer(actor.id, actor.iri), reader)
    found = await provider.feed(FeedRequest(max_results=50, viewer=who, filters=filters, base_url=BASE))
    return [one for one in found.entries if isinstance(one, Entry)]


async def test_entries_keep_verbs_authors_keys_and_their_source(desk: Any, press: Press) -> None:
    one = await desk.subscribe(press.publish("/activity", (FEEDS / "jira.atom").read_text()))
    await desk.poll(one)
    comment, change = await shown(desk, "ada")
    assert change.verb[-1].endswith("jira/start")
    assert (change.issue_keys, change.keys) == (("ORCHARD-7",), ("ORCHARD",))
    assert change.activity.embedded("actor")[0].text("name") == "Mirela Voss"
    assert (change.application, change.category) == ("com.atlassian.jira", ("In Progress",))
    assert change.source is not None
    assert change.source.id == "https://tracker.example/activity"
    assert (
        comment.activity.embedded("object")[0].text("content")
        == "<blockquote>Still 2 degrees off.</blockquote>"
    )
    by_tavo = await shown(desk, "ada", Filter("user", "IS", ("tavo",)))
    assert [entry.id for entry in by_tavo] == [comment.id]
    assert len(await shown(desk, "ada", Filter("issue-key", "IS", ("orchard-7",)))) == 2


async def test_nobody_else_finds_what_is_private_and_everybody_what_is_public(
    desk: Any, press: Press
) -> None:
    """Atom §17.5."""
    await desk.world.local("eve")
    feed = press.publish("/toots", (FEEDS / "mastodon.rss").read_text())
    await desk.poll(await desk.subscribe(feed))
    assert (await shown(desk, "eve"), await shown(desk, None)) == ([], [])
    await desk.poll(await desk.subscribe(feed, "eve", public=True))
    [entry] = await shown(desk, None)
    note = entry.activity.embedded("object")[0]
    assert (note.type, note.embedded("attachment")[0].text("name")) == ("Note", "Ice")
    assert len(await shown(desk, "ada")) == 2
