"""What a linked application is asked, and how it is told who asks (Atom §9). Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import quote_plus

from storage.applications import Application
from storage.entries import NEWEST, OLDEST
from streams.providers import FeedRequest, Filter
from vocab.dialects import streamquery

STREAMS: Final = {"headwater": "/activity"}
"""Where the stream of a type of application is; of all others it is at ``USUAL``."""
USUAL: Final = "/plugins/servlet/streams"
CONFIG: Final = "/rest/activity-stream/1.0/config"
TYPES: Final = ("headwater", "jira", "confluence")
HELD_BACK_SECONDS: Final = 0.5
"""So much of the time that is left is kept for what happens to the answer here."""
SECONDS_MIN: Final = 0.1
KEY: Final = "key"
ISSUE: Final = "issue-key"


def headers(application: Application, own_host: str) -> dict[str, str]:
    """Return the header fields of a request: who asks, and through whom, so that no circle closes."""
    named = {"Authorization": application.credentials} if application.credentials else {}
    return {"Via": f"1.1 {own_host}", **named}


def seconds(request: FeedRequest) -> float:
    """Return how long an application may take."""
    return max(request.timeout - HELD_BACK_SECONDS, SECONDS_MIN)


def address(application: Application, provider: str, request: FeedRequest) -> str | None:
    """Return the address to ask; None when nothing there can be meant."""
    filters, own = list(_window(request)), list(request.provider_filters)
    for one in request.filters:
        mapped = mapped_to(application.keys, one)
        if mapped is None:
            return None
        filters += mapped
    asked = [("local", "true"), ("maxResults", str(request.max_results)), ("providers", provider)]
    asked.append(("timeout", str(int(seconds(request) * 1_000))))
    asked += [("streams", streamquery.written(one)) for one in filters]
    asked += [(provider, streamquery.written(one)) for one in own]
    if application.credentials:
        asked.append(("os_authType", "basic"))
    query = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in asked)
    return f"{application.url}{STREAMS.get(application.type, USUAL)}?{query}"


def mapped_to(keys: Mapping[str, str], one: Filter) -> Sequence[Filter] | None:
    """Return a filter in the keys of another application; None when what it asks for is nowhere there.

    Without a table keys are the same there. What is not to be and is not there anyway needs no filter.
    """
    if not keys or one.option not in (KEY, ISSUE) or one.operator not in ("IS", "NOT"):
        return [one]
    theirs = {ours.casefold(): their for ours, their in keys.items()}
    values = tuple(found for value in one.values if (found := _mapped(theirs, one.option, value)))
    if values:
        return [Filter(one.option, one.operator, values)]
    return None if one.operator == "IS" else []


def _mapped(theirs: Mapping[str, str], option: str, value: str) -> str | None:
    """Return a key over there; that of an issue begins with the key of what it is in."""
    if option == KEY:
        return theirs.get(value.casefold())
    container, dash, number = value.rpartition("-")
    found = theirs.get(container.casefold())
    return f"{found}{dash}{number}" if found else None


def _window(request: FeedRequest) -> Iterator[Filter]:
    """Yield between which instants a page lies; bounds are exclusive, and rows tell apart what is of one instant."""
    if request.before[0] < NEWEST:
        yield Filter("update-date", "BEFORE", (str(request.before[0] // 1_000 + 1),))
    if request.after[0] > max(OLDEST, 0):
        yield Filter("update-date", "AFTER", (str(request.after[0] // 1_000 - 1),))
