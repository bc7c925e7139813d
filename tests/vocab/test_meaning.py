"""Which contexts leave the vocabulary alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import AS, ParseError, from_json, meaning

NS = AS + "#"


@pytest.mark.parametrize(
    ("definition", "names", "iri"),
    [
        ("as:to", {}, NS + "to"),
        ({"@id": "toot:featured", "@type": "@id"}, {}, "http://joinmastodon.org/ns#featured"),
        ("x:leaf", {"x": "y:b#", "y": "https://y.example/"}, "https://y.example/b#leaf"),
        ("x:leaf", {"x": {"@id": "https://x.example/"}}, "https://x.example/leaf"),
        ("x:leaf", {"x": None}, "x:leaf"),
        ("x:leaf", {"x": "x:"}, "x:leaf"),
        (None, {}, None),
        (5, {}, None),
    ],
)
def test_resolve(definition, names, iri):
    """Prefixes are spelled out, also those written with another prefix; a circle ends."""
    assert meaning.resolve("leaf", definition, names) == iri


@pytest.mark.parametrize(
    "context",
    [
        None,
        AS,
        [AS],
        {},
        [AS, "https://x.example"],
        {"leaf": "https://x.example/leaf"},
        {"likes": {"@id": "as:likes", "@type": "@id"}},
        {"to": {"@id": NS + "to", "@type": "@id"}},
    ],
)
def test_plain(context):
    """Adding terms leaves ours alone, and so does repeating what the normative context says (AP-808)."""
    assert meaning.is_plain(context)


@pytest.mark.parametrize(
    "context",
    [
        {"x": "https://www.w3.org/ns/activity"}, {"x": "@id"}, {"x": {"@id": "as:to"}},
        {"to": {"@id": "as:to", "@type": "@vocab"}}, {"to": {"@id": "as:cc", "@type": "@id"}},
        {"to": {"@id": "as:to", "@type": "@id", "@container": "@list"}}, {"name": {"@id": "as:name", "@type": "@id"}},
        {"orderedItems": {"@id": "as:items", "@type": "@id"}},
        {"Like": "as:Dislike"}, {"@import": AS}, {"@propagate": False}, {"x": {"@id": "y:z", "@context": {}}},
        {"as:to": "y:z"},
        {"x": "http://www.w3.org/ns/ldp#"}, {"x": "to"}, {"@vocab": {"a": "b"}},
    ],
)  # fmt: skip
def test_surprising(context):
    """SEC-028: renaming, aliasing, scoping, importing, and whatever could be used for it."""
    assert not meaning.is_plain(context)


pieces = st.sampled_from(
    ["as", "x", "y", "actor", "author", "id", "type", "Note", "as:actor", NS, NS + "actor", "@id", "@type", "y:",
     "x:actor", "https://x.example/", "https://www.w3.org/ns/", "activitystreams#actor", "@vocab", "@base", "@language"]
)  # fmt: skip


@given(
    st.dictionaries(
        pieces, pieces | st.none() | st.fixed_dictionaries({"@id": pieces}, optional={"@type": pieces})
    )
)
def test_no_context_makes_a_document_say_two_things(context):
    """SEC-028: a document that is read as it stands means the same to a JSON-LD processor."""
    data = {
        "@context": [AS, context], "type": "Note", "actor": "https://a.example/u", "author": "https://b.example/u",
        "as:actor": "https://a.example/u",
    }  # fmt: skip
    try:
        node = from_json(data)
    except ParseError:
        return
    assert node.ids("actor") == ("https://a.example/u",)
    assert node.types == ("Note",)
