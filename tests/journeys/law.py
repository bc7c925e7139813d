"""The conservation law of queues, read from a server's own metrics (REL-022)."""

import re

import httpx
from town import Server

_LINE = re.compile(r'headwater_queue_jobs\{queue="(\w+)",state="(\w+)"\} (\S+)')


def queues(server: Server) -> dict[str, dict[str, int]]:
    """Return the number of jobs by queue and state."""
    found: dict[str, dict[str, int]] = {}
    for queue, state, number in _LINE.findall(httpx.get(f"{server.base_url}/metrics").text):
        found.setdefault(queue, {})[state] = int(float(number))
    return found


def assert_nothing_lost(server: Server) -> None:
    """REL-022: enqueued = done + discarded + waiting + leased + dead, in every queue."""
    found = queues(server)
    assert found
    for queue, numbers in found.items():
        assert numbers.pop("enqueued") == sum(numbers.values()), (queue, numbers)
