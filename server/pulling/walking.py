"""Servers without paging are walked by date: window by window, each ending where the last one began (Atom §10.1).

Bounds are exclusive and several entries may have one instant, so windows overlap by a millisecond.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote_plus, urlsplit

from vocab import instants
from vocab.dialects.feedreading import Item

PAGE: Final = 1_000
PAGES_MAX: Final = 200
PATHS: Final = ("/activity", "/plugins/servlet/streams")
"""What the addresses of such servers end with."""


def is_walked(url: str) -> bool:
    """Tell whether an address is one of a server that is walked, whatever else it has in its path."""
    return urlsplit(url).path.rstrip("/").endswith(PATHS)


@dataclass(frozen=True, slots=True)
class Window:
    """What is asked for next: all before an instant in milliseconds, which is itself excluded; None for the newest."""

    before_ms: int | None = None

    def address(self, url: str) -> str:
        """Return the address that asks for it."""
        wanted = [] if "maxResults=" in url else [f"maxResults={PAGE}"]
        if self.before_ms is not None:
            wanted.append(f"streams={quote_plus(f'update-date BETWEEN 0 {self.before_ms}')}")
        return url + ("&" if "?" in url else "?") + "&".join(wanted) if wanted else url

    def after(self, items: Sequence[Item], *, new: int) -> "Window | None":
        """Return the window that follows a page; None at the end.

        A page that brings nothing new although it is not empty is full of one instant: the next begins below it.
        """
        dates = [instants.microseconds(one.published) // 1_000 for one in items if one.published is not None]
        if not dates:
            return None
        oldest = min(dates)
        if new:
            return Window(oldest + 1)
        return (
            Window(oldest)
            if max(dates) == oldest and self.before_ms == oldest + 1 and len(dates) > 1
            else None
        )
