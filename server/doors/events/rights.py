"""What operations need of their callers, where the method alone does not say it (Events §1.2, §17)."""

from collections.abc import Mapping
from typing import Final

from server.auth.events import Right
from server.doors.events import bumps, checks, collector, comments, entities, events, provisioning, web
from server.doors.events.door import Operation

_SUBMITTING: Final[tuple[Operation, ...]] = (
    events.add_events,
    entities.put_entity,
    entities.put_entities,
    comments.add_comments,
    bumps.add_bumps,
    *(operation for _, operations in collector.OPERATIONS for operation in operations.values()),
)
_CHECKING: Final[tuple[Operation, ...]] = tuple(
    operation for _, operations in checks.OPERATIONS for operation in operations.values()
)
RIGHTS: Final[Mapping[Operation, Right]] = {
    **dict.fromkeys(_SUBMITTING, Right.SUBMIT),
    **dict.fromkeys(_CHECKING, Right.CHECK),
    **dict.fromkeys(provisioning.MANAGING, Right.MANAGE),
    **dict.fromkeys(web.OPEN, Right.OPEN),
}
"""GET needs the right to read, anything else the right to act, unless it stands here."""
