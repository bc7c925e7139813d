"""Feeds with a hub: it is asked, verified, believed when it signs, and asked again in time (WebSub; Atom §16)."""

import hmac
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from press import Asked, Press, Said
from test_subscriptions import rss
from town import Server, Town, eventually, never


@pytest.fixture
def press() -> Iterator[Press]:
    made = Press()
    yield made
    made.close()


def asked_of(press: Press) -> dict[str, str]:
    found = [asked for asked in press.asked if asked.method == "POST" and asked.path == "/hub"]
    return {name: values[0] for name, values in parse_qs(found[-1].body.decode()).items()} if found else {}


def subscribed(server: Server, press: Press) -> tuple[dict[str, Any], dict[str, str]]:
    """Have a feed read that has a hub, and return the subscription and what the hub was asked."""
    link = f'<{press.base_url}/hub>; rel="hub", <{press.base_url}/canonical>; rel=self'
    url = press.publish("/feed", rss("frost"), Link=link)
    press.pages["/hub"] = Said(status=202)
    made = server.cli("subscription", "add", url, "--owner", "ada")
    return made, eventually(lambda: asked_of(press))


def verify(form: dict[str, str], **changed: str) -> httpx.Response:
    said = {
        "hub.mode": "subscribe",
        "hub.topic": form["hub.topic"],
        "hub.challenge": "xyz",
        "hub.lease_seconds": "864000",
    }
    return httpx.get(
        form["hub.callback"], params={**said, **{f"hub.{name}": value for name, value in changed.items()}}
    )


def deliver(
    form: dict[str, str], text: str, *, secret: str | None = None, method: str = "sha256"
) -> httpx.Response:
    body = text.encode()
    signed = hmac.digest((secret or form["hub.secret"]).encode(), body, method).hex()
    headers = {"Content-Type": "application/rss+xml", "X-Hub-Signature": f"{method}={signed}"}
    return httpx.post(form["hub.callback"], content=body, headers=headers)


def test_a_hub_is_asked_verified_and_believed_when_it_signs(town: Town, press: Press) -> None:
    """Atom §16: header fields before the document, the feed's own address as the topic, 404 for what was not asked."""
    server = town.server()
    ada = server.person("ada")
    made, form = subscribed(server, press)
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", press.base_url + "/canonical")
    assert verify(form, topic="https://other.example/").status_code == 404
    assert verify(form, mode="unsubscribe").status_code == 404
    assert httpx.get(form["hub.callback"] + "x", params={"hub.mode": "subscribe"}).status_code == 404
    answer = verify(form)
    assert (answer.status_code, answer.text) == (200, "xyz")
    assert verify(form).status_code == 404
    assert deliver(form, rss("frost", "thaw")).status_code == 202
    eventually(lambda: len(ada.items("inbox")) == 2)
    assert deliver(form, rss("frost", "thaw", "flood"), secret="wrong").status_code == 202
    assert httpx.post(form["hub.callback"], content=rss("fire").encode()).status_code == 202
    never(lambda: len(ada.items("inbox")) > 2)
    assert deliver(form, rss("frost", "thaw", "storm"), method="sha512").status_code == 202
    eventually(lambda: len(ada.items("inbox")) == 3)
    server.cli("subscription", "poll", made["id"])
    [shown] = server.cli("subscription", "list")["subscriptions"]
    assert shown["hub"] == press.base_url + "/hub"
    assert len([one for one in press.asked if one.path == "/hub"]) == 1
    server.cli("subscription", "remove", made["id"])
    assert deliver(form, rss("late")).status_code == 410


def test_a_hub_is_told_to_stop_when_a_feed_is_read_no_more(town: Town, press: Press) -> None:
    """Atom §16, WebSub §5.1: it is asked to, and answered when it asks back; one that knows nothing of us is not."""
    server = town.server()
    server.person("ada")
    made, form = subscribed(server, press)
    verify(form)
    assert verify(form, mode="unsubscribe").status_code == 404
    server.cli("subscription", "remove", made["id"])
    left = eventually(
        lambda: next((one for one in [asked_of(press)] if one["hub.mode"] == "unsubscribe"), None)
    )
    assert left == {name: form[name] for name in ("hub.topic", "hub.callback")} | {"hub.mode": "unsubscribe"}
    answer = verify(form, mode="unsubscribe")
    assert (answer.status_code, answer.text) == (200, "xyz")
    assert verify(form, mode="unsubscribe", topic=press.base_url + "/other").status_code == 404
    assert verify(form).status_code == 404
    assert deliver(form, rss("late")).status_code == 410
    asked = len(press.asked)
    alone = server.cli("subscription", "add", press.publish("/alone", rss("snow")), "--owner", "ada")
    server.cli("subscription", "poll", alone["id"])
    server.cli("subscription", "remove", alone["id"])
    never(lambda: [one for one in press.asked[asked:] if one.path == "/hub"])


def test_a_hub_that_moved_is_followed(town: Town, press: Press) -> None:
    """Atom §16: 307 and 308, with the same form."""
    server = town.server()
    server.person("ada")
    press.publish("/elsewhere", b"", 202)

    def move(asked: Asked) -> Said:
        return Said(status=307, headers={"Location": "/elsewhere"})

    url = press.publish("/feed", rss("frost"), Link=f'<{press.base_url}/hub>; rel="hub"')
    press.pages["/hub"] = move
    server.cli("subscription", "add", url, "--owner", "ada")
    eventually(lambda: [one for one in press.asked if one.path == "/elsewhere" and b"hub.secret" in one.body])


def test_one_server_tells_another_through_its_own_hub(town: Town) -> None:
    """Atom §16: what our hub says, our subscriber understands."""
    here, there = town.server(), town.server()
    ada, bob = here.person("ada"), there.person("bob")
    bob.note("before")
    feed = f"{there.base_url}/@bob.atom"
    if httpx.get(feed).status_code != 200:
        feed = f"{there.base_url}/users/bob/feed.atom"
    here.cli("subscription", "add", feed, "--owner", "ada")
    eventually(lambda: len(ada.items("inbox")) == 1)
    assert 'rel="hub"' in httpx.get(feed).text or 'rel="hub"' in httpx.get(feed).headers.get("link", "")
    assert eventually(
        lambda: [one for one in here.cli("subscription", "list")["subscriptions"] if one["told_by_hub"]]
    )
    bob.note("after")
    eventually(lambda: len(ada.items("inbox")) == 2, 30)
