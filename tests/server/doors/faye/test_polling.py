"""Listening to feeds by long-polling (Feeds §11.1, §11.2)."""

import asyncio
import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from feedsapi import BASE_URL, Api, opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from talker import Talker, channel, of_feed

from server.doors.faye import polling, session, subscribing
from server.doors.faye.bayeux import Meta
from storage import listeners
from storage.listeners import Listener

pytestmark = pytest.mark.anyio

PIN = {"actor": "ada", "verb": "pin", "object": "Place:42"}
SERVER = {"resource": "*", "action": "*", "feed_id": "*"}


async def _added(api: Api, feed: str, **members: Any) -> dict[str, Any]:
    return await api.server.does("POST", f"feed/{feed.replace(':', '/')}/", {**PIN, **members})


def _new(told: list[dict[str, Any]]) -> list[str]:
    """Return the ids of what is new, message by message."""
    return [",".join(one["id"] for one in message["data"]["new"]) for message in told]


async def test_what_is_told_and_where(api: Api, talker: Talker) -> None:
    """Feeds §11.2: the whole message."""
    reply = await talker.subscribe("user:1", of_feed("user:1"))
    assert reply.items() >= {"successful": True, "clientId": talker.id}.items()
    assert reply["subscription"] == channel(api.credentials.app_id, "user:1")
    added = await _added(api, "user:1", note={"deep": [1, "é"]})
    [message] = await talker.hear()
    assert message.keys() == {"channel", "data"}
    assert message["channel"] == channel(api.credentials.app_id, "user:1")
    data = message["data"]
    assert data.pop("published_at").endswith("Z")
    assert data == {
        "feed": "user:1", "app_id": str(api.credentials.app_id), "new": [added], "deleted": [],
        "deleted_foreign_ids": [],
    }  # fmt: skip
    assert await talker.hear(200) == []


async def test_subscribe_and_connect_may_come_together(api: Api, talker: Talker) -> None:
    """Feeds §11.1, step 2: the connect is answered at once, whatever it asks for."""
    asked = talker.subscribing("user:1", talker.signed(of_feed("user:1")))
    connected, subscribed = await talker.say(talker.connecting(None), asked)
    assert (connected["channel"], subscribed["channel"]) == ("/meta/connect", "/meta/subscribe")
    assert connected["successful"]
    assert subscribed["successful"]


async def test_a_poll_is_held_until_something_happens(api: Api, talker: Talker) -> None:
    await talker.subscribe("user:1", SERVER)
    polling = asyncio.create_task(talker.hear(20_000))
    await asyncio.sleep(0.3)
    assert not polling.done()
    added = await _added(api, "user:1")
    assert _new(await asyncio.wait_for(polling, 5)) == [added["id"]]


async def test_a_poll_is_held_no_longer_than_it_asks(talker: Talker) -> None:
    await talker.subscribe("user:1", SERVER)
    assert await asyncio.wait_for(talker.hear(200), 5) == []


async def test_a_poll_hears_of_a_subscription_that_came_after_it(api: Api, talker: Talker) -> None:
    polling = asyncio.create_task(talker.hear(20_000))
    await asyncio.sleep(0.2)
    await talker.subscribe("user:1", SERVER)
    added = await _added(api, "user:1")
    assert _new(await asyncio.wait_for(polling, 5)) == [added["id"]]


async def test_what_happened_before_is_not_told(api: Api, talker: Talker) -> None:
    """Though someone else was listening, so that it was noted."""
    other = await Talker(api).shake_hands()
    await other.subscribe("user:1", SERVER)
    await _added(api, "user:1")
    await talker.subscribe("user:1", SERVER)
    assert await talker.hear(200) == []
    added = await _added(api, "user:1")
    assert _new(await talker.hear()) == [added["id"]]
    assert len([*await other.hear(), *await other.hear(200)]) == 2


async def test_of_several_channels_each_is_told_its_own(api: Api, talker: Talker) -> None:
    asked = talker.subscribing("user:1", talker.signed(SERVER))
    names = [channel(api.credentials.app_id, feed) for feed in ("user:1", "notification:1")]
    [reply] = await talker.say({**asked, "subscription": names})
    assert (reply["successful"], reply["subscription"]) == (True, names)
    added = await _added(api, "user:1", to=["notification:1"])
    told = await talker.hear()
    assert sorted(message["channel"] for message in told) == sorted(names)
    assert _new(told) == [added["id"]] * 2
    groups = {message["data"]["feed"]: message["data"]["new"][0].get("group") for message in told}
    assert groups["user:1"] is None
    assert groups["notification:1"].startswith("pin_20")


async def test_what_is_marked_as_seen_and_read_is_told(api: Api, talker: Talker) -> None:
    """Feeds §11.2: ``all``, ``current``, or the ids."""
    await _added(api, "notification:1")
    assert (await talker.subscribe("notification:1", {"user_id": "1"}))["successful"]
    await api.user("1").does("GET", "feed/notification/1/", mark_seen="true", mark_read="current")
    [message] = await talker.hear()
    told = {name: message["data"].get(name) for name in ("new", "mark_seen", "mark_read")}
    assert told == {"new": [], "mark_seen": "all", "mark_read": "current"}
    await _added(api, "notification:1")  # which makes its group unread again
    await talker.hear()
    page = await api.user("1").does("GET", "feed/notification/1/")
    group = page["results"][0]["id"]
    await api.user("1").does("GET", "feed/notification/1/", mark_read=group)
    [message] = await talker.hear()
    assert "mark_seen" not in message["data"]
    assert group.startswith(message["data"]["mark_read"][0])


async def test_who_unsubscribes_hears_no_more(api: Api, talker: Talker) -> None:
    reply = await talker.subscribe("user:1", SERVER)
    [gone] = await talker.say(
        {"channel": "/meta/unsubscribe", "clientId": talker.id, "subscription": reply["subscription"]}
    )
    assert (gone["successful"], gone["subscription"]) == (True, reply["subscription"])
    await _added(api, "user:1")
    assert await talker.hear(200) == []


async def test_who_disconnects_is_forgotten(api: Api, talker: Talker) -> None:
    await talker.subscribe("user:1", SERVER)
    [reply] = await talker.say({"channel": "/meta/disconnect", "clientId": talker.id})
    assert reply["successful"]
    assert await api.house.store.read(listeners.find, talker.id, now=api.house.ports.clock()) is None


async def test_a_later_poll_takes_over_from_an_earlier_one(talker: Talker) -> None:
    await talker.subscribe("user:1", SERVER)
    first = asyncio.create_task(talker.hear(20_000))
    await asyncio.sleep(0.2)
    assert await talker.hear(200) == []
    assert await asyncio.wait_for(first, 5) == []


async def test_a_poll_that_is_sent_again_is_told_the_same(api: Api, talker: Talker) -> None:
    """Its answer was lost on the way."""
    await talker.subscribe("user:1", SERVER)
    added = await _added(api, "user:1")
    for _ in range(2):
        assert _new(await talker.hear(id="again")) == [added["id"]]
    assert await talker.hear(200) == []


async def test_another_process_goes_on_where_one_left_off(ready_url: str) -> None:
    """Nothing is lost and nothing told twice: not when a server ends, and not between two that share a database."""
    async with opened(ready_url) as first:
        talker = await Talker(first).shake_hands()
        await talker.subscribe("user:1", SERVER)
        one = await _added(first, "user:1")
        assert _new(await talker.hear()) == [one["id"]]
        two = await _added(first, "user:1")
    async with opened(ready_url) as second, opened(ready_url) as third:
        talker.app = second.app
        assert _new(await talker.hear()) == [two["id"]]
        polling = asyncio.create_task(talker.hear(20_000))
        await asyncio.sleep(0.2)
        added = await _added(third, "user:1")
        assert _new(await asyncio.wait_for(polling, 10)) == [added["id"]]
        talker.app = third.app
        assert await talker.hear(200) == []


@pytest.mark.parametrize(
    ("feed", "claims", "how", "reason"),
    [
        ("user:1", of_feed("user:2"), {}, "not a feed that this token may listen to"),
        ("user:1", {"resource": "reactions", "action": "*", "feed_id": "*"}, {}, "not a feed that"),
        ("user:1", {"resource": "*", "action": "write", "feed_id": "*"}, {}, "not a feed that"),
        ("timeline:1", {"user_id": "2"}, {}, "not a feed that"),
        ("user:1", {"user_id": "2", "exp": 1}, {}, "the token has expired"),
        ("user:1", SERVER, {"key": "nobodys"}, "the api_key is not known"),
        ("user:1", SERVER, {"app": 1}, "the api_key is not one of this app"),
        ("nonsense:1", SERVER, {}, "not a feed that"),
        ("user:/*", SERVER, {}, "Forbidden channel"),
    ],
)
async def test_who_may_not_read_a_feed_may_not_listen_to_it(
    talker: Talker, feed: str, claims: Any, how: Any, reason: str
) -> None:
    """Feeds §11.1: what makes ``403:<channel>:…``; and nothing is told afterwards."""
    reply = await talker.subscribe(feed, claims, **how)
    code, _, text = reply["error"].split(":")
    assert (reply["successful"], code) == (False, "403")
    assert text.startswith(reason)
    assert "clientId" not in reply


async def test_a_forged_token_lets_nobody_listen(talker: Talker) -> None:
    [reply] = await talker.say(talker.subscribing("user:1", "a.b.c"))
    assert reply["error"].startswith("403:")
    [reply] = await talker.say({**talker.subscribing("user:1", ""), "ext": {"api_key": 5, "signature": []}})
    assert reply["error"].startswith("403:")


@pytest.mark.parametrize(
    ("feed", "claims"),
    [
        ("user:1", of_feed("user:1", "read")),
        ("user:1", {"user_id": "2"}),  # the usual policy: anyone reads feeds of users
        ("timeline:2", {"user_id": "2"}),
        ("timeline_aggregated:2", {"user_id": "2"}),  # could be timeline:_aggregated2 as well
    ],
)
async def test_who_may_read_a_feed_may_listen_to_it(api: Api, talker: Talker, feed: str, claims: Any) -> None:
    """Feeds §2.5, §11.1."""
    assert (await talker.subscribe(feed, claims))["successful"]
    added = await _added(api, feed)
    [message] = await talker.hear()
    assert message["data"]["feed"] == feed
    assert message["data"]["new"][0]["id"] == added["id"]


async def test_the_word_of_a_tenant_holds_in_its_own_feeds_alone(api: Api) -> None:
    north = await api.tenant("north")
    talker = await Talker(api).shake_hands()
    await talker.subscribe("user:1", SERVER)
    await _added(north, "user:1")
    assert await talker.hear(200) == []


async def test_a_group_without_realtime_tells_nobody(ready_url: str) -> None:
    """Feeds §5: ``realtime`` off."""
    async with opened(ready_url, feeds='{"quiet": {"realtime": false}}') as api:
        talker = await Talker(api).shake_hands()
        assert not (await talker.subscribe("quiet:1", SERVER))["successful"]


async def test_a_token_that_ends_ends_the_subscription(
    api: Api, talker: Talker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The right to listen is looked at again from time to time (Feeds §2.2)."""
    monkeypatch.setattr(session, "RENEW_US", 2 * subscribing.LEASE_US)
    assert (await talker.subscribe("user:1", SERVER))["successful"]
    await talker.hear(0)
    [found] = (await _listener(api, talker)).subscriptions
    assert found.channel == channel(api.credentials.app_id, "user:1")
    await api.house.store.write(_end_secrets)
    await talker.hear(0)
    assert (await _listener(api, talker)).subscriptions == []


async def test_who_may_listen_no_more_is_told_nothing_more(api: Api, talker: Talker) -> None:
    """Feeds §2.2, §11.1: the right to listen is looked at before anything is told, long before the lease ends."""
    assert (await talker.subscribe("user:1", SERVER))["successful"]
    await talker.subscribe("user:2", SERVER)
    await _added(api, "user:1")
    assert len(await talker.hear()) == 1
    await _added(api, "user:2")
    await api.house.store.write(_end_secrets)
    assert await talker.hear(200) == []
    assert (await _listener(api, talker)).subscriptions == []


async def _listener(api: Api, talker: Talker) -> Listener:
    found = await api.house.store.read(listeners.find, talker.id, now=api.house.ports.clock())
    assert found is not None
    return found


async def _end_secrets(tx: Any) -> None:
    await tx.run("UPDATE feeds_secrets SET expires = 1")


async def test_a_client_listens_to_so_many_channels(talker: Talker, monkeypatch: pytest.MonkeyPatch) -> None:
    """REL-023."""
    monkeypatch.setattr(subscribing, "SUBSCRIPTIONS_MAX", 2)
    for number in (1, 2):
        assert (await talker.subscribe(f"user:{number}", SERVER))["successful"]
    reply = await talker.subscribe("user:3", SERVER)
    assert reply["error"].endswith(":Too many subscriptions")


@pytest.mark.parametrize("id", ["", "made-up", 7, None, "0" * 74])
@pytest.mark.parametrize("asked", ["connect", "subscribe", "unsubscribe", "disconnect"])
async def test_a_client_that_nobody_knows_is_to_shake_hands(talker: Talker, id: Any, asked: str) -> None:
    """Feeds §11.1, step 3."""
    message = {
        "channel": f"/meta/{asked}",
        "clientId": id,
        "connectionType": "long-polling",
        "subscription": "/a",
    }
    [reply] = await talker.say(message)
    assert reply["successful"] is False
    assert reply["error"].startswith("401:")
    assert reply["advice"]["reconnect"] == "handshake"


async def test_a_client_that_was_silent_for_long_is_to_shake_hands(
    api: Api, talker: Talker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.doors.faye.names.FRESH_SECONDS", -1)
    [reply] = await talker.say(talker.connecting())
    assert reply["advice"]["reconnect"] == "handshake"


async def test_nothing_is_remembered_of_those_who_only_shake_hands(api: Api) -> None:
    """REL-023: neither in the database nor in memory."""
    for _ in range(5):
        await (await Talker(api).shake_hands()).hear(0)
    assert await api.house.store.read(_count_listeners) == 0


async def _count_listeners(tx: Any) -> int:
    return int((await tx.one("SELECT count(*) FROM listeners"))[0])


async def test_clients_may_not_publish(api: Api, talker: Talker) -> None:
    """Feeds §11.1."""
    name = channel(api.credentials.app_id, "user:1")
    other = await Talker(api).shake_hands()
    await other.subscribe("user:1", SERVER)
    [reply] = await talker.say({"channel": name, "clientId": talker.id, "data": {"new": []}})
    assert reply["error"] == f"403:{name}:Clients may not publish"
    assert await other.hear(200) == []


async def test_one_message_needs_no_list_and_a_form_may_hold_it(talker: Talker) -> None:
    """A browser's client sends a form to other sites, so as not to need a preflight."""
    shake = {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["long-polling"]}
    form = b"message=" + quote(json.dumps([shake])).encode()
    for path in ("/faye", "/faye/"):
        assert (await talker.send(shake, path)).json()[0]["successful"]
        answer = await talker.send(form, path, **{"content-type": "text/plain;charset=UTF-8"})
        assert answer.json()[0]["successful"]


async def test_a_script_is_answered_by_a_script(api: Api) -> None:
    """What a browser's client does first of all when it comes from another site (callback-polling)."""
    shake = [
        {"channel": "/meta/handshake", "version": "1.0", "supportedConnectionTypes": ["callback-polling"]}
    ]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api.app), base_url=BASE_URL) as browser:
        answer = await browser.get("/faye", params={"message": json.dumps(shake), "jsonp": "__jsonp1__"})
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.text.startswith('/**/__jsonp1__([{"successful":true')
        for jsonp in ("alert(1)//", "", "a b", "<x>"):
            refused = await browser.get("/faye", params={"message": json.dumps(shake), "jsonp": jsonp})
            assert refused.status_code == 400
        assert (await browser.get("/faye")).status_code == 400


def test_json_is_made_into_javascript() -> None:
    text = '["\u2028\u2029"]'.encode()
    assert polling._script("f", text) == b'/**/f(["\\u2028\\u2029"]);'


async def test_any_site_may_ask(api: Api, talker: Talker) -> None:
    """No cookie is believed here, so nothing is given away (SEC-064)."""
    answer = await talker.send([], origin="https://app.example")
    assert answer.headers["access-control-allow-origin"] == "https://app.example"
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["vary"] == "Origin"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api.app), base_url=BASE_URL) as browser:
        asked = await browser.options(
            "/faye", headers={"origin": "https://app.example", "access-control-request-method": "POST"}
        )
    assert asked.status_code == 204
    assert "POST" in asked.headers["access-control-allow-methods"]
    assert "x-requested-with" in asked.headers["access-control-allow-headers"].lower()
    assert asked.headers["access-control-allow-origin"] == "https://app.example"


async def test_whatever_host_is_named(api: Api, talker: Talker) -> None:
    """Feeds §1: some put a sub-domain before it."""
    assert (await talker.send([], host="faye.feeds.example")).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"), [(b"", 400), (b"{", 400), (b"[7]", 400), (b"message=%FF", 400), (b" " * 70_000, 413)]
)
async def test_what_is_no_message_is_refused_as_messages_are(
    talker: Talker, body: bytes, status: int
) -> None:
    answer = await talker.send(body)
    assert answer.status_code == status
    [reply] = answer.json()
    assert reply["successful"] is False
    assert reply["error"].startswith(f"{status}::")


async def test_so_many_may_wait_at_a_time(ready_url: str) -> None:
    """REL-023: more are answered 503, in the form of messages."""
    async with opened(ready_url, limits_realtime_connections_max="1") as api:
        first, second = await Talker(api).shake_hands(), await Talker(api).shake_hands()
        polling = asyncio.create_task(first.hear(20_000))
        await asyncio.sleep(0.2)
        refused = await second.send(second.connecting(100))
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
        assert refused.json()[0]["successful"] is False
        api.house.realtime.newsroom.close()
        assert await asyncio.wait_for(polling, 5) == []


async def test_polls_that_wait_do_not_count_as_requests_in_progress(ready_url: str) -> None:
    """REL-023: they would keep others out."""
    async with opened(ready_url, limits_requests_at_once_max="2") as api:
        talkers = [await Talker(api).shake_hands() for _ in range(4)]
        waiting = [asyncio.create_task(talker.hear(20_000)) for talker in talkers]
        await asyncio.sleep(0.3)
        assert api.house.traffic.running == 0
        await _added(api, "user:1")
        api.house.realtime.newsroom.close()
        assert await asyncio.wait_for(asyncio.gather(*waiting), 5) == [[]] * 4


texts = st.text(st.characters(codec="ascii", exclude_characters="\0"), max_size=12)
values = st.none() | st.booleans() | st.integers(-5, 99_999) | texts | st.lists(texts, max_size=3)
wild = st.dictionaries(
    st.sampled_from(("channel", "clientId", "id", "subscription", "ext", "advice", "connectionType", "data")),
    values
    | st.sampled_from([meta.value for meta in Meta])
    | st.dictionaries(st.sampled_from(("timeout", "api_key", "signature")), values, max_size=3),
    max_size=8,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(wild, min_size=2, max_size=4), st.booleans())
async def test_whatever_is_sent_it_is_answered(
    talker: Talker, messages: list[dict[str, Any]], known: bool
) -> None:
    """Never a 5xx, and one reply for each message."""
    if known:
        messages = [{**message, "clientId": talker.id} for message in messages]
    answer = await talker.send(messages)
    assert answer.status_code == 200
    assert len(answer.json()) == len(messages)
