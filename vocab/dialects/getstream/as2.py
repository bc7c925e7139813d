"""Activities of feeds ↔ Activity Streams 2.0, without loss.

Actor, object and target become IRIs of entities, the verb a type, and the time ``published``. What has no term
there has one of ours (``hw:``): the verb as it was said, the foreign id, the feeds in ``to``, how each entity was
called if it has another name, and the custom fields as JSON of their own. A document with ``hw:verb`` was made here.

What a reader elsewhere is told (``content``) is no part of this: whoever sends an activity away adds it to what is
``leaving``, and nothing that is added to a document ever shows in a feed.
"""

from typing import Any, Final
from uuid import UUID

from vocab import instants
from vocab.activities import Activity
from vocab.audience import without_blind
from vocab.dialects.getstream import verbs
from vocab.dialects.getstream.activities import DROPPED, OWN, REFUSED, FeedActivity
from vocab.dialects.getstream.entities import OBJECT, USER, Entities
from vocab.dialects.getstream.feedids import FeedId

DOCUMENT: Final = "as2"
"""The custom field that holds the document of an activity that was not made in a feed."""

_ENTITIES: Final = {"actor": USER, "object": OBJECT, "target": OBJECT}
"""The members that name entities, and the type of those that are called by a bare name there."""


def to_activity(made: FeedActivity, entities: Entities, *, iri: str) -> Activity:
    """Return an activity of a feed as a document with this IRI; it is addressed to nobody yet."""
    data: dict[str, Any] = {"id": iri, "type": verbs.type_of(made.verb)}
    called: dict[str, str] = {}
    for term, untyped in _ENTITIES.items():
        if text := getattr(made, term):
            data[term] = entities.iri(text, untyped)
            if entities.text(data[term]) != text:
                called[f"hw:{term}"] = text
    data["published"] = instants.spell(instants.microseconds(made.time))
    further = {
        "hw:verb": made.verb, "hw:foreignId": made.foreign_id, "hw:feeds": [str(feed) for feed in made.to],
        **called, "hw:custom": made.custom,
    }  # fmt: skip
    return Activity(data | {term: value for term, value in further.items() if value})


def leaving(document: Activity) -> Activity:
    """Return a document as others may have it: which feeds it was sent to stays here, they may be private."""
    return document.without("hw:feeds")


def from_activity(activity: Activity, entities: Entities, *, id: UUID) -> FeedActivity:
    """Return a document as an activity of a feed; ``id`` is the one it was given here, with its time.

    One that was not made in a feed has its IRI for a foreign id, and so should have the id that follows from that.
    What a document says of itself is believed only as far as it fits: a remote one may claim anything.
    """
    verb = activity.get("hw:verb")
    made_here = isinstance(verb, str) and verb != "" and verbs.type_of(verb) in activity.types
    foreign_id = activity.get("hw:foreignId")
    return FeedActivity(
        id,
        actor=_text(activity, "actor", entities),
        verb=verb if made_here else _verb(activity),
        object=_text(activity, "object", entities) or activity.id or "",
        target=_text(activity, "target", entities),
        foreign_id=(foreign_id if isinstance(foreign_id, str) else "") if made_here else activity.id or "",
        to=_feeds(activity) if made_here else (),
        custom=_custom(activity) if made_here else {DOCUMENT: without_blind(activity).data},
    )


def _verb(activity: Activity) -> str:
    """Return what was done in one word: that of whoever recorded it as an event, else by its type."""
    event_type = activity.get("hw:eventType")
    return event_type if isinstance(event_type, str) and event_type else verbs.verb_of(activity.types)


def _text(activity: Activity, term: str, entities: Entities) -> str:
    """Return what the first entity of a member is called, or nothing."""
    named = activity.ids(term)
    return entities.called(named[0], activity.get(f"hw:{term}"), _ENTITIES[term]) if named else ""


def _feeds(activity: Activity) -> tuple[FeedId, ...]:
    texts = (text for text in activity.values("hw:feeds") if isinstance(text, str))
    return tuple(feed for text in texts if (feed := FeedId.parse(text)) is not None)


def _custom(activity: Activity) -> dict[str, Any]:
    found = activity.get("hw:custom")
    members = found.items() if isinstance(found, dict) else ()
    return {name: value for name, value in members if name not in OWN | REFUSED | DROPPED}
