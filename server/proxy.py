"""Reading other servers for our people: what they may see there, and what we hold when nobody answers (AP-570).

Everything is asked for with the reader's own signature, handed to that reader alone and kept for nobody
else, so that nobody sees more through us than they could by themselves (AP-571).
"""

from collections.abc import Callable

from federation import FederationError, Fetcher, Finder, Flights, Recent
from federation.errors import BadAnswer, OutboundError, Refused
from server.errors import ProblemError
from server.errors import problem as meant
from storage import Store, actors
from storage.actors import ActorRow
from streams import policy, read
from streams.errors import StreamsError
from vocab import Object, stored

NO_US = 5 * 60 * 1_000_000
"""How long we take a server's no for an answer."""
SILENT_US = 30 * 1_000_000
"""How long we leave a server alone that did not answer."""
REMEMBERED_MAX = 4_096

NOES = {401: 403, 403: 403, 404: 404, 410: 410}
"""What a server's refusal is to our reader; whatever else goes wrong over there is a 502."""

Key = tuple[str, str]


class Proxy:
    """Finds things on other servers for one of ours. Refusals are remembered for each reader."""

    def __init__(self, store: Store, fetcher: Fetcher, finder: Finder, *, clock: Callable[[], int]) -> None:
        self._store, self._fetcher, self._finder, self._clock = store, fetcher, finder, clock
        self._refused: Recent[Key, tuple[int, ProblemError]] = Recent(REMEMBERED_MAX)
        self._flights: Flights[Key, Object] = Flights()

    async def find(self, name: str, reader: ActorRow, *, unnamed: bool = False) -> Object:
        """Return what is at an address elsewhere, or the actor of a handle. Raises ProblemError.

        The other server is told who reads it, unless they are to stay ``unnamed``.
        """
        key = ("" if unnamed else reader.iri, name)
        refused = self._refused.get(key)
        if refused is not None and self._clock() < refused[0]:
            raise refused[1]
        try:
            return await self._flights.join(key, lambda: self._ask(name, None if unnamed else reader))
        except FederationError as error:
            held = await self._held(name, reader) if error.temporary else None
            if held is not None:
                return held
            refusal = _refusal(error)
            until = self._clock() + (SILENT_US if error.temporary else NO_US)
            self._refused.put(key, (until, refusal))
            raise refusal from error

    async def _ask(self, name: str, reader: ActorRow | None) -> Object:
        if is_handle(name):
            return await self._finder.lookup(name)
        if await self._store.read(actors.find, name) is not None:
            return await self._fetcher.actor(name)
        fetcher = self._fetcher if reader is None else self._fetcher.signing_as(reader.iri)
        return await fetcher.object(name)

    async def _held(self, iri: str, reader: ActorRow) -> Object | None:
        """Return our own copy while its server is away, to whoever may see it."""
        try:
            text = await self._store.read(read.document, iri, policy.viewer(reader))
        except StreamsError:
            return None
        return stored(text.document, text.context)


def is_handle(name: str) -> bool:
    """Tell a handle, with or without ``acct:``, from an address."""
    return "@" in name and not name.lower().startswith(("http://", "https://"))


def _refusal(error: FederationError) -> ProblemError:
    if isinstance(error, BadAnswer) and error.status in NOES:
        return ProblemError(NOES[error.status], "its server refuses", field="id")
    if isinstance(error, Refused):
        return ProblemError(403, "this server does not ask there", field="id")
    problem = meant(error)
    if isinstance(error, OutboundError) or not problem.field:
        return ProblemError(problem.status, problem.detail, type=problem.type, field="id")
    return problem
