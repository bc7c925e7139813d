"""GET an event, comment or vote of the Events API as an activity (Events §23.2)."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from server.doors.activitypub import answers
from server.doors.activitypub.asking import asking, private
from server.doors.activitypub.entities import space_of
from server.house import house
from streams.errors import NotFound
from streams.events import documents
from vocab import dump


async def get_item(request: Request) -> Response:
    """Answer with an item, if the reader may see it."""
    parts, space = house(request), await space_of(request)
    stream_id = _stream_id(request.path_params["id"])
    asked = await asking(request, space.tenant)
    text = await parts.store.read(documents.item, space, stream_id, asked)
    return answers.document(request, dump.render(*text), asked.viewer, headers=private(asked))


async def get_note(request: Request) -> Response:
    """Answer with the Note that a comment is the Create of."""
    parts, space = house(request), await space_of(request)
    stream_id = _stream_id(request.path_params["id"])
    asked = await asking(request, space.tenant)
    text = await parts.store.read(documents.note, space, stream_id, asked)
    return answers.document(request, dump.render(*text), asked.viewer, headers=private(asked))


def _stream_id(text: str) -> str:
    """Read a stream id as it is kept. Raises NotFound for what is none."""
    try:
        return str(UUID(text))
    except ValueError:
        raise NotFound(text) from None
