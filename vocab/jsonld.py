"""JSON-LD processing with contexts that are part of the program, and no others (SEC-028).

Nothing here can reach the network: the loader holds a frozen table. It is slow, so only documents with
surprising contexts come here, and only small ones.
"""

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyld

from vocab import meaning
from vocab.errors import BadContext
from vocab.terms import AS, AS_SPELLINGS, KNOWN_CONTEXTS

CONTEXTS_MAX: Final = 10
"""Contexts one document may name (limits of the security rules)."""
VALUES_MAX: Final = 2_000
"""Values a document may have to be processed; a larger one would hold the processor for too long."""

_FILES: Final = Path(__file__).parent / "contexts"


def _file_name(url: str) -> str:
    """Return the name under which our copy of a context is kept."""
    return (
        url.removeprefix("https://").removesuffix(".jsonld").removesuffix(".json").replace("/", "_")
        + ".jsonld"
    )


@cache
def _documents() -> dict[str, Any]:
    """Collect every context we hold, by its address."""
    ours = {url: _FILES / _file_name(url) for url in (*KNOWN_CONTEXTS, meaning.LITEPUB)}
    held = {url: json.loads(path.read_bytes()) for url, path in ours.items() if path.exists()}
    bundled = {url: json.loads(Path(path).read_bytes()) for url, path in pyld.BUNDLED_CONTEXTS.items()}
    normative = dict.fromkeys(AS_SPELLINGS, bundled[AS])
    return bundled | held | normative


@cache
def _options() -> dict[str, Any]:
    """Give the processor a loader that knows our documents alone."""
    frozen = pyld.FrozenDocumentLoader(documents=_documents())

    def load(url: str, options: dict[str, Any]) -> Any:
        return frozen(meaning.held_as(url) or url, options)

    return {"documentLoader": load, "base": ""}


@cache
def declared(url: str) -> frozenset[str]:
    """Return the terms a published context declares; nothing for one we do not hold."""
    document = _documents().get(meaning.held_as(url) or url)
    if document is None:
        return frozenset()
    found: set[str] = set()
    waiting = [document["@context"]]
    for entry in waiting:
        if isinstance(entry, list):
            waiting.extend(entry)
        elif isinstance(entry, dict):
            found.update(term for term in entry if not term.startswith("@"))
    return frozenset(found)


def expand(data: dict[str, Any]) -> list[Any]:
    """Return the expanded form of a document (JSON-LD 1.1); raise BadContext when it has none."""
    _check_size(data)
    try:
        expanded: list[Any] = pyld.jsonld.expand(copy.deepcopy(data), dict(_options()))
    except (
        pyld.jsonld.JsonLdError,
        RecursionError,
        TypeError,
        ValueError,
        KeyError,
        AttributeError,
    ) as error:
        raise BadContext(_first_line(error)) from error
    return expanded


def compact(expanded: list[Any], context: list[Any]) -> dict[str, Any]:
    """Return the compact form of an expanded document for the given context."""
    try:
        compacted: dict[str, Any] = pyld.jsonld.compact(expanded, context, dict(_options()))
    except (
        pyld.jsonld.JsonLdError,
        RecursionError,
        TypeError,
        ValueError,
        KeyError,
        AttributeError,
    ) as error:
        raise BadContext(_first_line(error)) from error
    return compacted


def readable_context(context: Any) -> list[Any]:
    """Return the part of a context that can be processed: ours first, unknown addresses left out.

    The default language is left out too: it would turn every plain text into a text by language.
    """
    entries = context if isinstance(context, list) else [context]
    known = [entry for entry in entries if isinstance(entry, dict) or _is_further(entry)]
    return [AS, *(without_language(entry) for entry in known)]


def without_language(entry: Any) -> Any:
    """Return a context entry without its default language."""
    return {t: v for t, v in entry.items() if t != "@language"} if isinstance(entry, dict) else entry


def harmless_context(context: Any) -> list[Any]:
    """Return a context with what leaves our terms alone, and no prefixes, so that ids stay whole."""
    kept: list[Any] = []
    inline: dict[str, Any] = {}
    for entry in readable_context(context):
        if isinstance(entry, str):
            kept.append(entry)
        else:
            inline |= {
                term: value for term, value in entry.items() if meaning.leaves_alone(term, value, entry)
            }
    spelled = {term: _spelled_out(term, value, inline) for term, value in inline.items() if ":" not in term}
    return [*kept, spelled] if spelled else kept


def _is_further(entry: Any) -> bool:
    return isinstance(entry, str) and entry not in AS_SPELLINGS and meaning.is_known(entry)


def _spelled_out(term: str, definition: Any, names: dict[str, Any]) -> Any:
    """Write a definition with its full IRI in the long form, which never serves as a prefix."""
    if term.startswith("@") or definition is None:
        return definition
    longer = definition if isinstance(definition, dict) else {}
    return longer | {"@id": meaning.resolve(term, definition, names)}


def _check_size(data: dict[str, Any]) -> None:
    """Refuse documents that would cost too much."""
    contexts = values = 0
    waiting: list[Any] = [data]
    for value in waiting:
        values += 1
        if isinstance(value, dict):
            named = value.get("@context")
            contexts += len(named) if isinstance(named, list) else named is not None
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    if contexts > CONTEXTS_MAX:
        raise BadContext("too many contexts")
    if values > VALUES_MAX:
        raise BadContext("too large to be processed as JSON-LD")


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]
