"""One attempt to deliver one letter: sign, POST, read the answer, and knock differently at most once each way."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from federation.backoff import judge
from federation.client import Client
from federation.clock import Clock
from federation.errors import Disbelieved, Gone, NoSuchKey, OutboundError, Refused
from federation.fetch import Fetcher, OnGone
from federation.keyring import KeyRing
from federation.letters import Letters
from federation.signatures import RFC9421, other
from federation.signers import signing
from federation.synchronization import Digests
from storage import actors
from storage.jobs import Job
from vocab import iri
from vocab.synchronization import HEADER

LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
ACTIVITY_JSON = "application/activity+json"
REFUSALS_OF_INBOX_MAX = 3

End: TypeAlias = Literal["done", "retry", "wait", "dead"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended. ``status`` is None when no answer came; ``host_failed`` counts against the host."""

    end: End
    status: int | None
    error: str = ""
    retry_after: str | None = None

    @property
    def host_failed(self) -> bool:
        """Whether the host itself, not this inbox, seems to be down (REL-016)."""
        return self.end in ("retry", "wait") and (self.status is None or self.status >= 500)


@dataclass(slots=True)
class Knock:
    """How we knock at an inbox, what we have tried already in this attempt, and what we were asked for."""

    url: str
    form: str
    media_type: str
    reknocked: bool = False
    retyped: bool = False
    moved: bool = False
    asked_rfc9421: bool = False


class Postman:
    """Make single attempts; what becomes of the job is for whoever holds it."""

    def __init__(
        self,
        client: Client,
        keyring: KeyRing,
        fetcher: Fetcher,
        letters: Letters,
        digests: Digests | None,
        *,
        clock: Clock,
        on_gone: OnGone | None,
    ) -> None:
        self._client = client
        self._letters = letters
        self._digests = digests
        self._keyring = keyring
        self._fetcher = fetcher
        self._clock = clock
        self._on_gone = on_gone

    async def deliver(self, job: Job) -> Outcome:
        """Try once to deliver a job's letter; the bytes are the same each time, the signature is new (AP-299)."""
        hosts = self._keyring.hosts
        state = await hosts.state(job.lane)
        knock = Knock(job.payload["inbox"], await hosts.form(job.lane), state.media_type or LD_JSON)
        while True:
            try:
                status, retry_after, error = await self._post(job, knock)
            except (Refused, NoSuchKey) as refusal:
                return Outcome("dead", None, str(refusal))
            verdict = judge(status, job.attempts, knocked=knock.reknocked, retyped=knock.retyped)
            if verdict == "reknock":
                knock.form, knock.reknocked = other(knock.form), True
            elif verdict == "retype":
                other_type = ACTIVITY_JSON if knock.media_type == LD_JSON else LD_JSON
                knock.media_type, knock.retyped = other_type, True
            elif verdict == "refetch":
                if not await self._follow_inbox(knock):
                    return self._unmoved(job, status, error)
            else:
                if verdict == "done":
                    await self._learn(job, knock)
                return Outcome(verdict, status, error, retry_after)

    async def _post(self, job: Job, knock: Knock) -> tuple[int | None, str | None, str]:
        """POST once; return the status, None when no answer came, with Retry-After and a line for the operator."""
        actor = job.payload["actor"]
        signer, letter = await self._keyring.signers.of(actor), await self._letters.of(job)
        told = (
            None if self._digests is None else await self._digests.header(actor, letter.recipients, job.lane)
        )
        try:
            response = await self._client.post(
                knock.url,
                letter.body,
                content_type=knock.media_type,
                headers={} if told is None else {HEADER: told},
                sign=signing(signer, knock.form, self._clock),
            )
        except Refused:
            raise
        except OutboundError as error:
            return getattr(error, "status", None), None, str(error)
        knock.asked_rfc9421 = "accept-signature" in response.headers
        line = "" if response.status < 300 else f"the answer is {response.status}"
        return response.status, response.headers.get("retry-after"), line

    async def _follow_inbox(self, knock: Knock) -> bool:
        """Read the actors behind an inbox again; True when it has moved and may be tried anew (AP-296)."""
        if knock.moved:
            return False
        knock.moved = True
        rows = await self._keyring.store.read(actors.at_inbox, iri.host(knock.url), knock.url, limit=1)
        for row in rows:
            try:
                await self._fetcher.actor(row.iri, refresh=True)
            except Gone:
                if self._on_gone is not None:
                    await self._on_gone(row.iri)
                return False
            except (OutboundError, Disbelieved):
                return False
            fresh = await self._keyring.store.read(actors.find, row.iri)
            inbox = (
                None
                if fresh is None
                else fresh.shared_inbox
                if row.shared_inbox == knock.url
                else fresh.inbox
            )
            if inbox is not None and inbox != knock.url:
                knock.url = inbox
                return True
        return False

    def _unmoved(self, job: Job, status: int | None, error: str) -> Outcome:
        """Judge an inbox that is not there: 410 at once, anything else the third time (AP-296, AP-297)."""
        final = status == 410 or job.attempts >= REFUSALS_OF_INBOX_MAX
        return Outcome("dead" if final else "retry", status, error)

    async def _learn(self, job: Job, knock: Knock) -> None:
        """Remember for the host what made the difference, or what it asks for (AP-455, AP-456, AP-290)."""
        if knock.reknocked:
            await self._keyring.hosts.learn_form(job.lane, knock.form)
        elif knock.asked_rfc9421 and knock.form != RFC9421:
            await self._keyring.hosts.learn_form(job.lane, RFC9421)
        if knock.retyped:
            await self._keyring.hosts.learn_media_type(job.lane, knock.media_type)
