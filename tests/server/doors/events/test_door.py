"""What holds for every call (Events §1)."""

import pytest
from eventsapi import Api, opened

pytestmark = pytest.mark.anyio

PROBE = "/api/v1/provisioning/dashboards"


@pytest.mark.parametrize("path", [PROBE, f"{PROBE}/", f"{PROBE}/one/two/"])
async def test_a_slash_at_the_end_means_nothing(events_api: Api, path: str) -> None:
    """Events §1.1; §1.4: an optional feature that is not built says so."""
    assert (await events_api.admin.fails("GET", path)).meaning == (501, "not_built")


@pytest.mark.parametrize(
    "path",
    ["nothing", "/api/v1/", "/api/collector/v1/nothing", "/api/v1/as//events", "/asa/x", "x/%FF"],
)
async def test_an_unknown_address(events_api: Api, path: str) -> None:
    """Events §1.4: never a page, never a problem document."""
    assert (await events_api.admin.fails("GET", path)).meaning == (404, "not_found")


async def test_a_method_that_is_not_there(events_api: Api) -> None:
    found = await events_api.admin.fails("PATCH", PROBE)
    assert found.meaning == (405, "method_not_allowed")
    assert found.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, POST, PUT"


async def test_other_sites_may_call(events_api: Api) -> None:
    asked = await events_api.nobody.sending(
        origin="https://shop.example", access_control_request_method="POST"
    )("OPTIONS", "events")
    assert asked.status_code == 204
    assert asked.headers["access-control-allow-origin"] == "*"
    assert "X-API-Key" in asked.headers["access-control-allow-headers"]


async def test_what_the_front_refuses_is_told_in_the_dialect(ready_url: str) -> None:
    """Events §1.4."""
    async with opened(ready_url, limits_body_bytes_max="100") as api:
        assert (await api.admin.fails("POST", "events", b"x" * 101)).meaning == (413, "too_large")


async def test_programs_have_a_quota_instead_of_a_rate(ready_url: str) -> None:
    """A tenant's program comes from one address and speaks for many; its users and scoped keys do not."""
    async with opened(ready_url, limits_requests_per_minute="2", quotas_events="4") as api:
        for left in (3, 2, 1, 0):
            found = await api.admin.fails("GET", PROBE)
            assert found.status == 501
            assert found.headers["x-ratelimit-remaining"] == str(left)
        found = await api.admin.fails("GET", PROBE)
        assert found.meaning == (429, "too_many_requests")
        assert int(found.headers["retry-after"]) >= 1


async def test_a_mistake_of_ours(
    events_api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Told to nobody but the log."""

    def broken(*_: object) -> None:
        raise RuntimeError("canary")

    monkeypatch.setattr("server.doors.events.call.presented", broken)
    answer = await events_api.admin("GET", PROBE)
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert "canary" not in answer.text
    assert "canary" in caplog.text
