"""Recipients, the blind ones, and Public."""

import pytest

from vocab import PUBLIC, Activity, Audience, Object
from vocab.audience import spelled, without_blind

ADA, BOB = "https://a.example/u/ada", "https://b.example/u/bob"


@pytest.mark.parametrize("field", ["to", "cc", "audience", "bto", "bcc"])
@pytest.mark.parametrize("value", [PUBLIC, "as:Public", "Public", {"id": "as:Public"}, [BOB, "Public"]])
def test_public_in_any_field_and_spelling(field, value):
    """AP-281: three spellings, five fields, also inside objects; never a recipient to deliver to."""
    audience = Audience.of(Object({field: value}))
    assert audience.public
    assert PUBLIC in getattr(audience, field)
    assert PUBLIC not in audience.recipients


def test_recipients():
    """AP-280, AP-285: everyone named in any field, in order, once."""
    node = Object(
        {"bcc": "x:9", "to": [BOB, PUBLIC, BOB], "cc": [ADA, BOB], "audience": {"id": "x:g"}, "bto": [5]}
    )
    audience = Audience.of(node)
    assert audience.recipients == (BOB, ADA, "x:g", "x:9")
    assert audience.to == (BOB, PUBLIC)
    assert not Audience.of(Object({"to": BOB, "tag": PUBLIC})).public


def test_union():
    """AP-198: united kind by kind."""
    united = Audience(to=(ADA,), bto=("x:1",)) | Audience(to=(BOB, ADA), cc=("x:2",))
    assert united == Audience(to=(ADA, BOB), cc=("x:2",), bto=("x:1",))
    assert united.fields()["audience"] == ()


def test_without_blind():
    """AP-071: bto and bcc leave at every depth; the original keeps them."""
    activity = Activity({"bto": ADA, "object": {"bcc": [BOB], "tag": [{"bto": ADA, "name": "x"}], "to": BOB}})
    seen = without_blind(activity)
    assert seen.data == {"object": {"tag": [{"name": "x"}], "to": BOB}}
    assert type(seen) is Activity
    assert activity.data["bto"] == ADA


def test_contexts_are_not_recipients():
    """AP-010: a context that mentions bto is left as it is."""
    data = {"@context": {"bto": "as:bto"}, "type": "Note"}
    assert without_blind(Object(data)).data == data


def test_spelled():
    """AP-281: emitted as the full IRI, wherever it addresses; text that happens to say Public stays."""
    node = Object(
        {
            "to": "Public",
            "name": "Public",
            "object": {"cc": ["as:Public", {"id": "Public"}, {"id": BOB}], "tag": ["Public"]},
        }
    )
    assert spelled(node).data == {
        "to": PUBLIC, "name": "Public", "object": {"cc": [PUBLIC, PUBLIC, {"id": BOB}], "tag": ["Public"]},
    }  # fmt: skip


def test_json_literals_have_no_recipients():
    """AP-009: what an application calls ``bto`` or Public is its own affair."""
    literal = {"bto": ["x:1"], "to": "Public", "deep": [{"cc": "as:Public", "bcc": "x:2"}]}
    node = Object({"hw:custom": literal, "to": "Public"})
    assert without_blind(node).data["hw:custom"] == literal
    assert spelled(node).data == {"hw:custom": literal, "to": PUBLIC}
