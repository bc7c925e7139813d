"""Pages of others: fetched like everything else that is elsewhere, remembered for some minutes (SEC-041, SEC-044)."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from federation import Client, FederationError, Flights, Recent
from federation.client import DOCUMENT_BYTES_MAX
from federation.errors import TooLarge
from federation.response import Response
from server.opengraph import card, charset, head
from server.opengraph.errors import NoPreview

ACCEPT: Final = "text/html, application/xhtml+xml;q=0.9"
PAGES: Final = frozenset(("text/html", "application/xhtml+xml"))
FETCH_SECONDS: Final = 5.0
"""The SDKs themselves wait for six."""
FRESH_US: Final = 10 * 60 * 1_000_000
SILENT_US: Final = 60 * 1_000_000
"""How long we take a page's silence, or an answer that is no page, for what it says."""
REMEMBERED_MAX: Final = 512
READ_AT_ONCE_MAX: Final = 2
ADDRESS_CHARS_MAX: Final = 2_048

Card = dict[str, Any]


class Previews:
    """Says what pages say of themselves. However many ask for one at a time, it is fetched once."""

    def __init__(self, client: Client, *, clock: Callable[[], int]) -> None:
        self._client, self._clock = client, clock
        self._known: Recent[str, tuple[int, Card | NoPreview]] = Recent(REMEMBERED_MAX)
        self._flights: Flights[str, Card] = Flights()
        self._turns = asyncio.Semaphore(READ_AT_ONCE_MAX)

    async def find(self, address: str) -> Card:
        """Return what the page at an address says of itself. Raises NoPreview when there is nothing to say."""
        if len(address) > ADDRESS_CHARS_MAX:
            raise NoPreview("the address is too long")
        known = self._known.get(address)
        if known is None or known[0] <= self._clock():
            known = await self._look(address)
            self._known.put(address, known)
        if isinstance(known[1], NoPreview):
            raise NoPreview(str(known[1]))
        return known[1]

    async def _look(self, address: str) -> tuple[int, Card | NoPreview]:
        try:
            found = await self._flights.join(address, lambda: self._fetch(address))
        except NoPreview as error:
            return self._clock() + SILENT_US, error
        return self._clock() + FRESH_US, found

    async def _fetch(self, address: str) -> Card:
        try:
            answer = await self._client.get(
                address,
                headers={"Accept": ACCEPT},
                limit_bytes=DOCUMENT_BYTES_MAX,
                total_seconds=FETCH_SECONDS,
            )
        except FederationError as error:
            raise NoPreview(_reason(error)) from error
        if not 200 <= answer.status < 300:
            raise NoPreview(f"the address answers {answer.status}")
        if answer.headers.get("content-type", "").partition(";")[0].strip().lower() not in PAGES:
            raise NoPreview("there is no page at the address")
        async with self._turns:
            found = await asyncio.to_thread(_read, answer, address)
        if found is None:
            raise NoPreview("the page says nothing of itself")
        return found


def _read(answer: Response, address: str) -> Card | None:
    text = charset.text(answer.body, answer.headers.get("content-type", ""))
    return card.card(head.read(text), found_at=answer.url, asked_for=address)


def _reason(error: FederationError) -> str:
    """Say nothing of why: who asks for an address inside must not learn from the answer what is there (SEC-041)."""
    return "the page is too large" if isinstance(error, TooLarge) else "the address cannot be read"
