"""Events, entities, comments and bumps as Activity Streams 2.0 (Events §23).

The native message is the record of truth; what is made here is how everybody else reads it. Every role, aspect and
property is in it, in the terms that there are or else in ours (``hw:``), but for what must never leave (§23.1): where
somebody connects from and with what, what a person is like, payments, who may read it, blind recipients, tokens, the
payload, and whatever begins with ``_``. That is not marked to be left out later: it is never in the document.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from vocab import instants
from vocab.activities import Activity
from vocab.dialects.events import entitykinds, facets, kinds
from vocab.dialects.events.casting import Cast, Data, IriOf, NameOf, SettingsOf, hidden, unset
from vocab.dialects.events.messages import Bump, Comment, Entity, Event, Link, Role, Rule
from vocab.dialects.events.references import BadReference, Ref, named
from vocab.objects import Object
from vocab.terms import ACTOR_TYPES, PUBLIC

NOTHING: Final[Mapping[str, Any]] = {}

COMMENT: Final = "hw:Comment"
"""The type of ours that comments have beside, and the Create of each."""
_BUMPS: Final = {1: ["Like"], -1: ["Dislike"], 0: [kinds.UNTYPED, "hw:BumpNeutral"]}


def activity_iri(root: str, id: UUID) -> str:
    """Return the IRI of a stream item or a vote (Events §23.2)."""
    return f"{root}/events/{id}"


def activity(
    event: Event,
    *,
    root: str,
    iri_of: IriOf,
    name_of: NameOf,
    public: bool,
    settings: Mapping[str, Any] = NOTHING,
    settings_of: SettingsOf = unset,
    received: int | None = None,
    registered: int | None = None,
) -> Activity:
    """Return an event as an activity; ``settings`` are those of its type, ``settings_of`` those of entities (§17.8).

    ``iri_of`` and ``name_of`` say what an entity is called: one that is an account here has the IRI of that. What is
    not ``public`` is addressed to those alone whom its rules name, if any.
    """
    data: Data = {
        "id": activity_iri(root, event.id),
        "type": list(kinds.type_of(event.type, event.roles, settings)),
        "hw:eventType": event.type,
        "hw:streamId": str(event.id),
        "hw:importance": event.importance,
    }
    cast = Cast(root, iri_of, name_of, settings_of)
    cast.take(event.roles)
    aspects = event.aspects
    cast.appear(data, event.links, facets.page(aspects), facets.letter(aspects))
    data["published"] = event.occurred.text
    data["generator"] = {"type": "Application", "name": event.origin}
    if event.description:
        data["summary"] = facets.escaped(event.description)
    if received is not None:
        data["hw:receivedAt"] = instants.spell(received)
    if registered is not None:
        data["hw:registeredAt"] = instants.spell(registered)
    if aspects:
        facets.told(aspects, data)
    if properties := facets.unmarked(event.properties):
        data["hw:properties"] = properties
    if event.group is not None:
        facets.also(data, "context", conversation(root, *event.group))
    _address(data, event.acl, iri_of, public=public)
    if public:
        _copy(data, cast)
    return Activity(data)


def comment(
    comment: Comment,
    *,
    root: str,
    iri_of: IriOf,
    name_of: NameOf,
    public: bool,
    settings_of: SettingsOf = unset,
) -> Activity:
    """Return a comment as the Create of a Note (Events §23.5): it replies to the first thing that it is about."""
    iri = activity_iri(root, comment.id)
    cast = Cast(root, iri_of, name_of, settings_of)
    cast.take(comment.roles)
    authors, about = _named(comment.roles, "COMMENTS", cast), _named(comment.roles, "COMMENTED_ON", cast)
    note: Data = {
        "id": f"{iri}/note",
        "type": ["Note", COMMENT],
        "attributedTo": [author["id"] for author in authors],
        "content": facets.paragraphs(comment.text) or "",
        "published": comment.occurred.text,
    }
    if about:
        note["inReplyTo"] = about[0]["id"]
    if about[1:]:
        note["context"] = [thing["id"] for thing in about[1:]]
    facets.told(comment.aspects, note)
    tags = {tag["name"].lower(): tag for tag in note.get("tag", ())}
    for tag in comment.tags:
        tags.setdefault(f"#{tag.lower()}", facets.hashtag(tag))
    mentioned = [
        {"type": "Mention", "href": node["id"], "name": f"@{node.get('name', '')}"}
        for node in _named(comment.roles, "MENTIONS", cast)
    ]
    note["tag"] = mentioned + list(tags.values())
    data: Data = {
        "id": iri,
        "type": ["Create", COMMENT],
        "hw:streamId": str(comment.id),
        "actor": authors,
        "hw:involves": cast.involves,
        "published": comment.occurred.text,
        "generator": {"type": "Application", "name": comment.origin},
    }
    _address(data, comment.acl, iri_of, public=public)
    note |= {term: data[term] for term in ("to", "audience") if term in data}
    return Activity({**data, "object": note})


def bump(
    bump: Bump, *, root: str, iri_of: IriOf, name_of: NameOf, public: bool, settings_of: SettingsOf = unset
) -> Activity:
    """Return a vote as a Like or Dislike, or for one that is neither as what it is (Events §23.5)."""
    cast = Cast(root, iri_of, name_of, settings_of)
    data: Data = {
        "id": activity_iri(root, bump.id),
        "type": list(_BUMPS[bump.value]),
        "hw:streamId": str(bump.id),
        "actor": cast.node(bump.actor),
        "object": cast.node(bump.target)["id"],
        "published": bump.occurred.text,
        "generator": {"type": "Application", "name": bump.origin},
    }
    return Activity(data | ({"to": PUBLIC} if public else {}))


def entity(
    entity: Entity,
    *,
    iri_of: IriOf,
    name_of: NameOf,
    public: bool,
    settings: Mapping[str, Any] = NOTHING,
) -> Object:
    """Return an entity with what it is and its links; ``settings`` are those of its type (§17.8)."""
    ref = entity.ref
    data: Data = {
        "id": iri_of(ref),
        "type": entitykinds.types_of(ref, settings),
        "hw:entityRef": str(ref),
        "hw:entityType": ref.type,
    }
    facets.told(entity.aspects, data)
    data.setdefault("name", name_of(ref))
    place = entity.aspects.get("address")
    if place and data["type"][0] == "Place":
        data["hw:address"] = facets.leaving(place)
    if properties := facets.unmarked(entity.properties):
        data["hw:properties"] = properties
    _relate(data, entity.links, iri_of)
    _address(data, entity.acl or (), iri_of, public=public)
    return Object(data)


def link(link: Link, iri_of: IriOf) -> Data:
    """Return a link as a Relationship, whose type has all labels of its path (Events §23.5)."""
    labels = [f"hw:{label}" for label in link.type.split(":")]
    told: Data = {
        "type": "Relationship",
        "subject": iri_of(link.source),
        "relationship": labels if len(labels) > 1 else labels[0],
        "object": iri_of(link.target),
    }
    for term, at in (("startTime", link.active_from), ("endTime", link.active_until)):
        if at is not None:
            told[term] = instants.spell(at)
    further = {
        "hw:weight": link.weight,
        "hw:externalId": link.external_id or None,
        "hw:properties": facets.unmarked(link.properties) or None,
    }
    return told | {term: value for term, value in further.items() if value is not None}


def conversation(root: str, scope: str, group: str) -> str:
    """Return what things of one group have in common (Events §7.19): a name, nothing that could be fetched."""
    return f"urn:uuid:{named(f'{root}--{scope}--{group}'.lower())}"


def _named(roles: Iterable[Role], leaf: str, cast: Cast) -> list[Data]:
    return [cast.node(role.target) for role in roles if role.leaf == leaf and not hidden(role.target)]


def _relate(data: Data, links: Iterable[Link], iri_of: IriOf) -> None:
    """Say links as relationships; other names of actors, places and what a thing is part of by their own terms too."""
    told = [one for one in links if not (hidden(one.source) or hidden(one.target))]
    for one in told:
        labels = one.type.split(":")
        if one.ends or iri_of(one.source) != data["id"]:
            continue
        if "AKA" in labels and data["type"][0] in ACTOR_TYPES and _acts(one.target):
            data.setdefault("alsoKnownAs", []).append(iri_of(one.target))
        elif "PART_OF" in labels:
            facets.also(data, "context", iri_of(one.target))
        elif not {"LOCATED_IN", "LOCATED_AT", "HOSTED_AT"}.isdisjoint(labels):
            facets.also(data, "location", iri_of(one.target))
    if told:
        data["hw:links"] = [link(one, iri_of) for one in told]


def _acts(ref: Ref) -> bool:
    return entitykinds.kind_of(ref.type) in ACTOR_TYPES


def _address(data: Data, rules: Iterable[Rule], iri_of: IriOf, *, public: bool) -> None:
    """Address a document to everyone, or to whom its rules name: people, and groups as an audience (§23.5).

    Whom a public one names besides is not told.
    """
    if public:
        data["to"] = [PUBLIC]
        return
    for rule in rules:
        party = _party(rule)
        if party is not None:
            term = "audience" if entitykinds.kind_of(party.type) in entitykinds.GROUPS else "to"
            facets.also(data, term, iri_of(party))


def _party(rule: Rule) -> Ref | None:
    """Return the entity of a rule, None for a role of privileges or everyone."""
    try:
        return Ref.parse(rule.party)
    except BadReference:
        return None


def _copy(data: Data, cast: Cast) -> None:
    """Address a public message to its openly named recipients too."""
    data["to"] += [iri for iri in cast.ids("to") if iri not in data["to"]]
    if copied := cast.ids("cc"):
        data["cc"] = copied
