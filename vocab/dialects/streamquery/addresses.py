"""Addresses of a stream that readers may keep: the same question, without what is not theirs to pass on (Atom §3.3)."""

from typing import Final
from urllib.parse import quote_plus

from vocab.dialects.streamquery.cursors import Cursor
from vocab.dialects.streamquery.query import Pairs

_DROPPED: Final = frozenset(("_", "relativeLinks", "token", "os_username", "os_password"))
"""Cache busters, a manner of writing, and secrets."""
_CURSORS: Final = frozenset(("before", "after"))


def kept(pairs: Pairs, *, signed_in: bool = False) -> list[tuple[str, str]]:
    """Return the parameters of the address that an answer names as its own.

    A reader who is signed in is asked for credentials there, rather than shown less.
    """
    found = [(name, value) for name, value in pairs if name not in _DROPPED]
    if signed_in and not any(name == "os_authType" for name, _ in found):
        found.append(("os_authType", "basic"))
    return found


def with_cursor(pairs: Pairs, *, before: Cursor | None = None, after: Cursor | None = None) -> str:
    """Return an encoded query with other cursors, or none: the address of another page of the same stream."""
    found = [(name, value) for name, value in pairs if name not in _CURSORS]
    found += [(name, str(cursor)) for name, cursor in (("before", before), ("after", after)) if cursor]
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in found)
