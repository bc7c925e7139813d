"""All aspects: how each is read, on what it may be, and how one that is stored takes a newer one (Events §7.1).

An aspect that is missing here is kept as it was sent, and nothing follows from it.
"""

from dataclasses import dataclass
from typing import Final, Literal

from vocab.dialects.events.aspects import (
    attachments,
    changes,
    classification,
    clients,
    dimensions,
    experience,
    experiments,
    inventory,
    items,
    kinds,
    messaging,
    pageview,
    people,
    places,
    presentation,
    resolvable,
    settings,
    stores,
    timed,
    transactions,
)
from vocab.dialects.events.aspects.kinds import Kind
from vocab.dialects.events.aspects.shapes import Shape

Merging = Literal["replace", "merge"]


@dataclass(frozen=True, slots=True)
class Aspect:
    """How an aspect is read; ``on`` has the letters of what it may be on: Event, eNtity, line Item, Comment.

    One that an entity has is replaced by a newer one, or takes over the fields that the newer one names. On anything
    else it is kept as it is, or what ``elsewhere`` leaves of it.
    """

    read: Kind
    on: str
    merging: Merging = "replace"
    elsewhere: Kind = kinds.anything


LETTERS: Final = {"event": "E", "entity": "N", "item": "I", "comment": "C"}

TABLE: Final = {
    "locale": Aspect(places.locale, "ENC"),
    "presentation": Aspect(presentation.presentation, "ENI", "merge"),
    "classification": Aspect(classification.classification, "ENC", "merge"),
    "tags": Aspect(classification.tags, "ENC"),
    "dimensions": Aspect(dimensions.dimensions, "ENI", "merge"),
    "metrics": Aspect(dimensions.metrics, "ENI", "merge"),
    "timed": Aspect(timed.timed, "ENI", "merge"),
    "items": Aspect(items.items, "E"),
    "resolvable": Aspect(resolvable.resolvable, "EN"),
    "attachments": Aspect(attachments.attachments, "ENC"),
    "geo_location": Aspect(places.geo_location, "ENC"),
    "address": Aspect(places.address, "EN"),
    "client_ip": Aspect(clients.client_ip, "ENC"),
    "client_device": Aspect(clients.client_device, "ENC"),
    "pageview": Aspect(pageview.pageview, "E"),
    "content": Aspect(presentation.content, "EN"),
    "summary": Aspect(presentation.summary, "EN"),
    "demography": Aspect(people.demography, "N", "merge", elsewhere=people.permitted),
    "settings": Aspect(settings.settings, "EN", "merge"),
    "grouped": Aspect(resolvable.grouped, "E"),
    "ab_test": Aspect(experiments.ab_test, "E"),
    "cei": Aspect(experience.cei, "EN"),
    "inventory": Aspect(inventory.inventory, "N"),
    "traffic_sources": Aspect(transactions.traffic_sources, "EIN"),
    "affiliate": Aspect(transactions.affiliate, "E"),
    "transaction": Aspect(transactions.transaction, "E"),
    "ts_data": Aspect(experiments.ts_data, "E"),
    "product_view": Aspect(stores.product_view, "E"),
    "sentiment": Aspect(stores.sentiment, "EN"),
    "pricing": Aspect(stores.pricing, "N"),
    "local_weather": Aspect(stores.local_weather, "EN"),
    "holiday": Aspect(stores.holiday, "EN"),
    "subscription": Aspect(stores.subscription, "N"),
    "email": Aspect(people.email, "N"),
    "phone": Aspect(people.phone, "N"),
    "customer_permission": Aspect(people.customer_permission, "N", "merge"),
    "status": Aspect(changes.status, "N", "merge"),
    "update": Aspect(changes.update, "E"),
    "patch": Aspect(changes.update, "E"),
    "entities": Aspect(changes.entities, "E"),
    "context": Aspect(kinds.anything, "E"),
    "obs_events": Aspect(kinds.anything, "E"),
    # These add to aspects above them.
    "campaign": Aspect(transactions.campaign, "E"),
    "messaging": Aspect(messaging.messaging, "E"),
}
"""In the order in which they are read: times and amounts of the others are in the zone and currency of ``locale``."""

ALIASES: Final = {name.replace("_", ""): name for name in TABLE} | {
    "trafficsource": "traffic_sources",
    "identifiable": "resolvable",
    "geo": "geo_location",
}
"""Other names of aspects, without underscores and in lower case. ``location`` may be two of them."""


def expanded(name: str, value: object) -> object:
    """Return an aspect that is written as bare text as the object that it stands for (Events §7.1)."""
    aspect = TABLE.get(proper(name, value))
    if (
        isinstance(value, str)
        and aspect is not None
        and isinstance(aspect.read, Shape)
        and aspect.read.shorthand
    ):
        return {aspect.read.shorthand: value}
    return value


def proper(name: str, value: object) -> str:
    """Return the name by which an aspect is known, its own when it is not."""
    name = name.strip().lower()
    if name == "location":
        place = isinstance(value, str | list) or (
            isinstance(value, dict) and not value.keys().isdisjoint(("latlong", "latitude"))
        )
        return "geo_location" if place else "address"
    return name if name in TABLE else ALIASES.get(name.replace("_", "").replace("-", ""), name)
