"""The types and properties of Activity Streams 2.0, as data (AP-030…AP-038).

Nothing here does anything: parsing, validating and serialising read these tables.
"""

from typing import Final

from vocab.extensions import EXTENSIONS, PREFIXES

__all__ = [
    "ACTIVITY_TYPES",
    "ACTOR_TYPES",
    "ALWAYS_ARRAYS",
    "AS",
    "AS_SPELLINGS",
    "AUDIENCE",
    "AUTHENTICATED",
    "COLLECTION_TYPES",
    "COUNTS",
    "EXTENSIONS",
    "FUNCTIONAL",
    "INSTANTS",
    "KNOWN_CONTEXTS",
    "KNOWN_TYPES",
    "LINK_TYPES",
    "LITEPUB_PATH",
    "LITERAL_PROPERTIES",
    "NATURAL",
    "NORMATIVE",
    "NS",
    "NS_HW",
    "NUMBERS",
    "OBJECT_PROPERTIES",
    "OBJECT_TYPES",
    "PREFIXES",
    "PROPERTIES",
    "PUBLIC",
    "PUBLIC_SPELLINGS",
    "RELATIONSHIPS",
    "SUPERTYPES",
    "supertypes",
]  # fmt: skip


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


AS: Final = "https://www.w3.org/ns/activitystreams"
NS: Final = AS + "#"
PUBLIC: Final = NS + "Public"
AUTHENTICATED: Final = "http://www.w3.org/ns/auth/acl#AuthenticatedAgent"
"""Everyone who says who they are (FEP-7502)."""
PUBLIC_SPELLINGS: Final = frozenset({PUBLIC, "as:Public", "Public"})
NS_HW: Final = "https://w3id.org/headwater/ns#"

AS_SPELLINGS: Final = frozenset({AS, NS, AS + ".jsonld", "http" + AS[5:], "http" + NS[5:]})
"""Ways in which others write the normative context; all of them mean ``AS``."""

KNOWN_CONTEXTS: Final = AS_SPELLINGS | frozenset(
    [
        "https://w3id.org/security/v1",
        "https://w3id.org/security/v2",
        "https://w3id.org/identity/v1",
        "https://w3id.org/security/data-integrity/v1",
        "https://w3id.org/security/data-integrity/v2",
        "https://w3id.org/security/multikey/v1",
        "https://w3id.org/security/suites/ed25519-2020/v1",
        "https://www.w3.org/ns/cid/v1",
        "https://www.w3.org/ns/did/v1",
        "https://purl.archive.org/socialweb/oauth",
        "https://purl.archive.org/socialweb/webfinger",
        "https://purl.archive.org/socialweb/blocked",
        "https://purl.archive.org/socialweb/pending",
        "https://purl.archive.org/socialweb/miscellany",
        "https://purl.archive.org/socialweb/sse",
        "https://purl.archive.org/socialweb/seekitem",
        "https://purl.archive.org/miscellany",
        "https://w3id.org/fep/5711",
        "https://w3id.org/fep/7628",
        "https://w3id.org/fep/0499",
        "https://w3id.org/fep/044f",
        "https://join-lemmy.org/context.json",
        "https://gotosocial.org/ns",
    ]
)
"""Published contexts that we hold a copy of and never fetch (AP-023, SEC-028)."""

LITEPUB_PATH: Final = "/schemas/litepub-0.1.jsonld"
"""Pleroma serves its context from every host; it is known by this path (IQ-711)."""

ACTIVITY_TYPES: Final = _names(
    """Activity IntransitiveActivity
    Accept Add Announce Arrive Block Create Delete Dislike Flag Follow Ignore Invite Join Leave Like Listen
    Move Offer Question Read Reject Remove TentativeAccept TentativeReject Travel Undo Update View"""
)
ACTOR_TYPES: Final = frozenset({"Application", "Group", "Organization", "Person", "Service"})
OBJECT_TYPES: Final = _names(
    "Object Article Audio Document Event Image Note Page Place Profile Relationship Tombstone Video"
)
LINK_TYPES: Final = frozenset({"Link", "Mention"})
COLLECTION_TYPES: Final = frozenset(
    {"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"}
)
KNOWN_TYPES: Final = ACTIVITY_TYPES | ACTOR_TYPES | OBJECT_TYPES | LINK_TYPES | COLLECTION_TYPES
RELATIONSHIPS: Final = frozenset({"IsContact", "IsFollowedBy", "IsFollowing", "IsMember"})

SUPERTYPES: Final[dict[str, str]] = {
    **dict.fromkeys(ACTIVITY_TYPES, "Activity"),
    **dict.fromkeys(ACTOR_TYPES | OBJECT_TYPES | {"Collection"}, "Object"),
    **dict.fromkeys(("Arrive", "Travel", "Question"), "IntransitiveActivity"),
    **dict.fromkeys(("Audio", "Image", "Video", "Page"), "Document"),
    "Activity": "Object",
    "TentativeAccept": "Accept",
    "TentativeReject": "Reject",
    "Invite": "Offer",
    "Block": "Ignore",
    "Mention": "Link",
    "OrderedCollection": "Collection",
    "CollectionPage": "Collection",
    "OrderedCollectionPage": "OrderedCollection",
}
"""The type each type is a kind of (AP-034); protocol effects are not inherited."""
del SUPERTYPES["Object"]

AUDIENCE: Final = ("to", "cc", "audience", "bto", "bcc")
"""The members that name recipients, in the order in which they are read (AP-280)."""

OBJECT_PROPERTIES: Final = _names(
    """actor anyOf attachment attributedTo audience bcc bto cc context current describes first followers
    following generator icon image inReplyTo inbox instrument items last liked likes location next object
    oneOf orderedItems origin outbox partOf prev preview relationship replies result shares streams subject
    tag target to url"""
)
"""Values are objects or links: an IRI, an embedded node, or several (AP-035)."""

NATURAL: Final = frozenset({"name", "summary", "content"})
"""Natural language: plain text, or by language in the member with ``Map`` behind its name (AP-013)."""
INSTANTS: Final = frozenset({"deleted", "endTime", "published", "startTime", "updated"})
COUNTS: Final = frozenset({"height", "startIndex", "totalItems", "width"})
"""Numbers that are never negative and have no fraction (AP-018)."""
NUMBERS: Final = frozenset({"accuracy", "altitude", "latitude", "longitude", "radius"})

LITERAL_PROPERTIES: Final = (
    NATURAL
    | {term + "Map" for term in NATURAL}
    | INSTANTS
    | COUNTS
    | NUMBERS
    | _names(
        "closed duration endpoints formerType href hreflang mediaType preferredUsername rel source units"
    )
)
PROPERTIES: Final = OBJECT_PROPERTIES | LITERAL_PROPERTIES

FUNCTIONAL: Final = (
    _names(
        """id duration href hreflang mediaType first last current next prev partOf replies likes shares inbox
    outbox followers following liked describes subject preferredUsername"""
    )
    | INSTANTS
    | COUNTS
    | NUMBERS
)
"""Members with at most one value (AP-037)."""

ALWAYS_ARRAYS: Final = frozenset({"items", "orderedItems", "tag", "attachment", "oneOf", "anyOf"})
"""Members written as arrays even when they hold one value (AP-006)."""

NORMATIVE: Final = PROPERTIES | KNOWN_TYPES | RELATIONSHIPS | {"id", "type", "Public"}
"""Every name that no document may give another meaning (AP-004)."""


def supertypes(name: str) -> tuple[str, ...]:
    """Return what a type is a kind of, nearest first (AP-034); nothing for unknown types."""
    found: list[str] = []
    while name in SUPERTYPES:
        name = SUPERTYPES[name]
        found.append(name)
    return tuple(found)
