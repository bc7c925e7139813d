"""Values over one dict: the several shapes a member may have, folded into one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import Activity, Ambiguous, Collection, Link, Object, activities, from_json, of, terms

BOB = "https://b.example/u/bob"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"type": "Create"}, Activity),
        ({"type": ["Steep", "Like"]}, Activity),
        ({"type": "EmojiReact", "object": "https://a.example/1"}, Activity),
        ({"object": "https://a.example/1"}, Activity),
        ({"type": "Steep"}, Object),
        ({"type": "Note", "actor": BOB}, Object),
        ({"type": "ChatMessage", "actor": BOB}, Object),
        ({"type": "Relationship", "object": BOB}, Object),
        ({"type": "Person"}, Object),
        ({"object": []}, Object),
        ({"type": "OrderedCollectionPage"}, Collection),
        ({"type": "Mention", "href": BOB}, Link),
        ({"href": BOB}, Link),
        ({"type": "Hashtag", "href": BOB}, Object),
        ({}, Object),
    ],
)
def test_class_of_a_node(data, kind):
    """AP-196, AP-008: by type; for want of a known type, by members; else a plain object."""
    assert type(of(data)) is kind


def test_actor_is_known_by_its_boxes():
    """AP-032: an actor has inbox and outbox, whatever its type."""
    assert Object({"type": "Robot", "inbox": "https://a.example/i", "outbox": "https://a.example/o"}).is_actor
    assert not Object({"type": "Person", "inbox": "https://a.example/i", "outbox": None}).is_actor


def test_types():
    """AP-007, AP-034: all types count, in order; a kind of a type is not that type."""
    node = Object({"type": ["TentativeAccept", 5, "Steep"]})
    assert node.types == ("TentativeAccept", "Steep")
    assert node.type == "TentativeAccept"
    assert node.is_a("Like", "Steep")
    assert not node.is_a("Accept")
    assert Object({}).type == ""
    assert terms.supertypes("TentativeAccept") == ("Accept", "Activity", "Object")
    assert terms.supertypes("Steep") == ()


def test_absent_members():
    """AP-005: null and the empty array are absent."""
    node = Object({"to": [], "cc": None, "tag": [None, "x"]})
    assert node.get("to") is None
    assert node.get("cc") is None
    assert node.values("to") == node.values("cc") == node.values("bcc") == []
    assert node.values("tag") == ["x"]


def test_ids_of_every_shape():
    """AP-020: text, embedded object, Link, or an array of these."""
    shapes = [BOB, {"id": BOB}, {"type": "Link", "href": BOB}, {"type": "Mention", "href": BOB, "id": "x:y"}]
    for shape in shapes:
        assert Object({"to": shape}).ids("to") == (BOB,)
        assert Object({"to": shape}).one_id("to") == BOB
        assert Object({"to": [shape]}).one_id("to") == BOB
    assert Object({"to": shapes}).ids("to") == (BOB,) * 4


@pytest.mark.parametrize(
    "value",
    [
        [BOB, BOB],
        [BOB, {"type": "Person"}],
        {"type": "Person"},
        [[BOB]],
        5,
        "",
        {"id": [BOB]},
        {"id": 5},
        [5],
    ],
)
def test_one_id_refuses_what_is_not_one(value):
    """SEC-027: what does not come down to exactly one text is no identity."""
    with pytest.raises(Ambiguous):
        Object({"actor": value}).one_id("actor")


def test_one_id_of_nothing():
    """SEC-027: absent is not ambiguous."""
    assert Object({"actor": None}).one_id("actor") is None
    assert Object({"actor": []}).one_id("actor") is None


@pytest.mark.parametrize("value", [["https://a.example/1"], 5, None, "", {}])
def test_id_is_text(value):
    """SEC-027: an id in an array is no id."""
    assert Object({"id": value}).id is None


def test_embedded_nodes_know_their_context():
    """AP-010: what is taken out of a document still knows what its terms mean."""
    context = [terms.AS, {"steep": "https://tea.example/ns#steep"}]
    outer = Activity(
        {"@context": context, "type": "Create", "object": {"type": "Note"}, "tag": [{"href": BOB}, "x"]}
    )
    assert outer.embedded("object")[0].context == ({"steep": "https://tea.example/ns#steep"},)
    assert type(outer.embedded("tag")[0]) is Link
    signed = Activity({"@context": context, "type": "Create", "object": {"type": "Note", "proof": {}}})
    assert signed.embedded("object")[0].data == {"type": "Note", "proof": {}}


def test_text_by_language():
    """AP-013: exact tag, shorter or longer tag, plain, und, any."""
    node = Object({"name": "tea", "nameMap": {"de": "Tee", "pt-BR": "chá", "und": "?", "fr": 5}})
    assert node.text("name", "de") == "Tee"
    assert node.text("name", "DE-at") == "Tee"
    assert node.text("name", "pt") == "chá"
    assert node.text("name", "fr") == "tea"
    assert node.text("name") == "tea"
    assert Object({"nameMap": {"de": "Tee", "und": "?"}}).text("name", "ja") == "?"
    assert Object({"nameMap": {"de": "Tee"}}).text("name") == "Tee"
    assert Object({"name": {"de": "Tee"}, "nameMap": "x"}).text("name") is None


def test_context_labels_the_plain_text():
    """AP-013: ``@language`` says what language the plain text is in."""
    node = Object(
        {"@context": [terms.AS, {"@language": "en"}], "name": "tea", "nameMap": {"de": "Tee", "und": "?"}}
    )
    assert node.text("name", "en-GB") == "tea"
    assert node.text("name", "de") == "Tee"


def test_counts():
    """AP-018: not negative, no fraction; digits as text will do."""
    expected = {5: 5, "7": 7, 3.0: 3, -1: None, 2.5: None, "x": None, True: None, "": None, "९": None}
    assert {value: Object({"totalItems": value}).count("totalItems") for value in expected} == expected


def test_flag_has_three_states():
    """AP-644: true, false, or unknown."""
    assert [Object({"sensitive": value}).flag("sensitive") for value in (True, False, None, "yes")] == [
        True, False, None, None,
    ]  # fmt: skip


def test_instant():
    """AP-016: read as UTC, None when unreadable."""
    assert Object({"published": "2026-01-01T02:00+02:00"}).instant("published") == datetime(
        2026, 1, 1, tzinfo=UTC
    )
    assert Object({"published": "yesterday"}).instant("published") is None
    assert Object({"published": 5}).instant("published") is None


def test_copies_leave_the_original_alone():
    """A value never changes."""
    note = from_json({"type": "Note", "name": "a", "to": BOB})
    changed = note.with_(name="b", to=None)
    assert changed.data == {"type": "Note", "name": "b"}
    assert note.without("name", "cc").data == {"type": "Note", "to": BOB}
    assert note.data == {"type": "Note", "name": "a", "to": BOB}
    assert type(Activity({}).with_(type="Like")) is Activity
    assert note == from_json(dict(note.data))
    assert note != changed
    assert note != {"type": "Note"}
    assert "Note" in repr(note)


def test_link():
    """AP-027: relations are separated by spaces or given as an array, and compared in lower case."""
    link = Link({"href": BOB, "rel": ["Alternate me", "canonical", 5]})
    assert link.relations == {"alternate", "me", "canonical"}
    assert link.href == BOB
    assert Link({"type": "Link"}).href is None


def test_collection():
    """AP-165: members under either name."""
    page = Collection({"type": "OrderedCollectionPage", "orderedItems": [BOB, {"id": "x:y"}]})
    assert page.is_page
    assert page.is_ordered
    assert page.member_ids == (BOB, "x:y")
    loose = Collection({"type": "Collection", "items": BOB})
    assert not loose.is_page
    assert not loose.is_ordered
    assert loose.members == [BOB]
    assert loose.member_ids == (BOB,)


def test_activity_members():
    """AP-204, AP-321: one actor; one object, several, or a new one without id."""
    like = Activity(
        {"actor": {"id": BOB}, "object": ["x:1"], "target": "x:2", "origin": "x:3", "result": "x:4"}
    )
    assert (like.actor, like.object, like.target, like.origin, like.result) == (
        BOB,
        "x:1",
        "x:2",
        "x:3",
        "x:4",
    )
    assert like.inner is None
    assert like.instrument is None
    create = Activity({"object": {"type": "Note"}})
    assert create.object is None
    assert create.inner == Object({"type": "Note"})
    flag = Activity({"object": ["x:1", {"id": "x:2"}]})
    assert flag.objects == ("x:1", "x:2")
    assert flag.inner is None
    with pytest.raises(Ambiguous):
        _ = flag.object


def test_wrapping():
    """AP-197: the Create has the object's recipients and date, and its context."""
    note = Object(
        {"@context": terms.AS, "type": "Note", "to": BOB, "bto": "x:1", "cc": [], "published": "2026"}
    )
    assert activities.wrap(note, "x:ada").data == {
        "@context": terms.AS, "type": "Create", "actor": "x:ada", "to": BOB, "bto": "x:1", "published": "2026",
        "object": {"type": "Note", "to": BOB, "bto": "x:1", "cc": [], "published": "2026"},
    }  # fmt: skip


def test_as_activity():
    """AP-196: a node is an activity or it is not."""
    assert isinstance(activities.as_activity(Object({"type": "Like"})), Activity)
    assert activities.as_activity(Object({"type": "Note"})) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "type", "href", "en", "x"]), inner, max_size=3
    ),
    max_leaves=6,
)  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(sorted(terms.PROPERTIES | {"id", "type", "@context"})), json_values, max_size=6
    )
)
def test_no_shape_breaks_reading(data):
    """SEC-055: any JSON in any known member is read without another error than Ambiguous."""
    node = of(data)
    for term in data:
        node.ids(term), node.embedded(term), node.text(term, "en"), node.instant(term), node.count(term)
        try:
            found = node.one_id(term)
        except Ambiguous:
            continue
        assert found is None or isinstance(found, str)
    assert isinstance(repr(node), str)
