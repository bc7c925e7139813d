"""How often one caller may do what costs us or others much, whatever address it is done at (SEC-062, AP-606)."""

import time
from collections.abc import Callable, Mapping

from starlette.requests import Request

from server.config import Config
from server.errors import ProblemError
from server.limits import Callers, RateLimit, caller_key

PER_MINUTE = {
    "sign in": 30, "register a client": 20, "look a client up": 30, "exchange a token": 120,
    "publish": 300, "upload": 60, "read elsewhere": 300, "deliver": 6_000,
    "ask the hub": 120, "report": 300, "be reported of": 30_000,
}  # fmt: skip
"""By network, save what actors do (``publish``, ``upload``, ``read elsewhere``: AP-209, SEC-097), which is counted
by actor, ``deliver``, by the host of whoever signed (AP-324), and ``be reported of``, by tenant (Events §21.2)."""


class Rates:
    """A bucket for each operation and caller; all of them are off where requests are not limited either."""

    def __init__(
        self,
        config: Config,
        per_minute: Mapping[str, int] = PER_MINUTE,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._callers = Callers(config.server.trusted_proxies)
        self._clock = clock
        on = config.requests_per_minute > 0
        self._limits = {operation: RateLimit(most) for operation, most in per_minute.items() if on}

    def network(self, request: Request) -> str:
        """Return what callers are told apart by: an IPv4 address or an IPv6 network."""
        return caller_key(self.address(request))

    def address(self, request: Request) -> str:
        """Return where a request comes from, whatever proxies of ours it came through."""
        peer = request.client.host if request.client else ""
        return self._callers.address(peer, request.scope["headers"])

    def take(self, request: Request, operation: str, *, by: str | None = None) -> None:
        """Count an operation of a network, or of whom ``by`` names; raise the 429 that says when to try again."""
        limit = self._limits.get(operation)
        if limit is None:
            return
        left = limit.take(by or self.network(request), self._clock())
        if left < 0:
            raise ProblemError(
                429, f"more than {limit.per_minute} times a minute", type="rate-limit-exceeded",
                headers={"Retry-After": str(limit.wait_seconds(left))},
            )  # fmt: skip
