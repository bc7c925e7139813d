"""What we know of other hosts: whether the operator lets us speak to them, and what they understand."""

from collections.abc import Iterable

from federation.clock import Clock, system_clock
from federation.errors import Blocked, Refused
from federation.memory import Recent
from federation.signatures import first
from storage import Store, Transaction, hosts, policies
from storage.hosts import HostState

SUSPENDED = "suspend"
HOSTS_REMEMBERED = 4096
REMEMBERED_US = 60 * 1_000_000
PERMITTED_US = 1_000_000


class Hosts:
    """Look hosts up. For what comes in, the operator's word is read anew each time: it holds at once."""

    def __init__(
        self, store: Store, *, only: frozenset[str] | None = None, clock: Clock = system_clock
    ) -> None:
        self._store = store
        self._only = only
        self._clock = clock
        self._permitted: Recent[str, int] = Recent(HOSTS_REMEMBERED)
        self._states: Recent[str, tuple[int, HostState]] = Recent(HOSTS_REMEMBERED)

    async def permit(self, host: str) -> None:
        """Raise Refused for a host we have no traffic with (AP-640); for the client's every hop.

        What was permitted stays so for a second: a fan-out asks thousands of times.
        """
        now = self._clock()
        if now - (self._permitted.get(host) or 0) < PERMITTED_US:
            return
        if await self._store.read(self.suspended, [host]) is not None:
            raise Refused(f"//{host}", "the operator has suspended that host")
        self._permitted.put(host, now)

    async def suspended(self, tx: Transaction, asked: Iterable[str]) -> str | None:
        """Return the first of these hosts that is suspended, or not on the list when there is one."""
        for host in asked:
            if self._only is not None and host not in self._only:
                return host
            if await policies.severity(tx, host) == SUSPENDED:
                return host
        return None

    async def check(self, asked: Iterable[str]) -> None:
        """Raise Blocked when one of these hosts is suspended (SEC-012)."""
        host = await self._store.read(self.suspended, asked)
        if host is not None:
            raise Blocked(host)

    async def state(self, host: str) -> HostState:
        """Return what is known of a host, at most a minute old."""
        now = self._clock()
        known = self._states.get(host)
        if known is None or now - known[0] > REMEMBERED_US:
            known = (now, await self._store.read(hosts.get, host))
            self._states.put(host, known)
        return known[1]

    async def form(self, host: str) -> str:
        """Return the form of signature to knock with (AP-455)."""
        state = await self.state(host)
        return first(state.signature, state.signature_learned, now=self._clock())

    async def learn_form(self, host: str, form: str) -> None:
        """Remember the form of signature that a host took."""
        await self._store.write(hosts.learn_signature, host, form, self._clock())
        self._states.forget(host)

    async def learn_media_type(self, host: str, media_type: str) -> None:
        """Remember the content type that a host took (AP-290)."""
        await self._store.write(hosts.learn_media_type, host, media_type, self._clock())
        self._states.forget(host)
