"""Activity Streams 2.0 as values: what an activity *is*.

No network, no database, no clock, no randomness. Parse with ``parse``, read with the methods of ``Object``,
write with the functions of ``dump``.
"""

from vocab import (
    activities,
    audience,
    canonical,
    dump,
    html,
    instants,
    iri,
    jsonld,
    jsontext,
    mediatype,
    multikey,
    plaintext,
    terms,
    validate,
)
from vocab.activities import Activity
from vocab.audience import Audience
from vocab.errors import (
    Ambiguous,
    BadContext,
    BadIri,
    BadMultikey,
    Invalid,
    JsonError,
    ParseError,
    VocabError,
)
from vocab.objects import Collection, Link, Object, of
from vocab.parse import from_json, parse, stored
from vocab.terms import AS, PUBLIC

__all__ = [
    "AS",
    "PUBLIC",
    "Activity",
    "Ambiguous",
    "Audience",
    "BadContext",
    "BadIri",
    "BadMultikey",
    "Collection",
    "Invalid",
    "JsonError",
    "Link",
    "Object",
    "ParseError",
    "VocabError",
    "activities",
    "audience",
    "canonical",
    "dump",
    "from_json",
    "html",
    "instants",
    "iri",
    "jsonld",
    "jsontext",
    "mediatype",
    "multikey",
    "of",
    "parse",
    "plaintext",
    "stored",
    "terms",
    "validate",
]
