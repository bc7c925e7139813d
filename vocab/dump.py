"""Value → bytes with the right context (AP-002, AP-005, AP-006, AP-010, AP-039).

``document`` makes the two texts that are stored; everything else splices stored texts and never parses them.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from vocab import context, jsontext
from vocab.extensions import OPAQUE
from vocab.objects import Object
from vocab.terms import ALWAYS_ARRAYS, AS, OBJECT_PROPERTIES

_BLIND: Final = frozenset({"bto", "bcc"})
_BARE: Final = (OBJECT_PROPERTIES - ALWAYS_ARRAYS) | {"type"}
_MARKED: Final = _BLIND | ALWAYS_ARRAYS | {"type"}
"""Members whose texts are not written as they are."""
_SIGNED: Final = frozenset({"proof", "signature"})
_SIGNED_MARKS: Final = tuple(f'"{term}":' for term in sorted(_SIGNED))


class Text(NamedTuple):
    """A document as it is stored: compact JSON without ``@context``, and its further context entries."""

    document: str
    context: str | None = None


def document(node: Object, inherited: tuple[Any, ...] = ()) -> Text:
    """Return what is stored of a value.

    The text has no ``@context`` of its own, no bto and no bcc at any depth. The context is a JSON array, or
    None: the sender's entries (``inherited`` ones first, AP-010) and what declares the extension terms in use
    (AP-039). Signed documents keep their exact shape (AP-506).
    """
    entries = context.united(inherited, node.context)
    tidying = _Tidying(node.data.get("@context"))
    data = tidying.node(node.without("@context").data)
    entries = context.with_declarations(entries, tidying.names)
    return Text(jsontext.dumps(data).decode(), jsontext.dumps(list(entries)).decode() if entries else None)


def dump(node: Object) -> bytes:
    """Return a complete document, ``@context`` first."""
    return render(*document(node))


def render(text: str, further: str | None = None) -> bytes:
    """Return stored texts as a complete document, ``@context`` first and containing ``AS`` (AP-002)."""
    return _headed(text, _all_entries(further)).encode()


def splice(text: Text, member: str, iri: str, value: Text) -> Text:
    """Put a document in the place of its IRI, when that is the last member of a text; else change nothing.

    The value's context joins that of the text, or stays inside the value when the two contradict or it is signed.
    """
    name = _quoted(member)
    ending = f"{name}:{_quoted(iri)}}}"
    if not text.document.endswith(ending):
        return text
    joined, embedded = _joined(text.context, value)
    return Text(f"{text.document[: -len(ending)]}{name}:{embedded}}}", joined)


def extended(text: Text, members: dict[str, Any]) -> Text:
    """Return a stored text with further members at its end, and with what declares them."""
    if not members:
        return text
    added = document(Object(members))
    joined, _ = context.joined(text.context, added.context)
    comma = "" if text.document == "{}" else ","
    return Text(f"{text.document[:-1]}{comma}{added.document[1:]}", joined)


def collection(
    header: dict[str, Any], items: Iterable[Text | str], items_member: str = "orderedItems"
) -> bytes:
    """Return a collection or page around stored texts and IRIs; without items, without the member (AP-005).

    The items' contexts are united at the top as far as they agree.
    """
    written, top = document(Object(header))
    spliced: list[str] = []
    for item in items:
        if isinstance(item, Text):
            top, embedded = _joined(top, item)
            spliced.append(embedded)
        else:
            spliced.append(_quoted(item))
    if spliced:
        comma = "" if written == "{}" else ","
        written = f"{written[:-1]}{comma}{_quoted(items_member)}:[{','.join(spliced)}]}}"
    return render(written, top)


def _quoted(text: str) -> str:
    return jsontext.dumps(text).decode()


def _joined(outer: str | None, value: Text) -> tuple[str | None, str]:
    """Unite a value's context with the one around it; return that, and the value as it is embedded.

    A signed value keeps its context inside, where it was when it was signed (AP-506).
    """
    if any(mark in value.document for mark in _SIGNED_MARKS):
        return outer, _headed(value.document, _all_entries(value.context))
    joined, inside = context.joined(outer, value.context)
    return joined, value.document if inside is None else _headed(value.document, inside)


def _all_entries(further: str | None) -> str:
    return f'["{AS}",{further[1:]}' if further else f'"{AS}"'


def _headed(document: str, entries: str) -> str:
    """Put a context in front of an object's members."""
    rest = "}" if document == "{}" else "," + document[1:]
    return f'{{"@context":{entries}{rest}'


class _Tidying:
    """One pass over a document that leaves out what is not shown and notes the names in use."""

    def __init__(self, outer_context: Any) -> None:
        self.outer_context = outer_context
        self.names: set[str] = set()

    def node(self, node: dict[str, Any]) -> dict[str, Any]:
        """Leave out blind recipients, nulls, empty arrays and repeated contexts; write one value bare."""
        if not _SIGNED.isdisjoint(node):
            visible: dict[str, Any] = _visible(node)
            return visible
        tidy: dict[str, Any] = {}
        for term, member in node.items():
            if type(member) is str and term not in _MARKED:
                tidy[term] = member
                continue
            if member is None or term in _BLIND:
                continue
            value = self.member(term, member)
            if value != []:
                tidy[term] = [value] if term in ALWAYS_ARRAYS and type(value) is not list else value
        if tidy.get("@context", "") == self.outer_context:
            del tidy["@context"]
        self.names.update(tidy)
        return tidy

    def member(self, term: str, member: Any) -> Any:
        """Tidy one member's value; of the known members, those with one value are written bare (AP-006)."""
        kind = type(member)
        if term == "type":
            self.names.update([member] if kind is str else filter(_is_text, member) if kind is list else ())
        if (kind is not list and kind is not dict) or term in OPAQUE:
            return member
        if kind is dict:
            return self.node(member)
        tidy = [self.node(one) if type(one) is dict else one for one in member if one is not None]
        bare = len(tidy) == 1 and term in _BARE and type(tidy[0]) is not list
        return tidy[0] if bare else tidy


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _visible(value: Any) -> Any:
    """Leave out the blind recipients and nothing else."""
    if isinstance(value, dict):
        return {
            term: member if term in OPAQUE else _visible(member)
            for term, member in value.items()
            if term not in _BLIND
        }
    return [_visible(member) for member in value] if isinstance(value, list) else value
