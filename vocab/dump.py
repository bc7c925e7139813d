"""Value → bytes with the right context (AP-002, AP-005, AP-006, AP-010, AP-039).

``document`` makes the two texts that are stored; everything else splices stored bytes and never parses them.
"""

from collections.abc import Iterable
from typing import Any, Final

from vocab import context, jsontext
from vocab.objects import Object
from vocab.terms import ALWAYS_ARRAYS, AS, OBJECT_PROPERTIES

_BLIND: Final = frozenset({"bto", "bcc"})
_BARE: Final = (OBJECT_PROPERTIES - ALWAYS_ARRAYS) | {"type"}
_SIGNED: Final = frozenset({"proof", "signature"})
_HEAD: Final = b'{"@context":'


def document(node: Object, inherited: tuple[Any, ...] = ()) -> tuple[str, str | None]:
    """Return what is stored of a value: its text, and its further context entries as a JSON array or None.

    The text has no ``@context`` of its own, no bto and no bcc at any depth. ``inherited`` is the ``context``
    of the document a node was embedded in, which still gives its extension terms their meaning (AP-010).
    Signed documents keep their exact shape (AP-506).
    """
    names: set[str] = set()
    data = _tidy(node.data, names)
    data.pop("@context", None)
    entries = context.united(inherited, node.context)
    entries = context.with_declarations(entries, names)
    return jsontext.dumps(data).decode(), jsontext.dumps(list(entries)).decode() if entries else None


def dump(node: Object) -> bytes:
    """Return a complete document, ``@context`` first."""
    return render(*document(node))


def render(text: str, context_text: str | None) -> bytes:
    """Return stored texts as a complete document, ``@context`` first and containing ``AS`` (AP-002)."""
    return _headed(text.encode(), context_text)


def render_with(
    text: str, context_text: str | None, member: str, value: bytes, value_context: str | None
) -> bytes:
    """Return a complete document with one more member at its end, spliced in as bytes.

    The value's context joins that of the document, or stays inside the value when the two contradict.
    """
    joined, inside = context.joined(context_text, value_context)
    if inside is not None:
        value = _nested(value, inside)
    return _headed(_with_member(text.encode(), member, value), joined)


def collection(
    header: dict[str, Any],
    items: Iterable[bytes],
    items_member: str = "orderedItems",
    contexts: Iterable[str | None] = (),
) -> bytes:
    """Return a collection or page around items that are JSON bytes already; no items, no member (AP-005).

    ``contexts`` are the items' further context entries, in the same order; they are united at the top as far
    as they agree.
    """
    names: set[str] = set()
    text = jsontext.dumps(_tidy(header, names))
    spliced = list(items)
    entries = context.with_declarations((), names)
    top = jsontext.dumps(list(entries)).decode() if entries else None
    for index, item_context in enumerate(contexts):
        top, inside = context.joined(top, item_context)
        if inside is not None:
            spliced[index] = _nested(spliced[index], inside)
    if spliced:
        text = _with_member(text, items_member, b"[" + b",".join(spliced) + b"]")
    return _headed(text, top)


def _headed(text: bytes, context_text: str | None) -> bytes:
    """Put the context in front of an object's members."""
    entries = f'["{AS}",{context_text[1:]}' if context_text else f'"{AS}"'
    rest = b"}" if text == b"{}" else b"," + text[1:]
    return _HEAD + entries.encode() + rest


def _nested(value: bytes, context_text: str) -> bytes:
    """Put a context inside a value; text and numbers have no terms to explain."""
    if not value.startswith(b"{") or value == b"{}":
        return value
    return _HEAD + context_text.encode() + b"," + value[1:]


def _with_member(text: bytes, member: str, value: bytes) -> bytes:
    """Put one more member at the end of an object."""
    comma = b"" if text == b"{}" else b","
    return text[:-1] + comma + jsontext.dumps(member) + b":" + value + b"}"


def _visible(value: Any) -> Any:
    """Leave out the blind recipients and nothing else."""
    if isinstance(value, dict):
        return {term: _visible(member) for term, member in value.items() if term not in _BLIND}
    return [_visible(member) for member in value] if isinstance(value, list) else value


def _tidy(node: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Leave out blind recipients, nulls and empty arrays; write one value bare; note the names in use.

    A signed node inside keeps its exact shape.
    """
    if not _SIGNED.isdisjoint(node):
        visible: dict[str, Any] = _visible(node)
        return visible
    tidy: dict[str, Any] = {}
    for term, member in node.items():
        kind = type(member)
        if member is None or term in _BLIND:
            continue
        if kind is list:
            member = _tidy_list(term, member, names)
            if member == []:
                continue
        elif kind is dict:
            member = member if term == "@context" else _tidy(member, names)
        elif term == "type" and kind is str:
            names.add(member)
        if term in ALWAYS_ARRAYS and type(member) is not list:
            member = [member]
        tidy[term] = member
    names.update(tidy)
    return tidy


def _tidy_list(term: str, members: list[Any], names: set[str]) -> Any:
    """Tidy the values of one member; known members with one value are written bare (AP-006)."""
    if term == "@context":
        return members
    tidy = [
        _tidy(member, names) if type(member) is dict else member for member in members if member is not None
    ]
    if term == "type":
        names.update(member for member in tidy if isinstance(member, str))
    return tidy[0] if len(tidy) == 1 and term in _BARE else tidy
