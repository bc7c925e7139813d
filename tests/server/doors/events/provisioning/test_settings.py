"""The tenant, and what is set for types and origins (Events §17.1, §17.8)."""

from typing import Any

import pytest
from eventsapi import Api

pytestmark = pytest.mark.anyio

BASE = "/api/v1/provisioning"
INFO = {
    "label": "default",
    "name": "default",
    "active": True,
    "icon": None,
    "theme": None,
    "tenantServices": [],
}


async def test_a_tenant_says_what_it_is(events_api: Api) -> None:
    assert await events_api.admin.does("GET", f"{BASE}/info") == INFO
    changed = await events_api.admin.does(
        "PUT", f"{BASE}/info", {"name": "North Tow", "icon": "n.png", "label": "x"}
    )
    assert changed == {**INFO, "name": "North Tow", "icon": "n.png"}
    assert await events_api.admin.does("PUT", f"{BASE}/info", {"icon": None}) == {**INFO, "name": "North Tow"}
    bo = await events_api.caller("bo")
    assert await bo.does("GET", f"{BASE}/details") == {
        **INFO, "name": "North Tow", "tenantEndpoints": [], "tenantDomainMappings": [],
    }  # fmt: skip
    assert (await bo.fails("PUT", f"{BASE}/info", {"name": "x"})).status == 403
    assert (
        await events_api.admin.fails("PUT", f"{BASE}/info", {"name": [1]})
    ).message == "name: must be a string"


@pytest.mark.parametrize(
    ("path", "name", "said"),
    [
        ("event-types/As.Fleet.Van", {"type": "as.fleet.van"}, {"importance": 3, "actor_required": False}),
        ("entity-types/Vessel:Tug", {"type": "Vessel:Tug"}, {"presentation": {"label": "Tug"}, "as2_type": "Service"}),
        ("origins/depot.north", {"origin": "depot.north"}, {"label": "North", "url": "https://north.example"}),
    ],
)  # fmt: skip
async def test_settings_are_kept(
    events_api: Api, path: str, name: dict[str, str], said: dict[str, Any]
) -> None:
    assert (await events_api.admin.fails("GET", f"{BASE}/{path}")).status == 404
    assert await events_api.admin.does("PUT", f"{BASE}/{path}", said) == {**name, **said}
    assert await events_api.admin.does("GET", f"{BASE}/{path}") == {**name, **said}
    everything = f"{BASE}/{path.partition('/')[0]}"
    assert await events_api.admin.does("GET", everything) == [{**name, **said}]
    assert (await (await events_api.caller("bo")).fails("PUT", f"{BASE}/{path}", {})).status == 403
    assert await events_api.admin.does("PUT", f"{BASE}/{path}", {}) == name


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("event-types/as.x", {"importance": 6}), ("event-types/as.x", {"importance": "high"}),
        ("event-types/as.x", {"color": "red"}), ("event-types/as.x", {"metrics": [1]}),
        ("event-types/as.x", {"actor_required": "no"}), ("event-types/as..x", {}), ("event-types/a b", {}),
        ("entity-types/Vessel:", {}), ("entity-types/Ves.sel", {}), ("entity-types/Vessel", {"as2_type": "a b"}),
        ("origins/x", {"label": {}}), ("origins/x", []), (f"origins/{'x' * 300}", {}),
    ],
)  # fmt: skip
async def test_settings_that_make_no_sense(events_api: Api, path: str, body: Any) -> None:
    assert (await events_api.admin.fails("PUT", f"{BASE}/{path}", body)).meaning == (400, "invalid_value")
