"""References and what takes their place (§9)."""

import pytest

from vocab.dialects.getstream import references
from vocab.dialects.getstream.references import Reference


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("SU:bob", Reference("user", "bob")),
        ("SO:food:cheese-burger", Reference("object", "cheese-burger", "food")),
        ("SO:food:a:b", Reference("object", "a:b", "food")),
        ("SA:f01c0000-acf5-11e5-8080-80006a8b5bc2", Reference("activity", "f01c0000-acf5-11e5-8080-80006a8b5bc2")),
        ("SR:like-1", Reference("reaction", "like-1")),
    ],
)  # fmt: skip
def test_references_are_read_and_written(text: str, reference: Reference) -> None:
    assert Reference.parse(text) == reference
    assert str(reference) == text


@pytest.mark.parametrize(
    "text", ["", "SU", "SU:", "SO:food", "SO:food:", "SO::1", "su:bob", "User:1", "XX:1", "pizza"]
)
def test_other_texts_stay(text: str) -> None:
    assert Reference.parse(text) is None


def test_texts_at_the_top_alone_are_looked_at() -> None:
    activity = {
        "id": "SA:1", "foreign_id": "SA:1", "verb": "SU:1", "time": "SU:1", "origin": "SU:1", "to": ["SU:1"],
        "actor": "SU:1", "object": "pizza", "chef": "SO:chef:2", "deep": {"actor": "SU:1"}, "several": ["SU:1"],
    }  # fmt: skip
    assert references.found_in(activity) == {
        "actor": Reference("user", "1"),
        "chef": Reference("object", "2", "chef"),
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SO:food:x", {"id": "x", "reference_type": "object", "collection": "food"}),
        ("SU:bob", {"id": "bob", "reference_type": "user"}),
        ("SA:1", {"id": "1", "reference_type": "activity"}),
        ("SR:1", {"id": "1", "reference_type": "reaction"}),
    ],
)
def test_what_is_missing_says_so(text: str, told: dict[str, str]) -> None:
    reference = Reference.parse(text)
    assert reference is not None
    assert references.missing(reference) == {"error": "ReferenceNotFound", "reference": text, **told}
