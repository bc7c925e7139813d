"""Message defaults by token (Events §18.2)."""

import json
import secrets
from typing import Any

from server.doors.events.answers import Answer
from server.doors.events.call import Call
from server.doors.events.door import AS, Operations
from server.errors import ProblemError
from storage import eventtokens
from storage.eventtokens import EventToken
from vocab import jsontext
from vocab.dialects.events import tokens

TOKEN_BYTES = 8


async def add_token(call: Call) -> Answer:
    """Keep defaults under a token, a fresh one unless it is said; administrators in the place of those it had."""
    said = tokens.posted(await call.json())
    if said.token and await call.store.peek(eventtokens.find, call.tenant.id, said.token) is not None:
        call.caller.require_trusted()
    token = EventToken(
        said.token or secrets.token_urlsafe(TOKEN_BYTES),
        jsontext.dumps(said.defaults).decode(),
        jsontext.dumps(said.variables).decode(),
        said.valid_until,
    )
    new = await call.store.write(eventtokens.put, call.tenant.id, token, now=call.now)
    return Answer(_spelled(token), 201 if new else 200)


async def get_token(call: Call) -> dict[str, Any]:
    """Show the defaults of a token."""
    found = await call.store.peek(eventtokens.find, call.tenant.id, call.names["token"])
    if found is None:
        raise ProblemError(404)
    return _spelled(found)


async def delete_token(call: Call) -> Answer:
    """Forget the defaults of a token; what was stored with them stays as it is."""
    call.caller.require_trusted()
    if not await call.store.write(eventtokens.remove, call.tenant.id, call.names["token"]):
        raise ProblemError(404)
    return Answer(status=204)


def _spelled(token: EventToken) -> dict[str, Any]:
    return tokens.spell(
        token.token, json.loads(token.defaults), json.loads(token.variables), token.valid_until
    )


OPERATIONS: Operations = (
    (f"{AS}tokens", {"POST": add_token}),
    (f"{AS}tokens/{{token}}", {"GET": get_token, "DELETE": delete_token}),
)
