"""Hooks: other applications report what happened there, and one of our actors tells it (Atom §11).

What was delivered is a job, committed before it is answered. When it is done, every report is told that was not told
before, in one unit of work with the end of the job. Who an application names is nobody here, unless the owner of the
hook has said who they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from storage import Store, Transaction, actors, hooks, jobs
from storage.actors import ActorRow, State
from storage.hooks import QUEUE, Hook
from storage.jobs import Job
from streams import outside
from vocab import PUBLIC, Object
from vocab.dialects import webhooks
from vocab.dialects.webhooks import Report, report
from vocab.entry import Entry

GIT: Final = "git"
CI: Final = "ci"
ISSUES: Final = "issues"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What an application sent: the name of the event, its own name for the delivery, and the body."""

    event: str
    id: str
    body: str


async def take(tx: Transaction, hook: Hook, delivery: Delivery, *, now: int) -> bool:
    """Leave a delivery to be told; False, leaving nothing, when it was delivered before. A unit of work."""
    if not await hooks.note(tx, hook.id, [f"delivery:{delivery.id}"], now=now):
        return False
    work = {
        "hook": hook.id,
        "event": delivery.event,
        "id": delivery.id,
        "body": delivery.body,
        "received": now,
    }
    await jobs.add(tx, QUEUE, work, now=now, lane=str(hook.id), key=str(hook.id))
    return True


async def work(store: Store, job: Job, *, owner: str, base_url: str, now: int) -> None:
    """Tell what a delivery reports, and strike the job off in the same transaction."""
    await store.write(_work, job, owner=owner, base_url=base_url, now=now)


async def _work(tx: Transaction, job: Job, *, owner: str, base_url: str, now: int) -> None:
    hook = await hooks.by_id(tx, job.payload["hook"])
    if hook is not None:
        await _tell(tx, hook, job.payload, base_url=base_url, now=now)
    await jobs.finish(tx, job, owner=owner)


async def _tell(tx: Transaction, hook: Hook, work: Mapping[str, Any], *, base_url: str, now: int) -> None:
    reports = webhooks.read(hook.dialect, work["event"], work["body"], hook.settings, delivery=work["id"])
    speaker, whose = await actors.by_id(tx, hook.speaker), await actors.by_id(tx, hook.owner)
    if speaker is None or whose is None or speaker.state != State.ACTIVE:
        return
    fresh = await hooks.note(tx, hook.id, [one.key for one in reports], now=now)
    to = (PUBLIC,) if hook.public else (whose.iri,)
    for one in reports:
        if one.key in fresh:
            fresh.discard(one.key)
            entry = await _entry(tx, hook, one, received=work["received"])
            await outside.tell(tx, speaker, entry, to=to, base_url=base_url, now=now)


async def _entry(tx: Transaction, hook: Hook, told: Report, *, received: int) -> Entry:
    application = webhooks.application(hook.dialect)
    entry = Entry.of(told.entry(provider=provider(told), application=application, at=received))
    known = await _account(tx, hook, told.who.username)
    if known is None:
        return entry
    activity = Object({**entry.activity.data, "actor": known.iri})
    return replace(entry, activity=activity)


async def _account(tx: Transaction, hook: Hook, username: str) -> ActorRow | None:
    """Return the actor of ours that a name over there stands for, where the hook's owner has said so."""
    people = hook.settings.get("people", {})
    return await actors.by_handle(tx, people[username]) if username and username in people else None


def provider(told: Report) -> str:
    """Return which provider a report belongs to: by what it is about, or what is commented on."""
    kinds = {thing.kind for thing in (*told.about, *([told.target] if told.target else ()))}
    if report.JOB in kinds:
        return CI
    return ISSUES if report.ISSUE in kinds else GIT
