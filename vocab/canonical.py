"""Canonical JSON text for proofs (RFC 8785)."""

import rfc8785

from vocab.errors import JsonError
from vocab.jsontext import Json


def jcs(data: Json) -> bytes:
    """Return the canonical form: keys in UTF-16 order, numbers by value whatever their spelling (AP-500)."""
    try:
        return rfc8785.dumps(data)
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise JsonError(str(error)) from error
