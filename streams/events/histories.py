"""Streams of entities: what they took part in, and what they did at other doors (Events §6.4).

Entities that are the same share one history. What another door was told is not an event; it is in the outbox of the
entity, or of the account that it is, and is put among the events by its time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from storage import Transaction, eventelsewhere, evententities, objects
from storage.eventelsewhere import Said
from storage.evententities import EntityRow
from storage.eventlists import EARLIEST, LATEST, Span
from streams.errors import NotFound
from streams.events import clusters, finding
from streams.events.reader import Reader
from streams.events.space import Space
from streams.events.wanted import Wanted
from vocab import Activity, dump, instants, stored
from vocab.dialects.events import BadReference, Ref, back
from vocab.dialects.getstream.entities import USER

ORDER: Final = "occurred_at"


@dataclass(frozen=True, slots=True)
class Past:
    """Whose roles make up a stream, and who owns the outboxes that are part of it."""

    spans: tuple[Span, ...]
    owners: tuple[int, ...]


async def of(tx: Transaction, space: Space, reader: Reader, ref: Ref) -> Past:
    """Return what the stream of an entity is made of. Raises NotFound for an entity that nobody has named."""
    row = await evententities.by_key(tx, space.tenant.id, ref.key)
    if row is not None:
        if not await finding.entities(tx, reader, [row]):
            raise NotFound(str(ref))
        parts = await clusters.histories(tx, row.id)
        return Past(tuple(map(_span, parts)), await _owners(tx, space, row, [part[0] for part in parts]))
    named = await objects.by_iri(tx, space.entity_iri(ref))
    account = await _accounts(tx, space, [ref])
    if named is None and not account:
        raise NotFound(str(ref))
    return Past((), (*([named.id] if named else []), *account))


def _span(part: tuple[int, int | None, int | None]) -> Span:
    named, since, until = part
    return Span(named, EARLIEST if since is None else since, LATEST if until is None else until)


async def _owners(tx: Transaction, space: Space, one: EntityRow, rows: Sequence[int]) -> tuple[int, ...]:
    """Return some entities, of which ``one`` is known, and the accounts that they are, by their rows."""
    others = [row for row in rows if row != one.id]
    known = [one, *(await evententities.by_ids(tx, others)).values()] if others else [one]
    return (*rows, *await _accounts(tx, space, [Ref(row.type, row.name) for row in known]))


async def _accounts(tx: Transaction, space: Space, refs: Sequence[Ref]) -> list[int]:
    """Return the rows of the accounts that entities are."""
    iris = [iri for ref in refs if (iri := space.account_iri(ref)) is not None]
    return await eventelsewhere.accounts(tx, iris) if iris else []


async def elsewhere(tx: Transaction, space: Space, past: Past, wanted: Wanted) -> list[dict[str, Any]]:
    """Return what was said at other doors and is wanted of it, newest first, as event messages."""
    if not past.owners or wanted.order.lstrip("-") != ORDER or wanted.tags or wanted.roles:
        return []
    since = EARLIEST if wanted.since is None else wanted.since
    until = LATEST if wanted.until is None else wanted.until
    said = await eventelsewhere.newest(
        tx,
        space.tenant.id,
        past.owners,
        made=f"{space.root}/activities/",
        without=space.item_iri(""),
        since=since,
        until=until,
    )
    told = (told_as_event(space, one) for one in said)
    return [message for message in told if _is_wanted(message, wanted)]


def told_as_event(space: Space, said: Said) -> dict[str, Any]:
    """Return an activity of another door in the shape of an event (Events §16)."""
    text = dump.Text(said.document, said.context)
    if said.about is not None and said.about_document is not None:
        text = dump.splice(text, "object", said.about, dump.Text(said.about_document, said.about_context))
    activity = Activity(stored(*text).data)
    return back.event(activity, ref_of=lambda iri: ref_of(space, iri))


def ref_of(space: Space, iri: str) -> Ref | None:
    """Return the entity that has an IRI, None for what is none of this tenant."""
    entities = space.entities
    if entities.accounts and iri.startswith(f"{entities.accounts}/"):
        type, name = USER, iri[len(entities.accounts) + 1 :]
    elif iri.startswith(f"{entities.root}/"):
        type, _, name = iri[len(entities.root) + 1 :].partition("/")
    else:
        return None
    try:
        return Ref.parse(f"{unquote(type)}/{unquote(name)}")
    except BadReference:
        return None


def instant(message: Mapping[str, Any]) -> int:
    """Return when an activity of another door occurred, in microseconds."""
    found = instants.parse(message.get("occurred_at", ""))
    return 0 if found is None else instants.microseconds(found)


def _is_wanted(message: dict[str, Any], wanted: Wanted) -> bool:
    kind = f"{message['type']}."
    return (
        (wanted.min_importance is None or message["importance"] >= wanted.min_importance)
        and (not wanted.types or any(kind.startswith(f"{type}.") for type in wanted.types))
        and (wanted.filter is None or wanted.filter.matches(message))
    )
