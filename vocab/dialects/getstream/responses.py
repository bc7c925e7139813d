"""Reactions ↔ Activity Streams 2.0 (§7.3): what somebody responds with is an activity of theirs like any other.

A ``like`` is a Like, a ``comment`` an Activity whose verb is ``hw:verb``: kinds are verbs. The data are ``hw:custom``.
Which reaction it is, where in a conversation it stands and which feeds were told of it is known by its row.
"""

from typing import Any

from vocab import instants
from vocab.activities import Activity
from vocab.dialects.getstream import verbs
from vocab.dialects.getstream.entities import Entities
from vocab.dialects.getstream.reactions import Reaction
from vocab.dialects.getstream.references import Reference


def iri_of(id: str, entities: Entities) -> str:
    """Return the IRI of a reaction: what ``SR:`` and its id name in an activity."""
    return entities.iri(str(Reference("reaction", id)))


def to_activity(reaction: Reaction, *, iri: str, actor: str, about: str) -> Activity:
    """Return a reaction of an actor as a document; ``about`` is the IRI of what it is a response to.

    It is addressed to nobody. Its object is its last member, as that of every stored activity.
    """
    told: dict[str, Any] = {
        "id": iri,
        "type": verbs.type_of(reaction.kind),
        "actor": actor,
        "published": instants.spell(instants.microseconds(reaction.created_at)),
    }
    if reaction.updated_at != reaction.created_at:
        told["updated"] = instants.spell(instants.microseconds(reaction.updated_at))
    told["hw:verb"] = reaction.kind
    if reaction.data:
        told["hw:custom"] = reaction.data
    return Activity(told | {"object": about})


def data_of(document: dict[str, Any]) -> dict[str, Any]:
    """Return the data of a reaction from its document."""
    found = document.get("hw:custom")
    return found if isinstance(found, dict) else {}
