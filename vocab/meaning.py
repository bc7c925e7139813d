"""Does a document's ``@context`` leave the terms of the vocabulary alone? (AP-004, SEC-028).

Most do: they only add terms of their own, and the document can be read as it stands. A context that renames,
aliases, scopes or nests is *surprising*, and the document has to go through JSON-LD processing first.
"""

import re
from functools import lru_cache
from typing import Any, Final

from vocab import jsontext
from vocab.terms import AS_SPELLINGS, KNOWN_CONTEXTS, LITEPUB_PATH, NORMATIVE, NS, OBJECT_PROPERTIES, PREFIXES

LITEPUB: Final = "https://litepub.social" + LITEPUB_PATH
KEYWORDS_ALLOWED: Final = frozenset({"@language", "@vocab", "@base", "@version", "@direction"})
CACHED_BYTES_MAX: Final = 4_096
"""Contexts above this size are judged each time, so that nobody can fill the memory with them."""
_ALIASES: Final = {"id": "@id", "type": "@type"}
_DEFINITION_KEYS: Final = frozenset({"@id", "@type", "@container"})
_VERSION = re.compile(r"(?<=archive\.org/)(socialweb/[a-z]+|miscellany)/[0-9.]+\Z")
_LINKED: Final = OBJECT_PROPERTIES - {"orderedItems"}
_INBOX: Final = "http://www.w3.org/ns/ldp#inbox"
"""The one term of the vocabulary that lives in another namespace."""
_PREFIX_SHORTEST: Final = len("https:")


@lru_cache(maxsize=1_024)
def held_as(url: str) -> str | None:
    """Return the address under which we hold a published context, None when we do not (AP-023).

    Pleroma serves its context from every host; the Social Web group gives versions of its contexts their own
    addresses.
    """
    if url.endswith(LITEPUB_PATH):
        return LITEPUB
    plain = _VERSION.sub(r"\1", url)
    return plain if plain in KNOWN_CONTEXTS else None


def is_known(url: str) -> bool:
    """Tell whether we hold a copy of a published context (AP-023)."""
    return held_as(url) is not None


def is_plain(context: Any) -> bool:
    """Tell whether a document with this context can be read as it stands."""
    if isinstance(context, str) or not context:
        return True
    text = jsontext.dumps(context)
    return _is_plain(text) if len(text) <= CACHED_BYTES_MAX else _is_plain.__wrapped__(text)


@lru_cache(maxsize=1_024)
def _is_plain(context: bytes) -> bool:
    inline = [entry for entry in _entries(jsontext.loads(context)) if isinstance(entry, dict)]
    names = {term: value for entry in inline for term, value in entry.items()}
    return all(leaves_alone(term, value, names) for term, value in names.items())


def is_complete(context: Any) -> bool:
    """Tell whether every published context named here is known to us."""
    return all(is_known(entry) for entry in _entries(context) if isinstance(entry, str))


def _entries(context: Any) -> list[Any]:
    return context if isinstance(context, list) else [context]


def leaves_alone(term: str, definition: Any, names: dict[str, Any]) -> bool:
    """Tell whether one entry of an inline context changes nothing about the vocabulary.

    It may repeat what a term means already; it may define a term of its own, as long as that is not another
    name for one of ours, nor a prefix from which such a name could be made.
    """
    if term.startswith("@"):
        return term in KEYWORDS_ALLOWED and not isinstance(definition, dict | list)
    if isinstance(definition, dict) and not definition.keys() <= _DEFINITION_KEYS:
        return False
    if ":" in term and _is_ours(resolve(term, term, names) or ""):
        return False
    meaning = resolve(term, definition, names)
    if term in NORMATIVE:
        usual = isinstance(definition, str) or _is_usual_link(term, definition)
        return usual and meaning in (NS + term, _ALIASES.get(term))
    if term == "as":
        return meaning == NS
    return meaning is None or not _is_ours(meaning)


def _is_usual_link(term: str, definition: Any) -> bool:
    """Tell whether a member is declared as a link, as the normative context itself does (PeerTube's ``likes``)."""
    linked = isinstance(definition, dict) and definition.keys() == {"@id", "@type"}
    return linked and definition["@type"] == "@id" and term in _LINKED


def resolve(term: str, definition: Any, names: dict[str, Any]) -> str | None:
    """Return the IRI a term stands for, prefixes spelled out; None when it is taken out of use."""
    value = definition.get("@id", term) if isinstance(definition, dict) else definition
    for _ in range(4):  # a prefix may be written with another prefix
        if not isinstance(value, str):
            return None
        prefix, colon, rest = value.partition(":")
        if not colon or rest.startswith("//"):
            break
        base = names.get(prefix, NS if prefix == "as" else PREFIXES.get(prefix))
        base = base.get("@id") if isinstance(base, dict) else base
        if not isinstance(base, str):
            break
        value = base + rest
    return value if isinstance(value, str) else None


def _is_ours(meaning: str) -> bool:
    """Tell whether an IRI is a keyword, a term of the vocabulary, or the beginning of its namespace."""
    if meaning.startswith("@") or meaning in NORMATIVE:
        return True
    if meaning in AS_SPELLINGS or _begins_ours(meaning):
        return True
    return meaning == _INBOX or (meaning.startswith(NS) and meaning.removeprefix(NS) in NORMATIVE)


def _begins_ours(meaning: str) -> bool:
    return len(meaning) > _PREFIX_SHORTEST and (NS.startswith(meaning) or _INBOX.startswith(meaning))
