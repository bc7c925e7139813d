"""What users do about stream items (Events §9)."""

from typing import Any, Final

from server.auth.events import Right
from server.doors.events import named
from server.doors.events.call import Call
from server.doors.events.door import AS, Operations
from storage import Transaction
from streams.errors import NotFound
from streams.events import finding, following, workflow
from vocab.dialects.events import BadReference, Ref
from vocab.errors import BadFields

USER: Final = "asuser"


async def show(call: Call) -> dict[str, Any]:
    """Tell what was done about an item, and the state that it is in."""
    reader = await call.reader()

    async def shown(tx: Transaction) -> workflow.Workflow:
        return await workflow.of(tx, (await finding.thing(tx, call.space, reader, named.item(call))).id)

    return (await call.store.read(shown)).spell()


def _action(call: Call) -> str:
    found = workflow.ACTIONS.get(call.names["action"].lower())
    if found is None:
        raise NotFound(call.names["action"])
    return found


async def act(call: Call) -> dict[str, Any]:
    """Let the current user do something about an item."""
    reader, user, action = await call.reader(), call.user, _action(call)
    to = _assignee(await call.message(missing={})) if action == "ASSIGNED_BY" else None

    async def done(tx: Transaction) -> workflow.Workflow:
        item = await finding.thing(tx, call.space, reader, named.item(call))
        by = await following.mentioned(tx, call.space, user, now=call.now)
        assignee = None if to is None else await following.mentioned(tx, call.space, to, now=call.now)
        return await workflow.act(tx, item.id, action, by=by, assignee=assignee, now=call.now)

    return (await call.store.write(done)).spell()


def _assignee(said: dict[str, Any]) -> Ref:
    """Return whom an item is assigned to; a user may be named without a type."""
    text = said.get("assignee")
    if not isinstance(text, str) or not text.strip():
        raise BadFields({"assignee": ["this field is required: a user, such as ASUser/bo"]})
    try:
        found = Ref.parse(text if "/" in text else f"ASUser/{text}")
    except BadReference as error:
        raise BadFields({"assignee": [error.reason]}) from None
    if found.root.lower() != USER:
        raise BadFields({"assignee": ["must be a user, such as ASUser/bo"]})
    return found


async def view(call: Call) -> None:
    """Note that the current user has looked closely at an item with workflow, unless they may change nothing."""
    user = call.caller.user
    if user is None or not call.caller.may(Right.ACT):
        return
    reader, id = await call.reader(), named.item(call)

    async def noted(tx: Transaction) -> None:
        item = await finding.thing(tx, call.space, reader, id)
        by = await following.mentioned(tx, call.space, user, now=call.now)
        await workflow.viewed(tx, item.id, by=by, now=call.now)

    await call.store.write(noted)


async def take_back(call: Call) -> dict[str, Any]:
    """Take back the latest such act of the current user."""
    reader, user, action = await call.reader(), call.user, _action(call)

    async def taken(tx: Transaction) -> workflow.Workflow:
        item = await finding.thing(tx, call.space, reader, named.item(call))
        by = await following.mentioned(tx, call.space, user, now=call.now)
        return await workflow.take_back(tx, item.id, action, by=by)

    return (await call.store.write(taken)).spell()


WORKFLOW: Final = f"{AS}workflow/{{stream_id}}"
OPERATIONS: Final[Operations] = (
    (WORKFLOW, {"GET": show}),
    (f"{WORKFLOW}/{{action}}", {"PUT": act, "POST": act, "DELETE": take_back}),
)
