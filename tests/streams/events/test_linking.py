"""Links between entities: said again they are the same, and some leave room for one alone (Events §6)."""

from typing import Any

import pytest
from logbook import START, Logbook

from streams.events import Recorded, clusters

pytestmark = pytest.mark.anyio

DAY = 86_400_000_000


def day(number: int) -> str:
    """A day of March 2031, as messages spell it; the first is two days after the logbook begins."""
    return f"2031-03-{number:02}T00:00:00Z"


MARCH = START - START % DAY + 2 * DAY
"""The first instant of March 2031."""


def at(number: int) -> int:
    return MARCH + (number - 1) * DAY


async def links(logbook: Logbook) -> list[tuple[Any, ...]]:
    """Every link: source, type, target, from and until which day of March."""
    rows = await logbook.rows(
        "SELECT s.key, l.path, t.key, l.active_from, l.active_until FROM event_links l"
        " JOIN event_entities s ON s.id = l.source JOIN event_entities t ON t.id = l.target ORDER BY l.id"
    )
    return [
        (*row[:3], *(None if time is None else (time - MARCH) // DAY + 1 for time in row[3:])) for row in rows
    ]


async def say(logbook: Logbook, source: str, on: int, **link: Any) -> Recorded:
    return await logbook.entity(source, occurred_at=day(on), relations=[link])


async def test_a_link_said_again_is_the_same(logbook: Logbook) -> None:
    """Events §6.1: what it says of itself is updated, what it does not say stays."""
    await say(logbook, "Vessel/k", 1, BELONGS_TO="Company/n", weight=3, properties={"share": 1})
    await say(logbook, "vessel/K", 2, BELONGS_TO="company/N", weight=4)
    assert await links(logbook) == [("vessel/k", "BELONGS_TO", "company/n", 1, None)]
    assert await logbook.rows("SELECT weight, properties FROM event_links") == [(4.0, '{"share":1}')]


async def test_a_second_link_has_another_external_id(logbook: Logbook) -> None:
    """Events §6.1."""
    for external_id in ("a", "b", "a"):
        await say(logbook, "Vessel/k", 1, BELONGS_TO="Company/n", external_id=external_id)
    assert len(await links(logbook)) == 2


async def test_a_link_ends_and_begins_anew(logbook: Logbook) -> None:
    """Events §6.1: what was is kept."""
    await say(logbook, "Vessel/k", 1, BELONGS_TO="Company/n")
    await say(logbook, "Vessel/k", 3, BELONGS_TO="Company/n", **{"$delete": True})
    await say(logbook, "Vessel/k", 5, BELONGS_TO="Company/n")
    assert await links(logbook) == [
        ("vessel/k", "BELONGS_TO", "company/n", 1, 3),
        ("vessel/k", "BELONGS_TO", "company/n", 5, None),
    ]


async def test_a_link_has_the_dates_it_says(logbook: Logbook) -> None:
    """Events §6.1: and they can be put right."""
    await say(logbook, "Vessel/k", 9, BELONGS_TO="Company/n", active_from=day(4))
    await say(logbook, "Vessel/k", 9, BELONGS_TO="Company/n", active_from=day(2), active_until=day(8))
    assert await links(logbook) == [("vessel/k", "BELONGS_TO", "company/n", 2, 8)]


async def test_a_name_belongs_to_one_of_a_type(logbook: Logbook) -> None:
    """Events §6.3: a newer claim ends the older one and is told so; of another type there may be one more."""
    await say(logbook, "Customer/a", 1, AKA="Email/x")
    await say(logbook, "Employee/e", 1, AKA="Email/x")
    newer = await say(logbook, "Customer/b", 3, AKA="Email/x")
    assert [problem.code for problem in newer.problems] == ["is_reassigned"]
    await say(logbook, "Customer/b", 3, AKA="Email/y")
    assert await links(logbook) == [
        ("customer/a", "AKA", "email/x", 1, 3),
        ("employee/e", "AKA", "email/x", 1, None),
        ("customer/b", "AKA", "email/x", 3, None),
        ("customer/b", "AKA", "email/y", 3, None),
    ]


async def test_an_older_claim_that_comes_late_has_ended(logbook: Logbook) -> None:
    """Events §6.3: what counts is when it was so, not when it was said."""
    await say(logbook, "Customer/b", 3, AKA="Email/x")
    late = await say(logbook, "Customer/a", 1, AKA="Email/x")
    assert not late.problems
    assert ("customer/a", "AKA", "email/x", 1, 3) in await links(logbook)


async def test_a_session_fronts_one_at_a_time(logbook: Logbook) -> None:
    """Events §6.3: and one customer may be fronted by many sessions."""
    await say(logbook, "WebSession/s", 1, PROXY_FOR="Customer/a")
    await say(logbook, "WebSession/t", 1, PROXY_FOR="Customer/a")
    await say(logbook, "WebSession/s", 2, PROXY_FOR="Customer/b")
    await say(logbook, "WebSession/s", 1, PROXY_FOR="Customer/a")
    assert await links(logbook) == [
        ("websession/s", "PROXY_FOR", "customer/a", 1, 2),
        ("websession/t", "PROXY_FOR", "customer/a", 1, None),
        ("websession/s", "PROXY_FOR", "customer/b", 2, None),
    ]


async def test_links_inside_events_hold_from_when_they_occurred(logbook: Logbook) -> None:
    """Events §4.1: they are links like any others."""
    await logbook.event(occurred_at=day(2), involves=[{"ACTOR": "WebSession/s", "PROXY_FOR": "Customer/a"}])
    assert await links(logbook) == [("websession/s", "PROXY_FOR", "customer/a", 2, None)]


async def test_an_event_may_say_which_links_entities_have(logbook: Logbook) -> None:
    """Events §5.3: by its aspect entities."""
    change = {"action": "UPDATES", "entity": "Vessel/k", "links": [{"BELONGS_TO": "Company/n"}]}
    await logbook.event(occurred_at=day(2), aspects={"entities": [change]})
    assert await links(logbook) == [("vessel/k", "BELONGS_TO", "company/n", 2, None)]


async def test_who_has_an_event_done_for_them_is_involved(logbook: Logbook) -> None:
    """Events §6.4: in this event, and in no other of who did it."""
    first = await logbook.event(involves=[{"ACTOR": "Employee/Ada", "ON_BEHALF_OF": "Customer/a"}])
    await logbook.event("as.x.done", involves=[{"ACTOR": "Employee/Ada"}])
    roles = await logbook.rows(
        "SELECT r.item, r.path, r.derived FROM event_roles r JOIN event_entities n ON n.id = r.named"
        " WHERE n.key = 'customer/a'"
    )
    assert roles == [(first.id, "INVOLVES", 1)]


async def cluster(logbook: Logbook, ref: str, when: int | None = None) -> set[str]:
    entity = (await logbook.known(ref)).id
    found = await logbook.store.read(clusters.of, entity, at=None if when is None else at(when))
    rows = await logbook.rows("SELECT id, key FROM event_entities")
    return {key for id, key in rows if id in found}


async def test_names_of_one_make_a_cluster(logbook: Logbook) -> None:
    """Events §6.4: whichever way the links go, over several; as long as they hold."""
    await say(logbook, "Customer/a", 1, AKA="Email/x")
    await say(logbook, "User/u", 1, SOCIAL_ID="Email/x")
    await say(logbook, "User/u", 2, ALIAS="Phone/p")
    await say(logbook, "User/u", 2, BELONGS_TO="Company/n")
    assert await cluster(logbook, "Phone/p") == {"customer/a", "email/x", "user/u", "phone/p"}
    assert await cluster(logbook, "Phone/p", 1) == {"phone/p"}
    await say(logbook, "User/u", 3, SOCIAL_ID="Email/x", **{"$delete": True})
    assert await cluster(logbook, "Phone/p") == {"user/u", "phone/p"}
    assert await cluster(logbook, "Company/n") == {"company/n"}


async def test_a_cluster_is_bounded(logbook: Logbook) -> None:
    """Events §6.4: a hundred at most."""
    await logbook.entity("Customer/a", relations=[{"AKA": f"Email/{number}"} for number in range(120)])
    assert len(await cluster(logbook, "Customer/a")) == clusters.CLUSTER_MAX


async def test_a_stream_is_made_of_names_and_proxies(logbook: Logbook) -> None:
    """Events §6.4: of a proxy, while it was one; and it does not go the other way."""
    await say(logbook, "WebSession/s", 1, PROXY_FOR="Customer/a")
    await say(logbook, "WebSession/s", 3, PROXY_FOR="Customer/b")
    await say(logbook, "Customer/a", 1, AKA="Email/x")
    ids = {ref: (await logbook.known(ref)).id for ref in ("Customer/a", "Email/x", "WebSession/s")}
    found = await logbook.store.read(clusters.histories, ids["Email/x"])
    assert found == [
        (ids["Email/x"], None, None),
        (ids["Customer/a"], None, None),
        (ids["WebSession/s"], at(1), at(3)),
    ]
    assert await logbook.store.read(clusters.histories, ids["WebSession/s"]) == [
        (ids["WebSession/s"], None, None)
    ]
