"""What holds for every call (Feeds §1, §3, §4)."""

import pytest
from feedsapi import Api, failure, opened

pytestmark = pytest.mark.anyio

PREFLIGHT = {"Origin": "https://app.example", "Access-Control-Request-Method": "PUT"}


PROBE = "test/auth/digest/"


@pytest.mark.parametrize("path", [PROBE, PROBE.rstrip("/")])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_slash_at_the_end_means_nothing(api: Api, path: str, method: str) -> None:
    """Feeds §1: both forms, without a redirect; §2.4."""
    answer = await api.server(method, path)
    assert answer.status_code == 200
    assert list(answer.json()) == ["duration"]


async def test_custom_fields_cannot_be_taken_for_ours(api: Api) -> None:
    """Feeds §1.2: SDKs take `exception` for a refusal."""
    activity = {"actor": "a", "verb": "v", "object": "o", "exception": "Boom", "duration": "an hour"}
    answer = await api.server("POST", "feed/user/1/", activity)
    assert answer.text.count('"duration"') == 1
    assert "exception" not in answer.json()
    (found,) = (await api.server.does("GET", "feed/user/1/"))["results"]
    assert (found["exception"], found["duration"]) == ("Boom", "an hour")


async def test_head_has_no_body(api: Api) -> None:
    answer = await api.server("HEAD", PROBE)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "nothing/", "test/", "test/auth/digest/x/", "", "/api/v1.0//test/auth/digest/", "test/%FF/digest/",
        "/analytics/v1.0/x/", "/personalization/v1.0/",
    ],
)  # fmt: skip
async def test_an_unknown_address(api: Api, path: str) -> None:
    """Feeds §4: never a page, never a problem document."""
    assert (await api.server.fails("GET", path)).meaning == (404, 16, "DoesNotExistException")


async def test_a_method_that_is_not_there(api: Api) -> None:
    found = await api.server.fails("DELETE", PROBE, {})
    assert found.meaning == (405, 17, "MethodNotAllowedException")
    assert found.headers["allow"] == "GET, HEAD, OPTIONS, POST"


async def test_any_host_is_right(api: Api) -> None:
    """Feeds §1.1: the Python SDK puts api. before the host, so DNS may lead here by any name."""
    caller = api.presenting(None, host="api.feeds.example.org")
    assert (await caller.fails("GET", PROBE)).code == 3
    elsewhere = await caller("GET", "/users/ada")
    assert elsewhere.status_code == 421


async def test_other_sites_may_call(api: Api) -> None:
    """Feeds §1: CORS."""
    asked = await api.presenting(None, **PREFLIGHT)("OPTIONS", PROBE)
    assert asked.status_code == 204
    assert asked.headers["access-control-allow-origin"] == "*"
    allowed = asked.headers["access-control-allow-headers"].lower().split(", ")
    assert {"authorization", "stream-auth-type", "x-stream-client", "content-type"} <= set(allowed)
    assert {"GET", "POST", "PUT", "DELETE", "OPTIONS"} <= set(
        asked.headers["access-control-allow-methods"].split(", ")
    )
    answered = await api.server("GET", PROBE)
    assert answered.headers["access-control-allow-origin"] == "*"
    assert "X-RateLimit-Remaining" in answered.headers["access-control-expose-headers"]


async def test_each_answer_has_a_name(api: Api) -> None:
    assert (await api.server("GET", PROBE)).headers["x-request-id"]


@pytest.mark.parametrize(
    "body", [b"{", b"{} {}", b'{"id":1,"id":2}', b"\xff", b"[1,]", b"[" * 70 + b"]" * 70]
)
async def test_a_body_that_is_no_json(api: Api, body: bytes) -> None:
    assert (await api.server.fails("POST", "user/", body)).meaning == (400, 4, "InputException")


async def test_a_body_that_is_too_long(ready_url: str) -> None:
    """Feeds §4: what the front of the house refuses is told in the dialect too."""
    async with opened(ready_url, limits_body_bytes_max="100") as api:
        found = await api.server.fails("POST", PROBE, b'"' + b"x" * 200 + b'"')
        assert found.meaning == (413, 18, "InputBodySizeExceededException")


@pytest.mark.parametrize("who", ["user", "nobody"])
async def test_too_many_requests(ready_url: str, who: str) -> None:
    """Feeds §4: refused by the front of the house, told in the dialect."""
    async with opened(ready_url, limits_requests_per_minute="1") as api:
        caller = api.user("bob") if who == "user" else api.presenting(None)
        await caller("GET", PROBE)
        found = await caller.fails("GET", PROBE)
        assert found.meaning == (429, 9, "RateLimitReached")
        assert int(found.headers["retry-after"]) >= 1


async def test_servers_have_quotas_instead(ready_url: str) -> None:
    """Feeds §4.1: a server speaks for all users of its application, and comes from one address."""
    async with opened(ready_url, limits_requests_per_minute="2") as api:
        assert {(await api.server("GET", PROBE)).status_code for _ in range(5)} == {200}
        assert (await api.user("bob")("GET", PROBE)).status_code == 200


async def test_a_mistake_of_ours(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Feeds §4: told to nobody but the log."""

    def broken(*_: object) -> None:
        raise RuntimeError("canary")

    monkeypatch.setattr("server.doors.feeds.call.read", broken)
    answer = await api.server("GET", PROBE)
    assert failure(answer).meaning == (500, -1, "InternalException")
    assert "canary" not in answer.text
    assert "canary" in caplog.text


async def test_a_refusal_says_why(api: Api) -> None:
    """Feeds §4: of credentials too, which no other door of ours has."""
    many = {"users": [{"id": "ada"}, {"id": "", "data": []}]}
    assert (await api.server.fails("POST", "users/", many)).detail == (
        "1.id: this field is required; 1.data: must be an object"
    )
    assert (await api.server.fails("GET", "nothing/")).detail == "there is nothing of that name"
    assert (await api.presenting(None).fails("GET", PROBE)).detail == "a token is required"
    assert "may not" in (await api.user("bob").fails("POST", "feed/add_to_many/")).detail
