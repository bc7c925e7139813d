"""Who takes part in an event, in the terms of Activity Streams 2.0: actor, object, target (Events §23.3)."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from vocab.dialects.events import entitykinds, facets
from vocab.dialects.events.messages import Link, Role
from vocab.dialects.events.references import Ref

Data = dict[str, Any]
IriOf = Callable[[Ref], str]
NameOf = Callable[[Ref], str]
SettingsOf = Callable[[Ref], Mapping[str, Any]]

_BLIND: Final = ""
_PLACES: Final = {
    "ACTOR": "actor", "AFFECTS": "affected", "UPDATES": "object", "REMOVES": "object", "VIEWED": "object",
    "CONCERNS": "object", "CREATES": "created", "TRADE": "product", "DELIVERED_TO": "target",
    "BOUGHT_FOR": "target", "RECEIVER": "target", "ASSIGNED_TO": "target", "INVOLVES": "context",
    "OBSERVED": "observer", "REFERENCES": "tag", "MENTIONS": "mention", "SENT_TO": "to", "SENT_TO_CC": "cc",
    "SENT_BY": "sender", "SENT_TO_BCC": _BLIND, "SOLD_BY": "other", "RATED_BY": "other",
}  # fmt: skip
"""What somebody with a role is to the activity: the finest label that is in here says it."""

_CONTAINING: Final = frozenset({"Add", "Remove"})
_INTRANSITIVE: Final = frozenset({"Arrive", "Travel"})


@lru_cache(4_096)
def place(path: str) -> str:
    """Return what a role is to its activity; ``other`` are those that only terms of ours name."""
    return next((_PLACES[label] for label in reversed(path.split(":")) if label in _PLACES), "other")


def hidden(target: Ref | UUID) -> bool:
    """Tell whether something is named in no document."""
    return isinstance(target, Ref) and target.root in facets.HIDDEN


def unset(ref: Ref) -> Mapping[str, Any]:
    """Return the settings of an entity's type where nothing is set."""
    return {}


class Cast:
    """The parts of an activity, each with who has it, in the order of the message.

    ``settings_of`` says what is set for the type of an entity (Events §17.8).
    """

    __slots__ = ("_iri_of", "_name_of", "_parts", "_root", "_settings_of", "involves")

    def __init__(self, root: str, iri_of: IriOf, name_of: NameOf, settings_of: SettingsOf = unset) -> None:
        self._root, self._iri_of, self._name_of, self._settings_of = root, iri_of, name_of, settings_of
        self._parts: dict[str, dict[str, Data]] = {}
        self.involves: list[Data] = []
        """All roles as terms of ours; blind ones are in no document."""

    def take(self, roles: Iterable[Role]) -> None:
        """Give everybody their part."""
        for role in roles:
            part = place(role.path)
            if part == _BLIND or hidden(role.target):
                continue
            node = self.node(role.target)
            self._parts.setdefault(part, {}).setdefault(node["id"], node)
            told: Data = {"hw:role": role.path, "hw:entity": node["id"]}
            if role.external_id:
                told["hw:externalId"] = role.external_id
            if role.weight is not None:
                told["hw:weight"] = role.weight
            if properties := facets.unmarked(role.properties):
                told["hw:properties"] = properties
            self.involves.append(told)

    def node(self, target: Ref | UUID) -> Data:
        """Return who or what is meant, as much as a reader needs to go on."""
        if isinstance(target, UUID):
            return {"id": f"{self._root}/events/{target}", "type": "Activity"}
        return {
            "id": self._iri_of(target),
            "type": entitykinds.types_of(target, self._settings_of(target)),
            "name": self._name_of(target),
        }

    def those(self, part: str) -> list[Data]:
        """Return who has a part."""
        found = self._parts.get(part)
        return list(found.values()) if found else []

    def ids(self, part: str) -> list[str]:
        """Return the IRIs of those who have a part."""
        return list(self._parts.get(part, ()))

    def appear(self, data: Data, links: Iterable[Link], page: Data | None, letter: Data | None) -> None:
        """Write the parts into an activity; a ``page`` that was viewed or a ``letter`` may be what it is about."""
        verb = data["type"][0]
        self._act(data, links)
        created, affected, things = self.those("created"), self.those("affected"), self.those("object")
        target, context = self.those("target"), self.those("context")
        things += self._products()
        if verb in _CONTAINING and things:
            target = affected + target
        elif verb == "Create" and created:
            context = affected + things + context
            things = created
        else:
            things = affected + things
            _put(data, "result", created)
        if letter is not None:
            things = self._send(data, letter, things, verb == "Create" and not created)
        if page is not None:
            things = _viewed(page, things)
        if not things and verb not in _INTRANSITIVE:
            things, context = (context[:1], context[1:]) if context else (_names(data.get("actor")), context)
        _put(data, "object", things)
        _put(data, "target", target)
        _put(data, "context", context)
        _put(data, "hw:observer", self.those("observer"))
        tags = self.those("tag") + [
            {"type": "Mention", "href": node["id"], "name": f"@{node.get('name', '')}"}
            for node in self.those("mention")
        ]
        if tags:
            data["tag"] = tags
        if self.involves:
            data["hw:involves"] = self.involves

    def _act(self, data: Data, links: Iterable[Link]) -> None:
        """Say who acts: who only stands for somebody else is the instrument of that one (PROXY_FOR)."""
        actors, instruments = dict(self._parts.get("actor", ())), list[Data]()
        for link in links:
            labels = link.type.split(":")
            if link.ends or hidden(link.target) or not {"PROXY_FOR", "ON_BEHALF_OF"}.intersection(labels):
                continue
            source = self._iri_of(link.source)
            if source not in actors:
                continue
            node = self.node(link.target)
            if "ON_BEHALF_OF" in labels:
                facets.also(data, "hw:onBehalfOf", node)
                continue
            instruments.append(actors[source])
            actors = {k if k != source else node["id"]: v if k != source else node for k, v in actors.items()}
        _put(data, "actor", list(actors.values()))
        _put(data, "instrument", instruments)

    def _products(self) -> list[Data]:
        """Return what was traded: several things are a collection, whose details are in the line items."""
        products = self.those("product")
        if len(products) < 2:
            return products
        return [{"type": "Collection", "totalItems": len(products), "items": products}]

    def _send(self, data: Data, letter: Data, things: list[Data], alone: bool) -> list[Data]:
        """Return what a message is about with the letter in it; one that stands ``alone`` replies to the rest."""
        letter = letter | {
            term: ids
            for term, part in (("attributedTo", "sender"), ("to", "to"), ("cc", "cc"))
            if (ids := self.ids(part))
        }
        if alone or not things:
            replied = [thing["id"] for thing in things if "id" in thing]
            return [{"type": "Note", **letter, **({"inReplyTo": replied} if replied else {})}]
        letters = [thing for thing in things if thing["type"][0] == "Note"]
        if letters:
            return [thing | letter if thing is letters[0] else thing for thing in things]
        data.setdefault("attachment", []).append({"type": "Note", **letter})
        return things


def _viewed(page: Data, things: list[Data]) -> list[Data]:
    """Return what was viewed, with what is known of the page."""
    if not things:
        return [{"type": "Page", **page}]
    return [thing | page if thing["type"][0] == "Page" else thing for thing in things]


def _names(actor: Any) -> list[Any]:
    """Return the IRIs of those who act, for an activity that has no other object than them."""
    nodes = actor if isinstance(actor, list) else [actor]
    return [node["id"] for node in nodes if isinstance(node, Mapping)]


def _put(data: Data, term: str, nodes: list[Any]) -> None:
    """Write one value bare, several as a list, and none not at all."""
    if nodes:
        data[term] = nodes[0] if len(nodes) == 1 else nodes
