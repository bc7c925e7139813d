"""The collector: event messages that are kept later, by a worker, as if they came to be kept at once (Events §1.1).

Each message is a job. Those of one request are kept in the order in which they were sent. One that cannot be kept is
laid to rest among the dead jobs, with the reason, for the operator to see (REL-020).
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from server import metrics
from storage import Transaction, ids, jobs
from storage.jobs import Job, NewJob
from storage.tenants import Tenant
from streams.analytics import Received, Way
from streams.errors import NotAllowed
from streams.events import Events, Reader, Recorded, Rejected, parties, submitting
from streams.events.arriving import Arriving
from streams.events.guarding import Guard
from streams.events.submitting import NOUNS, Noun, Sender
from vocab import jsontext
from vocab.dialects.events import Problems, Ref

log = logging.getLogger(__name__)

QUEUE: Final = "events"
BY: Final = "collector"
"""How messages come here, for the count of them (Events §19.4)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How messages came: to which tenant, of which kind, when, and by whom in which role."""

    tenant: int
    noun: str
    received: int
    sender: Sender
    role: str | None = None

    def payload(self, text: str, request: str) -> dict[str, Any]:
        """Return what a job remembers of one of them."""
        return {
            "tenant": self.tenant, "noun": self.noun, "received": self.received, "text": text, "sender": request,
            "user": None if self.sender.user is None else str(self.sender.user), "by": str(self.sender.by),
            "admin": self.sender.admin, "trusted": self.sender.trusted, "role": self.role,
            "defaults": dict(self.sender.defaults),
        }  # fmt: skip

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> "Sent":
        """Read what a job remembers."""
        user = None if payload["user"] is None else Ref.parse(payload["user"])
        sender = Sender(
            user, Ref.parse(payload["by"]), payload["admin"], payload["trusted"], payload["defaults"]
        )
        return cls(payload["tenant"], payload["noun"], payload["received"], sender, payload["role"])


async def leave(tx: Transaction, sent: Sent, messages: Sequence[Mapping[str, Any]]) -> None:
    """Leave messages of one request to be kept, in their order. A unit of work."""
    request = "" if len(messages) == 1 else str(ids.next_id())
    new = [
        NewJob(
            sent.payload(jsontext.dumps(dict(message)).decode(), request), lane=str(sent.tenant), key=request
        )
        for message in messages
    ]
    await jobs.add_many(tx, QUEUE, new, now=sent.received)


class Collector:
    """Keeps what was left to be kept."""

    def __init__(self, events: Events, received: Received) -> None:
        self._events = events
        self._received = received

    async def do(self, job: Job, owner: str) -> None:
        """Keep one message, and end its job in the same transaction."""
        sent = Sent.of(job.payload)
        tenant = await self._events.tenant(sent.tenant)
        noun = NOUNS.get(sent.noun)
        message = jsontext.loads(job.payload["text"])
        if tenant is None or noun is None or not isinstance(message, dict):
            await self._bury(job, owner, "its tenant is gone, or it is no message")
            return
        way, size = Way(tenant.id, noun.name, BY), len(job.payload["text"].encode())
        arriving = await submitting.read(
            self._events,
            tenant,
            noun,
            message,
            sent.sender,
            received=sent.received,
            original=job.payload["text"],
        )
        try:
            if not arriving.reading.problems.valid:
                raise Rejected(arriving.reading.problems)
            [kept] = await self._events.store.write(
                _keep, self._events, tenant, noun, sent, arriving, job=job, owner=owner
            )
        except (Rejected, NotAllowed) as error:
            problems = error.problems if isinstance(error, Rejected) else Problems()
            await self._bury(job, owner, _reasons(problems) if problems else str(error))
            self._received.rejected(
                way, size=size, remarks=len(problems), received=sent.received, now=self._events.clock()
            )
        else:
            self._received.kept(way, arriving, kept, size=size, now=self._events.clock())

    async def _bury(self, job: Job, owner: str, reason: str) -> None:
        """Give a message up, where the operator sees it."""
        log.warning("a message for tenant %s was not kept: %s", job.lane, reason)
        metrics.event_rejected(job.payload["noun"])
        now = self._events.clock()
        await self._events.store.write(jobs.bury, job, owner=owner, now=now, error=reason)


async def _keep(
    tx: Transaction,
    events: Events,
    tenant: Tenant,
    noun: Noun,
    sent: Sent,
    arriving: Arriving,
    *,
    job: Job,
    owner: str,
) -> list[tuple[Recorded, ...]]:
    guard = Guard(await _reader(tx, tenant, sent), sent.sender.trusted)
    kept = await submitting.keep(tx, events.space(tenant), noun, guard, [arriving])
    await jobs.finish(tx, job, owner=owner)
    return kept


async def _reader(tx: Transaction, tenant: Tenant, sent: Sent) -> Reader:
    """Return whose rights count: those of the sender, as they are now."""
    user = sent.sender.user
    if sent.sender.admin or user is None:
        return Reader(tenant.id, sees_all=sent.sender.admin)
    return Reader(tenant.id, await parties.of(tx, tenant.id, user.key, sent.role))


def _reasons(problems: Problems) -> str:
    """Return what made a message invalid."""
    return "; ".join(
        f"{problem.field}: {problem.code}, {problem.message}"
        for problem in problems
        if problem.severity == "error"
    )
