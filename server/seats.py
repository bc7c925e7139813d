"""How many may listen: their connections last for hours, so they are not counted as requests (REL-023)."""

import contextlib
from collections import Counter
from collections.abc import Hashable, Iterator

from server.errors import ProblemError

RETRY = {"Retry-After": "60"}


class Seats:
    """Those who listen at this process, in all and by whom they belong to; 0 is no limit for one of these.

    ``what`` names what they hold open, such as ``event streams``.
    """

    def __init__(self, most: int, most_each: int, what: str) -> None:
        self._max, self._max_each, self._what = most, most_each, what
        self._taken: Counter[Hashable] = Counter()

    @contextlib.contextmanager
    def taken(self, by: Hashable) -> Iterator[None]:
        """Hold a seat for somebody; a 503 or 429 when there is none."""
        if self._taken.total() >= self._max:
            raise ProblemError(503, f"too many {self._what} are open", headers=RETRY)
        if self._max_each and self._taken[by] >= self._max_each:
            detail = f"more than {self._max_each} {self._what} open"
            raise ProblemError(429, detail, type="rate-limit-exceeded", headers=RETRY)
        self._taken[by] += 1
        try:
            yield
        finally:
            self._taken[by] -= 1
            if not self._taken[by]:
                del self._taken[by]
