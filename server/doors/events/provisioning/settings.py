"""What is set for types of events, types of entities, and origins (Events §17.8)."""

import json
from typing import Any

from server.doors.events import paging
from server.doors.events.answers import Answer
from server.doors.events.call import Call
from server.doors.events.door import PROVISIONING, Operations
from server.errors import ProblemError
from storage import eventkinds
from storage.eventkinds import ENTITY_TYPE, EVENT_TYPE, ORIGIN
from streams.events import vocabulary
from vocab.dialects.events.provisioning import settings


async def list_event_types(call: Call) -> Answer:
    """List types of events that occurred or have settings."""
    return await _list(call, EVENT_TYPE)


async def list_entity_types(call: Call) -> Answer:
    """List types of entities that occurred or have settings."""
    return await _list(call, ENTITY_TYPE)


async def list_origins(call: Call) -> Answer:
    """List origins that occurred or have settings."""
    return await _list(call, ORIGIN)


async def get_event_type(call: Call) -> dict[str, Any]:
    """Show what is set for a type of events."""
    return await _get(call, EVENT_TYPE)


async def get_entity_type(call: Call) -> dict[str, Any]:
    """Show what is set for a type of entities."""
    return await _get(call, ENTITY_TYPE)


async def get_origin(call: Call) -> dict[str, Any]:
    """Show what is set for an origin."""
    return await _get(call, ORIGIN)


async def put_event_type(call: Call) -> dict[str, Any]:
    """Set what events of a type, and of those below it, have unless they say otherwise."""
    return await _put(call, EVENT_TYPE)


async def put_entity_type(call: Call) -> dict[str, Any]:
    """Set what entities of a type, and of those below it, have unless they say otherwise."""
    return await _put(call, ENTITY_TYPE)


async def put_origin(call: Call) -> dict[str, Any]:
    """Set how an origin is called, and where it is."""
    return await _put(call, ORIGIN)


async def _list(call: Call, space: str) -> Answer:
    page = paging.asked(call, first=0)
    found = await call.store.peek(eventkinds.every, call.tenant.id, space)
    items = [_spelled(space, kind.name, json.loads(kind.settings)) for kind in paging.part(page, found)]
    return paging.answer(call, page, items, len(found))


async def _get(call: Call, space: str) -> dict[str, Any]:
    name = settings.name(space, call.names["name"])
    found = await call.store.peek(eventkinds.find, call.tenant.id, space, name)
    if found is None:
        raise ProblemError(404)
    return _spelled(space, name, json.loads(found.settings))


async def _put(call: Call, space: str) -> dict[str, Any]:
    name = settings.name(space, call.names["name"])
    said = settings.put(space, await call.json())
    await call.store.write(vocabulary.describe, call.space, space, name, said, now=call.now)
    return _spelled(space, name, said)


def _spelled(space: str, name: str, said: dict[str, Any]) -> dict[str, Any]:
    return {"origin" if space == ORIGIN else "type": name, **said}


OPERATIONS: Operations = (
    (f"{PROVISIONING}event-types", {"GET": list_event_types}),
    (f"{PROVISIONING}event-types/{{name}}", {"GET": get_event_type, "PUT": put_event_type}),
    (f"{PROVISIONING}entity-types", {"GET": list_entity_types}),
    (f"{PROVISIONING}entity-types/{{name}}", {"GET": get_entity_type, "PUT": put_entity_type}),
    (f"{PROVISIONING}origins", {"GET": list_origins}),
    (f"{PROVISIONING}origins/{{name}}", {"GET": get_origin, "PUT": put_origin}),
)
