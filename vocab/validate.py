"""One validator in two modes (AP-022).

*Strict* is for clients: the first member that breaks a rule is refused by name. *Lenient* is for servers: such
members are left out, and only what cannot be used safely is refused.
"""

from typing import Any, Final, TypeVar

from vocab import iri, plaintext
from vocab.errors import BadIri, Invalid
from vocab.literals import CHECKS, is_language
from vocab.objects import Object
from vocab.terms import (
    AS,
    AUDIENCE,
    COUNTS,
    FUNCTIONAL,
    NATURAL,
    OBJECT_PROPERTIES,
    PUBLIC_SPELLINGS,
    RELATIONSHIPS,
)

Node = TypeVar("Node", bound=Object)

RECIPIENTS_MAX: Final = 1_000
VALUES_MAX: Final = {
    "object": 1_000, "attachment": 64, "tag": 256, "oneOf": 500, "anyOf": 500, "alsoKnownAs": 256,
}  # fmt: skip
"""How many values are kept of members that a reader has to walk through."""
HANDLE_CHARS_MAX: Final = 256
NAME_CHARS_MAX: Final = 2_048
PROFILE_BYTES_MAX: Final = 20 * 1_024

SCHEMES: Final = frozenset(
    {"https", "http", "acct", "ap", "at", "bear", "did", "doi", "geo", "gemini", "info", "ipfs", "ipns"}
    | {"magnet", "mailto", "matrix", "nostr", "tag", "tel", "urn", "xmpp"}
)
"""Schemes an id or link may have; script, data and files of this machine are not among them (SEC-045)."""

_IRIS: Final = OBJECT_PROPERTIES | {"href", "id"}
_UNUSABLE: Final = object()
_SINGULAR: Final = frozenset({"actor", "attributedTo"})
"""Members that name who is responsible: leaving out a value could make one of several look like the only one."""


def strict(node: Object) -> None:
    """Raise Invalid for the first member that breaks a rule of the vocabulary (AP-013…AP-022)."""
    _check_context(node.data.get("@context", AS))
    _Walk(strict=True).node(node.data, "")
    _check_limits(node)
    for term, most in VALUES_MAX.items():
        if len(node.values(term)) > most:
            raise Invalid(term, f"at most {most} values")


def lenient(node: Node) -> Node:
    """Return a copy without the members that cannot be used; raise Invalid only for what cannot be safe."""
    _check_limits(node)
    usable = type(node)(_Walk(strict=False).node(node.data, ""))
    return _shortened(usable) if usable.is_actor else usable


def _check_limits(node: Object) -> None:
    """Refuse too many recipients, here and one level inside, and handles nobody could type (SEC §2)."""
    named = {iri for one in (node, *node.embedded("object")) for field in AUDIENCE for iri in one.ids(field)}
    if max(len(named), sum(len(node.values(field)) for field in AUDIENCE)) > RECIPIENTS_MAX:
        raise Invalid("to", f"at most {RECIPIENTS_MAX} recipients")
    handle = node.get("preferredUsername")
    if isinstance(handle, str) and len(handle) > HANDLE_CHARS_MAX:
        raise Invalid("preferredUsername", f"at most {HANDLE_CHARS_MAX} characters")


def _shortened(actor: Node) -> Node:
    """Cut an actor's name and profile text to what we keep."""
    name, summary = actor.get("name"), actor.get("summary")
    if isinstance(name, str) and len(name) > NAME_CHARS_MAX:
        actor = actor.with_(name=name[:NAME_CHARS_MAX])
    if isinstance(summary, str) and len(summary.encode()) > PROFILE_BYTES_MAX:
        actor = actor.with_(summary=summary.encode()[:PROFILE_BYTES_MAX].decode(errors="ignore"))
    return actor


def _check_context(context: Any) -> None:
    """Refuse a context that is none, or that leaves Activity Streams out (AP-022)."""
    entries = context if isinstance(context, list) else [context]
    if not all(isinstance(entry, str | dict) for entry in entries):
        raise Invalid("@context", "must be an address, an object, or an array of these")
    named = [value for entry in entries for value in (entry.values() if isinstance(entry, dict) else [entry])]
    if not any(isinstance(value, str) and value.startswith((AS, "http" + AS[5:])) for value in named):
        raise Invalid("@context", f"must contain {AS}")


class _Walk:
    """One pass over a document; what to do about a problem is the only difference between the modes."""

    def __init__(self, *, strict: bool) -> None:
        self.strict = strict

    def node(self, node: dict[str, Any], path: str) -> dict[str, Any]:
        """Check every member of a node; return the usable ones."""
        if self.strict:
            _check_shape(Object(node), path)
        usable: dict[str, Any] = {}
        for term, value in node.items():
            kept = value if value is None else self.member(term, value, f"{path}.{term}".lstrip("."))
            if kept is not _UNUSABLE:
                usable[term] = kept
        return usable

    def member(self, term: str, value: Any, field: str) -> Any:
        """Check one member; members we do not know are left alone (AP-009)."""
        if term == "type":
            return self.types(value, field)
        if term not in _IRIS and term not in CHECKS:
            return value
        if term in FUNCTIONAL and isinstance(value, list) and value:
            if self.strict or len(value) > 1:
                return self.problem(field, "must be one value")
            value = value[0]
        if not isinstance(value, list):
            return self.value(term, value, field)
        if not self.strict and term in VALUES_MAX:
            value = value[: VALUES_MAX[term]]
        kept = [self.value(term, one, field) for one in value if one is not None]
        if term in _SINGULAR and any(one is _UNUSABLE for one in kept):
            return _UNUSABLE
        return [one for one in kept if one is not _UNUSABLE]

    def types(self, value: Any, field: str) -> Any:
        """Types are texts, one or several (AP-007)."""
        if isinstance(value, str):
            return value
        texts = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
        if isinstance(value, list) and len(texts) == len(value):
            return value
        unusable = self.problem(field, "must be text or an array of texts")
        return texts or unusable

    def value(self, term: str, value: Any, field: str) -> Any:
        """Check one value of a member."""
        if term in _IRIS:
            return self.reference(term, value, field)
        if not self.strict:
            value = _mended(term, value)
        reason = CHECKS[term](value)
        if reason is None and self.strict and term.endswith("Map") and not all(map(is_language, value)):
            reason = "has an ill-formed language tag"
        if reason is not None:
            return self.problem(field, reason)
        return self.node(value, field) if term == "endpoints" else value

    def reference(self, term: str, value: Any, field: str) -> Any:
        """Check an id, link or embedded node (AP-019, AP-020)."""
        if isinstance(value, dict) and term in OBJECT_PROPERTIES:
            return self.node(value, field)
        if not isinstance(value, str):
            return self.problem(field, "must be an IRI or an object")
        if value in PUBLIC_SPELLINGS or (term == "relationship" and value in RELATIONSHIPS):
            return value
        try:
            scheme = iri.canonical(value).partition(":")[0]
        except BadIri as error:
            return self.problem(field, f"must be an absolute IRI ({error.reason})")
        return value if scheme in SCHEMES else self.problem(field, "has a scheme that is not accepted")

    def problem(self, field: str, reason: str) -> Any:
        """Refuse a client's document; leave out a server's member."""
        if self.strict:
            raise Invalid(field, reason)
        return _UNUSABLE


def _mended(term: str, value: Any) -> Any:
    """Make the best of what servers send: digits or a source as text, controls in text (AP-018, IQ-712, SEC-053)."""
    if term in COUNTS or term == "votersCount":
        count = Object({term: value}).count(term)
        return value if count is None or not isinstance(value, str) else count
    if term == "source" and isinstance(value, str):
        return {"content": value}
    if isinstance(value, str) and term in NATURAL | {"preferredUsername"}:
        return plaintext.without_controls(value) if term in ("content", "summary") else plaintext.name(value)
    return value


def _check_shape(node: Object, path: str) -> None:
    """Refuse collections whose members or pages have the wrong name or shape (AP-022)."""
    where = f"{path}." if path else ""
    ordered = node.is_a("OrderedCollection", "OrderedCollectionPage")
    if ordered and "items" in node.data:
        raise Invalid(f"{where}items", "an ordered collection has orderedItems")
    if node.is_collection and not ordered and "orderedItems" in node.data:
        raise Invalid(f"{where}orderedItems", "an unordered collection has items")
    for term in ("first", "last", "next", "prev", "current"):
        for page in node.embedded(term) if node.is_collection else ():
            if page.types and not page.is_link and not page.is_a("CollectionPage", "OrderedCollectionPage"):
                raise Invalid(f"{where}{term}", "must be a page")
