"""The tolerant rules, one by one (Atom §10.3)."""

from datetime import UTC, datetime

import pytest

from vocab.dialects.feedreading import Item, charsets, moments, naming, read

HEAD = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:activity="http://activitystrea.ms/spec/1.0/"'
    ' xmlns:usr="http://streams.atlassian.com/syndication/username/1.0" xmlns:thr="http://purl.org/syndication/thread/1.0"'
    ' xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:base="https://base.example/dir/">'
    "<id>https://f.example/feed</id><title>F</title>"
)


def feed(*entries: str, head: str = HEAD) -> list[Item]:
    body = head + "".join(f"<entry>{entry}</entry>" for entry in entries) + "</feed>"
    return list(read(body.encode(), found_at="https://f.example/found").items)


def one(entry: str, head: str = HEAD) -> Item:
    return feed(entry, head=head)[0]


def test_an_entry_without_id_is_known_by_what_the_feed_gives() -> None:
    """Atom §10.3.1: permalink, object and date, a digest; trimmed; never when it was read."""
    assert one("<id> urn:x:1 \n</id>").key == "urn:x:1"
    assert one('<id/><link href="https://f.example/1"/>').key == "https://f.example/1"
    dated = "<published>2026-01-01T00:00:00Z</published>"
    assert (
        one(f"<activity:object><id>urn:o</id></activity:object>{dated}").key == "urn:o 2026-01-01T00:00:00Z"
    )
    digest = one("<title>T</title><updated>2026-01-01T00:00:00Z</updated>").key
    assert digest == one("<title>T</title><updated>2026-01-01T00:00:00Z</updated>").key
    assert digest.startswith("sha256:")
    assert digest != one("<title>T</title><updated>2026-01-02T00:00:00Z</updated>").key
    assert one("<id>not an iri at all</id>").entry["id"] == "not an iri at all"


def test_an_author_is_found_in_feed_or_source_and_always_has_a_name() -> None:
    """Atom §10.3.2."""
    assert "actor" not in one("<title>T</title>").entry
    with_author = HEAD + "<author><name>Feed</name></author>"
    assert one("<title>T</title>", with_author).entry["actor"]["name"] == "Feed"
    assert one("<source><author><name>Source</name></author></source>").entry["actor"]["name"] == "Source"
    assert one("<author><name/><usr:username>ana</usr:username></author>").entry["actor"]["name"] == "ana"
    assert one("<author><name> </name></author>").entry["actor"]["name"] == "Someone"


def test_several_of_everything_are_kept_in_order() -> None:
    """Atom §10.3.3."""
    found = one(
        "<author><name>B</name></author><author><name>A</name></author><category term='z'/><category term='a'/>"
        "<activity:object><id>urn:1</id></activity:object><activity:object><id>urn:2</id></activity:object>"
        "<activity:verb>post</activity:verb><activity:verb>urn:verb:special</activity:verb>"
    ).entry
    assert [who["name"] for who in found["actor"]] == ["B", "A"]
    assert [what["id"] for what in found["object"]] == ["urn:1", "urn:2"]
    assert found["category"] == ["z", "a"]
    assert found["verb"] == ["http://activitystrea.ms/schema/1.0/post", "urn:verb:special"]


def test_a_verb_may_be_missing_relative_or_known_to_be_a_kind_of_others() -> None:
    """Atom §10.3.4: the last is the most specific; bare and absolute spellings are one."""
    post = ["http://activitystrea.ms/schema/1.0/post"]
    assert one("<title>T</title>").entry["verb"] == post
    assert one("<activity:verb>post</activity:verb>").entry["verb"] == post
    assert one(f"<activity:verb> {post[0]} </activity:verb>").entry["verb"] == post
    start = "http://streams.atlassian.com/syndication/verbs/jira/start"
    assert len(one(f"<activity:verb>{start}</activity:verb>").entry["verb"]) == 3


def test_without_an_object_it_is_about_itself() -> None:
    """Atom §10.3.5."""
    titled = one(
        '<id>urn:1</id><title>T</title><content>c</content><link href="https://f.example/1"/>'
    ).entry["object"]
    assert (titled["type"], titled["id"], titled["name"], titled["url"]) == (
        "Article",
        "urn:1",
        "T",
        "https://f.example/1",
    )
    assert titled["content"] == "<p>c</p>"
    assert one("<id>urn:2</id><content>c</content>").entry["object"]["type"] == "Note"


def test_links_of_what_is_inside_are_not_the_entrys() -> None:
    """Atom §10.3.6: nor is it wrong to have none."""
    found = one(
        '<author><name>A</name><link href="https://a.example/"/></author><source><link href="https://s.example/"/></source>'
        '<activity:object><link href="https://o.example/"/></activity:object><activity:target><link href="https://t.example/"/></activity:target>'
    )
    assert "url" not in found.entry
    assert found.entry["object"]["url"] == "https://o.example/"
    assert found.entry["target"]["url"] == "https://t.example/"


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-01-02T03:00:00Z", 3),
        ("2026-01-02T03:00:00.123456789+01:00", 2),
        ("2026-01-02T03:00:00+0000", 3),
        ("2026-01-02 03:00:00", 3),
        ("Fri, 02 Jan 2026 03:00:00 GMT", 3),
        ("Fri, 02 Jan 26 03:00 EST", 8),
        ("02 Jan 2026 03:00:00 CEST", 1),
        ("Fri, 2 Jan 2026 03:00:00 -0500", 8),
        ("2026-01-02", 0),
    ],
)
def test_dates_of_both_kinds_are_read(text: str, hour: int) -> None:
    """Atom §10.3.7."""
    found = moments.read(text)
    assert found is not None
    assert (found.date(), found.hour) == (datetime(2026, 1, 2, tzinfo=UTC).date(), hour)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "0000-00-00T00:00:00Z", "9" * 80, None])
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert moments.read(text) is None


def test_published_comes_before_updated_and_the_order_of_the_feed_says_nothing() -> None:
    """Atom §10.3.7."""
    dates = (
        "<id>urn:{}</id><published>2026-01-0{}T00:00:00Z</published><updated>2026-02-01T00:00:00Z</updated>"
    )
    assert [item.key for item in feed(dates.format("a", 1), dates.format("c", 3), dates.format("b", 2))] == [
        "urn:c",
        "urn:b",
        "urn:a",
    ]
    only = one("<updated>2026-02-01T00:00:00Z</updated>")
    assert only.entry["published"] == "2026-02-01T00:00:00Z"
    assert one("<id>urn:1</id>").published is None


def test_text_is_unescaped_once_and_addresses_become_absolute() -> None:
    """Atom §10.3.8."""
    assert one("<title>a &amp;lt;b&amp;gt; &amp;amp;</title>").entry["summary"] == "a &lt;b&gt; &amp;"
    assert one('<title type="html">a &amp;lt;b&amp;gt;</title>').entry["summary"] == "a <b>"
    assert one('<title type="html">one\n\n   two<br/></title>').entry["titleHtml"].startswith("one two")
    div = '<div xmlns="http://www.w3.org/1999/xhtml"><p>x &lt; y <a href="z">z</a><br/></p></div>'
    xhtml = f'<content type="xhtml">{div}</content>'
    content = one(f"<id>urn:1</id>{xhtml}").entry["object"]["content"]
    assert content.startswith('<p>x &lt; y <a href="https://base.example/dir/z"')
    nested = '<content type="html" xml:base="sub/">&lt;img src="i.png"&gt;</content>'
    assert (
        'src="https://base.example/dir/sub/i.png"'
        in one(f"<id>urn:1</id>{nested}").entry["object"]["content"]
    )
    assert one('<link href="p"/>').entry["url"] == "https://base.example/dir/p"
    assert "url" not in one('<link href="javascript:alert(1)"/>').entry


def test_an_answer_names_its_parent_by_id_or_address() -> None:
    """Atom §10.3.9."""
    found = one(
        '<id>urn:2</id><thr:in-reply-to ref="urn:1" href="one"/><thr:in-reply-to href="https://x.example/"/>'
    )
    assert found.refs == ("urn:1", "https://base.example/dir/one", "https://x.example/")


def test_what_nobody_understands_stays_in_the_raw_entry() -> None:
    """Atom §10.3.10."""
    assert "urn:odd" in one('<id>urn:1</id><odd xmlns="urn:odd" of="this">kept</odd>').raw


def test_of_one_id_the_newest_counts_and_deletions_are_told() -> None:
    """Atom §10.3.11."""
    published = "<published>2026-01-01T00:00:00Z</published>"
    same = f"<id>urn:1</id><title>{{}}</title>{published}<updated>2026-01-0{{}}T00:00:00Z</updated>"
    found = feed(same.format("new", 3), same.format("old", 2))
    assert [item.entry["summary"] for item in found] == ["new"]
    body = HEAD + '<at:deleted-entry ref="urn:9" when="2026-01-01T00:00:00Z"/></feed>'
    assert read(body.encode(), found_at="").deleted == (("urn:9", datetime(2026, 1, 1, tzinfo=UTC)),)


def test_permalinks_are_compared_without_what_tracks_readers() -> None:
    """Atom §10.3.12."""
    assert (
        naming.untracked("https://f.example/1?utm_source=x&a=b&streamsSourceProduct=y")
        == "https://f.example/1?a=b"
    )
    assert naming.untracked("https://f.example/1?utm_medium=x#c3") == "https://f.example/1#c3"
    assert naming.untracked("https://f.example/1") == "https://f.example/1"
    assert one('<link href="https://f.example/1?utm_source=x"/>').entry["url"].endswith("utm_source=x")


def test_ids_of_servers_of_the_original_kind_are_made_alike() -> None:
    """Atom §3.10."""
    page = "https://hub.example/t/ORCHARD-7"
    assert naming.event(page) == "urn:uuid:1941e82e-de53-31ad-b0ea-309516f83b90"
    assert naming.event(page, 1767225600000) == "urn:uuid:c7278d52-bfef-3210-8a67-3e388c892cea"
    assert naming.event(f"{page}?focus=3", 1767225600000) == "urn:uuid:512a77a4-51ce-3e47-a902-cfbf7fe405fe"


@pytest.mark.parametrize(
    ("body", "type", "text"),
    [
        ("\ufeffé".encode(), "text/xml; charset=iso-8859-1", "é"),
        ("é".encode("utf-16"), "", "é"),
        ("é".encode("iso-8859-2"), "text/xml; charset=iso-8859-2", "é"),
        (b'<?xml version="1.0" encoding="koi8-r"?>' + "ж".encode("koi8-r"), "", "ж"),
        ("é".encode(), "text/xml", "é"),
        (b"\x93x\x94", "", "“x”"),
        (b"\x93x\x94", "text/xml; charset=nonsense", "“x”"),
    ],
)  # fmt: skip
def test_encodings_are_guessed_in_order(body: bytes, type: str, text: str) -> None:
    """Atom §10.2: mark, HTTP, declaration, UTF-8, windows-1252."""
    assert charsets.text(body, type)[0].endswith(text)


MEDIA = HEAD.replace("<feed ", '<feed xmlns:media="http://search.yahoo.com/mrss/" ')


def test_a_thumbnail_as_small_as_a_face_is_the_authors() -> None:
    """Atom §10.2: forges put faces beside what was done; anything larger is a picture that the entry brings."""
    who, title = "<author><name>Ada</name></author>", "<title>pushed</title>"
    small = '<media:thumbnail height="30" width="30" url="https://f.example/face.png"/>'
    face = {"type": "Image", "url": "https://f.example/face.png"}
    entry = one(who + title + small, MEDIA).entry
    assert entry["actor"]["icon"] == face
    assert "attachment" not in entry["object"]
    own = "<author><name>Ada</name><link rel='photo' href='https://f.example/own.png'/></author>"
    assert one(own + title + small, MEDIA).entry["actor"]["icon"]["url"] == "https://f.example/own.png"
    several = one(who + "<author><name>Bo</name></author>" + title + small, MEDIA).entry
    assert all("icon" not in author for author in several["actor"])
    for larger in (small.replace('"30"', '"72"'), '<media:thumbnail url="https://f.example/face.png"/>'):
        entry = one(who + title + larger, MEDIA).entry
        assert "icon" not in entry["actor"]
        assert entry["object"]["attachment"] == [face]


def test_a_film_is_shown_by_its_picture_where_only_its_player_is_named() -> None:
    """Atom §10.2 (Media RSS): players of old play nowhere."""
    group = (
        "<media:group><media:title>Fog</media:title>"
        '<media:content url="https://v.example/v/1" type="application/x-shockwave-flash" width="640" height="390"/>'
        '<media:thumbnail url="https://v.example/1.jpg" width="480" height="360"/>'
        "<media:description>A film\nabout &lt;fog&gt;</media:description></media:group>"
    )
    film = one("<title>Fog</title>" + group, MEDIA).entry["object"]
    assert film["attachment"] == [{"type": "Image", "url": "https://v.example/1.jpg"}]
    assert film["content"] == "A film<br>about &lt;fog&gt;"


def test_what_names_itself_without_a_relation_is_no_page() -> None:
    """Atom §10.2: a link to a feed is not where people look."""
    link = '<link href="https://f.example/api?q=1" type="application/atom+xml"/>'
    entry = "<entry><id>urn:x</id><title>T</title></entry>"
    assert read(f"{HEAD}{link}{entry}</feed>".encode(), found_at="https://f.example/").home == ""
    page = '<link href="https://f.example/home"/>'
    found = read(f"{HEAD}{link}{page}{entry}</feed>".encode(), found_at="https://f.example/")
    assert found.home == "https://f.example/home"


def test_a_permalink_is_where_it_was_before_somebody_counted_clicks() -> None:
    """Atom §10.3.12: services that count clicks say where a thing was."""
    item = (
        "<item><title>T</title><link>https://count.example/~r/1</link><guid isPermaLink='false'>1</guid>"
        "<fb:origLink>https://f.example/post</fb:origLink></item>"
    )
    body = f"<rss xmlns:fb='http://rssnamespace.org/feedburner/ext/1.0'><channel>{item}</channel></rss>"
    [found] = read(body.encode(), found_at="https://f.example/").items
    assert (found.entry["url"], found.key) == ("https://f.example/post", "1")
