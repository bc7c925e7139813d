"""Extension terms in common use, by the prefix they are written with (AP-038, AP-039).

``EXTENSIONS`` are declared inline when a document uses them and its sender did not declare them.
``KEPT`` are known to exist and pass through: their names are too general to be given a meaning unasked.
"""

from typing import Any, Final

Definition = str | dict[str, Any]

PREFIXES: Final[dict[str, str]] = {
    "toot": "http://joinmastodon.org/ns#",
    "schema": "http://schema.org#",
    "sec": "https://w3id.org/security#",
    "ostatus": "http://ostatus.org#",
    "litepub": "http://litepub.social/ns#",
    "misskey": "https://misskey-hub.net/ns#",
    "fedibird": "http://fedibird.com/ns#",
    "gts": "https://gotosocial.org/ns#",
    "lemmy": "https://join-lemmy.org/ns#",
    "pt": "https://joinpeertube.org/ns#",
    "sc": "http://schema.org/",
    "pixelfed": "http://pixelfed.org/ns#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "diaspora": "https://diasporafoundation.org/ns/",
    "dfrn": "http://purl.org/macgirvin/dfrn/1.0/",
    "hw": "https://w3id.org/headwater/ns#",
}

SECURITY_V1: Final = "https://w3id.org/security/v1"
CID_V1: Final = "https://www.w3.org/ns/cid/v1"
DATA_INTEGRITY_V2: Final = "https://w3id.org/security/data-integrity/v2"
SEEKING: Final = "https://purl.archive.org/socialweb/seekitem"
EVENTS: Final = "https://purl.archive.org/socialweb/sse"
WEBFINGER: Final = "https://purl.archive.org/socialweb/webfinger"


def _terms(prefix: str, names: str) -> dict[str, Definition]:
    return {name: f"{prefix}:{name}" for name in names.split()}


def _links(prefix: str, names: str) -> dict[str, Definition]:
    """Return terms whose values are IRIs, under a prefix or a whole namespace."""
    namespace = prefix if prefix.endswith("#") else f"{prefix}:"
    return {name: {"@id": f"{namespace}{name}", "@type": "@id"} for name in names.split()}


def _own(names: str) -> dict[str, Definition]:
    """Return terms of ours that are written with their prefix, and declared by that alone."""
    return {f"hw:{name}": f"hw:{name}" for name in names.split()}


def _literals(names: str) -> dict[str, Definition]:
    """Return terms of ours whose values are JSON, with nothing in it to be read as a term."""
    return {f"hw:{name}": {"@id": f"hw:{name}", "@type": "@json"} for name in names.split()}


INVERSE_OF: Final = "inboxOf outboxOf followersOf followingOf likedOf likesOf repliesOf sharesOf"
"""Whose a collection is, and which of theirs, told by the collection itself (FEP-5711)."""

_LITERALS: Final = _literals(
    "custom properties aspects"
    " abTest address affiliate as1 attachments campaign cei classification content context dimensions entities"
    " geoLocation grouped holiday inventory items localWeather messaging metrics obsEvents pageview patch presentation"
    " pricing productView resolvable sentiment settings status subscription summary timed trafficSources tsData"
    " update"
)

EXTENSIONS: Final[dict[str, Definition]] = {
    **_terms("as", "sensitive Hashtag quoteUrl manuallyApprovesFollowers"),
    **_links("as", "movedTo alsoKnownAs copiedTo"),
    **_terms("toot", "Emoji blurhash votersCount discoverable indexable suspended memorial"),
    **_terms("toot", "showFeatured showMedia showRepliesInMedia IdentityProof"),
    **_links("toot", "featured featuredTags"),
    "focalPoint": {"@id": "toot:focalPoint", "@container": "@list"},
    "attributionDomains": {"@id": "toot:attributionDomains", "@container": "@set"},
    **_terms("schema", "PropertyValue"),
    **_terms("ostatus", "atomUri inReplyToAtomUri conversation"),
    **_terms("litepub", "EmojiReact ChatMessage directMessage"),
    **_links("litepub", "listMessage oauthRegistrationEndpoint formerRepresentations"),
    **_terms("misskey", "_misskey_content _misskey_quote _misskey_reaction _misskey_votes _misskey_summary"),
    **_terms("misskey", "_misskey_followedMessage _misskey_requireSigninToViewContents _misskey_license"),
    **_terms("misskey", "_misskey_makeNotesFollowersOnlyBefore _misskey_makeNotesHiddenBefore isCat"),
    **_terms("fedibird", "quoteUri emojiReactions"),
    **_links("fedibird", "searchableBy"),
    **_terms("gts", "interactionPolicy LikeApproval ReplyApproval AnnounceApproval"),
    **_links(
        "gts",
        "canLike canReply canAnnounce canQuote automaticApproval manualApproval approvedBy"
        " interactingObject interactionTarget",
    ),
    "quote": {"@id": "https://w3id.org/fep/044f#quote", "@type": "@id"},
    "quoteAuthorization": {"@id": "https://w3id.org/fep/044f#quoteAuthorization", "@type": "@id"},
    "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
    "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
    "FeaturedCollection": "https://w3id.org/fep/7aa9#FeaturedCollection",
    "FeaturedItem": "https://w3id.org/fep/7aa9#FeaturedItem",
    "FeatureRequest": "https://w3id.org/fep/7aa9#FeatureRequest",
    "FeatureAuthorization": "https://w3id.org/fep/7aa9#FeatureAuthorization",
    "canFeature": {"@id": "https://w3id.org/fep/7aa9#canFeature", "@type": "@id"},
    "featuredObject": {"@id": "https://w3id.org/fep/7aa9#featuredObject", "@type": "@id"},
    **_terms("lemmy", "postingRestrictedToMods stickied matrixUserId removeData CommunityPostTag Lock"),
    **_links("lemmy", "moderators"),
    **_terms("pt", "commentsEnabled waitTranscoding downloadEnabled commentsPolicy Infohash"),
    **_terms("vcard", "bday"),
    **_links("https://purl.archive.org/socialweb/pending#", "pendingFollowers pendingFollowing"),
    **_links("https://purl.archive.org/socialweb/blocked#", "blocked blocks"),
    **_links("https://w3id.org/fep/5711#", INVERSE_OF),
    **_terms("hw", "hidesFollowers hidesFollowing"),
    **_links("hw", "muted"),
    **_own("verb foreignId feeds actor object target"),
    **_own("Comment Entity Event Involvement Link BumpNeutral Payment Purchase Search WorkflowAction"),
    **_own("eventType entityType entityRef streamId importance role externalId batchId weight action"),
    **_own("category currency digest size timezone"),
    **_own("actions application author issueKey key objectType provider sourceId titleHtml"),
    **_own("dateAssumed source"),
    **{f"hw:{name}": {"@id": f"hw:{name}", "@type": "@id"} for name in ("entity", "observer", "onBehalfOf")},
    **{
        f"hw:{name}": {"@id": f"hw:{name}", "@type": "xsd:dateTime"}
        for name in ("receivedAt", "registeredAt")
    },
    "hw:involves": {"@id": "hw:involves", "@container": "@set"},
    "hw:links": {"@id": "hw:links", "@container": "@set"},
    **_LITERALS,
    "digestMultibase": {"@id": "sec:digestMultibase", "@type": "sec:multibase"},
}
"""Term → its entry in an inline context. Spellings are those that plain-JSON readers look for (IQ-705).

A term that is its own entry is written with its prefix, and declared by that alone.
"""

OPAQUE: Final = frozenset({"@context", *_LITERALS})
"""Members whose value is no node, with nothing in it to be read as a term: it is kept as it stands (AP-009)."""

COMPANIONS: Final[dict[str, dict[str, Definition]]] = {"PropertyValue": {"value": "schema:value"}}
"""Terms with general names that are declared only together with a type that needs them."""

CONTEXT_OF: Final[dict[str, str]] = {
    **dict.fromkeys(("publicKey", "publicKeyPem", "signature", "signatureValue"), SECURITY_V1),
    **dict.fromkeys(("assertionMethod", "Multikey", "publicKeyMultibase"), CID_V1),
    **dict.fromkeys(("proof", "DataIntegrityProof", "proofValue", "cryptosuite"), DATA_INTEGRITY_V2),
    "webfinger": WEBFINGER,
    "eventStream": EVENTS,
    "seekItem": SEEKING,
}
"""Terms that are declared by naming a published context as a whole (AP-093, AP-094)."""

ACTIVITY_TYPES: Final = frozenset({"EmojiReact", "FeatureRequest", "Lock", "QuoteRequest"})
"""Extension types that are activities, also when the members of one are missing (AP-196)."""

OBJECT_TYPES: Final = frozenset(
    {
        "ChatMessage",
        "Emoji",
        "Hashtag",
        "PropertyValue",
        "IdentityProof",
        "Key",
        "CryptographicKey",
        "Multikey",
    }
    | {"DataIntegrityProof", "LikeApproval", "ReplyApproval", "AnnounceApproval", "QuoteAuthorization"}
    | {"FeaturedCollection", "FeaturedItem", "FeatureAuthorization", "CommunityPostTag", "Infohash"}
)
"""Extension types that are no activities, whatever members they have (Pleroma puts ``actor`` on messages)."""

KEPT: Final[dict[str, Definition]] = {
    **_terms("sec", "owner controller verificationMethod proofPurpose Key CryptographicKey"),
    **_terms("litepub", "capabilities invisible"),
    **_terms("gts", "always approvalRequired"),
    **_terms("pt", "uuid state views support fps size tileWidth aspectRatio permanentLive liveSaveReplay"),
    **_terms("pt", "latencyMode playlists"),
    **_terms("sc", "category licence subtitleLanguage hasParts identifier language isLiveBroadcast"),
    **_terms("vcard", "Address"),
    **_terms("diaspora", "guid"),
    "topic": "https://w3id.org/fep/7aa9#topic",
}
