"""Pages of feeds as they were answered, right for as long as nothing at all has been committed since."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

BYTES_MAX: Final = 32 * 1_024 * 1_024
"""So long may all pages be together."""


class FeedPages:
    """The pages made last, each with the state of the database and the settings that it was made of."""

    def __init__(self, most: int = BYTES_MAX) -> None:
        self._room = most
        self._held: OrderedDict[Hashable, tuple[int, object, bytes]] = OrderedDict()

    def get(self, key: Hashable, version: int, settings: object) -> bytes | None:
        """Return a page that was made of this very state, by these very settings."""
        held = self._held.get(key)
        if held is None or held[0] != version or held[1] is not settings:
            return None
        return held[2]

    def put(self, key: Hashable, version: int, settings: object, page: bytes) -> None:
        """Keep a page, in place of those made first where there is no room."""
        self._forget(self._held.pop(key, None))
        self._held[key] = version, settings, page
        self._room -= _size(page)
        while self._room < 0:
            self._forget(self._held.popitem(last=False)[1])

    def _forget(self, held: tuple[int, object, bytes] | None) -> None:
        if held is not None:
            self._room += _size(held[2])


def _size(page: bytes) -> int:
    """Return how many bytes it takes to keep a page: those of its key and its place come to less than a thousand."""
    return len(page) + 1_000
