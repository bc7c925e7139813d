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

_REFUSALS: Final = (
    pyld.jsonld.JsonLdError, RecursionError, TypeError, ValueError, LookupError, AttributeError,
)  # fmt: skip
"""What the processor raises for documents it cannot make sense of; the last five are its slips, not ours."""
_DEFAULTS: Final = frozenset({"@language", "@base"})
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

    return {"documentLoader": load, "base": None}


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


def canonize(data: dict[str, Any]) -> str:
    """Return the canonical N-Quads of a document (URDNA2015); raise BadContext when it has none.

    Nothing here limits how long that takes: the caller makes sure that the graph is simple.
    """
    _check_size(data)
    options = {**_options(), "algorithm": "URDNA2015", "format": "application/n-quads"}
    try:
        quads: str = pyld.jsonld.normalize(copy.deepcopy(data), options)
    except _REFUSALS as error:
        raise BadContext(_first_line(error)) from error
    return quads


def compact(expanded: list[Any], context: list[Any]) -> dict[str, Any]:
    """Return the compact form of an expanded document for the given context, which it then carries."""
    try:
        compacted: dict[str, Any] = pyld.jsonld.compact(expanded, _neutral(context), dict(_options()))
    except _REFUSALS as error:
        raise BadContext(_first_line(error)) from error
    return compacted | {"@context": context}


def readable_context(context: Any) -> list[Any]:
    """Return the part of a context that can be processed: ours first, unknown addresses left out."""
    return _neutral(_readable(context))


def harmless_context(context: Any) -> list[Any]:
    """Return a context with what leaves our terms alone, and no prefixes, so that ids stay whole."""
    kept = [entry for entry in _readable(context) if isinstance(entry, str)]
    inline: dict[str, Any] = {}
    for entry in _readable(context):
        if isinstance(entry, dict):
            inline |= {
                term: value for term, value in entry.items() if meaning.leaves_alone(term, value, entry)
            }
    spelled = {term: _spelled_out(term, value, inline) for term, value in inline.items() if ":" not in term}
    spelled.pop("@base", None)
    return [*kept, spelled] if spelled else kept


def _readable(context: Any) -> list[Any]:
    entries = context if isinstance(context, list) else [context]
    return [AS, *(entry for entry in entries if isinstance(entry, dict) or _is_further(entry))]


def _neutral(entries: list[Any]) -> list[Any]:
    """Take the default language and the base out of a context.

    The one would turn every plain text into a text by language, the other every relative reference into an id.
    """
    kept = [{t: v for t, v in e.items() if t not in _DEFAULTS} if isinstance(e, dict) else e for e in entries]
    return [*kept, {"@base": None}]


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
