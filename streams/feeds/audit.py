"""Leafing through who did what, the newest first (Feeds §7.8)."""

import base64
import binascii
from dataclasses import dataclass

from storage import Transaction, feedaudit
from storage.entries import NEWEST
from storage.feedaudit import Asked, Deed

OLDER, NEWER = "o", "n"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: with what was done before the deed of a row, or after it."""

    direction: str = OLDER
    id: int = NEWEST

    def token(self) -> str:
        """Write a place as a text that means nothing to its reader."""
        return base64.urlsafe_b64encode(f"{self.direction}{self.id}".encode()).rstrip(b"=").decode()

    @classmethod
    def read(cls, token: str, direction: str) -> "Place | None":
        """Read what ``token`` wrote; None for anything else, or for the other direction."""
        try:
            text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("ascii")
        except (binascii.Error, ValueError):
            return None
        digits = text[1:]
        if text[:1] != direction or not (digits.isdigit() and len(digits) <= 19 and int(digits) <= NEWEST):
            return None
        return cls(direction, int(digits))


@dataclass(frozen=True, slots=True)
class Page:
    """Deeds, and where the older and the newer ones begin; None where there are none."""

    deeds: list[Deed]
    next: Place | None
    previous: Place | None


async def page(tx: Transaction, tenant: int, asked: Asked, place: Place, *, limit: int) -> Page:
    """Read a page of what was done."""
    if place.direction == OLDER:
        found = await feedaudit.before(tx, tenant, asked, place.id, limit=limit + 1)
        deeds, more, before = found[:limit], len(found) > limit, place.id != NEWEST
    else:
        found = await feedaudit.after(tx, tenant, asked, place.id, limit=limit + 1)
        deeds, more, before = found[-limit:], True, len(found) > limit
    return Page(
        deeds,
        Place(OLDER, deeds[-1].id) if deeds and more else None,
        Place(NEWER, deeds[0].id) if deeds and before else None,
    )
