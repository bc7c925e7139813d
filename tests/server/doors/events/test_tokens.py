"""Message defaults by token (Events §18.2)."""

from typing import Any

import pytest
from eventsapi import Api

pytestmark = pytest.mark.anyio

TOKEN = {
    "token": "k7",
    "involves": [{"REFERENCES": "Campaign/spring"}],
    "aspects": {"dimensions": {"market": "is"}},
    "variables": {"land": "https://shop.example/spring"},
}


async def test_defaults_are_kept(events_api: Api) -> None:
    until = "2131-01-01T00:00:00.000Z"
    made = await events_api.admin("POST", "tokens", {**TOKEN, "valid_until": until})
    assert (made.status_code, made.json()) == (201, {**TOKEN, "valid_until": until})
    assert await events_api.admin.does("GET", "tokens/k7") == {**TOKEN, "valid_until": until}
    again = await events_api.admin("POST", "tokens", TOKEN)
    assert (again.status_code, again.json()) == (200, TOKEN)
    assert (await events_api.admin("DELETE", "tokens/k7")).status_code == 204
    assert (await events_api.admin.fails("DELETE", "tokens/k7")).meaning == (404, "not_found")


async def test_what_others_rely_on_users_do_not_change(events_api: Api) -> None:
    bo = await events_api.caller("bo")
    assert (await bo("POST", "tokens", TOKEN)).status_code == 201
    assert (await bo.fails("POST", "tokens", TOKEN)).meaning == (403, "not_allowed")
    assert (await bo.fails("DELETE", "tokens/k7")).meaning == (403, "not_allowed")
    assert await bo.does("GET", "tokens/k7") == TOKEN


async def test_a_token_is_made_up(events_api: Api) -> None:
    """Short and unguessable."""
    made = [await events_api.admin.does("POST", "tokens", {"variables": {"a": "b"}}) for _ in range(2)]
    tokens = {one["token"] for one in made}
    assert len(tokens) == 2
    assert all(len(token) == 11 for token in tokens)


async def test_tokens_are_their_tenant_s(events_api: Api) -> None:
    north = await events_api.tenant("north")
    await north.admin.does("POST", "tokens", TOKEN)
    assert (await events_api.admin.fails("GET", "tokens/k7")).meaning == (404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        {}, [], {"token": "a b", "variables": {"a": "b"}}, {**TOKEN, "type": "as.x"}, {**TOKEN, "origin": "x"},
        {**TOKEN, "occurred_at": "2031-01-01"}, {"variables": {"a": 1}}, {"aspects": []}, {"involves": "x"},
        {**TOKEN, "valid_until": "soon"}, {"properties": {"a": "x" * 40_000}},
        {"variables": {str(number): "" for number in range(101)}},
    ],
)  # fmt: skip
async def test_defaults_that_make_no_sense(events_api: Api, body: Any) -> None:
    assert (await events_api.admin.fails("POST", "tokens", body)).meaning == (400, "invalid_value")
