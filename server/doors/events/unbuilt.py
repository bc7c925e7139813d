"""What the API has and this server does not: it says so (Events §1.4, §15, §17.3–§17.7, §19.5)."""

from server.doors.events.answers import Answered
from server.doors.events.call import Call
from server.doors.events.door import PROVISIONING, V1, Operations
from server.doors.events.errors import Refusal


async def not_built(call: Call) -> Answered:
    """Say that a feature is not there."""
    raise Refusal(501, "not_built", "this server does not have that feature")


ALL = dict.fromkeys(("GET", "POST", "PUT", "DELETE"), not_built)

OPERATIONS: Operations = tuple(
    (f"{base}{path}", ALL)
    for base, name in (
        (PROVISIONING, "endpoints"), (PROVISIONING, "service-endpoints"), (PROVISIONING, "domain-mapping"),
        (PROVISIONING, "services"), (PROVISIONING, "available-services"), (PROVISIONING, "dashboards"),
        (PROVISIONING, "tenant-dashboards"), (PROVISIONING, "service-dashboards"), (PROVISIONING, "statements"),
        (PROVISIONING, "tenant-statements"), (PROVISIONING, "service-statements"),
        (f"{V1}as/", "observations"), ("/api/analytics/", "raw"),
    )
    for path in (name, f"{name}/{{rest:path}}")
)  # fmt: skip
