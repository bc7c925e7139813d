"""Answers in the form of Activity Streams, where the native address is asked for that (Events §23.2)."""

from starlette.responses import Response

from server.doors.activitypub import answers
from server.doors.activitypub.asking import private
from server.doors.events import named
from server.doors.events.call import Call
from streams import entities
from streams.events import documents
from streams.events.documents import Asking
from vocab import dump


async def item(call: Call) -> Response:
    """Show an event or comment as an activity."""
    asking = Asking(reader=await call.reader())
    text = await call.store.read(documents.item, call.space, str(named.item(call)), asking)
    return _answer(call, dump.render(*text), asking)


async def entity(call: Call) -> Response:
    """Show an entity as an object."""
    asking = Asking(reader=await call.reader())
    ref = call.ref
    described = await call.store.read(entities.describe, call.space, ref.type, ref.id, asking)
    return _answer(call, dump.dump(described), asking)


def _answer(call: Call, body: bytes, asking: Asking) -> Response:
    return answers.document(call.request, body, headers=private(asking))
