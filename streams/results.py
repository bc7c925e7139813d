"""Results of polls: told to those it concerns, from time to time and when a poll is over (AP-267)."""

from collections.abc import Mapping
from typing import Any

from storage import Transaction, actors, audience, objects
from storage import polls as ballots
from storage.actors import ActorRow, State
from storage.ids import next_id
from storage.objects import ObjectRow
from streams import ids, instants, record
from streams import polls as votes
from streams.deed import Deed
from vocab import Activity, Audience, Object, polls, stored

VOTERS_MAX = 1_000
"""So many voters are told of the results, beside everyone the poll was addressed to."""


async def tell(tx: Transaction, work: Mapping[str, Any], *, base_url: str, now: int) -> None:
    """Tell the poll's audience and voters how it stands; closed when it is over. A chore.

    Mastodon takes an Update without ``updated`` for a change of counts, and not of what was said.
    """
    row = await votes.held(tx, work["poll"])
    author = None if row is None or row.owner is None else await actors.by_id(tx, row.owner)
    if row is None or row.deleted is not None or author is None or author.state >= State.SUSPENDED:
        return
    question = stored(row.document or "{}", row.context)
    if polls.is_over(question, instants.moment(now)) and question.get("closed") is None:
        question = question.with_(closed=question.get("endTime"))
        await votes.show(tx, row, question, now=now)
    deed = _update(row, question, author, base_url, now)
    deed.also += await audience.of(tx, row.id) + await ballots.voters(tx, row.id, limit=VOTERS_MAX)
    await record.publish(tx, deed)


async def close(tx: Transaction, work: Mapping[str, Any], *, base_url: str, now: int) -> None:
    """Tell the final results when a poll is over; one that was put off meanwhile goes on. A chore."""
    row = await objects.by_id(tx, work["poll"])
    if row is not None and polls.is_over(stored(row.document or "{}", row.context), instants.moment(now)):
        await tell(tx, work, base_url=base_url, now=now)


def _update(row: ObjectRow, question: Object, author: ActorRow, base_url: str, now: int) -> Deed:
    said_to = Audience.of(question)
    update = Activity(
        {
            "id": ids.activity(base_url, now),
            "type": "Update",
            "actor": author.iri,
            "published": instants.written(now),
            **{field: list(named) for field, named in said_to.fields().items() if named},
            "object": question.without("@context").data,
        }
    )
    return Deed(update, said_to, next_id(), author, True, now, base_url, refers=row.id)
