"""Value → bytes with the right context."""

import json
from pathlib import Path

import pytest

from vocab import AS, Object, dump, from_json, jsontext, parse
from vocab.dump import Text, extended, render

VECTORS = Path(__file__).parent.parent / "vectors" / "federation"
LEAF = {"leaf": "https://x.example/leaf"}


def written(data):
    return json.loads(dump.dump(Object(data)))


def test_context_comes_first():
    """AP-002: first key, containing the normative context; nothing else when nothing else is used."""
    raw = dump.dump(Object({"type": "Note", "@context": ["https://x.example/ctx", AS]}))
    assert raw == b'{"@context":["' + AS.encode() + b'","https://x.example/ctx"],"type":"Note"}'
    assert dump.dump(Object({})) == b'{"@context":"' + AS.encode() + b'"}'


def test_absent_members_are_left_out():
    """AP-005: never null, never the empty array, at any depth."""
    assert written({"to": None, "cc": [], "x": [None], "object": {"tag": None, "y": [], "z": {}}, "n": 0, "e": ""}) == {
        "@context": AS, "object": {"z": {}}, "n": 0, "e": "",
    }  # fmt: skip


def test_single_values():
    """AP-006: one value bare, several as array; some members are always arrays; strange members stay as they are."""
    data = {
        "to": ["x:1"],
        "cc": ["x:1", "x:2"],
        "tag": {"type": ["Mention"]},
        "attachment": ["x:3"],
        "type": ["Note"],
        "x": [1],
    }
    assert written(data) == {
        "@context": AS, "to": "x:1", "cc": ["x:1", "x:2"], "tag": [{"type": "Mention"}], "attachment": ["x:3"],
        "type": "Note", "x": [1],
    }  # fmt: skip


def test_an_array_in_an_array_stays():
    """SEC-027: writing does not turn what names nobody into a name."""
    assert written({"actor": [["x:1"]]})["actor"] == [["x:1"]]


def test_blind_recipients_leave():
    """AP-071: bto and bcc are in no output, at any depth, signed or not."""
    data = {"bto": "x:1", "object": {"bcc": ["x:2"]}, "tag": [{"bto": "x:1", "name": "x"}]}
    for more in ({}, {"proof": {"type": "DataIntegrityProof"}}):
        raw = dump.dump(Object(data | more))
        assert b"bto" not in raw
        assert b"bcc" not in raw


def test_unknown_members_survive():
    """AP-009: name, value, number spelling and order."""
    raw = b'{"type":"Note","z":{"b":[3.10,1e3,{"c":-0}],"a":"\xc3\xa9"},"a":1.0}'
    assert dump.document(parse(raw)).document.encode() == raw


def test_extension_terms_are_declared():
    """AP-039: what is used and not declared is declared inline, and nothing else."""
    assert written({"type": "Note", "sensitive": True, "votersCount": 3})["@context"] == [
        AS, {"sensitive": "as:sensitive", "toot": "http://joinmastodon.org/ns#", "votersCount": "toot:votersCount"},
    ]  # fmt: skip
    assert written({"type": "Note", "tag": [{"type": "Hashtag"}]})["@context"] == [
        AS,
        {"Hashtag": "as:Hashtag"},
    ]
    assert written({"attachment": [{"type": "PropertyValue", "value": "x"}]})["@context"][1] == {
        "schema": "http://schema.org#", "PropertyValue": "schema:PropertyValue", "value": "schema:value",
    }  # fmt: skip
    assert written({"type": "Note", "value": "x", "owner": "x:1"})["@context"] == AS


def test_published_contexts_are_named_whole():
    """AP-093, AP-094: an actor's keys are declared by the contexts that others look for."""
    person = {"type": "Person", "publicKey": {"publicKeyPem": "x"}, "assertionMethod": [{"type": "Multikey"}]}
    assert written(person)["@context"] == [AS, "https://www.w3.org/ns/cid/v1", "https://w3id.org/security/v1"]


def test_what_the_sender_declared_is_not_declared_again():
    """AP-010: inline, by a known context, or by one we do not know."""
    for entry in (
        {"sensitive": "as:sensitive"},
        "https://purl.archive.org/socialweb/miscellany",
        "https://x.example/ctx",
    ):
        assert written({"@context": [AS, entry], "sensitive": True})["@context"] == [AS, entry]


def test_embedded_objects_keep_their_meaning():
    """AP-010: an object stored apart takes the context of the document around it along."""
    create = from_json({"@context": [AS, LEAF], "type": "Create", "object": {"type": "Note", "leaf": 1}})
    assert dump.document(create.inner) == (
        '{"type":"Note","leaf":1}',
        json.dumps([LEAF], separators=(",", ":")),
    )
    assert dump.document(Object({"type": "Note"}), inherited=create.context).context is not None
    again = create.with_(object=create.inner.data)
    assert dump.dump(again) == dump.dump(create)


def test_signed_documents_keep_their_shape():
    """AP-506: nothing is tidied in what a proof covers."""
    signed = {"to": ["x:1"], "cc": [], "summary": None, "sensitive": True, "proof": {"@context": AS, "x": []}}
    assert written(signed) == {"@context": AS, **signed}
    assert written({"object": signed, "to": ["x:1"]}) == {"@context": AS, "object": signed, "to": "x:1"}


def test_splice():
    """A stored object takes the place of its IRI at the end of a stored activity."""
    like = dump.document(from_json({"type": "Like", "object": "x:1"}))
    note = Text('{"id":"x:1"}', None)
    assert dump.splice(like, "object", "x:1", note) == Text('{"type":"Like","object":{"id":"x:1"}}', None)
    assert dump.splice(like, "object", "x:2", note) == like
    assert dump.splice(like, "target", "x:1", note) == like
    alone = Text('{"object":"x:1"}')
    assert dump.splice(alone, "object", "x:1", note).document == '{"object":{"id":"x:1"}}'


@pytest.mark.parametrize(
    ("outer", "inner", "top", "inside"),
    [
        (None, None, None, None),
        ([LEAF], None, [LEAF], None),
        (None, [LEAF], [LEAF], None),
        ([LEAF], [LEAF], [LEAF], None),
        ([LEAF], [{"stem": "y:z"}], [LEAF | {"stem": "y:z"}], None),
        ([LEAF], ["https://w3id.org/security/v1"], ["https://w3id.org/security/v1", LEAF], None),
        ([LEAF], [{"leaf": "y:z"}], [LEAF], [{"leaf": "y:z"}]),
        ([LEAF], ["https://x.example/ctx"], [LEAF], ["https://x.example/ctx"]),
        ([LEAF], [{"@language": "en"}], [LEAF], [{"@language": "en"}]),
    ],
)
def test_contexts_meet(outer, inner, top, inside):
    """AP-010: united at the top while they agree, nested where they contradict or cannot be known."""
    like = Text('{"object":"x:1"}', outer and jsontext.dumps(outer).decode())
    note = Text('{"id":"x:1"}', inner and jsontext.dumps(inner).decode())
    spliced = dump.splice(like, "object", "x:1", note)
    assert (json.loads(spliced.context) if spliced.context else None) == top
    assert json.loads(spliced.document)["object"] == ({"@context": inside} if inside else {}) | {"id": "x:1"}


def test_collections():
    """AP-005, AP-159: items are spliced as they are; without items there is no member; IRIs stand as text."""
    header = {"id": "x:c", "type": "OrderedCollectionPage", "next": None}
    assert json.loads(dump.collection(header, [])) == {
        "@context": AS,
        "id": "x:c",
        "type": "OrderedCollectionPage",
    }
    items = [Text('{"id":"x:1"}', '[{"a":"y:a"}]'), "x:2", Text('{"id":"x:3"}', '[{"a":"y:b"}]')]
    assert json.loads(dump.collection(header, items)) == {
        "@context": [AS, {"a": "y:a"}], "id": "x:c", "type": "OrderedCollectionPage",
        "orderedItems": [{"id": "x:1"}, "x:2", {"@context": [{"a": "y:b"}], "id": "x:3"}],
    }  # fmt: skip
    assert json.loads(dump.collection({}, ['say "x"'], "items")) == {"@context": AS, "items": ['say "x"']}


def test_empty_objects_can_be_given_a_context():
    """The shortest document there is."""
    assert json.loads(dump.render("{}", '["https://x.example/ctx"]')) == {
        "@context": [AS, "https://x.example/ctx"]
    }


def test_large_contexts_are_not_remembered():
    """Contexts of several kilobytes work like small ones."""
    wide = {f"leaf{number}": f"https://x.example/leaf{number}" for number in range(200)}
    node = from_json({"@context": [AS, wide], "type": "Note", "sensitive": True})
    text = dump.document(node)
    assert json.loads(text.context) == [wide, {"sensitive": "as:sensitive"}]
    spliced = dump.splice(Text('{"object":"x:1"}', '[{"stem":"y:z"}]'), "object", "x:1", text)
    assert json.loads(spliced.context) == [{"stem": "y:z"} | wide | {"sensitive": "as:sensitive"}]


def test_a_signed_object_keeps_its_context():
    """AP-506: joined with its activity again, a proven object is as it was proven, and so is the activity."""
    raw = (VECTORS / "proof-create.json").read_bytes()
    activity = parse(raw)
    (note,) = activity.embedded("object")
    outer = dump.document(activity.without("object").with_(object=note.id))
    joined = dump.splice(outer, "object", note.id, dump.document(note))
    assert json.loads(dump.render(*joined)) == json.loads(raw)
    listed = json.loads(
        dump.collection({"id": "https://a.example/list", "type": "Collection"}, [joined], "items")
    )
    assert listed["items"] == [json.loads(raw)]


def test_identity_proofs_pass_through():
    """AP-507, AP-506: what an actor has signed about itself (FEP-c390) is shown exactly as it came."""
    statement = {
        "type": "VerifiableIdentityStatement", "subject": "did:key:z6Mk", "alsoKnownAs": "https://a.example/u/ada",
        "proof": {"type": "MitraJcsEip191Signature2022", "proofValue": "0xff", "nothing": None, "empty": []},
    }  # fmt: skip
    assert written({"type": "Person", "attachment": [statement]})["attachment"] == [statement]


def test_a_stored_text_can_be_extended():
    """AP-590: members at the end, with their context; no members change nothing."""
    text = Text('{"type":"Note"}')
    assert extended(text, {}) == text
    longer = extended(text, {"eventStream": "https://here.example/1/events"})
    assert json.loads(render(*longer)) == {
        "@context": ["https://www.w3.org/ns/activitystreams", "https://purl.archive.org/socialweb/sse"],
        "type": "Note",
        "eventStream": "https://here.example/1/events",
    }
    assert json.loads(render(*extended(Text("{}"), {"name": "x"})))["name"] == "x"


OPAQUE = {
    "bto": ["x:1"],
    "none": None,
    "empty": [],
    "one": [1],
    "to": "Public",
    "type": ["Emoji"],
    "as:type": "x",
}


@pytest.mark.parametrize("signed", [{}, {"proof": {"type": "DataIntegrityProof"}}])
def test_json_literals_are_written_as_they_stand(signed):
    """AP-009: in what is only JSON there are no recipients, no terms and nothing to tidy; signed or not."""
    document = written({"hw:custom": OPAQUE, "hw:verb": "pin", "bto": ["x:1"], **signed})
    assert document["hw:custom"] == OPAQUE
    assert "bto" not in document


def test_a_prefix_is_declared_when_that_is_enough():
    """AP-002, AP-039: and left alone when the sender declared it, whatever it means there."""
    ours = {"hw": "https://w3id.org/headwater/ns#"}
    assert written({"hw:verb": "pin"})["@context"] == [AS, ours]
    literal = {"hw:custom": {"@id": "hw:custom", "@type": "@json"}}
    assert written({"hw:verb": "pin", "hw:custom": {}})["@context"] == [AS, ours | literal]
    for theirs in ({"hw": "https://w3id.org/headwater/ns#"}, {"hw": "https://x.example/ns#"}):
        assert written({"@context": [AS, theirs], "hw:verb": "pin"})["@context"] == [AS, theirs]
