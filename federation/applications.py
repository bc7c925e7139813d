"""What a program says of itself at the address that is its ``client_id``.

Two forms are read: an ActivityPub object (FEP-d8c2, AP-534) and client metadata (the draft of OAuth
Client ID Metadata Documents, AP-535). Either must say that it is what lies at that very address.
"""

from dataclasses import dataclass

from federation.budget import Budget
from federation.clock import Clock, system_clock
from federation.errors import Disbelieved, FederationError, TooLarge
from federation.memory import Flights, Recent
from federation.reader import Reader, check_status
from federation.response import Response
from vocab import Object, VocabError, iri, jsontext, mediatype, parse, plaintext

ACCEPT = "application/json, application/activity+json;q=0.9, application/ld+json;q=0.9"
DOCUMENT_BYTES_MAX = 64 * 1024
REQUESTS_MAX = 4
FETCH_SECONDS = 8.0
FRESH_US = 5 * 60 * 1_000_000
"""How long a document is believed without being asked for again; a failure is remembered as long."""
REMEMBERED_MAX = 1_024
NAME_CHARS_MAX = 200


@dataclass(frozen=True, slots=True)
class Application:
    """A program: its ``client_id``, what it calls itself, where it may be sent codes, the most it asks for."""

    id: str
    name: str
    redirect_uris: tuple[str, ...]
    scope: str = ""


class Applications:
    """Reads and for a little while remembers such documents."""

    def __init__(self, reader: Reader, *, clock: Clock = system_clock) -> None:
        self._reader = reader
        self._clock = clock
        self._flights: Flights[str, Application] = Flights()
        self._known: Recent[str, tuple[int, Application | FederationError]] = Recent(REMEMBERED_MAX)

    async def read(self, client_id: str) -> Application:
        """Return the program of a ``client_id``; every kind of failure is a FederationError."""
        known = self._known.get(client_id)
        if known is None or known[0] < self._clock() - FRESH_US:
            known = (self._clock(), await self._look(client_id))
            self._known.put(client_id, known)
        if isinstance(known[1], FederationError):
            raise known[1]
        return known[1]

    async def _look(self, client_id: str) -> Application | FederationError:
        try:
            return await self._flights.join(client_id, lambda: self._fetch(client_id))
        except FederationError as error:
            return error

    async def _fetch(self, client_id: str) -> Application:
        budget = Budget(requests=REQUESTS_MAX, seconds=FETCH_SECONDS)
        response = await self._reader.answer(client_id, accept=ACCEPT, budget=budget)
        check_status(response)
        if len(response.body) > DOCUMENT_BYTES_MAX:
            raise TooLarge(client_id, f"is longer than {DOCUMENT_BYTES_MAX} bytes")
        if iri.canonical(response.url) != iri.canonical(client_id):
            raise Disbelieved(client_id, "it leads elsewhere")
        try:
            return application(client_id, response)
        except VocabError as error:
            raise Disbelieved(client_id, f"the document cannot be read: {error}") from None


def application(client_id: str, response: Response) -> Application:
    """Read a document in the form its media type says it has; Disbelieved when it is not about itself."""
    media_type = response.headers.get("content-type", "")
    if mediatype.is_activity(media_type):
        return _described(client_id, parse(response.body))
    if media_type.partition(";")[0].strip().lower() == "application/json":
        return _registered(client_id, jsontext.loads(response.body))
    raise Disbelieved(client_id, "what is there describes no program")


def _described(client_id: str, document: Object) -> Application:
    """Read an ActivityPub object (FEP-d8c2)."""
    if document.id != client_id:
        raise Disbelieved(client_id, "the document has another id")
    return Application(client_id, _name(document.text("name"), client_id), document.ids("redirectURI"))


def _registered(client_id: str, metadata: object) -> Application:
    """Read client metadata (RFC 7591 §2), which has no secrets."""
    if not isinstance(metadata, dict) or metadata.get("client_id") != client_id:
        raise Disbelieved(client_id, "the document has another client_id")
    uris = metadata.get("redirect_uris")
    if not isinstance(uris, list) or not all(isinstance(uri, str) for uri in uris):
        raise Disbelieved(client_id, "redirect_uris is no list of addresses")
    scope = metadata.get("scope")
    name = _name(metadata.get("client_name"), client_id)
    return Application(client_id, name, tuple(uris), scope if isinstance(scope, str) else "")


def _name(given: object, client_id: str) -> str:
    """Return what to call a program: what it says, without what would deceive the eye (SEC-053), else its host."""
    name = plaintext.name(given)[:NAME_CHARS_MAX].strip() if isinstance(given, str) else ""
    return name or iri.host(client_id)
