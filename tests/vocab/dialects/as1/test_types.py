"""Types of objects of Activity Streams 1.0 (Atom §3.9, §12.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects.as1 import types
from vocab.terms import ACTOR_TYPES, OBJECT_TYPES

S = "http://activitystrea.ms/schema/1.0/"
V = "http://streams.atlassian.com/syndication/types/"


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("note", S + "note"),
        (S + "note", S + "note"),
        ("issue", S + "issue"),
        (V + "issue", V + "issue"),
        ("https://x.example/types/tree", "https://x.example/types/tree"),
        ("", ""),
    ],
)
def test_a_simple_name_is_the_standards(name: str, iri: str) -> None:
    """Atom §13; unknown IRIs survive unchanged."""
    assert types.iri(name) == iri


@pytest.mark.parametrize(
    ("names", "type"),
    [
        ("note status comment", "Note"),
        ("article blog", "Article"),
        (f"page {V}page bookmark link", "Page"),
        ("file", "Document"),
        ("image photo", "Image"),
        ("audio", "Audio"),
        ("video", "Video"),
        ("person", "Person"),
        ("question", "Question"),
        ("collection", "Collection"),
        (
            f"{V}issue task {V}review {V}changeset {V}repository {V}job {V}space badge https://x.example/note",
            "Object",
        ),
    ],
)
def test_each_type_has_its_type(names: str, type: str) -> None:
    assert {name: types.as2(name) for name in names.split()} == dict.fromkeys(names.split(), type)


@pytest.mark.parametrize(
    ("media_type", "type"),
    [
        ("image/png", "Image"),
        ("AUDIO/ogg", "Audio"),
        ("video/mp4; codecs=x", "Video"),
        ("text/plain", "Document"),
    ],
)
def test_a_file_is_what_its_media_type_says(media_type: str, type: str) -> None:
    assert types.as2("file", media_type) == type
    assert types.as2("note", media_type) == "Note"


@pytest.mark.parametrize("type", sorted((OBJECT_TYPES | ACTOR_TYPES | {"Question"}) - {"Object"}))
def test_every_type_comes_back(type: str) -> None:
    assert types.as2(types.of_as2(type)) == type


def test_what_says_nothing_has_no_type() -> None:
    assert types.of_as2("Object") == types.of_as2("") == ""
    assert types.of_as2("Like") == S + "activity"
    assert types.of_as2("https://x.example/Tree") == "https://x.example/Tree"


@given(st.text(max_size=40))
def test_a_type_is_its_own_iri(name: str) -> None:
    assert types.iri(types.iri(name)) == types.iri(name)
    assert types.as2(name)
