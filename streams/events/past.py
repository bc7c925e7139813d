"""What was recorded before some messages arrive, as far as it matters to them."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from uuid import UUID

from storage import Transaction, eventitems
from storage.eventitems import ItemRow
from streams.events import arriving, commenting, targets, vocabulary
from streams.events.arriving import Arriving, Message
from streams.events.item import Rejected
from streams.events.space import Space
from streams.events.targets import Target
from vocab.dialects.events import Comment, Entity, Event, Problems, Ref
from vocab.dialects.events.problems import REFERENCE, RESERVED_LABEL


@dataclass(frozen=True, slots=True)
class Past:
    """Which of the messages are kept already, and what they name by stream ids and by bare names."""

    kept: Mapping[UUID, ItemRow]
    named: dict[UUID, Target]
    mentioned: dict[str, Ref]
    claimed: Set[tuple[str, str]]
    """External ids that events have, each with its origin."""


async def look_up(tx: Transaction, space: Space, messages: Sequence[Message]) -> Past:
    """Return what was recorded before. A few statements, however many messages there are."""
    items = [one for one in messages if isinstance(one, Event | Comment)]
    rows = (
        await eventitems.by_stream_ids(tx, space.tenant.id, [str(one.id) for one in items]) if items else {}
    )
    pairs = {(one.external_id, one.origin) for one in items if isinstance(one, Event) and one.external_id}
    names = [name for one in items if isinstance(one, Comment) for name in one.names]
    return Past(
        kept={UUID(id): row for id, row in rows.items()},
        named=await targets.find(tx, space, {id for one in messages for id in arriving.ids(one)}),
        mentioned=await commenting.mentioned(tx, space, names),
        claimed=await eventitems.claimed(tx, space.tenant.id, pairs) if pairs else set(),
    )


async def rejected(
    tx: Transaction, space: Space, messages: Sequence[Arriving], past: Past
) -> list[Rejected | None]:
    """Reserve the labels that messages are the first to use, and return why some messages cannot be kept."""
    wanted: dict[tuple[str, str], str] = {}
    for message in messages:
        wanted = {**message.reading.labels, **wanted}
    placed = await vocabulary.reserve(tx, space, wanted) if wanted else {}
    known = set(past.named)
    found: list[Rejected | None] = []
    for message in messages:
        problems = Problems()
        for (sort, label), path in message.reading.labels.items():
            if (place := placed[sort, label]) != path:
                problems.error(RESERVED_LABEL, "involves", f"{label} is reserved for {place}")
        for id in sorted(_required(message.message) - known):
            problems.error(REFERENCE, "involves", f"{id} does not exist")
        if not problems:
            known |= _new(message.message)
        found.append(Rejected(problems) if problems else None)
    return found


def _required(said: Message) -> set[UUID]:
    """Return the stream ids of what must exist: what votes and comments are on."""
    if isinstance(said, Comment):
        on = (role.target for role in said.roles if role.leaf == "COMMENTED_ON")
        return {target for target in on if isinstance(target, UUID)}
    return arriving.ids(said) if isinstance(said, tuple) else set()


def _new(said: Message) -> set[UUID]:
    """Return the stream ids of what a message brings about: those that follow may be on it."""
    if isinstance(said, Entity):
        return {said.ref.stream_id}
    return {said.id} if isinstance(said, Event | Comment) else set()
