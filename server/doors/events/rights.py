"""What operations need of their callers, where the method alone does not say it (Events §1.2, §17)."""

from collections.abc import Mapping
from typing import Final

from server.auth.events import Right
from server.doors.events import provisioning
from server.doors.events.door import Operation

RIGHTS: Final[Mapping[Operation, Right]] = {**dict.fromkeys(provisioning.MANAGING, Right.MANAGE)}
"""GET needs the right to read, anything else the right to act, unless it stands here."""
