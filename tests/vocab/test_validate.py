"""One validator, two modes."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import AS, Ambiguous, Invalid, Object, from_json, of, parse, terms, validate

VECTORS = Path(__file__).parent.parent / "vectors"
GOOD = sorted((VECTORS / "as2").glob("*.json"))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_examples_pass_both_ways(path):
    """AP-022: every good example is accepted as it is."""
    node = parse(path.read_bytes())
    validate.strict(node)
    assert validate.lenient(node) == node


@pytest.mark.parametrize("path", sorted((VECTORS / "software").glob("*.json")), ids=lambda path: path.stem)
def test_what_others_send_is_usable(path):
    """AP-800: leniency keeps what matters of real documents."""
    node = parse(path.read_bytes())
    usable = validate.lenient(node)
    for term in ("id", "type", "actor", "object", "to", "attributedTo"):
        assert usable.get(term) is None or usable.ids(term) == node.ids(term)


GOOD_MEMBERS = [
    {"published": "2026-01-01T00:00Z"}, {"duration": "-P1DT2H"}, {"duration": "PT0S"}, {"closed": True},
    {"closed": {"id": "x:1"}},
    {"url": [{"type": "Link", "href": "https://a.example/"}, "magnet:?xt=1"]}, {"to": "as:Public"},
    {"to": ["Public"]},
    {"relationship": "IsFollowing"}, {"rel": ["alternate", "me nofollow"]},
    {"nameMap": {"und": "x", "zh-Hant-TW": "y"}},
    {"@context": {"@vocab": AS}}, {"@context": [AS, {"x": "y:z"}]},
    {"first": {"type": "Link", "href": "https://a.example/1"}},
    {"type": "Collection", "first": {"type": "CollectionPage"}}, {"to": None, "cc": []},
    {"inReplyTo": "ap://did:key:z6/1"},
    {"width": 3.0}, {"accuracy": 94.5}, {"altitude": -5}, {"x": {"name": 5}},
    {"mediaType": 'text/html; charset="utf-8"'},
]  # fmt: skip

BAD_MEMBERS = {
    "type": [5, {"x": "y"}, ["Note", 5]],
    "name": [5, {}, {"en": "x"}, True],
    "content": [5],
    "nameMap": ["x", {"en": 5}, []],
    "published": ["2026", 5, "2026-01-01", ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"]],
    "duration": ["P", "PT", "5m", 5],
    "totalItems": [-1, 2.5, True, "x"],
    "radius": [-1, "5"],
    "latitude": ["5", True],
    "mediaType": ["html", 5],
    "hreflang": ["e", "en_GB", 5],
    "rel": [5, "a,b", ""],
    "closed": [5, "never"],
    "source": [5],
    "endpoints": ["x"],
    "url": ["/x", "x", 5, "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://a b/", "gopher://a.example"],
    "href": ["/x", {"id": "x:1"}],
    "actor": [5, "ada", [["https://a.example/u"]]],
    "object": [True, "blob:x"],
    "to": ["ada", 5],
    "first": [["https://a.example/1", "https://a.example/2"]],
    "inbox": ["unix:/tmp/x"],
    "preferredUsername": [5],
}  # fmt: skip
BAD = [(term, value) for term, values in BAD_MEMBERS.items() for value in values]


def test_a_source_as_text_is_a_servers_way():
    """IQ-712: understood from servers, refused from clients."""
    with pytest.raises(Invalid):
        validate.strict(of({"source": "x"}))
    assert validate.lenient(of({"source": "x"})).data == {"source": {"content": "x"}}


@pytest.mark.parametrize("data", GOOD_MEMBERS, ids=str)
def test_good_members(data):
    """AP-013…AP-021: what is allowed passes in both modes."""
    validate.strict(from_json(data))
    assert validate.lenient(from_json(data)).data == data


@pytest.mark.parametrize(("term", "value"), [case for case in BAD if case != ("nameMap", [])], ids=str)
def test_bad_members(term, value):
    """AP-014, AP-016, AP-019, SEC-045: refused from clients by name, left out from servers, at any depth."""
    for data, field in (({term: value}, term), ({"tag": [{term: value}]}, f"tag.{term}")):
        with pytest.raises(Invalid) as caught:
            validate.strict(of(data))
        assert caught.value.field == field
    kept = validate.lenient(of({term: value, "x": 1})).data
    assert kept in ({"x": 1}, {term: [], "x": 1}, {term: ["Note"], "x": 1})


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"type": "OrderedCollection", "items": []}, "items"),
        ({"type": "CollectionPage", "orderedItems": []}, "orderedItems"),
        ({"type": "Collection", "first": {"type": "Note"}}, "first"),
        ({"object": {"type": "OrderedCollectionPage", "items": ["x:1"]}}, "object.items"),
        ({"@context": "https://x.example/ctx"}, "@context"),
        ({"@context": 5}, "@context"),
        ({"@context": [AS, 5]}, "@context"),
        ({"nameMap": {"e n": "x"}}, "nameMap"),
        ({"totalItems": "5"}, "totalItems"),
        ({"published": ["2026-01-01T00:00:00Z"]}, "published"),
        ({"tag": [{"type": "Mention"}] * 257}, "tag"),
    ],
)
def test_only_clients_are_told(data, field):
    """AP-015, AP-018, AP-022: shapes that a server may send and a client may not."""
    with pytest.raises(Invalid) as caught:
        validate.strict(of(data))
    assert caught.value.field == field
    validate.lenient(of(data))


def test_servers_are_understood():
    """AP-018, SEC-053: digits as text, one value in an array, controls in text, too many tags."""
    sent = {
        "totalItems": "5", "published": ["2026-01-01T00:00:00Z"], "name": "a\u202e\x07b", "content": "a\x07\u202eb",
        "tag": [{"type": "Mention"}] * 300, "to": ["x", "https://a.example/u", None],
    }  # fmt: skip
    usable = validate.lenient(of(sent)).data
    assert usable["totalItems"] == 5
    assert usable["published"] == "2026-01-01T00:00:00Z"
    assert usable["name"] == "ab"
    assert usable["content"] == "a\u202eb"
    assert len(usable["tag"]) == 256
    assert usable["to"] == ["https://a.example/u"]


@pytest.mark.parametrize("term", ["actor", "attributedTo"])
@pytest.mark.parametrize("stranger", [5, "x", [], ["https://b.example/u"], "javascript:x"])
def test_leaving_out_never_makes_one_of_several(term, stranger):
    """SEC-027: an actor beside something unusable does not become the only actor."""
    usable = validate.lenient(of({term: ["https://a.example/u", stranger]}))
    try:
        assert usable.one_id(term) is None
    except Ambiguous:
        assert len(usable.values(term)) > 1


@pytest.mark.parametrize("check", [validate.strict, validate.lenient])
def test_limits(check):
    """Limits that hold for everyone: recipients over all fields, and handles."""
    many = [f"https://a.example/{number}" for number in range(500)]
    check(of({"to": many, "bcc": many}))
    with pytest.raises(Invalid):
        check(of({"to": many, "bcc": [*many, "https://a.example/u"]}))
    with pytest.raises(Invalid):
        check(of({"preferredUsername": "a" * 257}))


def test_one_activity_is_not_about_everything():
    """SEC-110: each thing is looked up while the activity takes effect."""
    crowded = of({"object": [f"https://a.example/{number}" for number in range(1_001)]})
    assert len(validate.lenient(crowded).values("object")) == 1_000
    with pytest.raises(Invalid, match="object"):
        validate.strict(crowded)


def test_long_profiles_are_cut():
    """An actor's name and profile are cut to what we keep; a note's are not."""
    actor = {
        "inbox": "https://a.example/i",
        "outbox": "https://a.example/o",
        "name": "é" * 3_000,
        "summary": "é" * 20_000,
    }
    usable = validate.lenient(of(actor)).data
    assert len(usable["name"]) == 2_048
    assert usable["summary"] == "é" * 10_240
    note = {"name": "x" * 3_000, "summary": "x" * 30_000}
    assert validate.lenient(of(note)).data == note


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "name", "url", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(sorted(terms.PROPERTIES | {"id", "type", "@context"})), json_values, max_size=5
    )
)
def test_no_shape_breaks_checking(data):
    """SEC-055: whatever is sent, Invalid is the only complaint, and what leniency keeps, it keeps again."""
    with suppress(Invalid):
        validate.strict(Object(data))
    usable = validate.lenient(Object(data))
    assert validate.lenient(usable) == usable
    json.dumps(usable.data)
