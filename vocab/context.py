"""The ``@context`` of what we write: the sender's entries, ours for extension terms in use, their union."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from vocab import jsonld, jsontext, meaning
from vocab.extensions import COMPANIONS, CONTEXT_OF, EXTENSIONS, PREFIXES

Entries = tuple[Any, ...]

_DECLARABLE: Final = EXTENSIONS.keys() | CONTEXT_OF.keys()


def united(first: Entries, second: Entries) -> Entries:
    """Return the entries of both, each once, the first ones first."""
    return first + tuple(entry for entry in second if entry not in first)


def with_declarations(entries: Entries, names: Iterable[str]) -> Entries:
    """Add what declares the extension terms in use that nobody declared yet (AP-039).

    A context we do not hold is taken to declare whatever its document uses.
    """
    used = _DECLARABLE & set(names)
    if not used or not meaning.is_complete(list(entries)):
        return entries
    written = jsontext.dumps(list(entries))
    declare = _declaring if len(written) <= meaning.CACHED_BYTES_MAX else _declaring.__wrapped__
    return declare(written, frozenset(used))


@lru_cache(maxsize=1_024)
def _declaring(written: bytes, used: frozenset[str]) -> Entries:
    entries: list[Any] = jsontext.loads(written)  # type: ignore[assignment]
    declared = _declared(entries)
    missing = sorted(term for term in used if _declared_by(term) not in declared)
    published = dict.fromkeys(CONTEXT_OF[term] for term in missing if term in CONTEXT_OF)
    inline: dict[str, Any] = {}
    for term in missing:
        for name, definition in ({term: EXTENSIONS[term]} if term in EXTENSIONS else {}).items():
            inline |= _with_prefix(name, definition)
        for name, definition in COMPANIONS.get(term, {}).items():
            inline |= _with_prefix(name, definition)
    added = [url for url in published if url not in entries]
    return (*entries, *added, inline) if inline else (*entries, *added)


def _declared(entries: Iterable[Any]) -> set[str]:
    """Collect the terms that these entries declare."""
    found: set[str] = set()
    for entry in entries:
        found.update(entry if isinstance(entry, dict) else jsonld.declared(entry))
    return found


def _declared_by(term: str) -> str:
    """Return the name that has to be declared for a term to have its meaning: its own or its prefix."""
    return term.partition(":")[0] if EXTENSIONS.get(term) == term else term


def _with_prefix(term: str, definition: Any) -> dict[str, Any]:
    """Write one definition, if it takes any, together with the prefix it is written with."""
    value = definition["@id"] if isinstance(definition, dict) else definition
    prefix = value.partition(":")[0]
    declaration = {} if definition == term else {term: definition}
    return ({prefix: PREFIXES[prefix]} if prefix in PREFIXES else {}) | declaration


def joined(outer: str | None, inner: str | None) -> tuple[str | None, str | None]:
    """Unite two stored contexts: what goes to the top, and what has to stay inside because it contradicts."""
    if inner is None or inner == outer:
        return outer, None
    if outer is None:
        return inner, None
    small = len(outer) + len(inner) <= meaning.CACHED_BYTES_MAX
    return _joined(outer, inner) if small else _joined.__wrapped__(outer, inner)


@lru_cache(maxsize=1_024)
def _joined(outer: str, inner: str) -> tuple[str | None, str | None]:
    ours, theirs = _loaded(outer), _loaded(inner)
    if not _agree(ours, theirs):
        return outer, inner
    return jsontext.dumps(_merged(ours, theirs)).decode(), None


def _loaded(text: str) -> list[Any]:
    entries = jsontext.loads(text)
    return entries if isinstance(entries, list) else []


def _agree(ours: list[Any], theirs: list[Any]) -> bool:
    """Tell whether two contexts may stand together: no term with two meanings, no unknown context."""
    new = [entry for entry in theirs if isinstance(entry, str) and entry not in ours]
    if not all(meaning.is_known(url) for url in new):
        return False
    mine, other = _definitions(ours), _definitions(theirs)
    if any(term.startswith("@") for term in mine.keys() ^ other.keys()):
        return False
    return all(mine[term] == other[term] for term in mine.keys() & other.keys())


def _definitions(entries: list[Any]) -> dict[str, Any]:
    return {term: value for entry in entries if isinstance(entry, dict) for term, value in entry.items()}


def _merged(ours: list[Any], theirs: list[Any]) -> list[Any]:
    """Put addresses first, then one inline entry with everything both define."""
    addresses = [entry for entry in (*ours, *theirs) if isinstance(entry, str)]
    inline = _definitions(ours) | _definitions(theirs)
    return [*dict.fromkeys(addresses), *([inline] if inline else [])]
