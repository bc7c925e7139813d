"""Entities: what events are about (Events §5.4)."""

from typing import Any

from server.doors.events import listing, projected, submitted
from server.doors.events.answers import Answer, Answered
from server.doors.events.call import Call
from server.doors.events.door import AS, Operations
from streams.events import census, entityreading, experience, states
from streams.events.entityreading import SEVERAL_MAX
from streams.events.submitting import ENTITY
from streams.events.wanted import Comments, History
from vocab.dialects.events import BadReference, Ref, references
from vocab.errors import BadFields


async def put_entities(call: Call) -> Answered:
    """Say what an entity is, or what several in an array are; what is not said stays."""
    return await submitted.create(call, ENTITY)


async def put_entity(call: Call) -> Answered:
    """Say what the entity is that the path names."""
    ref, message = call.ref, await call.message()
    said, type, id = (message.get(name) for name in ("entity_ref", "entity_type", "entity_id"))
    if said is None and id is None:
        message = {**message, "entity_ref": str(ref)}
    elif _key(f"{type or ref.type}/{id}" if said is None else said) != ref.key:
        raise BadFields({"entity_ref": ["names another entity than the path"]})
    answer = await submitted.keep(call, ENTITY, [message])
    return Answer(answer.body[0], answer.status)


async def get_several(call: Call) -> Answered:
    """Show several entities by their references, `?ids=` parted by commas; a comma in an id is encoded twice."""
    refs = [Ref.parse(_comma(text)) for text in call.query.required_items("ids")[:SEVERAL_MAX]]
    return await call.store.read(entityreading.several, call.space, await call.reader(), refs)


async def get_type(call: Call) -> Answered:
    """List entities of a type and of those below it, or show those whose ids are in `?ids=`; by a UUID one entity."""
    type = call.names["type"]
    id = references.item(type)
    if id is not None:
        return await call.store.read(entityreading.one, call.space, await call.reader(), id)
    if "ids" in call.query:
        refs = [Ref.parse(f"{type}/{_comma(text)}") for text in call.query.items("ids")[:SEVERAL_MAX]]
        return await call.store.read(entityreading.several, call.space, await call.reader(), refs)
    Ref.parse(f"{type}/-")
    return await listing.sheet(call, entityreading.of_type, type, listing.sheet_of(call))


async def get_entity(call: Call) -> Answered:
    """Show an entity in the form that is wanted, or with `?at=` what was known of it at an instant."""
    if call.wants_activity:
        return await projected.entity(call)
    at = await listing.moment(call, "at")
    if at is not None:
        return await call.store.read(states.at, call.space, await call.reader(), call.ref, at)
    return await call.store.read(entityreading.one, call.space, await call.reader(), call.ref)


async def get_links(call: Call) -> Answered:
    """List the links of an entity: of some `type`s, in a `direction` (IN, OUT or BOTH)."""
    return await listing.sheet(
        call, entityreading.links, call.ref, listing.sheet_of(call), types=call.query.items("type"),
        direction=listing.direction(call),
    )  # fmt: skip


async def get_settings(call: Call) -> Answered:
    """Show the settings of an entity that are in force, or with `?at=` were at an instant."""
    at = await listing.moment(call, "at")
    return await call.store.read(
        states.settings, call.space, await call.reader(), call.ref, call.now if at is None else at
    )


async def get_experience(call: Call) -> Answered:
    """Show how an entity has fared by now, or by the instant `?at=`: a number from -5 to 5 for each axis."""
    at = await listing.moment(call, "at")
    return await call.store.read(
        experience.score, call.space, await call.reader(), call.ref, call.now if at is None else at
    )


async def get_events(call: Call) -> Answered:
    """List what an entity took part in, with those that it is equated with: its stream."""
    return await listing.items(call, History(call.ref))


async def get_comments(call: Call) -> Answered:
    """List the comments on an entity, the newest first."""
    return await listing.items(call, Comments(call.ref))


async def get_bumps(call: Call) -> Answered:
    """List the votes on an entity."""
    return await listing.sheet(call, entityreading.bumps, call.ref, listing.sheet_of(call))


async def get_bumped(call: Call) -> Answered:
    """List the votes that an entity has made."""
    return await listing.sheet(call, entityreading.bumped, call.ref, listing.sheet_of(call))


async def get_entity_types(call: Call) -> Answered:
    """List the types of entities that there are."""
    return await listing.sheet(call, census.kinds, "entity-types", listing.sheet_of(call))


async def get_event_types(call: Call) -> Answered:
    """List the types of events that there are, or with `?known=true` those that are known beforehand."""
    if call.query.flag("known"):
        return await listing.sheet(call, census.known, listing.sheet_of(call))
    return await listing.sheet(call, census.kinds, "event-types", listing.sheet_of(call))


async def get_origins(call: Call) -> Answered:
    """List the systems that send messages."""
    return await listing.sheet(call, census.kinds, "origins", listing.sheet_of(call))


async def get_role_types(call: Call) -> Answered:
    """List the roles that entities may have in events."""
    return await listing.sheet(call, census.labels, "role-types", listing.sheet_of(call))


async def get_link_types(call: Call) -> Answered:
    """List the types that links may have."""
    return await listing.sheet(call, census.labels, "link-types", listing.sheet_of(call))


def _key(said: Any) -> str | None:
    """Return what is equal for references to one entity; None for what names none, which is told when it is read."""
    try:
        return Ref.parse(said).key if isinstance(said, str) else None
    except BadReference:
        return None


def _comma(text: str) -> str:
    """Undo the second encoding of a comma that is no separator."""
    return text.replace("%2C", ",").replace("%2c", ",")


OPERATIONS: Operations = (
    (f"{AS}entities", {"GET": get_several, "PUT": put_entities, "POST": put_entities}),
    (f"{AS}entities/{{type}}", {"GET": get_type}),
    (f"{AS}entities/{{type}}/{{id}}", {"GET": get_entity, "PUT": put_entity}),
    (f"{AS}entities/{{type}}/{{id}}/links", {"GET": get_links}),
    (f"{AS}entities/{{type}}/{{id}}/events", {"GET": get_events}),
    (f"{AS}entities/{{type}}/{{id}}/settings", {"GET": get_settings}),
    (f"{AS}entities/{{type}}/{{id}}/cei", {"GET": get_experience}),
    (f"{AS}entities/{{type}}/{{id}}/comments", {"GET": get_comments}),
    (f"{AS}entities/{{type}}/{{id}}/bumps", {"GET": get_bumps}),
    (f"{AS}entities/{{type}}/{{id}}/bumped", {"GET": get_bumped}),
    (f"{AS}entity-types", {"GET": get_entity_types}),
    (f"{AS}event-types", {"GET": get_event_types}),
    (f"{AS}origins", {"GET": get_origins}),
    (f"{AS}role-types", {"GET": get_role_types}),
    (f"{AS}link-types", {"GET": get_link_types}),
)
