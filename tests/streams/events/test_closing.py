"""What was told of an entity elsewhere goes when the entity is restricted (Events §3.6, §23.1)."""

import pytest
from logbook import Logbook
from pier import VAN, Pier

from streams.events import closing

pytestmark = pytest.mark.anyio

EVERYBODY = [{"READ": "Public"}]
PUBLIC = "SELECT count(*) FROM objects o JOIN events e ON e.id = o.id WHERE e.type LIKE 'as.entity.%' AND o.public = 1"
LISTED = (
    "SELECT count(*) FROM entries n JOIN streams s ON s.id = n.stream JOIN events e ON e.id = n.item"
    " WHERE s.kind = 'outbox' AND e.type LIKE 'as.entity.%' AND n.public = 1"
)


async def count(logbook: Logbook, sql: str) -> int:
    [(found,)] = await logbook.rows(sql)
    return int(found)


@pytest.mark.parametrize("rules", [[], [{"READ": "ASUser/bo"}]])
async def test_changes_of_what_was_public_are_nobody_elses_any_more(
    pier: Pier, rules: list[dict[str, str]]
) -> None:
    """However many they are: the first at once, the others by jobs; those of other entities stay."""
    for number in range(closing.TOGETHER + 5):
        await pier.log.entity("Plan/merger", acl=EVERYBODY, properties={"step": number})
    await pier.log.entity("Plan/other", acl=EVERYBODY)
    assert await count(pier.log, PUBLIC) == await count(pier.log, LISTED) == closing.TOGETHER + 6
    await pier.log.entity("Plan/merger", acl=rules)
    assert await count(pier.log, PUBLIC) <= 6
    await pier.work()
    assert await count(pier.log, PUBLIC) == await count(pier.log, LISTED) == 1


async def test_channels_take_back_what_they_told_of_it(pier: Pier) -> None:
    """What else happened to it was told by nobody who said what it is, and stays."""
    await pier.channel()
    await pier.followed()
    await pier.log.entity(VAN, properties={"colour": "red"})
    await pier.log.event(involves=[{"ACTOR": "Employee/Ada"}, {"AFFECTS": VAN}], description="washed")
    of_change, washed = await pier.told()
    await pier.log.entity(VAN, acl=[{"READ": "ASUser/bo"}])
    left, deleted = await pier.told()
    assert (left["id"], deleted["type"]) == (washed["id"], "Delete")
    assert deleted["object"]["id"] == of_change["object"]["id"]
