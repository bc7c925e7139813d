"""What we know of other hosts: whether the operator lets us speak to them, and what they understand."""

from collections.abc import Iterable

from federation.clock import Clock, system_clock
from federation.errors import Blocked, Refused
from federation.memory import Recent
from federation.signatures import first
from storage import Store, Transaction, hosts, policies, senders
from storage.actors import State
from storage.hosts import HostState
from vocab import iri

HOSTS_REMEMBERED = 4096
REMEMBERED_US = 60 * 1_000_000
PERMITTED_US = 1_000_000


class Hosts:
    """Look hosts up. For what comes in, the operator's word is read anew each time: it holds at once.

    ``own`` is our host, of which nothing is ever said: a word on every host means every other one.
    """

    def __init__(self, store: Store, *, own: str = "", clock: Clock = system_clock) -> None:
        self._store = store
        self._own = own
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
        if await self._store.peek(self.suspended, [host]) is not None:
            raise Refused(f"//{host}", "the operator has suspended that host")
        self._permitted.put(host, now)

    async def suspended(self, tx: Transaction, asked: Iterable[str]) -> str | None:
        """Return the first of these hosts that is suspended, or not on the allow-list when there is one.

        One statement.
        """
        said = await policies.severities(tx, self._others(asked))
        return next((host for host, severity in said.items() if severity == policies.SUSPEND), None)

    async def check(self, asked: Iterable[str]) -> None:
        """Raise Blocked when one of these hosts is suspended (SEC-012)."""
        host = await self._store.peek(self.suspended, asked)
        if host is not None:
            raise Blocked(host)

    async def knows(self, actor: str, asked: Iterable[str]) -> bool:
        """Tell whether we know an actor; raise Blocked when it or one of these hosts is suspended (SEC-012)."""
        found = await self._store.peek(senders.standing, actor, self._others(asked))
        if found.suspended or found.state == State.SUSPENDED:
            raise Blocked(next(iter(found.suspended), iri.host(actor)))
        return found.state is not None

    def _others(self, asked: Iterable[str]) -> list[str]:
        return [host for host in asked if host != self._own]

    async def state(self, host: str) -> HostState:
        """Return what is known of a host, at most a minute old."""
        now = self._clock()
        known = self._states.get(host)
        if known is None or now - known[0] > REMEMBERED_US:
            known = (now, await self._store.peek(hosts.get, host))
            self._states.put(host, known)
        return known[1]

    async def heard(self, host: str) -> None:
        """Note that a host has made a request that was verified: if it was taken to be down, it is tried (AP-298)."""
        state, now = await self.state(host), self._clock()
        if state.open_until is not None and state.open_until > now:
            await self._store.write(hosts.heard, host, now)
            self._states.forget(host)

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
