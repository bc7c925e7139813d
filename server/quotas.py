"""How often the programs of a tenant may do something, and how they are told (Feeds §4.1, Events §1.2).

Each kind of operation is counted by itself, from one full minute to the next, in each serving process. A batch counts
as many times as it has items (SEC-106).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from server.config.models import QuotasSection
from server.errors import ProblemError

MINUTE_US: Final = 60_000_000
SECOND_US: Final = 1_000_000
OTHER: Final = "other"


class Quota:
    """What one tenant has done of one kind in the minute that is running."""

    __slots__ = ("_most", "_until", "_used")

    def __init__(self, most: int) -> None:
        self._most = most
        self._used = 0
        self._until = 0

    def take(self, *, now: int) -> None:
        """Count an operation; raise a 429 when nothing is left. ``now`` is in microseconds."""
        if now >= self._until:
            self._used, self._until = 0, now - now % MINUTE_US + MINUTE_US
        if self._used >= self._most:
            wait_seconds = -(-(self._until - now) // SECOND_US)
            raise ProblemError(
                429, f"more than {self._most} of this a minute", headers={"Retry-After": str(wait_seconds)}
            )
        self._used += 1

    def count(self, more: int) -> None:
        """Count the operation just taken as so many more. A batch is never too large, but may be the last."""
        self._used += more

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return the header fields that tell how much is left, and when all of it is there again."""
        return [
            (b"x-ratelimit-limit", b"%d" % self._most),
            (b"x-ratelimit-remaining", b"%d" % max(0, self._most - self._used)),
            (b"x-ratelimit-reset", b"%d" % (self._until // SECOND_US)),
        ]


class Quotas:
    """The quotas of all tenants, by kinds of operations; what has none is of the kind ``usual``."""

    def __init__(self, kinds: Mapping[Callable[..., Any], str], *, usual: str = OTHER) -> None:
        self._kinds = kinds
        self._usual = usual
        self._held: dict[tuple[int, str], Quota] = {}

    def of(self, tenant: int, operation: Callable[..., Any], limits: QuotasSection) -> Quota:
        """Return the quota of a tenant for the kind of an operation."""
        key = tenant, self._kinds.get(operation, self._usual)
        held = self._held.get(key)
        if held is None:
            held = self._held[key] = Quota(getattr(limits, key[1]))
        return held
