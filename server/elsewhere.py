"""Other servers as ``streams`` wants them: documents that may be believed, or Unreachable."""

from federation import Fetcher
from federation.errors import FederationError
from streams.errors import Unreachable
from vocab import Object


class Elsewhere:
    """Meets ``streams.ports.Elsewhere`` with the fetcher of ``federation``."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    async def object(self, iri: str) -> Object:
        """Read a document from its origin."""
        try:
            return await self._fetcher.object(iri)
        except FederationError as error:
            raise Unreachable(iri, temporary=error.temporary) from error

    async def actor(self, iri: str, *, refresh: bool = False) -> Object:
        """Return an actor, as kept or as read from its origin."""
        try:
            return await self._fetcher.actor(iri, refresh=refresh)
        except FederationError as error:
            raise Unreachable(iri, temporary=error.temporary) from error
