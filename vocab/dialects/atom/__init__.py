"""Entries as Atom: RFC 4287, threads by RFC 4685, pages by RFC 5005, and who did what by Atom §3.

Built as a tree and written by the standard library, never by hand (SEC-077). Text loses what XML cannot carry; links
are followed only to the web (SEC-078).
"""

from vocab.dialects.atom.feeds import ENTRY_TYPE, MEDIA_TYPE, document_of, feed
from vocab.dialects.atom.names import (
    ACTIVITY,
    ACTIVITY_JSON,
    APPLICATIONS,
    ATOM,
    MEDIA,
    RELATIONS,
    THREAD,
    USERS,
)

__all__ = [
    "ACTIVITY",
    "ACTIVITY_JSON",
    "APPLICATIONS",
    "ATOM",
    "ENTRY_TYPE",
    "MEDIA",
    "MEDIA_TYPE",
    "RELATIONS",
    "THREAD",
    "USERS",
    "document_of",
    "feed",
]
