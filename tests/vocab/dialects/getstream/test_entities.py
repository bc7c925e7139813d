"""References meet: texts in feeds and IRIs of entities."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import iri as iris
from vocab.dialects.getstream.entities import USER, Entities

HERE = Entities("https://here.example/entities")


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("SU:1", "https://here.example/entities/User/1"),
        ("User:1", "https://here.example/entities/User/1"),
        ("SO:food:cheese burger", "https://here.example/entities/food/cheese%20burger"),
        ("Place:42:b", "https://here.example/entities/Place/42%3Ab"),
        ("SA:abc", "https://here.example/entities/Activity/abc"),
        ("SR:abc", "https://here.example/entities/Reaction/abc"),
        ("pizza", "https://here.example/entities/Object/pizza"),
        ("a/b?c#d", "https://here.example/entities/Object/a%2Fb%3Fc%23d"),
        ("https://there.example/users/bob", "https://there.example/users/bob"),
        ("https:nowhere", "https://here.example/entities/https/nowhere"),
    ],
)
def test_texts_name_entities(text: str, iri: str) -> None:
    assert HERE.iri(text) == iri


def test_a_bare_name_is_of_the_type_that_its_place_says() -> None:
    assert HERE.iri("bob", USER) == HERE.iri("SU:bob") == HERE.iri("User:bob")


@pytest.mark.parametrize(
    ("iri", "text"),
    [
        ("https://here.example/entities/User/1", "SU:1"),
        ("https://here.example/entities/Employee/Ada%20L", "Employee:Ada L"),
        ("https://here.example/entities/Activity/abc", "SA:abc"),
        ("https://here.example/entities/User", "https://here.example/entities/User"),
        ("https://here.example/users/ada", "https://here.example/users/ada"),
        ("https://there.example/entities/User/1", "https://there.example/entities/User/1"),
    ],
)
def test_entities_are_named_by_texts(iri: str, text: str) -> None:
    assert HERE.text(iri) == text


@pytest.mark.parametrize("text", ["..", ".", "User:..", "SO:..:.", "x" * 9_000, "User:" + "é" * 3_000])
def test_what_cannot_be_a_segment_of_a_path_has_a_digest_instead(text: str) -> None:
    """SEC-045: no name leads out of the place of entities."""
    iri = HERE.iri(text)
    assert iris.canonical(iri) == iri
    assert "sha256-" in iri
    assert not any(segment.strip(".") == "" for segment in iri.split("/")[3:])
    assert HERE.called(iri, text) == text


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.sampled_from([USER, "Object"]))
def test_every_text_names_an_entity_and_comes_back(text: str, untyped: str) -> None:
    iri = HERE.iri(text, untyped)
    assert iris.canonical(iri)
    assert HERE.called(iri, text, untyped) == text
    assert HERE.iri(HERE.text(iri)) == iri


def test_no_document_calls_an_entity_by_the_name_of_another() -> None:
    """SEC-027: what a remote document says of itself is believed only as far as it fits."""
    stranger = "https://there.example/users/mallory"
    assert HERE.called(stranger, "SU:alice", USER) == stranger
    assert HERE.called(HERE.iri("SU:mallory"), "User:alice", USER) == "SU:mallory"
    assert HERE.called(stranger, ["SU:alice"], USER) == stranger


@pytest.mark.parametrize(
    "address",
    [
        "https://here.example/users/eve",
        "https://here.example/entities/User/eve",
        "HTTPS://HERE.example/users/eve",
    ],
)
def test_nobody_acts_in_the_name_of_another_name_space(address: str) -> None:
    """Feeds §2.1: what an application of one tenant says is never said by an account, or by users of another tenant."""
    acme = Entities("https://here.example/tenants/acme/entities")
    actor = acme.iri(address, "User")
    assert actor.lower().startswith("https://here.example/tenants/acme/entities/https/")
    assert acme.called(actor, address, "User") == address
    assert acme.iri(address) == address
    assert acme.iri("https://there.example/u/eve", "User") == "https://there.example/u/eve"
