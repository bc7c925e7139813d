"""What is news, once each, and which provider tells it (Atom §8.5, §12.3)."""

from typing import Final

from storage.happenings import Unnoted
from storage.happeningsight import SOCIAL
from streams import ids
from vocab import Object, stored
from vocab.dialects.getstream import ids as uuids

ACTIVITY: Final = 2
EVENT, COMMENT = 0, 1
SAID: Final = frozenset({
    "Accept", "Block", "Delete", "FeatureRequest", "Flag", "Ignore", "Lock", "Move", "QuoteRequest", "Reject", "Remove",
    "TentativeAccept", "TentativeReject", "Undo",
})  # fmt: skip
"""Types of what actors say to each other or to servers: no news, unless another door has told it with its own verb."""
APPLICATIONS: Final = "applications"
EVENTS: Final = "events"


def is_news(row: Unnoted) -> bool:
    """Tell whether an activity is news of its own.

    What the actor of a feed or channel tells is not: the activity itself is. Nor is a vote, a profile that changed, or
    what a group passes on besides posts.
    """
    if row.kind != ACTIVITY or row.of_feed:
        return False
    if row.event_kind is not None:
        return row.event_kind in (EVENT, COMMENT)
    if row.feed_tenant is not None or row.reaction_tenant is not None:
        return True
    if "/events/" in row.iri and row.local:
        return False  # a vote of the Events API
    if '"hw:verb"' in (row.document or ""):
        return True
    return row.type not in SAID and not _is_matter_of_protocol(row)


def _is_matter_of_protocol(row: Unnoted) -> bool:
    if row.type == "Update":
        return row.about_type in (
            None,
            "Question",
            "Person",
            "Group",
            "Service",
            "Application",
            "Organization",
        )
    if row.type == "Announce" and row.owner_type == "Group":
        return row.passed is not None and row.passed != "Create"
    return row.type == "Create" and _is_vote(row)


def _is_vote(row: Unnoted) -> bool:
    """Tell whether what was created answers a poll: it has the name of an option and no words of its own (AP-267)."""
    if row.about_type != "Note" or '"inReplyTo":' not in (row.about_document or ""):
        return False
    thing = stored(row.about_document or "{}", None)
    return thing.get("name") is not None and thing.get("content") is None and bool(thing.get("inReplyTo"))


def is_echo(row: Unnoted) -> bool:
    """Tell whether a group passes on what somebody said: it is shown where that is not."""
    return row.type == "Announce" and row.owner_type == "Group"


def tenant(row: Unnoted, base_url: str) -> int | None:
    """Return the tenant that an activity is kept by; None for what an actor said, in feeds as well or not."""
    if row.event_tenant is not None or row.reaction_tenant is not None:
        return row.event_tenant if row.event_tenant is not None else row.reaction_tenant
    return row.feed_tenant if row.feed_tenant is not None and _made_in_feed(row.iri, base_url) else None


def _made_in_feed(iri: str, base_url: str) -> bool:
    """Tell whether an activity was made in a feed: its name is a UUID."""
    root, _, name = iri.rpartition("/")
    return ids.is_ours(base_url, iri) and root.endswith("/activities") and uuids.parse(name) is not None


def provider(row: Unnoted, activity: Object, base_url: str) -> str:
    """Return the key of the provider that tells an activity: what ours says of itself, else by where it lives."""
    said = activity.get("hw:provider")
    if row.local and isinstance(said, str) and said:
        return said
    if row.event_tenant is not None:
        return EVENTS
    return SOCIAL if tenant(row, base_url) is None else APPLICATIONS
