"""How much one request to us may cause us to ask of others (SEC-046)."""

import time
from collections.abc import Callable

from federation.errors import BudgetSpent

REQUESTS_MAX = 20
HOSTS_MAX = 10
DEPTH_MAX = 5
SECONDS_MAX = 30.0


class Budget:
    """A purse carried through every nested fetch and never filled again."""

    def __init__(
        self,
        *,
        requests: int = REQUESTS_MAX,
        hosts: int = HOSTS_MAX,
        seconds: float = SECONDS_MAX,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._requests = requests
        self._hosts_max = hosts
        self._hosts: set[str] = set()
        self._clock = clock
        self._until = clock() + seconds

    def spend(self, url: str, host: str) -> None:
        """Pay for one request to a host, or raise BudgetSpent."""
        if self._requests <= 0:
            raise BudgetSpent(url, "too many requests for one cause")
        if self.seconds_left <= 0:
            raise BudgetSpent(url, "too much time for one cause")
        if host not in self._hosts and len(self._hosts) >= self._hosts_max:
            raise BudgetSpent(url, "too many hosts for one cause")
        self._requests -= 1
        self._hosts.add(host)

    @property
    def seconds_left(self) -> float:
        """The time that is left for everything together."""
        return self._until - self._clock()
