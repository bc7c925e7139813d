"""JSON-LD processing with frozen contexts."""

import json
import socket
from pathlib import Path

import pytest

import vocab
from vocab import AS, BadContext, jsonld, meaning, terms

NOTE = {"id": "https://a.example/1", "type": "Note", "content": "x"}


@pytest.mark.parametrize("url", sorted(terms.KNOWN_CONTEXTS | {meaning.LITEPUB}))
def test_every_known_context_is_here(url, monkeypatch):
    """AP-023: held by us, usable beside the normative context, and never fetched."""
    monkeypatch.setattr(socket, "socket", None)
    assert jsonld.declared(url)
    expanded = jsonld.expand({"@context": [AS, url], **NOTE})
    assert expanded[0]["@id"] == NOTE["id"]
    assert expanded[0][AS + "#content"] == [{"@value": "x"}]


@pytest.mark.parametrize("url", ["https://unknown.example/ctx", "file:///etc/passwd", "http://127.0.0.1/"])
def test_no_other_context_is_read(url):
    """SEC-028: there is no way out."""
    with pytest.raises(BadContext):
        jsonld.expand({"@context": [AS, url], **NOTE})
    with pytest.raises(BadContext):
        jsonld.expand({"@context": [AS, {"@import": url}], **NOTE})
    assert not meaning.is_known(url)
    assert jsonld.declared(url) == frozenset()


@pytest.mark.parametrize(
    ("url", "held"),
    [
        ("https://p.example/schemas/litepub-0.1.jsonld", meaning.LITEPUB),
        ("https://purl.archive.org/socialweb/pending/1.1.0", "https://purl.archive.org/socialweb/pending"),
        ("https://purl.archive.org/miscellany/1.0", "https://purl.archive.org/miscellany"),
        ("https://purl.archive.org/socialweb/pending/evil", None),
        ("https://w3id.org/security/v1/1.0", None),
    ],
)
def test_other_addresses_of_the_same_context(url, held):
    """IQ-711: Pleroma's context by its path; versions of the Social Web group's contexts."""
    assert meaning.held_as(url) == held


def test_every_file_belongs_to_a_known_context():
    """No file lies here unused, and each is a context."""
    held = {jsonld._file_name(url) for url in terms.KNOWN_CONTEXTS | {meaning.LITEPUB}}
    for path in (Path(vocab.__file__).parent / "contexts").glob("*"):
        assert path.name in held
        assert json.loads(path.read_bytes()).keys() == {"@context"}


def test_relative_references_stay_relative():
    """AP-019: nothing is resolved against anything."""
    data = {
        "@context": jsonld.readable_context({"@base": "https://b.example/"}),
        "type": "Note",
        "to": ["/x"],
    }
    compacted = jsonld.compact(jsonld.expand(data), jsonld.harmless_context(None))
    assert compacted == {"@context": [AS], "type": "Note", "to": "/x"}


def test_ids_are_never_shortened():
    """A prefix that a document declares is not used to write its ids."""
    context = [AS, {"b": "https://b.example/", "leaf": "b:leaf"}]
    data = {"@context": context, "id": "https://b.example/u/bob", "type": "Note", "leaf": "x"}
    compacted = jsonld.compact(jsonld.expand(data), jsonld.harmless_context(context))
    assert compacted["id"] == "https://b.example/u/bob"
    assert compacted["leaf"] == "x"


@pytest.mark.parametrize(
    "context", [{"x": {"@id": 5}}, {"x": ["y"]}, {"@version": 2}, {"x": {"@container": "@nope"}}, [[[5]]]]
)
def test_nonsense_is_our_error(context):
    """SEC-055: whatever the processor makes of it."""
    with pytest.raises(BadContext):
        jsonld.expand({"@context": [AS, context], **NOTE})
