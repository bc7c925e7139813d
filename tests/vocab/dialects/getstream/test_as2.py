"""Activities of feeds as Activity Streams 2.0 and back."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import Activity, dump, jsonld, jsontext, parse, stored, validate
from vocab.audience import spelled, without_blind
from vocab.dialects.getstream import (
    Entities,
    FeedActivity,
    FeedId,
    activities,
    from_activity,
    ids,
    to_activity,
)
from vocab.dialects.getstream.as2 import leaving

HERE = Entities("https://here.example/entities")
IRI = "https://here.example/activities/1"
NOW = datetime(2017, 7, 1, 20, 30, 45, 120000, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
names = (
    st.sampled_from(["SU:1", "User:1", "SO:food:1", "SA:1", "SR:1", "1", "https://x.example/1", ".."]) | texts
)
keys = texts.filter(lambda name: name not in activities.OWN | activities.REFUSED | activities.DROPPED)
keys |= st.sampled_from(["@context", "@id", "bto", "bcc", "type", "as:type", "proof", "cc", "name", "as2"])
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts | st.just("Public"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
feeds = st.sampled_from([FeedId("user", "1"), FeedId("notification", "a-b")])
moments = st.datetimes(datetime(1600, 1, 1), datetime(5000, 1, 1), timezones=st.just(UTC))
made = st.builds(
    FeedActivity,
    id=st.builds(ids.unique, moments, st.integers(0, 2**47 - 1)),
    actor=names.filter(bool), verb=st.sampled_from(["like", "Like", "pin", "activity"]) | texts.filter(bool),
    object=names.filter(bool), target=names, foreign_id=texts,
    to=st.lists(feeds, unique=True).map(tuple), custom=st.dictionaries(keys, values, max_size=3),
)  # fmt: skip


@given(made)
def test_nothing_is_lost_on_the_way_to_activity_streams_and_back(activity: FeedActivity) -> None:
    """AP-009: also when it is addressed, kept, or written in full and read by a stranger."""
    document = to_activity(activity, HERE, iri=IRI)
    kept = stored(*dump.document(spelled(without_blind(document))))
    heard = validate.lenient(parse(dump.dump(document)))
    for one in (document, kept, heard):
        assert isinstance(one, Activity)
        assert from_activity(one, HERE, id=activity.id) == activity


@given(made)
def test_nothing_is_lost_on_the_way_from_activity_streams_and_back(activity: FeedActivity) -> None:
    document = to_activity(activity, HERE, iri=IRI)
    again = to_activity(from_activity(document, HERE, id=activity.id), HERE, iri=IRI)
    assert again == document
    validate.strict(again)


def answered(body: dict[str, Any]) -> tuple[FeedActivity, Activity]:
    activity = activities.draft(body).dated(NOW, 1)
    return activity, to_activity(activity, HERE, iri=IRI)


def test_a_document_says_it_in_the_terms_of_activity_streams() -> None:
    """AP-039: what there is no term for has one of ours, explained in the document."""
    body = {"actor": "SU:ada", "verb": "pin", "object": "Place:42", "target": "SO:board:7", "foreign_id": "a:1",
            "to": ["notification:2"], "popularity": 5}  # fmt: skip
    _, document = answered(body)
    assert jsontext.loads(dump.dump(document)) == {
        "@context": [
            "https://www.w3.org/ns/activitystreams",
            {
                "hw": "https://w3id.org/headwater/ns#",
                "hw:custom": {"@id": "hw:custom", "@type": "@json"},
            },
        ],
        "id": IRI,
        "type": "Activity",
        "actor": "https://here.example/entities/User/ada",
        "object": "https://here.example/entities/Place/42",
        "target": "https://here.example/entities/board/7",
        "published": "2017-07-01T20:30:45.12Z",
        "hw:verb": "pin",
        "hw:foreignId": "a:1",
        "hw:feeds": ["notification:2"],
        "hw:target": "SO:board:7",
        "hw:custom": {"popularity": 5},
    }


def test_a_document_without_custom_fields_declares_the_prefix_once() -> None:
    """AP-002: and again not, when it is written a second time."""
    _, document = answered({"actor": "SU:ada", "verb": "Like", "object": "SO:food:1"})
    written = dump.dump(document)
    assert document.type == "Like"
    assert parse(written).data["@context"][1:] == [{"hw": "https://w3id.org/headwater/ns#"}]
    assert dump.dump(parse(written)) == written


def test_the_terms_mean_the_same_to_who_reads_json_ld() -> None:
    """AP-039, AP-010: custom fields are a JSON literal, in which nothing is a term."""
    _, document = answered(
        {"actor": "SU:ada", "verb": "pin", "object": "Place:42", "x": {"@id": 1, "type": "y"}}
    )
    (expanded,) = jsonld.expand(jsontext.loads(dump.dump(document)))  # type: ignore[arg-type]
    assert expanded["https://w3id.org/headwater/ns#verb"] == [{"@value": "pin"}]
    literal = {"@type": "@json", "@value": {"x": {"@id": 1, "type": "y"}}}
    assert expanded["https://w3id.org/headwater/ns#custom"] == [literal]


def test_numbers_keep_their_spelling_all_the_way() -> None:
    """AP-009."""
    body = jsontext.loads(
        b'{"actor":1,"verb":"run","object":2.50,"rate":1.50,"none":null,"empty":[],"one":[1]}'
    )
    assert isinstance(body, dict)
    activity, document = answered(body)
    kept = stored(*dump.document(document))
    assert isinstance(kept, Activity)
    written = jsontext.dumps(activities.spelled(from_activity(kept, HERE, id=activity.id)))
    assert b'"rate":1.50,"none":null,"empty":[],"one":[1]' in written
    assert b'"object":"2.50"' in written


NOTE = {
    "@context": "https://www.w3.org/ns/activitystreams",
    "id": "https://there.example/activities/1",
    "type": "Create",
    "actor": "https://there.example/users/bob",
    "published": "2017-07-01T20:30:45Z",
    "to": "as:Public",
    "bto": "https://there.example/users/carol",
    "object": {"id": "https://there.example/notes/1", "type": "Note", "content": "Hello"},
}
ID = ids.of_foreign_id(NOW, "1")


def told(**members: Any) -> FeedActivity:
    return from_activity(Activity(NOTE | members), HERE, id=ID)


def test_an_activity_from_elsewhere_is_told_in_the_terms_of_feeds() -> None:
    """Its document is there for who can read it, without the blind recipients (AP-071)."""
    visible = {term: value for term, value in NOTE.items() if term != "bto"}
    assert activities.spelled(told()) == {
        "id": str(ID), "actor": "https://there.example/users/bob", "verb": "create",
        "object": "https://there.example/notes/1", "target": "", "foreign_id": "https://there.example/activities/1",
        "time": "2017-07-01T20:30:45.120000", "origin": None, "as2": visible,
    }  # fmt: skip


def test_an_activity_without_an_object_is_about_itself() -> None:
    """SDKs expect an object to be some text."""
    assert told(type="Arrive", object=None).object == NOTE["id"]
    assert told(type="Arrive", object=None).verb == "arrive"


def test_an_entity_of_ours_is_called_as_in_feeds() -> None:
    assert told(actor="https://here.example/entities/User/ada").actor == "SU:ada"


@pytest.mark.parametrize(
    "claims",
    [
        {"hw:actor": "SU:ada", "hw:object": "SO:food:1", "hw:target": "x"},
        {"hw:actor": {"id": 1}, "hw:object": ["x"], "hw:feeds": ["user:1"], "hw:foreignId": "a:1"},
        {"hw:verb": 1}, {"hw:verb": ["pin"]}, {"hw:verb": "like"}, {"hw:verb": ""},
    ],
)  # fmt: skip
def test_claims_that_do_not_fit_are_not_believed(claims: dict[str, Any]) -> None:
    """SEC-027: a document from elsewhere cannot speak as one of ours, nor take the place of another."""
    found = told(**claims)
    assert (found.actor, found.verb) == ("https://there.example/users/bob", "create")
    assert (found.foreign_id, found.to) == (NOTE["id"], ())


def test_a_peer_of_our_kind_is_understood_within_bounds() -> None:
    """Names that a response has a meaning for are left out, and so is what has the wrong shape."""
    found = told(**{
        "hw:verb": "create", "hw:foreignId": "a:1", "hw:feeds": ["user:1", "bad", 7],
        "hw:custom": {"id": "x", "is_seen": True, "score": 1, "origin": "user:1", "colour": "red"},
    })  # fmt: skip
    assert (found.foreign_id, found.to, found.custom) == ("a:1", (FeedId("user", "1"),), {"colour": "red"})
    assert told(**{"hw:verb": "create", "hw:custom": [1], "hw:foreignId": 5}).custom == {}


def test_what_is_added_for_readers_elsewhere_does_not_show_in_feeds() -> None:
    activity, document = answered({"actor": "SU:ada", "verb": "pin", "object": "Place:42", "x": 1})
    told_elsewhere = Activity(document.with_(content="<p>Ada pinned a place.</p>", to=["as:Public"]).data)
    assert from_activity(told_elsewhere, HERE, id=activity.id) == activity


def test_nobody_elsewhere_learns_which_feeds_an_activity_was_sent_to() -> None:
    """AP-071, in spirit: the feed of a single user is nobody else's business."""
    activity, document = answered(
        {"actor": "SU:ada", "verb": "pin", "object": "1", "to": ["notification:bob"]}
    )
    assert b"bob" in dump.dump(document)
    assert b"bob" not in dump.dump(leaving(document))
    assert from_activity(leaving(document), HERE, id=activity.id) == replace(activity, to=())
