"""Bytes → value, within limits (AP-001…AP-012, SEC-028, SEC-050…055).

Spellings of the same thing become one (``@id``, ``as:Note``); contexts that leave the vocabulary alone are
not processed at all; a context that would make the document say two different things is refused.
"""

from typing import Any, Final

from vocab import jsonld, jsontext, meaning
from vocab.errors import BadContext, ParseError
from vocab.extensions import OPAQUE
from vocab.objects import Object, of
from vocab.terms import AS, EXTENSIONS, KNOWN_TYPES, NORMATIVE, NS, PUBLIC, PUBLIC_SPELLINGS

CONTEXT_ENTRIES_MAX: Final = 64
"""Longer lists of contexts are refused; real ones have fewer than ten entries."""
_SECURITY_TERMS: Final = ("actor", "object", "attributedTo", "to", "cc", "inReplyTo", "target")
_OURS: Final = NORMATIVE | {term for term, entry in EXTENSIONS.items() if f"as:{term}" in str(entry)}
_SHORT: Final[dict[str, str]] = {"@id": "id", "@type": "type"} | {
    prefix + term: term for prefix in ("as:", NS) for term in _OURS if term != "Public"
}
_ORDINARY_KEYS: Final = (
    frozenset(NORMATIVE | EXTENSIONS.keys() | {"publicKey", "publicKeyPem", "owner"}) - OPAQUE
)


def parse(raw: bytes | str) -> Object:
    """Read one document as the class that describes it; raise ParseError naming the culprit."""
    data = jsontext.loads(raw)
    if not isinstance(data, dict):
        raise ParseError("a document is a JSON object")
    return from_json(data)


def from_json(data: dict[str, Any]) -> Object:
    """Read a document that is JSON already."""
    odd, contexts = _survey(data)
    if odd:
        data = _folded(data, "")
    if any(isinstance(context, list) and len(context) > CONTEXT_ENTRIES_MAX for context in contexts):
        raise ParseError("too many contexts", "@context")
    if not all(meaning.is_plain(context) for context in contexts):
        data = _processed(data)
    identifier = data.get("id")
    if identifier is not None and not isinstance(identifier, str):
        raise ParseError("an id is one text", "id")
    return of(data)


def stored(document: str, context: str | None) -> Object:
    """Read back what ``dump.document`` wrote; nothing is checked again."""
    data = jsontext.again(document)
    assert isinstance(data, dict)  # noqa: S101 - we wrote it
    if context is not None:
        further = jsontext.again(context)
        data = {"@context": [AS, *further] if isinstance(further, list) else AS} | data
    return of(data)


def _survey(data: dict[str, Any]) -> tuple[bool, list[Any]]:
    """Find out, in one walk, whether anything is spelt in an odd way, and collect the contexts."""
    odd = False
    contexts: list[Any] = []
    level: list[Any] = [data]
    while level:
        deeper: list[Any] = []
        for node in level:
            inside = node
            if type(node) is dict:
                inside = node.values()
                if not node.keys() <= _ORDINARY_KEYS:
                    if "@context" in node:
                        contexts.append(node["@context"])
                    inside = [value for key, value in node.items() if key not in OPAQUE]
                    odd = odd or not _SHORT.keys().isdisjoint(node)
                kind = node.get("type")
                odd = odd or (kind in _SHORT if type(kind) is str else isinstance(kind, list))
            deeper += [value for value in inside if type(value) is dict or type(value) is list]
        level = deeper
    return odd, contexts


def _folded(node: Any, path: str) -> Any:
    """Give members and types their short spelling (AP-012); two spellings that disagree are refused."""
    if isinstance(node, list):
        return [_folded(value, path) for value in node]
    return _folded_node(node, path) if isinstance(node, dict) else node


def _folded_node(node: dict[str, Any], path: str) -> dict[str, Any]:
    folded: dict[str, Any] = {}
    for key, value in node.items():
        term = _SHORT.get(key, key)
        field = f"{path}.{term}".lstrip(".")
        plain = value if term in OPAQUE else _folded(value, field)
        plain = _short_types(plain) if term == "type" else plain
        if term in folded and folded[term] != plain:
            raise ParseError("spelt twice, with different values", field)
        folded[term] = plain
    return folded


def _short_types(types: Any) -> Any:
    if isinstance(types, list):
        return [_short_types(one) for one in types]
    return _SHORT.get(types, types) if isinstance(types, str) else types


def _processed(data: dict[str, Any]) -> dict[str, Any]:
    """Read a document with a surprising context by way of JSON-LD; it must still say the same (SEC-028).

    A document that names a context we do not hold, or that is signed, is compared but kept as it stands.
    """
    context = data.get("@context")
    try:
        readable = data | {"@context": jsonld.readable_context(context)}
        compacted = jsonld.compact(jsonld.expand(readable), jsonld.harmless_context(context))
    except BadContext as error:
        raise ParseError(error.reason, "@context") from error
    compacted = _folded_node(compacted, "")
    _compare(data, compacted, "")
    if not meaning.is_complete(context) or "proof" in data or "signature" in data:
        return data
    return compacted


def _compare(plain: Any, processed: Any, path: str) -> None:
    """Refuse a document whose context makes it say something else than what stands there."""
    first, second = of(_as_node(plain)), of(_as_node(processed))
    if _spelled(first.id) != _spelled(second.id):
        raise ParseError("the context changes what this means", f"{path}.id".lstrip("."))
    if _known_types(first) != _known_types(second):
        raise ParseError("the context changes what this means", f"{path}.type".lstrip("."))
    for term in _SECURITY_TERMS:
        ours, theirs = first.values(term), second.values(term)
        field = f"{path}.{term}".lstrip(".")
        if _names(first, term) != _names(second, term) or len(ours) != len(theirs):
            raise ParseError("the context changes what this means", field)
        for mine, other in zip(ours, theirs, strict=True):
            _compare(mine, other, field)


def _as_node(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"id": value}


def _known_types(node: Object) -> list[str]:
    return [one for one in node.types if one in KNOWN_TYPES]


def _names(node: Object, term: str) -> list[str]:
    return [_spelled(name) or "" for name in node.ids(term)]


def _spelled(name: str | None) -> str | None:
    """Return Public in its one spelling, and any other name as it is (AP-281)."""
    return PUBLIC if name in PUBLIC_SPELLINGS else name
