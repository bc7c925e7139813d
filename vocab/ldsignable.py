"""What an older Linked-Data signature (``RsaSignature2017``) signs of a document (AP-505, SEC-029).

It signs a graph, and many documents say the same graph. So only documents are taken that say it in one
way: with contexts that rename nothing, no keyword that moves statements elsewhere, each thing described in
one place. And only graphs that are canonised quickly: nameless nodes never branch, so there is nothing to
permute.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from vocab import jsonld
from vocab.errors import BadContext
from vocab.terms import AS

IDENTITY: Final = "https://w3id.org/identity/v1"
CONTEXTS: Final = frozenset({AS, "https://w3id.org/security/v1", IDENTITY})
"""Published contexts without scoped contexts inside."""
OPTIONS: Final = frozenset({"created", "creator", "domain", "nonce"})
UNSIGNED: Final = frozenset({"id", "signatureValue", "type"})
NAMELESS_MAX: Final = 64
LANGUAGE_MAPS: Final = frozenset({"contentMap", "nameMap", "summaryMap"})


def signed_text(document: dict[str, Any]) -> bytes:
    """Return the bytes a document's signature is over; BadContext when it is not one we check."""
    signature = document.get("signature")
    if not isinstance(signature, dict) or not signature.keys() <= OPTIONS | UNSIGNED:
        raise BadContext("not a signature of a known form")
    bare = {term: value for term, value in document.items() if term != "signature"}
    _check(bare)
    options = {term: value for term, value in signature.items() if term not in UNSIGNED}
    return (_hash({"@context": IDENTITY, **options}) + _hash(bare)).encode()


def _hash(data: dict[str, Any]) -> str:
    return hashlib.sha256(jsonld.canonize(data).encode()).hexdigest()


def _check(document: dict[str, Any]) -> None:
    """Refuse documents whose graph could also be told differently, or would take long to bring in order."""
    described: set[str] = set()
    nameless = 0
    for node in _nodes({term: value for term, value in document.items() if term != "@context"}):
        if any(term.startswith("@") for term in node):
            raise BadContext("a keyword inside a signed document")
        name = node.get("id")
        if name is None:
            nameless += 1
            branches = [one for value in node.values() for one in _nodes_at(value) if "id" not in one]
            if len(branches) > 1 or nameless > NAMELESS_MAX:
                raise BadContext("too many nameless things in a signed document")
        elif not isinstance(name, str) or name.startswith("_:") or name in described:
            raise BadContext("a thing described in two places of a signed document")
        elif len(node) > 1:
            described.add(name)
    context = document.get("@context")
    entries = context if isinstance(context, list) else [context]
    for entry in entries:
        _check_context(entry)
    _check_members(document, entries)


def _check_members(document: dict[str, Any], entries: list[Any]) -> None:
    """Refuse members that no context declares: the graph leaves them out, so anyone could have added them."""
    declared = {
        term for entry in entries for term in (jsonld.declared(entry) if isinstance(entry, str) else entry)
    }
    for name in _members({term: value for term, value in document.items() if term != "@context"}):
        if name not in declared and name.partition(":")[0] not in declared:
            raise BadContext("a signed document says what its contexts do not declare")


def _check_context(entry: Any) -> None:
    """Take published contexts that are known to be harmless, and inline ones that only add plain terms."""
    if isinstance(entry, str):
        if entry not in CONTEXTS:
            raise BadContext("a signed document names a context we do not take")
        return
    if not isinstance(entry, dict) or any(term.startswith("@") for term in entry):
        raise BadContext("a signed document changes how it is read")
    for meaning in entry.values():
        if isinstance(meaning, str):
            plain = not meaning.startswith("@")
        else:
            plain = isinstance(meaning, dict) and meaning.keys() <= {"@id", "@type", "@container"}
            plain = plain and not str(meaning.get("@id", "")).startswith("@")
            plain = plain and meaning.get("@container") in (None, "@list", "@set")
        if not plain:
            raise BadContext("a signed document changes how it is read")


def _nodes(top: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waiting = [top]
    while waiting:
        node = waiting.pop()
        yield node
        for value in node.values():
            waiting += _nodes_at(value)


def _members(node: dict[str, Any]) -> Iterator[str]:
    """Yield the names of all members; those of text by language are tags."""
    for name, value in node.items():
        yield name
        if name not in LANGUAGE_MAPS:
            for inner in _nodes_at(value):
                yield from _members(inner)


def _nodes_at(value: Any) -> list[dict[str, Any]]:
    """Return the nodes that are a member's value; text by language is none."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, dict)]
