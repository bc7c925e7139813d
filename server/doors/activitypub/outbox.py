"""POST to an outbox (AP-190…AP-209): what a client says in its actor's name."""

from starlette.requests import Request
from starlette.responses import Response

from server.auth.bearer import require
from server.doors.activitypub import answers
from server.doors.activitypub.actors import by_name
from server.errors import ProblemError
from server.house import house
from server.negotiate import require_activity
from streams import publish
from vocab import dump, parse


async def post_outbox(request: Request) -> Response:
    """Publish an activity or a bare object; answer 201 with the activity and its address."""
    parts = house(request)
    owner = await parts.store.read(by_name, request.path_params["name"])
    held = await require(request, "write")
    if held.actor.id != owner.id:
        raise ProblemError(403, "this outbox belongs to someone else")
    require_activity(request)
    published = await publish(parts.ports, owner, parse(await request.body()))
    body = dump.dump(published)
    return answers.document(request, body, status=201, headers={"Location": published.id or ""})


async def refuse(request: Request) -> Response:
    """The server's own actor has no clients (AP-208)."""
    raise ProblemError(405, "this actor has no client access", headers={"Allow": "GET, HEAD, OPTIONS"})
