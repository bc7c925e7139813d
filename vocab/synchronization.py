"""``Collection-Synchronization``: who on one server follows an actor of another, as both may compare (FEP-8fcf)."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_PARAMETER = re.compile(r'\s*([A-Za-z]+)="([^"\\]*)"\s*(?:,|$)')
_DIGEST = re.compile(r"[0-9a-f]{64}")
HEADER: Final = "collection-synchronization"
HEADER_CHARS_MAX: Final = 6_000


@dataclass(frozen=True, slots=True)
class Synchronization:
    """What one server says of its actor's followers on the other.

    ``collection`` is the actor's followers collection, ``url`` where the part of it that lives on the other
    server is listed, ``digest`` that part's :func:`digest`.
    """

    collection: str
    url: str
    digest: str

    def __str__(self) -> str:
        """Write the value of the header field."""
        return f'collectionId="{self.collection}", url="{self.url}", digest="{self.digest}"'


def read(text: str) -> Synchronization | None:
    """Read the value of the header field, parameters in any order; None when it is not one."""
    found: dict[str, str] = {}
    position = 0
    while position < len(text) <= HEADER_CHARS_MAX:
        match = _PARAMETER.match(text, position)
        if match is None or match[1] in found:
            return None
        found[match[1]] = match[2]
        position = match.end()
    if not found.keys() >= {"collectionId", "url", "digest"}:
        return None
    told = Synchronization(found["collectionId"], found["url"], found["digest"].lower())
    return told if _DIGEST.fullmatch(told.digest) else None


def digest(members: Iterable[str]) -> str:
    """Return the exclusive or of the members' SHA-256 hashes, each member once, in hexadecimal (V-14)."""
    combined = 0
    for member in set(members):
        combined ^= int.from_bytes(hashlib.sha256(member.encode()).digest())
    return f"{combined:064x}"
