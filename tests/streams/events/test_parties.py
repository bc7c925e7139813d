"""By what names rules may mean a user (Events §3.6, §17.2)."""

from collections.abc import AsyncIterator

import pytest
from annals import BASE, Annals

from storage import open_store
from storage.eventskeys import INTERNAL_AUDITING, MANAGEMENT, TEAM_LEADER, USER
from streams.events import parties

pytestmark = pytest.mark.anyio

BO = {"asuser/bo", "employee/bo", "team/night", "fleet/all"}


@pytest.fixture
async def past(ready_url: str) -> AsyncIterator[Annals]:
    """A user with another name, in a team of a fleet, who reports to another, who reports to a third."""
    async with open_store(ready_url, base_url=BASE) as store:
        made = await Annals.begun(store)
        for name in (
            "ASUser/bo",
            "ASUser/lea",
            "ASUser/max",
            "Employee/bo",
            "Team/night",
            "Fleet/all",
            "Company/tow",
        ):
            await made.entity(name)
        await made.link("ASUser/bo", "AKA", "Employee/bo")
        await made.link("Employee/bo", "MEMBER_OF", "Team/night")
        await made.link("Team/night", "PART_OF", "Fleet/all")
        await made.link("Employee/bo", "SUPPLIED_BY", "Company/tow")
        await made.link("ASUser/bo", "PART_OF:REPORTS_TO", "ASUser/lea")
        await made.link("ASUser/lea", "PART_OF:REPORTS_TO", "ASUser/max")
        yield made


@pytest.mark.parametrize(
    ("key", "role", "expected"),
    [
        ("asuser/bo", USER, {*BO, USER}),
        ("asuser/bo", TEAM_LEADER, {*BO, USER, TEAM_LEADER}),
        ("asuser/bo", None, BO),
        ("asuser/new", INTERNAL_AUDITING, {"asuser/new", INTERNAL_AUDITING}),
        ("asuser/lea", USER, {"asuser/lea", USER}),
        ("asuser/lea", TEAM_LEADER, {"asuser/lea", "asuser/bo", USER, TEAM_LEADER}),
        ("asuser/max", TEAM_LEADER, {"asuser/max", "asuser/lea", USER, TEAM_LEADER}),
        ("asuser/max", MANAGEMENT, {"asuser/max", "asuser/lea", "asuser/bo", USER, TEAM_LEADER, MANAGEMENT}),
    ],
)  # fmt: skip
async def test_a_user_is_all_that_is_the_same_their_groups_and_whom_they_lead(
    past: Annals, key: str, role: str | None, expected: set[str]
) -> None:
    assert await past.store.read(parties.of, past.tenant.id, key, role) == expected


async def test_whom_one_leads(past: Annals) -> None:
    for role, led in (
        (USER, set()),
        (TEAM_LEADER, {"asuser/lea"}),
        (MANAGEMENT, {"asuser/lea", "asuser/bo"}),
    ):
        assert await past.store.read(parties.led, past.tenant.id, "asuser/max", role) == led
    assert await past.store.read(parties.led, past.tenant.id, "asuser/nobody", MANAGEMENT) == set()
