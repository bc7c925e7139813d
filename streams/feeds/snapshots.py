"""Scores of feeds that are kept for a while, so that the pages of one session fit together (Feeds §6.3, §10).

They are kept in this process. A session that comes to another one is scored anew there: by the same chance, and
different only by what has happened since.
"""

import time
from array import array
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Final

from storage.feedactivities import Key

KEPT_MAX: Final = 1_000
"""So many snapshots are kept; each takes 16 bytes an activity."""
KEPT_SECONDS: Final = 600.0


class Snapshot:
    """The scores of activities by their rows, the id of the newest of these, and the instant they were scored at."""

    __slots__ = ("_items", "_scores", "newest", "now")

    def __init__(self, scores: Mapping[int, float], newest: Key, now: int) -> None:
        self._items, self._scores = array("q", scores.keys()), array("d", scores.values())
        self.newest = newest
        self.now = now

    def scores(self) -> dict[int, float]:
        """Return the scores by the rows of the activities."""
        return dict(zip(self._items, self._scores, strict=True))


class Snapshots:
    """Snapshots by whatever they depend on."""

    def __init__(self, most: int = KEPT_MAX) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[float, Snapshot]] = OrderedDict()

    def get(self, key: Hashable) -> Snapshot | None:
        """Return a snapshot that is kept and not too old."""
        until, found = self._kept.get(key, (0.0, None))
        return found if time.monotonic() < until else None

    def keep(self, key: Hashable, made: Snapshot) -> None:
        """Keep a snapshot, and forget the one that was made first when there are too many."""
        self._kept.pop(key, None)
        self._kept[key] = time.monotonic() + KEPT_SECONDS, made
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
