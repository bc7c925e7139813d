"""Answers packed with gzip, for readers that take them so (RFC 9110 §12.5.3)."""

import gzip
from typing import Final

from starlette.requests import Request

BYTES_MIN: Final = 1_024
"""Shorter answers are sent as they are."""


def packed(body: bytes) -> bytes | None:
    """Return a body packed, None for one that is too short; the same body always gives the same bytes."""
    return gzip.compress(body, 5, mtime=0) if len(body) >= BYTES_MIN else None


def is_taken(request: Request) -> bool:
    """Tell whether a reader takes packed bytes."""
    for piece in request.headers.get("accept-encoding", "").lower().split(","):
        coding, _, parameter = piece.strip().partition(";")
        if coding.strip() in ("gzip", "x-gzip"):
            return parameter.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
