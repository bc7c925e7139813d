"""Bytes → value: spellings, contexts, and what others really send."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import (
    AS,
    PUBLIC,
    Activity,
    Audience,
    Collection,
    Object,
    ParseError,
    dump,
    from_json,
    jsonld,
    jsontext,
    parse,
    stored,
    terms,
)
from vocab.parse import parse as read

VECTORS = Path(__file__).parent.parent / "vectors"
EXAMPLES = sorted((VECTORS / "as2").glob("*.json"))
NS = AS + "#"


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.stem)
def example(request):
    return json.loads(request.param.read_bytes())


def test_examples_cover_the_vocabulary():
    """AP-030…AP-037: one example of every type, and every property somewhere."""
    texts = [path.read_text() for path in EXAMPLES]
    for name in terms.KNOWN_TYPES | terms.PROPERTIES:
        assert any(f'"{name}"' in text for text in texts), name


def test_examples_are_read_as_they_stand(example):
    """AP-009: nothing is lost or changed."""
    assert parse(json.dumps(example)).data == example


def _through_json_ld(data):
    readable = data | {"@context": jsonld.readable_context(data["@context"])}
    return jsonld.compact(jsonld.expand(readable), jsonld.harmless_context(data["@context"]))


def _normal(value, term=""):
    """Fold what JSON-LD may write in two ways: Public, one value in an array, an empty node, blank names."""
    if isinstance(value, list):
        folded = [_normal(one, term) for one in value]
        return folded[0] if len(folded) == 1 else folded
    if isinstance(value, dict):
        return {key: _normal(member, key) for key, member in value.items() if key != "@context"}
    if value in terms.PUBLIC_SPELLINGS:
        return PUBLIC
    return value


def test_direct_and_processed_reading_agree(example):
    """The compact form read directly says what JSON-LD processing says."""
    assert _normal(_through_json_ld(example)) == _normal(parse(json.dumps(example)).data)


def test_reading_again_what_was_written(example):
    """AP-009: parse, dump, parse is the identity, apart from the blind recipients."""
    once = parse(dump.dump(parse(json.dumps(example))))
    assert parse(dump.dump(once)) == once
    shown = {term: value for term, value in example.items() if term not in ("bto", "bcc", "@context")}
    assert once.without("@context").data == shown


@pytest.mark.parametrize("raw", [b"[]", b'"x"', b"5", b"null", b"", b"{", b"[{}]"])
def test_only_objects(raw):
    """AP-001: a document is one JSON object."""
    with pytest.raises(ParseError):
        parse(raw)


@pytest.mark.parametrize(
    "context", [None, AS, [AS], {"@language": "en"}, "https://w3id.org/security/v1", 5, [], [5, AS]]
)
def test_context_may_be_missing_or_odd(context):
    """AP-003, AP-011: a document is read as if the normative context were there."""
    node = from_json({"@context": context, "type": "Create", "actor": "https://a.example/u"})
    assert isinstance(node, Activity)
    assert node.actor == "https://a.example/u"


def test_spellings_fold():
    """AP-012: one spelling of ids, types and members, at every depth."""
    node = from_json(
        {
            "@id": "https://a.example/1",
            "@type": ["as:Create", NS + "Like", "Steep"],
            NS + "actor": "https://a.example/u",
            "as:object": {"@type": NS + "Note", "as:sensitive": True, "x": {"@id": "https://a.example/2"}},
        }
    )
    assert node.data == {
        "id": "https://a.example/1",
        "type": ["Create", "Like", "Steep"],
        "actor": "https://a.example/u",
        "object": {"type": "Note", "sensitive": True, "x": {"id": "https://a.example/2"}},
    }


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"id": "x:1", "@id": "x:2"}, "id"),
        ({"object": {"actor": "x:1", "as:actor": "x:2"}}, "object.actor"),
        ({"type": "Note", "@type": "Create"}, "type"),
        ({"id": ["x:1"]}, "id"),
        ({"id": 5}, "id"),
        ({"@id": {"id": "x:1"}}, "id"),
    ],
)
def test_two_spellings_that_disagree(data, field):
    """SEC-027: an id is one text, and nothing is said twice in different ways."""
    with pytest.raises(ParseError) as caught:
        from_json(data)
    assert caught.value.field == field


def test_the_same_thing_said_twice():
    """AP-012: two spellings that agree are one."""
    assert from_json({"id": "x:1", "@id": "x:1"}).data == {"id": "x:1"}


HOSTILE = {
    "rename": {"actor": "https://x.example/ns#actor"},
    "alias": {"author": "as:actor"},
    "alias by prefix": {"x": NS, "author": "x:actor"},
    "alias by two prefixes": {"y": "https://www.w3.org/ns/", "x": "y:activitystreams#", "author": "x:actor"},
    "alias of id": {"author": {"@id": "as:actor", "@type": "@id"}, "uri": "@id"},
    "alias of type": {"Steep": "as:Delete"},
    "another as": {"as": "https://x.example/ns#", "author": "https://www.w3.org/ns/activitystreams#actor"},
    "nulled": {"actor": None},
    "reversed": {"author": {"@reverse": "as:actor"}},
    "scoped": {"Create": {"@id": "as:Create", "@context": {"actor": "https://x.example/ns#actor"}}},
    "scoped member": {"object": {"@id": "as:object", "@type": "@id", "@context": {"attributedTo": "as:instrument"}}},
    "renamed inbox": {"object": "http://www.w3.org/ns/ldp#inbox"},
    "renamed type": {"type": "https://x.example/ns#type", "kind": "@type"},
    "nest": {"object": "@nest"},
}  # fmt: skip


@pytest.mark.parametrize("context", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("further", [[], ["https://unknown.example/context"]], ids=["known", "unknown"])
def test_a_context_that_changes_the_meaning(context, further):
    """SEC-028, AP-004: what would make a document say two things is refused, whatever else it names."""
    data = {
        "@context": [AS, *further, context], "id": "https://a.example/1", "type": ["Create", "Steep"],
        "uri": "https://a.example/2", "kind": "Delete", "actor": "https://a.example/u", "author": "https://b.example/u",
        "object": {"type": "Note", "id": "https://a.example/3", "attributedTo": "https://a.example/u"},
    }  # fmt: skip
    with pytest.raises(ParseError) as caught:
        from_json(data)
    assert caught.value.field


@pytest.mark.parametrize("public", [PUBLIC, "as:Public"])
def test_public_is_public_in_any_context(public):
    """AP-281, SEC-028: JSON-LD processing spells Public in another way, which changes nothing."""
    context = {"leaf": {"@id": "https://x.example/leaf", "@context": {}}}
    data = {
        "@context": [AS, context],
        "type": "Create",
        "to": [public],
        "object": {"type": "Note", "cc": public},
    }
    node = from_json(data)
    assert Audience.of(node).public
    assert Audience.of(node.embedded("object")[0]).public


def test_a_hostile_context_deep_inside():
    """SEC-028: an embedded object's own context is watched too."""
    note = {
        "@context": {"attributedTo": "https://x.example/ns#by"},
        "type": "Note",
        "attributedTo": "https://a.example/u",
    }
    with pytest.raises(ParseError) as caught:
        from_json({"@context": AS, "type": "Create", "object": note})
    assert caught.value.field == "object.attributedTo"


HARMLESS = [
    {"toot": "http://joinmastodon.org/ns#", "votersCount": "toot:votersCount", "sensitive": "as:sensitive"},
    {"Note": "as:Note", "to": NS + "to", "id": "@id", "type": "@type", "as": NS},
    {"@vocab": "https://x.example/ns#", "@language": "und", "@base": "https://x.example/"},
    {
        "schema": "http://schema.org#",
        "value": "schema:value",
        "focalPoint": {"@id": "toot:focalPoint", "@container": "@list"},
    },
    {"movedTo": {"@id": "as:movedTo", "@type": "@id"}, "gone": None},
]


@pytest.mark.parametrize("context", HARMLESS)
def test_ordinary_contexts_are_not_processed(context, monkeypatch):
    """Contexts that only add terms are read as they stand."""
    monkeypatch.setattr(jsonld, "expand", None)
    data = {"@context": [AS, context], "type": "Note", "content": "x", "votersCount": 1}
    assert from_json(data).data == data


def test_a_surprising_context_is_processed():
    """A context with another name for a harmless term is understood, and the rest keeps its meaning."""
    node = from_json(
        {
            "@context": [AS, {"Body": "as:content", "x": "https://x.example/ns#", "leaf": "x:leaf", "@language": "en"}],
            "type": "Note", "id": "https://x.example/ns#1", "Body": "hello", "name": "Tea", "nameMap": {"de": "Tee"},
            "leaf": jsontext.Number("3.10"), "loose": ["a", "b"], "to": ["as:Public", "https://x.example/u"],
        }
    )  # fmt: skip
    assert node.text("content") == "hello"
    assert node.text("name", "de") == "Tee"
    assert node.id == "https://x.example/ns#1"
    assert node.ids("to") == ("as:Public", "https://x.example/u")
    assert jsontext.dumps(node.get("leaf")) == b"3.10"
    assert node.get("loose") == ["a", "b"]
    assert any("leaf" in entry for entry in node.context if isinstance(entry, dict))


def test_an_unknown_context_is_kept_and_not_fetched():
    """AP-004, AP-011, AP-754: a context we do not hold is plain JSON to us, and is written back."""
    data = {
        "@context": [AS, "https://unknown.example/ctx", {"Body": "as:content"}],
        "type": "Note",
        "Body": "x",
    }
    node = from_json(data)
    assert node.data == data
    assert "https://unknown.example/ctx" in node.context


def test_a_signed_document_keeps_its_shape():
    """AP-506: a proof is over the document as it was sent."""
    data = {
        "@context": [AS, {"Body": "as:content"}],
        "type": "Note",
        "Body": "x",
        "proof": {"type": "DataIntegrityProof"},
    }
    assert from_json(data).data == data


def test_too_much_to_process():
    """SEC-029: a surprising context on a huge document is refused, not processed."""
    data = {"@context": [AS, {"Body": "as:content"}], "type": "Note", "tag": [{"name": "x"}] * 2_000}
    with pytest.raises(ParseError) as caught:
        from_json(data)
    assert caught.value.field == "@context"
    with pytest.raises(ParseError):
        from_json(
            {"@context": [AS, *({"Body": "as:content", f"x{n}": "y:z"} for n in range(10))], "type": "Note"}
        )


def test_stored_documents_come_back():
    """What was stored is read back with the context it was stored with."""
    node = from_json(
        {"@context": [AS, {"leaf": "https://x.example/leaf"}], "type": "Like", "leaf": jsontext.Number("1.0")}
    )
    assert stored(*dump.document(node)) == node
    assert isinstance(stored('{"type":"Like"}', None), Activity)
    assert stored('{"type":"Like"}', None).context == ()


SENT = sorted((VECTORS / "software").glob("*.json"))


@pytest.mark.parametrize("path", SENT, ids=lambda path: path.stem)
def test_what_others_send(path):
    """AP-800…AP-808: the shapes of widespread software are read without loss."""
    sent = json.loads(path.read_bytes())
    node = parse(path.read_bytes())
    for term in ("id", "type", "actor", "attributedTo", "object", "to"):
        assert node.ids(term) == Object(sent).ids(term)
    again = parse(dump.dump(node))
    for term in sent.keys() - {"@context"}:
        assert again.values(term) == from_json(_clean(sent)).values(term)


def _clean(value):
    """Leave out what is absent by AP-005 and write one value bare by AP-006, as the output rules say."""
    return parse(dump.dump(Object(value))).data


def test_classes():
    """The right class by type."""
    assert isinstance(read(b'{"type":"OrderedCollection"}'), Collection)
    assert isinstance(read('{"type":"EmojiReact","object":"x:1"}'), Activity)


json_documents = st.dictionaries(
    st.sampled_from(sorted(terms.PROPERTIES | {"id", "type", "@context", "@id", "as:to", "x", "@graph"})),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(0, 9)
        | st.floats(0, 9)
        | st.sampled_from([AS, "as:to", "x:y", "", "@id", "Note"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "@id", "type", "@context", "to", "x", "as", "@reverse"]),
                inner,
                max_size=3,
            )
        ),
        max_leaves=6,
    ),
    max_size=5,
)


@given(json_documents)
def test_no_document_breaks_reading(data):
    """SEC-055, AP-011: any JSON object is read, or refused with our error, and what was read can be written."""
    try:
        node = parse(json.dumps(data))
    except ParseError:
        return
    assert parse(dump.dump(node)).type in (node.type, "")


def test_long_lists_of_contexts():
    """SEC-050: no list of contexts is long enough to be a burden."""
    from_json({"@context": [f"https://x.example/{number}" for number in range(64)]})
    with pytest.raises(ParseError) as caught:
        from_json({"object": {"@context": [f"https://x.example/{number}" for number in range(65)]}})
    assert caught.value.field == "@context"


def test_json_literals_are_read_as_they_stand():
    """AP-009: no names are folded and no contexts obeyed in what is only JSON."""
    literal = {
        "@id": "x:1",
        "as:type": "as:Note",
        "@context": {"actor": "as:object"},
        "deep": [{"as:to": None}],
    }
    document = {
        "@context": [AS, {"hw": "https://w3id.org/headwater/ns#"}],
        "as:name": "x",
        "hw:custom": literal,
    }
    found = parse(json.dumps(document))
    assert (found.get("hw:custom"), found.get("name")) == (literal, "x")
