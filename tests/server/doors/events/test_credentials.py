"""Who is let in, and in which tenant (Events §1.1, §1.2)."""

import pytest
from eventsapi import Api, Caller

from storage import Transaction, tenants
from storage.eventskeys import BASIC, INGESTION_ONLY, INTERNAL_AUDITING, QUERY_ONLY

pytestmark = pytest.mark.anyio

PROBE = "/api/v1/provisioning/dashboards"
ALLOWED = (501, "not_built")
"""What the probe answers to those who are let in."""


async def test_every_way_to_present_a_key(events_api: Api) -> None:
    key = events_api.credentials.events_key
    nobody = events_api.nobody
    assert (await nobody.fails("GET", PROBE, apikey=key)).meaning == ALLOWED
    assert (await nobody.fails("GET", PROBE, api_key=key)).meaning == ALLOWED
    assert (await nobody.sending(authorization=f"Bearer {key}").fails("GET", PROBE)).meaning == ALLOWED
    assert (await nobody.sending(x_api_key=key).fails("GET", PROBE, apikey=key)).meaning == ALLOWED


@pytest.mark.parametrize("key", [None, "", "guess", "x" * 5_000, "*", "é"])
async def test_without_a_key_that_is_known(events_api: Api, key: str | None) -> None:
    query = {} if key is None else {"apikey": key}
    assert (await events_api.nobody.fails("GET", PROBE, **query)).meaning == (401, "unknown_key")


async def test_two_keys_are_none(events_api: Api) -> None:
    other = await events_api.caller("bo")
    found = await events_api.admin.fails("GET", PROBE, apikey=other.key)
    assert found.meaning == (401, "unknown_key")


async def test_types_of_keys(events_api: Api) -> None:
    """Events §1.2: some only submit, some only read."""
    refused = {
        type: [
            method
            for method in ("GET", "POST")
            if (await (await events_api.caller("bo", type=type)).fails(method, PROBE)).status == 403
        ]
        for type in (BASIC, INGESTION_ONLY, QUERY_ONLY)
    }
    assert refused == {BASIC: [], INGESTION_ONLY: ["GET", "POST"], QUERY_ONLY: ["POST"]}


async def test_a_user_whose_privilege_was_taken_away(events_api: Api) -> None:
    """Events §17.2: their keys are of no use any more."""
    former = await events_api.caller("bo", role=None)
    assert (await former.fails("GET", PROBE)).meaning == (403, "not_allowed")


async def test_auditors_change_nothing(events_api: Api) -> None:
    """Events §17.2."""
    auditor = await events_api.caller("eve", role=INTERNAL_AUDITING)
    assert (await auditor.fails("GET", PROBE)).meaning == ALLOWED
    assert (await auditor.fails("POST", PROBE)).meaning == (403, "not_allowed")


async def test_a_key_has_its_time(events_api: Api) -> None:
    """Events §1.2: outside of it the key is unknown."""
    bo = await events_api.caller("bo")

    async def over(tx: Transaction) -> None:
        await tx.run("UPDATE events_keys SET active_until = 5 WHERE username = 'bo'")

    await events_api.house.store.write(over)
    assert (await bo.fails("GET", PROBE)).meaning == (401, "unknown_key")


async def test_the_host_names_the_tenant(events_api: Api) -> None:
    """Events §1.1: the first label of the host; the key of another tenant is of no use there."""
    north = await events_api.tenant("north")
    for host in ("north.example.com", "NORTH.example.com:8080", "other.example.com", "10.0.0.1:80", "north"):
        assert (await north.admin.sending(host=host).fails("GET", PROBE)).meaning == ALLOWED
    found = await events_api.admin.sending(host="north.example.com").fails("GET", PROBE)
    assert found.meaning == (403, "not_allowed")


async def test_a_suspended_tenant_lets_nobody_in(events_api: Api) -> None:
    north = await events_api.tenant("north")
    await events_api.house.store.write(tenants.suspend, north.tenant_id, now=1)
    assert (await north.admin.fails("GET", PROBE)).meaning == (401, "unknown_key")


def _of_page(api: Api, cookie: str, **headers: str) -> Caller:
    return api.nobody.sending(cookie=f"headwater={cookie}", **headers)
