"""Activity Streams 1.0 ↔ AS2 (Atom §12, §13)."""

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocab import PUBLIC, Object, of
from vocab.dialects import as1
from vocab.errors import ParseError

S = "http://activitystrea.ms/schema/1.0/"
V = "http://streams.atlassian.com/syndication/"
BASE = {"published": "2026-01-01T00:00:00Z", "actor": {"objectType": "person", "displayName": "Ada"}}

TEXT = st.text(max_size=12)
WORD = st.sampled_from(["x", "https://x.example/1", "tag:x,2026:1", "<b>bold</b> &amp; plain"])
IRI = st.sampled_from(["https://a.example/1", "urn:x:1", "tag:x.example,2026:1"])
INSTANT = st.sampled_from(["2026-01-01T00:00:00Z", "2026-05-02T08:00:00.5+02:00"])
UNKNOWN = st.dictionaries(
    st.sampled_from(["x", "position", "type", "name", "tag", "hw:verb", "as2x", "fileUrl", "provider", "@context"]),
    st.one_of(TEXT, st.integers(), st.dictionaries(TEXT, TEXT, max_size=2)), max_size=2,
)  # fmt: skip
LINK = st.fixed_dictionaries(
    {"url": IRI},
    optional={"width": st.integers(0, 9_999), "height": st.integers(0, 9), "duration": st.integers(0, 9)},
)
TYPES = st.sampled_from(
    ["note", "article", "comment", "person", "file", "image", "bookmark", f"{V}types/issue", "https://x.example/Tree",
     "group", "job", "collection", "question", "event"]
)  # fmt: skip
VERBS = st.sampled_from(
    ["post", "share", "like", "unlike", "favorite", "stop-following", "make-friend", "update", "rsvp-maybe", "tag",
     f"{V}verbs/jira/resolve", "https://x.example/prune", "checkin", "play"]
)  # fmt: skip


def things(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    collection = st.fixed_dictionaries(
        {"url": IRI}, optional={"totalItems": st.integers(0, 9), "items": st.lists(inner, max_size=2)}
    )
    members = st.fixed_dictionaries(
        {},
        optional={
            "id": IRI, "objectType": TYPES, "displayName": TEXT, "url": IRI, "summary": TEXT, "content": TEXT,
            "published": INSTANT, "updated": INSTANT, "image": LINK, "author": inner,
            "attachments": st.lists(inner, min_size=1, max_size=2), "tags": st.lists(inner, min_size=1, max_size=2),
            "inReplyTo": inner, "location": inner, "replies": collection, "likes": collection,
            "upstreamDuplicates": st.lists(IRI, min_size=1, max_size=2),
            "downstreamDuplicates": st.lists(IRI, min_size=1),
        },
    )  # fmt: skip
    return st.builds(lambda known, unknown: unknown | known, members, UNKNOWN)


THINGS = st.recursive(st.builds(lambda iri: {"id": iri}, IRI), things, max_leaves=6)
AUDIENCE = st.lists(
    st.one_of(st.just({"objectType": "group", "alias": "@public"}), THINGS), min_size=1, max_size=2
)
ACTIVITIES = st.builds(
    lambda known, unknown: unknown | known,
    st.fixed_dictionaries(
        {"published": INSTANT, "actor": THINGS, "verb": VERBS},
        optional={
            "object": THINGS, "target": THINGS, "title": WORD, "content": WORD, "id": IRI, "url": IRI, "icon": LINK,
            "generator": THINGS, "provider": THINGS, "updated": INSTANT, "to": AUDIENCE, "cc": AUDIENCE,
            "bto": AUDIENCE,
            "bcc": AUDIENCE,
        },
    ),
    UNKNOWN,
)  # fmt: skip


def missing(before: Any, after: Any, path: str = "") -> list[str]:
    """Return where something that was there before is no more, or is something else."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [
            lost
            for name, value in before.items()
            for lost in (
                missing(value, after[name], f"{path}.{name}") if name in after else [f"{path}.{name}"]
            )
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = zip(before, after, strict=True)
        return [lost for index, pair in enumerate(pairs) for lost in missing(*pair, f"{path}[{index}]")]
    return [] if before == after else [f"{path}: {before!r} became {after!r}"]


@given(ACTIVITIES)
def test_everything_comes_back_from_as2(data: dict[str, Any]) -> None:
    """Atom §13: what was there before is there after, and a second journey changes nothing."""
    there = as1.to_activity(data)
    back = as1.from_activity(there)
    assert missing(data, back) == []
    again = as1.to_activity(back)
    assert as1.from_activity(again) == back
    assert missing(there.data, again.data) == []


NODES = st.recursive(
    IRI,
    lambda inner: st.fixed_dictionaries(
        {"type": st.sampled_from(["Note", "Article", "Person", "Image", "Hashtag", "Object", "Question", "Page",
                                  "Tree"])},
        optional={
            "id": IRI, "name": TEXT, "content": TEXT, "summary": TEXT, "url": st.one_of(IRI, st.lists(IRI, min_size=2)),
            "published": st.one_of(INSTANT, st.just("yesterday")), "icon": st.one_of(IRI, LINK), "image": LINK,
            "attributedTo": st.one_of(inner, st.lists(inner, min_size=2, max_size=2)),
            "tag": st.lists(inner, min_size=1),
            "attachment": st.lists(inner, min_size=1, max_size=2), "inReplyTo": inner, "mediaType": TEXT,
            "title": TEXT, "objectType": TEXT, "displayName": TEXT, "tags": TEXT, "banner": TEXT, "x": TEXT,
            "replies": st.one_of(
                IRI, st.fixed_dictionaries({"type": st.just("Collection"), "totalItems": st.integers(0)})
            ),
            "likes": st.fixed_dictionaries(
                {"type": st.just("OrderedCollection"), "id": IRI, "orderedItems": st.just([])}
            ),
            "hw:issueKey": TEXT,
        },
    ),
    max_leaves=6,
)  # fmt: skip


@given(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(
                ["Create", "Add", "Like", "Undo", "Announce", "View", "Offer", "Prune", "Delete"]
            )
        },
        optional={
            "id": IRI,
            "actor": st.one_of(NODES, st.lists(NODES, min_size=2, max_size=2)),
            "object": NODES,
            "target": NODES,
            "summary": WORD,
            "to": st.lists(st.one_of(IRI, st.just(PUBLIC)), min_size=1),
            "cc": IRI,
            "published": INSTANT,
            "hw:titleHtml": WORD,
            "hw:verb": st.just([S + "update", V + "verbs/jira/transition"]),
            "verb": TEXT,
        },
    )
)
def test_documents_of_as2_survive_the_journey_too(document: dict[str, Any]) -> None:
    """Atom §13: stable in the other direction as well; nothing raises, whatever shape a document has."""
    told = as1.from_activity(of(document))
    there = as1.to_activity(told, complete=False)
    assert as1.from_activity(there) == told
    assert there.type == document["type"]


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), TEXT),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["id", "actor", "object", "verb", "objectType", "to", "image", "url", "replies", "items",
                             "tags", "published", "title", "as2", "totalItems", "author", "width", "@context"]),
            inner, max_size=4,
        ),
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=300)
@given(JSON)
def test_bad_input_says_where_it_is_bad(data: Any) -> None:
    """Whatever is sent: an activity, or an error with the path of the culprit."""
    for read in (as1.to_activity, as1.activities):
        with contextlib.suppress(ParseError):
            read(data)
    assert as1.is_as1(data) in (True, False)


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ({"published": "yesterday"}, "published"),
        ({"published": 5}, "published"),
        ({"actor": 5}, "actor"),
        ({"object": {"author": {"displayName": 5}}}, "object.author.displayName"),
        ({"object": {"attachments": [{}, {"id": []}]}}, "object.attachments[1].id"),
        ({"to": [5]}, "to[0]"),
        ({"object": {"image": {"url": "https://x.example/1", "width": "wide"}}}, "object.image.width"),
        ({"object": {"replies": {"totalItems": -1}}}, "object.replies.totalItems"),
        ({"verb": {}}, "verb"),
        ({"actor": None}, "actor"),
    ],
)
def test_an_error_names_the_path(members: dict[str, Any], path: str) -> None:
    with pytest.raises(ParseError) as raised:
        as1.to_activity({**BASE, **members})
    assert raised.value.field == path


def test_what_lies_too_deep_is_refused() -> None:
    data: dict[str, Any] = {"id": "x"}
    for _ in range(100):
        data = {"author": data}
    with pytest.raises(ParseError, match="deep"):
        as1.to_activity({**BASE, "object": data})


def read(**members: Any) -> Object:
    return as1.to_activity({**BASE, **members})


def test_every_member_has_its_place() -> None:
    """Atom §13."""
    made = read(
        id="tag:x,2026:1", verb="post", title="<b>Ada</b> wrote", content="<p>x</p>", url="https://x.example/1",
        actor={"id": "https://x.example/ada", "objectType": "person", "displayName": "Ada",
               "image": {"url": "https://x.example/a.png", "width": "48"}},
        object={"objectType": "article", "displayName": "On fog", "author": "https://x.example/ada",
                "tags": [{"displayName": "fog"}],
                "image": "https://x.example/i.png", "attachments": [{"objectType": "file", "mimeType": "audio/ogg"}],
                "upstreamDuplicates": ["urn:x"]},
        to=[{"objectType": "group", "alias": "@public"}], cc=[{"id": "https://x.example/bob"}],
        generator={"displayName": "Pen"}, provider={"displayName": "Paper"},
    ).data  # fmt: skip
    assert made == {
        "type": "Create", "hw:verb": [S + "post"], "id": "tag:x,2026:1", "published": "2026-01-01T00:00:00Z",
        "hw:titleHtml": "<b>Ada</b> wrote", "summary": "Ada wrote", "content": "<p>x</p>", "url": "https://x.example/1",
        "actor": {"type": "Person", "hw:objectType": S + "person", "id": "https://x.example/ada", "name": "Ada",
                  "icon": {"type": "Image", "url": "https://x.example/a.png", "width": 48}},
        "object": {"type": "Article", "hw:objectType": S + "article", "name": "On fog",
                   "attributedTo": "https://x.example/ada", "tag": [{"name": "fog"}],
                   "image": {"type": "Image", "url": "https://x.example/i.png"},
                   "attachment": [{"type": "Audio", "hw:objectType": S + "file", "mediaType": "audio/ogg"}],
                   "upstreamDuplicates": ["urn:x"]},
        "to": [PUBLIC], "cc": ["https://x.example/bob"], "generator": {"name": "Pen"},
        "provider": {"displayName": "Paper"},
    }  # fmt: skip


def test_no_verb_is_a_post() -> None:
    assert read(object="urn:x").data["hw:verb"] == [S + "post"]


def test_to_post_to_something_adds_to_it_but_a_comment_answers_it() -> None:
    """Atom §12.2."""
    target = {"id": "https://x.example/album"}
    added = read(object={"objectType": "image", "id": "urn:i"}, target=target)
    assert (added.type, added.data["target"]) == ("Add", "https://x.example/album")
    said = read(object={"objectType": "comment", "content": "x"}, target=target)
    assert (said.type, said.data["target"]) == ("Create", "https://x.example/album")
    assert said.data["object"]["inReplyTo"] == "https://x.example/album"
    answer = read(object={"objectType": "note", "inReplyTo": {"id": "urn:y"}}, target=target)
    assert (answer.type, answer.data["object"]["inReplyTo"]) == ("Create", "urn:y")


def test_what_is_taken_back_is_undone() -> None:
    """Atom §12.1."""
    undone = read(verb="unlike", object={"id": "urn:x"}, actor={"id": "urn:a"}).data
    assert (undone["type"], undone["object"]) == (
        "Undo",
        {"type": "Like", "actor": "urn:a", "object": "urn:x"},
    )
    told = as1.from_activity(
        of({"type": "Undo", "actor": "urn:a", "object": {"type": "Like", "object": "urn:x"}})
    )
    assert told == {"verb": "unlike", "actor": {"id": "urn:a"}, "object": {"id": "urn:x"}}
    offered = read(verb="make-friend", object={"id": "urn:b"}, actor={"id": "urn:a"}).data
    assert offered["type"] == "Offer"
    assert (offered["object"]["subject"], offered["object"]["object"]) == ("urn:a", "urn:b")


def test_the_summary_of_a_note_is_never_taken_for_a_title() -> None:
    """Atom §12.2: it is a warning there."""
    made = read(title="Ada <i>posted</i>", object={"objectType": "note", "content": "x"}).data
    assert "summary" not in made["object"]
    assert made["summary"] == "Ada posted"


def test_documents_of_as2_are_told_as_the_standard_has_them() -> None:
    """Atom §13: a list with one member is a plain value, a text in many languages one text."""
    document = {
        "@context": "https://www.w3.org/ns/activitystreams", "type": "Create", "actor": ["urn:a"], "to": PUBLIC,
        "object": {"type": "Note", "contentMap": {"en": "fog", "cy": "niwl"}, "attributedTo": ["urn:a"],
                   "tag": {"type": "Hashtag", "name": "#fog"}, "replies": "https://x.example/replies"},
    }  # fmt: skip
    assert as1.from_activity(of(document), tongue="cy") == {
        "verb": "post", "actor": {"id": "urn:a"}, "to": [{"objectType": "group", "alias": "@public"}],
        "object": {"objectType": "note", "content": "niwl", "author": {"id": "urn:a"},
                   "tags": [{"objectType": "hashtag", "displayName": "#fog", "as2": {"type": "Hashtag"}}],
                   "replies": {"url": "https://x.example/replies"}},
    }  # fmt: skip
