"""Asking hubs to tell what is new, so that their feeds need not be read so often (WebSub §5; Atom §16)."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode, urljoin

from federation import Client, FederationError
from federation.errors import BadRedirect, Refused
from federation.feeds import Fetched
from storage import Store
from storage.subscriptions import Subscription
from streams.pulling import hubs
from vocab import iri as iris
from vocab.dialects.feedreading import Reading

log = logging.getLogger(__name__)

PATH: Final = "/websub/callback"
FORM: Final = "application/x-www-form-urlencoded"
REDIRECTS_MAX: Final = 3


async def ask(
    store: Store,
    client: Client,
    one: Subscription,
    found: Fetched,
    reading: Reading | None,
    *,
    base_url: str,
    clock: Callable[[], int],
) -> None:
    """Ask the hub that a feed names, if it names one that has not promised anything yet, or not for long.

    Header fields count for more than what stands in the feed, and the feed's own address for more than the one that it
    was found at. Whatever goes wrong, the feed is still read from time to time.
    """
    hub, topic = _named(one, found, reading)
    if not iris.is_http(hub) or not iris.is_http(topic):
        return
    asking = await store.write(hubs.ask, one.id, hub, topic, now=clock())
    if asking is None:
        return
    form = {
        **_form("subscribe", asking.topic, asking.callback_secret, base_url),
        "hub.lease_seconds": str(hubs.LEASE_SECONDS),
        "hub.secret": asking.secret,
    }
    try:
        status = await _post(client, asking.hub, form)
    except FederationError as error:
        log.info("the hub of %s was not asked: %s", one.url, error)
        return
    if not 200 <= status < 300:
        log.info("the hub of %s answers %d", one.url, status)


async def leave(client: Client, payload: Mapping[str, Any], *, base_url: str) -> bool:
    """Ask a hub to tell no more; False when it could not be reached or is not able to just now."""
    form = _form("unsubscribe", str(payload["topic"]), str(payload["callback_secret"]), base_url)
    try:
        status = await _post(client, str(payload["hub"]), form)
    except Refused:
        return True
    except FederationError as error:
        log.info("the hub %s was not told: %s", payload["hub"], error)
        return False
    return status < 500 and status != 429


def _form(mode: str, topic: str, callback_secret: str, base_url: str) -> dict[str, str]:
    callback = f"{base_url}{PATH}/{callback_secret}"
    return {"hub.mode": mode, "hub.topic": topic, "hub.callback": callback}


def _named(one: Subscription, found: Fetched, reading: Reading | None) -> tuple[str, str]:
    """Return the hub and the topic that an answer names; one that has nothing new names those that were known."""
    if reading is None and not found.links("hub"):
        return one.hub or "", one.topic or ""
    named, here = ((), one.topic or "") if reading is None else (reading.hubs, reading.here)
    hub = next(iter([*found.links("hub"), *named]), "")
    return hub, next((url for url in (*found.links("self"), here) if url), one.url)


async def _post(client: Client, url: str, form: Mapping[str, str]) -> int:
    """POST a form, also where a hub says that another address is the right one; the secret in it never in the clear."""
    for _ in range(REDIRECTS_MAX + 1):
        answer = await client.post(url, urlencode(form).encode(), content_type=FORM, headers={})
        location = answer.headers.get("location")
        if answer.status not in (307, 308) or location is None:
            return answer.status
        url = _moved(url, location)
    return answer.status


def _moved(url: str, location: str) -> str:
    try:
        there = urljoin(url, location)
    except ValueError:
        raise BadRedirect(url, "a redirect to what is no address") from None
    if url.startswith("https:") and not there.startswith("https:"):
        raise BadRedirect(url, "a redirect from https to http")
    return there
