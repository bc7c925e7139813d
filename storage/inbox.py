"""What other servers have handed us, from the 202 until it has taken effect."""

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


async def remember(tx: Transaction, intake: Intake, activity: str) -> bool:
    """Keep what was received until it has taken effect; False when the same is waiting already (REL-005).

    Each sending host has a lane, so that none keeps the others waiting (REL-018).
    """
    sender = intake.sender
    return await jobs.add(
        tx,
        QUEUE,
        {
            "v": 1,
            "sender": sender.id,
            "key": sender.key,
            "host": sender.host,
            "inbox": intake.inbox,
            "body": intake.body,
            "carrier": intake.carrier,
        },
        now=intake.received,
        lane=sender.host,
        dedupe=f"{intake.inbox or ''} {sender.id} {activity}",
    )


def intake(job: jobs.Job) -> Intake:
    """Return what a job of this queue holds."""
    held = job.payload
    sender = VerifiedActor(held["sender"], held["key"], held["host"])
    return Intake(sender, held["body"], held["inbox"], job.created, held.get("carrier"))
