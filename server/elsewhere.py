"""Other servers as ``streams`` wants them: documents that may be believed, or Unreachable."""

import contextlib
from collections.abc import Iterator

from federation import Budget, Fetcher, Finder, KeyRing, proven
from federation.errors import BudgetSpent, FederationError, Gone
from streams import system_clock
from streams.errors import Spent, Unreachable
from vocab import Object


class Elsewhere:
    """Meets ``streams.ports.Elsewhere`` with the fetcher and the key ring of ``federation``."""

    def __init__(
        self, fetcher: Fetcher, keyring: KeyRing, finder: Finder, budget: Budget | None = None
    ) -> None:
        self._fetcher = fetcher
        self._keyring = keyring
        self._finder = finder
        self._budget = budget

    async def object(self, iri: str) -> Object:
        """Read a document from its origin."""
        with _unreachable(iri):
            return await self._fetcher.object(iri, budget=self._budget)

    async def actor(self, iri: str, *, refresh: bool = False) -> Object:
        """Return an actor, as kept or as read from its origin."""
        with _unreachable(iri):
            return await self._fetcher.actor(iri, refresh=refresh, budget=self._budget)

    async def named(self, handle: str) -> Object:
        """Return the actor that goes by a handle."""
        with _unreachable(handle):
            return await self._finder.lookup(handle, budget=self._budget)

    async def items(self, iri: str, *, limit: int) -> list[Object]:
        """List what a collection shows, as far as a few pages and ``limit`` go."""
        with _unreachable(iri):
            return await self._fetcher.items(iri, limit=limit, budget=self._budget)

    async def proven(self, thing: Object) -> bool:
        """Tell whether a document carries a valid proof of its own author."""
        return await proven(thing, keyring=self._keyring, now=system_clock())

    def signing_as(self, actor: str) -> "Elsewhere":
        """Return the same asking in the name of an actor of ours."""
        return Elsewhere(self._fetcher.signing_as(actor), self._keyring, self._finder, self._budget)

    def bounded(self) -> "Elsewhere":
        """Return the same with one purse for all that is asked through it (SEC-046)."""
        return Elsewhere(self._fetcher, self._keyring, self._finder, Budget())


@contextlib.contextmanager
def _unreachable(iri: str) -> Iterator[None]:
    """Tell whatever goes wrong in the words of ``streams``."""
    try:
        yield
    except BudgetSpent as error:
        raise Spent(iri) from error
    except FederationError as error:
        raise Unreachable(iri, temporary=error.temporary, gone=isinstance(error, Gone)) from error
