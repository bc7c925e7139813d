"""What other servers have handed us, from the 202 until it has taken effect."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage import jobs
from storage.connection import Transaction

QUEUE = "receive"


@dataclass(frozen=True, slots=True)
class VerifiedActor:
    """Who a request was proven to come from. Only ``federation.verify`` makes one from a request.

    ``id`` is the actor's IRI, ``key`` the IRI of the key that proved it, ``host`` the actor's host.
    """

    id: str
    key: str
    host: str


@dataclass(frozen=True, slots=True)
class Intake:
    """One activity as it was received: who sent it, the document believed, the inbox it was sent to.

    ``inbox`` is the row id of a local actor, or None for the shared inbox; ``carrier`` the IRI of someone else
    who passed the activity on.
    """

    sender: VerifiedActor
    body: str
    inbox: int | None
    received: int
    carrier: str | None = None


async def remember(tx: Transaction, received: Sequence[tuple[Intake, str]]) -> int:
    """Keep what was received until it has taken effect; return how much of it was not waiting already (REL-005).

    Given are pairs of an intake and the name its sender has for it. Each sending host has a lane, so that none
    keeps the others waiting (REL-018).
    """
    new = [_job(intake, name) for intake, name in received]
    return await jobs.add_many(tx, QUEUE, new, now=max(intake.received for intake, _ in received))


def _job(intake: Intake, name: str) -> jobs.NewJob:
    sender = intake.sender
    payload = {
        "sender": sender.id, "key": sender.key, "host": sender.host, "inbox": intake.inbox, "body": intake.body,
        "carrier": intake.carrier, "received": intake.received,
    }  # fmt: skip
    return jobs.NewJob(payload, lane=sender.host, dedupe=f"{intake.inbox or ''} {sender.id} {name}")


def intake(job: jobs.Job) -> Intake:
    """Return what a job of this queue holds."""
    held = job.payload
    sender = VerifiedActor(held["sender"], held["key"], held["host"])
    received = held.get("received", job.created)
    return Intake(sender, held["body"], held["inbox"], received, held.get("carrier"))
