"""Types of entities → types of Activity Streams 2.0 (Events §23.5)."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from vocab.dialects.events.references import Ref
from vocab.terms import ACTIVITY_TYPES, COLLECTION_TYPES, KNOWN_TYPES, LINK_TYPES

UNTYPED: Final = "Object"
ENTITY: Final = "hw:Entity"
"""The type of ours that every entity has beside."""

PERSON: Final = "Person"
MAIL: Final = "Email"
"""The type of messages, and of the addresses between which they go: those are people."""
GROUPS: Final = frozenset({"Group", "Organization"})

_KINDS: Final = {
    PERSON: "Customer User ASUser Employee Person Agent Performer Contact ASRemoteActor",
    "Organization": "Organizer Supplier Company Retailer Manufacturer Organization",
    "Group": "Group Team MailingList ASChannel",
    "Service": "Service ASService WebSession ASWebSession Session Device",
    "Application": "Application Sensor",
    "Place": "Venue Hall City Location Place Harbour",
    "Event": "Event EventDate Show",
    "Page": "Page ASWebPage",
    "Document": "Document Invoice Manifest Attachment",
    "Note": "Email Message Note",
    "Article": "Article",
    "Audio": "Audio Song Track",
    "Image": "Image Picture",
    "Video": "Video Film Movie",
}
_MAILBOX: Final = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_OF: Final = {name: kind for kind, names in _KINDS.items() for name in names.split()}
_SAID: Final = KNOWN_TYPES - ACTIVITY_TYPES - COLLECTION_TYPES - LINK_TYPES
"""What an entity may be by a tenant's word."""


@lru_cache(4_096)
def kind_of(type: str) -> str:
    """Return the type of Activity Streams for an entity type, ``Vessel:Tug``: its root's, else its own if it is one."""
    root = type.partition(":")[0]
    return _OF.get(root, root if root in _SAID else UNTYPED)


def types_of(ref: Ref, settings: Mapping[str, Any] | None = None) -> list[str]:
    """Return the types of an entity's document; ``settings`` of its type may say another with ``as2_type``."""
    said = (settings or {}).get("as2_type")
    if isinstance(said, str) and said in _SAID:
        return [said, ENTITY]
    mailbox = ref.root == MAIL and _MAILBOX.fullmatch(ref.id) is not None
    return [PERSON if mailbox else kind_of(ref.type), ENTITY]
