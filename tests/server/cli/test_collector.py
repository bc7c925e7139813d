"""``headwater collector``."""

import asyncio
import json

from server import eventscollector
from server.eventscollector import QUEUE, Sent
from storage import Store, jobs, open_store, tenants
from streams.events.submitting import Sender
from vocab.dialects.events import Ref

SENT = Sent(7, "event", 1_000_000, Sender(None, Ref.parse("ASService/depot")))
DATABASE = "sqlite:///data/headwater.db"


async def _left() -> None:
    async with open_store(DATABASE) as store:
        await store.write(tenants.add, 7, "north", now=1)
        await store.write(eventscollector.leave, SENT, [{"n": 1}, {"n": 2}])
        await _bury(store)


async def _bury(store: Store) -> None:
    [job] = await store.write(jobs.claim, QUEUE, now=2_000_000, owner="test", lease_us=1_000, limit=1)
    await store.write(jobs.bury, job, owner="test", now=2_000_000, error="involves: missing_field")


def test_what_could_not_be_kept_is_shown_tried_again_and_dropped(terminal) -> None:  # type: ignore[no-untyped-def]
    """REL-020."""
    assert terminal("migrate")[0] == 0
    asyncio.run(_left())
    code, out, _ = terminal("collector", "list")
    assert code == 0
    assert [line.split("\t")[1:] for line in out.splitlines()] == [
        ["waiting", "north", "event", "1970-01-01T00:00:01+00:00", ""],
        ["dead", "north", "event", "1970-01-01T00:00:01+00:00", "involves: missing_field"],
    ]
    _, out, _ = terminal("--json", "collector", "list", "--dead")
    [dead] = json.loads(out)["messages"]
    assert json.loads(dead["message"]) == {"n": 1}
    assert terminal("collector", "drop")[0] == 2
    assert "1 will be tried again" in terminal("collector", "retry", str(dead["id"]))[1]
    assert terminal("collector", "list", "--dead")[1].strip() == ""
    assert "0 dropped" in terminal("collector", "drop", "--all")[1]
