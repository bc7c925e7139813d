"""Read a document at its origin, signed by one of our actors, and believe only what its address allows.

A document is its origin's word: whoever else shows it proves nothing (SEC-017 to SEC-019, AP-073 to AP-075).
"""

from federation.budget import Budget
from federation.client import Client
from federation.clock import Clock, system_clock
from federation.errors import BadAnswer, Disbelieved, Gone
from federation.hosts import Hosts
from federation.response import Response
from federation.signatures import CAVAGE, other
from federation.signers import Signers, signing
from vocab import Object, VocabError, iri, mediatype, parse

ACCEPT = (
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams", application/activity+json;q=0.9'
)
KNOCK_AGAIN = frozenset({400, 401, 403})


class Reader:
    """Fetch documents of other servers."""

    def __init__(
        self,
        client: Client,
        hosts: Hosts,
        signers: Signers,
        *,
        signed_by: str,
        clock: Clock = system_clock,
    ) -> None:
        self._client = client
        self._hosts = hosts
        self._signers = signers
        self._signed_by = signed_by
        self._clock = clock

    def signing_as(self, actor: str) -> "Reader":
        """Return a reader that signs as another actor of ours, and is shown what that actor may see (AP-570)."""
        return Reader(self._client, self._hosts, self._signers, signed_by=actor, clock=self._clock)

    async def document(self, address: str, *, budget: Budget | None = None) -> Object:
        """Read the document at an address, without its fragment (AP-062).

        Its id must be where it was found. If it names another address of the same origin, that is read,
        once, and only that copy counts (SEC-018); so the id of what is returned may differ from what
        was asked for.
        """
        budget = budget or Budget()
        document, found_at = await self._read(address, budget)
        name = document.id
        if name is None:
            raise Disbelieved(address, "the document has no id")
        if _is_at(name, found_at):
            return document
        if not iri.same_origin(name, found_at):
            raise Disbelieved(address, "the document has an id of another origin")
        document, found_at = await self._read(name, budget)
        if document.id != name or not _is_at(name, found_at):
            raise Disbelieved(address, "the document's id leads to something else")
        return document

    async def answer(self, url: str, *, accept: str, budget: Budget) -> Response:
        """GET with a signature, knocking once more in another way when the first is not understood."""
        host = iri.host(url)
        signer = await self._signers.of(self._signed_by)
        form = await self._hosts.form(host)
        headers = {"Accept": accept}
        sign = signing(signer, form, self._clock)
        response = await self._client.get(url, headers=headers, sign=sign, budget=budget)
        if response.status not in KNOCK_AGAIN:
            return response
        shorter = form == CAVAGE and "?" in url  # some leave the query out of what is signed (AP-412)
        second = form if shorter else other(form)
        sign = signing(signer, second, self._clock, with_query=not shorter)
        again = await self._client.get(url, headers=headers, sign=sign, budget=budget)
        if again.status == 200 and second != form:
            await self._hosts.learn_form(host, second)
        return again

    async def _read(self, address: str, budget: Budget) -> tuple[Object, str]:
        url = iri.without_fragment(address)
        response = await self.answer(url, accept=ACCEPT, budget=budget)
        check_status(response)
        if not mediatype.is_activity(response.headers.get("content-type", "")):
            raise Disbelieved(address, "what is there is no ActivityPub document")
        try:
            return parse(response.body), response.url
        except VocabError as error:
            raise Disbelieved(address, f"the document cannot be read: {error}") from None


def check_status(response: Response) -> None:
    """Raise BadAnswer, or Gone, for an answer that is no document."""
    if response.status == 410:
        raise Gone(response.url, "it is gone", 410)
    if response.status != 200:
        raise BadAnswer(response.url, f"the answer is {response.status}", response.status)


def _is_at(name: str, url: str) -> bool:
    return iri.canonical(iri.without_fragment(name)) == iri.canonical(url)
