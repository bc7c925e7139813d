"""Every format that is read becomes the same thing (Atom §10.2)."""

import pytest
from fixtures import (
    AS1,
    AS2,
    ATOM03,
    CONFLUENCE,
    GITHUB,
    JIRA,
    JSONFEED,
    MASTODON,
    RSS091,
    RSS10,
    WORDPRESS,
    YOUTUBE,
)

from vocab.dialects.feedreading import NoFeed, Reading, outbox, read
from vocab.entry import Entry

AT = "https://found.example/feed"
POST = "http://activitystrea.ms/schema/1.0/post"


def reading(text: str, **said: str) -> Reading:
    return read(text.encode(), found_at=AT, **said)


@pytest.mark.parametrize(
    ("text", "kind", "entries"),
    [
        (JIRA, "atom10", 2),
        (CONFLUENCE, "atom10", 1),
        (GITHUB, "atom10", 1),
        (YOUTUBE, "atom10", 1),
        (ATOM03, "atom03", 1),
        (WORDPRESS, "rss", 1),
        (MASTODON, "rss", 1),
        (RSS10, "rss", 1),
        (RSS091, "rss", 1),
        (JSONFEED, "jsonfeed", 2),
        (AS1, "as1", 1),
        (AS2, "as2", 1),
    ],
)
def test_a_format_is_known_by_what_it_contains(text: str, kind: str, entries: int) -> None:
    found = reading(text, content_type="text/plain")
    assert (found.format, len(found.items), found.warnings) == (kind, entries, ())
    for item in found.items:
        whole = {"actor": "https://us.example/bot", "published": "2026-01-01T00:00:00Z", **item.entry}
        assert Entry.of(whole).id == item.key


def test_a_tracker_says_who_did_what_to_which_issue() -> None:
    """Atom §3.4 to §3.6: in order, with verbs and keys, newest first."""
    comment, change = reading(JIRA).items
    assert change.entry["verb"][-1].endswith("jira/start")
    assert (change.entry["type"], change.entry["category"]) == ("Update", ["In Progress"])
    assert (change.entry["issueKey"], change.entry["key"]) == (["ORCHARD-7"], ["ORCHARD"])
    assert change.entry["object"]["hw:objectType"] == "http://streams.atlassian.com/syndication/types/issue"
    assert change.entry["application"] == "com.atlassian.jira"
    assert change.entry["generator"]["id"] == "https://tracker.example"
    assert change.entry["icon"] == {
        "type": "Image",
        "url": "https://tracker.example/i/task.png",
        "name": "Task",
    }
    assert change.entry["actor"]["icon"]["width"] == 48
    assert "mirela@example.org" not in str(change.entry)
    assert change.entry["summary"].startswith("Mirela Voss changed the status to In Progress on ORCHARD-7")
    assert 'class="activity-item-user activity-item-author"' in change.entry["titleHtml"]
    assert comment.entry["type"] == "Create"
    assert comment.entry["object"]["inReplyTo"] == "urn:uuid:aa"
    assert comment.refs == ("urn:uuid:aa", "https://tracker.example/t/ORCHARD-7")
    assert comment.entry["object"]["content"] == "<blockquote>Still 2 degrees off.</blockquote>"


def test_a_stream_says_which_of_its_sources_failed() -> None:
    """Atom §3.3."""
    problems = reading(JIRA).problems
    assert problems.timed_out == ("Builds",)
    assert problems.consents == (
        {
            "id": "w1",
            "name": "Wiki",
            "uri": "https://wiki.example",
            "authorise": "https://wiki.example/consent",
        },
    )


def test_a_wiki_names_its_space() -> None:
    item = reading(CONFLUENCE).items[0]
    assert item.entry["key"] == ["GARDEN"]
    assert item.entry["object"]["type"] == "Page"


def test_commits_have_no_verb_and_are_about_themselves() -> None:
    """Atom §10.3.4, §10.3.5: post, of an article."""
    item = reading(GITHUB).items[0]
    assert item.entry["verb"] == [POST]
    assert item.entry["object"]["type"] == "Article"
    assert item.entry["object"]["name"] == "Warm the sensor before reading & wait"
    assert item.entry["titleHtml"] == "Warm the sensor before reading &amp; wait"
    assert item.entry["published"] == "2026-03-01T12:00:00Z"


def test_a_blog_brings_its_whole_text_its_files_and_its_hub() -> None:
    found = reading(WORDPRESS)
    item = found.items[0]
    assert (found.title, found.hubs, found.interval_seconds) == (
        "Garden notes – all",
        ("https://hub.example/",),
        3600,
    )
    assert (found.skip_hours, found.skip_days) == (frozenset({3, 0}), frozenset({"sunday"}))
    assert item.key == "https://blog.example/?p=7"
    assert item.entry["url"] == "https://blog.example/frost/?utm_source=rss"
    assert item.entry["published"] == "2026-03-01T16:00:00Z"
    thing = item.entry["object"]
    assert thing["name"] == "Frost & fire"
    assert 'src="https://blog.example/frost.png"' in thing["content"]
    assert "onerror" not in thing["content"]
    assert 'href="https://blog.example/old"' in thing["content"]
    assert thing["attachment"] == [
        {"type": "Audio", "mediaType": "audio/mpeg", "url": "https://blog.example/a.mp3", "hw:size": 1234}
    ]
    assert item.entry["category"] == ["Weather", "Tools"]
    assert item.entry["actor"]["name"] == "Mirela"


def test_a_film_has_its_description_as_its_text() -> None:
    item = reading(YOUTUBE).items[0]
    assert item.entry["object"]["content"] == "Line one &lt;3<br>Line two"
    assert item.entry["actor"]["url"] == "https://films.example/c/abc"
    assert item.updated is not None


def test_a_post_without_title_is_a_note() -> None:
    item = reading(MASTODON).items[0]
    assert item.entry["object"]["type"] == "Note"
    assert item.entry["object"]["attachment"][0]["name"] == "Ice"
    assert "name" not in item.entry["object"]


def test_old_versions_of_rss_and_atom_are_read() -> None:
    assert reading(RSS10).items[0].entry["published"] == "2003-12-13T17:30:02Z"
    assert reading(RSS10).items[0].key == "https://old.example/1"
    older = reading(RSS091).items[0]
    assert (older.key, older.published) == ("https://older.example/1", None)
    assert older.entry["object"]["content"] == "Plain text<br>of two lines"
    first = reading(ATOM03).items[0]
    assert first.entry["published"] == "2003-12-13T12:29:29Z"
    assert first.entry["object"]["content"] == "<b>bold</b>"


def test_json_feed_is_read_in_both_versions() -> None:
    found = reading(JSONFEED)
    second, first = found.items
    assert (found.next, found.hubs) == ("https://orchard.example/feed.json?p=2", ("https://hub.example/",))
    assert (first.key, first.entry["actor"]["name"], second.entry["actor"]["name"]) == ("7", "Ana", "Tavo")
    assert first.entry["object"]["name"] == "A < B"
    assert first.entry["object"]["attachment"][0]["duration"] == "PT61S"
    assert second.entry["object"]["content"] == "<p>no title &lt;b&gt;<br>second</p>"


def test_activity_streams_1_are_read() -> None:
    found = reading(AS1)
    item = found.items[0]
    assert found.next == "https://s.example/?page=2"
    assert (item.entry["type"], item.entry["object"]["type"]) == ("Announce", "Image")
    assert item.entry["actor"]["hw:sourceId"] == "tag:s.example,2026:ana"
    assert item.entry["object"]["attachment"][0]["url"] == "https://s.example/p.jpg"
    assert reading('[{"verb":"post","actor":"tag:x,1:a","object":"https://x.example/1"}]').format == "as1"


def test_activity_streams_2_are_read() -> None:
    found = reading(AS2)
    item = found.items[0]
    assert found.next == "https://t.example/out?page=2"
    assert item.entry["object"]["content"] == "<p>Hi</p>"
    assert item.refs == ("https://t.example/o/0",)
    assert item.entry["actor"] == {
        "type": "Person",
        "hw:sourceId": "https://t.example/users/ana",
        "name": "ana",
        "preferredUsername": "ana",
        "url": "https://t.example/users/ana",
    }


def test_an_actor_leads_to_its_outbox() -> None:
    actor = {
        "type": "Person",
        "id": "https://t.example/u",
        "inbox": "https://t.example/u/i",
        "outbox": "https://t.example/u/o",
    }
    assert outbox(actor) == "https://t.example/u/o"
    with pytest.raises(NoFeed, match="outbox"):
        reading(
            '{"@context":"https://www.w3.org/ns/activitystreams","type":"Person","id":"https://t.example/u","inbox":"https://t.example/u/i","outbox":"https://t.example/u/o"}'
        )


@pytest.mark.parametrize("text", ["", " ", "<html><body/></html>", "{}", "[]x", '"feed"', "hello", '{"a":1}'])
def test_what_is_no_feed_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NoFeed):
        reading(text)
