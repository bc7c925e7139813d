"""Entities and links as messages say them, each inside the other (Events §5.1, §6.1, §18.1).

Roles name entities, entities have aspects, and aspects have roles: so do the modules.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from vocab.dialects.events import acl, aspects, attributes, fields, moments
from vocab.dialects.events.envelope import partition_of, zone_of
from vocab.dialects.events.forms import Said, elements, said
from vocab.dialects.events.labels import Labels
from vocab.dialects.events.limits import (
    ARCHETYPE_CHARS_MAX,
    ENTITIES_MAX,
    LINKS_MAX,
    NAMED_MAX,
    NESTING_MAX,
)
from vocab.dialects.events.linktypes import SERVED
from vocab.dialects.events.messages import Entity, Known, Link
from vocab.dialects.events.problems import IGNORED, INVALID, MISSING, REFERENCE, RENAMED, Problems
from vocab.dialects.events.references import BadReference, Ref, target

QUIET: Final = "as.api.entity.preprocess"
_BESIDE: Final = ("label", "aspects")

Target = tuple[Ref | UUID, dict[str, Any]]
"""Whom an element names, and how that is spelled in the message as it is stored."""

_NAMES: Final = {
    name: name
    for name in (
        "entity_ref", "entity_type", "entity_id", "relations", "aspects", "properties", "acl", "label", "occurred_at",
        "partition", "type", "archetype", "archetype_variant", "$delete",
    )
} | {"links": "relations"}  # fmt: skip
"""Members of an entity message; ``links`` is what older clients call its relations (Events §5.1)."""


class Related:
    """The entities and links of one message, gathered while it is read in the order in which they appear."""

    def __init__(self, known: Known, problems: Problems, zone: str = "", message: Any = None) -> None:
        self.labels = Labels.of(known.labels, message)
        self.known = known if self.labels is known.labels else known.reserving(self.labels)
        self.problems = problems
        self.zone = zone or known.zone
        self.named = 0
        self.entities: list[Entity] = []
        self.links: list[Link] = []

    def targets(self, form: Said, depth: int = 0) -> list[Target]:
        """Read what an element points to: a reference, an item's id, an entity message, or a list of them.

        What names nobody (null, a blank id) is left out with a warning, what is wrong with an error.
        """
        value = form.target
        extra = _extra(form) if form.links or form.members else None
        if isinstance(value, str) and not extra:
            return self._reference(value, form.at)
        several = value if isinstance(value, list) else [value]
        self.named += len(several)
        if len(several) > ENTITIES_MAX or self.named > NAMED_MAX:
            self.problems.error(INVALID, form.at, f"must name at most {ENTITIES_MAX} entities")
            return []
        found: list[Target] = []
        for index, one in enumerate(several):
            at = f"{form.at}[{index}]" if several is value else form.at
            if one is None and several is value:
                continue
            if names_nobody(one):
                self.problems.warn(IGNORED, at, "names nobody")
            elif isinstance(one, dict) or (isinstance(one, str) and extra):
                found += self._embedded(one, extra or {}, at, depth)
            else:
                found += self._reference(one, at)
        return found

    def entity(self, raw: Mapping[str, Any], where: str = "", depth: int = 0) -> Entity | None:
        """Read an entity message and gather what it says beside; None after an error."""
        if depth > NESTING_MAX:
            self.problems.error(INVALID, where, f"entities may be nested {NESTING_MAX} deep")
            return None
        prefix = f"{where}." if where else ""
        links = {key: value for key, value in raw.items() if key not in _NAMES and self._is_link(key)}
        plain = {key: value for key, value in raw.items() if key not in links} if links else raw
        found, enriching = fields.named(plain, _NAMES, self.problems, prefix)
        ref = self._name(found, prefix)
        if ref is None:
            return None
        body: dict[str, Any] = {"entity_ref": str(ref)}
        entity = self._described(ref, found, enriching, body, prefix)
        relations: list[dict[str, Any]] = []
        if "relations" in found:
            relations = self.relations(found["relations"], ref, f"{prefix}relations", depth)
        for key, value in links.items():
            if value is not None:
                if not key.isupper():
                    self.problems.warn(RENAMED, f"{prefix}{key}"[:200], f"taken as {key.upper()}"[:200])
                relations += self._relation({key.upper(): value}, ref, where, depth)
        if relations:
            body["relations"] = relations
        return entity

    def relations(self, value: Any, source: Ref, where: str, depth: int = 0) -> list[dict[str, Any]]:
        """Read a list of links of an entity; return it as it is stored (Events §6.1)."""
        found: list[dict[str, Any]] = []
        for at, element in elements(value, self.problems, where, "link"):
            found += self._relation(element, source, at, depth)
        return found

    def _reference(self, value: Any, where: str) -> list[Target]:
        if not isinstance(value, str):
            self.problems.error(REFERENCE, where, "must be a reference such as Vessel/Kestrel-9")
        elif names_nobody(value):
            self.problems.warn(IGNORED, where, "names nobody")
        else:
            try:
                named = target(value)
            except BadReference as error:
                self.problems.error(REFERENCE, where, error.reason)
            else:
                return [(named, {"entity_ref": str(named)})]
        return []

    def _embedded(
        self, one: str | dict[str, Any], extra: dict[str, Any], where: str, depth: int
    ) -> list[Target]:
        """Read an entity message that stands for a reference, with what is said of the entity next to it."""
        raw = _joined({"entity_ref": one} if isinstance(one, str) else one, extra)
        place = len(self.entities)
        if place >= ENTITIES_MAX:
            self.problems.error(INVALID, where, f"a message may have {ENTITIES_MAX} entities")
            return []
        entity = self.entity(raw, where, depth)
        if entity is None:
            return []
        body = dict(entity.body)
        if len(body) > 2 or (len(body) == 2 and "relations" not in body):
            self.entities.insert(place, entity)
        return [(entity.ref, {"entity": body} if len(body) > 1 else body)]

    def _described(
        self,
        ref: Ref,
        found: Mapping[str, Any],
        enriching: Mapping[str, Any],
        body: dict[str, Any],
        prefix: str,
    ) -> Entity:
        """Read what an entity message says of the entity itself; what is stored of it goes into ``body``."""
        problems = self.problems
        quiet = found.get("type") == QUIET
        if quiet:
            body["type"] = QUIET
        raw_aspects = _ending(_labelled(found), found.get("$delete"), problems, f"{prefix}$delete")
        occurred = None
        said = found.get("occurred_at", _measured(raw_aspects))
        if said is not None:
            zone = zone_of(raw_aspects, self.zone)
            occurred = moments.read(said, zone=zone, problems=problems, field=f"{prefix}occurred_at")
        if occurred is not None:
            body["occurred_at"] = occurred.text
        kept: dict[str, Any] = {}
        if raw_aspects is not None:
            described = aspects.read(
                raw_aspects,
                on="entity",
                known=self.known,
                occurred=occurred,
                type=ref.type,
                problems=problems,
                field=f"{prefix}aspects",
            )
            kept = described.aspects
            self.entities += described.entities
            self.links += described.links
        if kept:
            body["aspects"] = kept
        properties: dict[str, Any] = {}
        if "properties" in found:
            properties = fields.free(found["properties"], problems, f"{prefix}properties")
            body |= {"properties": properties} if properties else {}
        rules = None
        if "acl" in found:
            rules = acl.read(found["acl"], problems=problems, field=f"{prefix}acl")
            body |= {"acl": acl.spell(rules)} if rules is not None else {}
        more: dict[str, Any] = {**self._more(found, prefix), **enriching}
        body |= more
        return Entity(ref, kept, properties, (), rules, occurred, quiet=quiet, body=body, more=more)

    def _more(self, found: Mapping[str, Any], prefix: str) -> dict[str, str]:
        """Read what an entity message says of the entity beside aspects and properties."""
        more = {
            name: fields.text(found[name], self.problems, f"{prefix}{name}", most=ARCHETYPE_CHARS_MAX)
            for name in ("archetype", "archetype_variant")
            if name in found
        }
        if "partition" in found:
            more["partition"] = partition_of(found["partition"], self.problems, f"{prefix}partition")
        return {name: value for name, value in more.items() if value}

    def _name(self, found: Mapping[str, Any], prefix: str) -> Ref | None:
        """Return the reference of an entity message: ``entity_ref``, or a type and an id as older clients write."""
        text = found.get("entity_ref")
        type, id = found.get("entity_type"), found.get("entity_id")
        if text is None and isinstance(type, str) and isinstance(id, str | int) and not isinstance(id, bool):
            text = f"{type}/{id}"
        if text is None:
            self.problems.error(MISSING, f"{prefix}entity_ref", "is required")
            return None
        try:
            if isinstance(text, str):
                return Ref.parse(text)
            self.problems.error(
                REFERENCE, f"{prefix}entity_ref", "must be a reference such as Vessel/Kestrel-9"
            )
        except BadReference as error:
            self.problems.error(REFERENCE, f"{prefix}entity_ref", error.reason)
        return None

    def _relation(self, element: dict[str, Any], source: Ref, where: str, depth: int) -> list[dict[str, Any]]:
        """Read one link, which may go to several entities; return it as it is stored."""
        problems = self.problems
        if len(self.links) > LINKS_MAX:  # which has been told
            return []
        form = said(element, self.labels, problems, where, "link")
        type = None if form is None else self.labels.link(form.label, problems, where)
        if form is None or type is None:
            return []
        if type.partition(":")[0] in SERVED:
            problems.warn(IGNORED, where, f"{type} is written by the server alone")
            return []
        link, told = attributes.of_link(
            Link(source, type, source), form.members, problems, where, zone=self.zone
        )
        before = len(problems)
        found: list[dict[str, Any]] = []
        if isinstance(form.target, list) and len(form.target) > LINKS_MAX:
            problems.error(INVALID, form.at, f"must name at most {LINKS_MAX} entities")
            return []
        for one in form.each():
            place = len(self.links)
            for named, spelled in self.targets(one, depth + 1):
                found.append({"type": type, **spelled, **told})
                if isinstance(named, UUID):
                    problems.error(REFERENCE, one.at, "a link is between entities")
                elif named.key == source.key:
                    problems.warn(IGNORED, where, "links an entity to itself, which has no effect")
                elif told.get("$direction") == "IN":
                    self.links.insert(place, replace(link, source=named))
                else:
                    self.links.insert(place, replace(link, target=named))
        if not found and not problems.wrong_since(before):
            problems.error(MISSING, form.at, "a link needs an entity")
        if len(self.links) > LINKS_MAX:
            problems.error(INVALID, where, f"a message may have {LINKS_MAX} links")
        return found

    def _is_link(self, key: str) -> bool:
        """Whether a member of an entity message is a link: in capitals, or a known type in lower case."""
        if key.lower() in _NAMES:
            return False
        return key.isupper() or (key.islower() and self.labels.has("link", key.upper().partition(":")[0]))


def _labelled(found: Mapping[str, Any]) -> Any:
    """Return the raw aspects of an entity message, with ``label`` as that of its aspect ``presentation``."""
    raw_aspects, label = found.get("aspects"), found.get("label")
    if label is None or (isinstance(label, str) and not label.strip()):
        return raw_aspects
    if raw_aspects is not None and not isinstance(raw_aspects, dict):
        return raw_aspects
    presented = (raw_aspects or {}).get("presentation") or {}
    if isinstance(presented, dict):
        return {**(raw_aspects or {}), "presentation": {"label": label, **presented}}
    return raw_aspects


def _ending(raw_aspects: Any, said: Any, problems: Problems, where: str) -> Any:
    """Return raw aspects with the ``status`` that ``$delete`` stands for, as clients of the original say it."""
    if said is None or not isinstance(raw_aspects, dict | None):
        return raw_aspects
    aspects = raw_aspects or {}
    status = aspects.get("status")
    ended = {"is_deleted": fields.flag(said, problems, where)}
    return {**aspects, "status": {**ended, **status} if isinstance(status, dict) else ended}


def _measured(raw_aspects: Any) -> Any:
    """Return when what is said applies by the aspect ``status``, where older clients put it (Events §5.1)."""
    status = raw_aspects.get("status") if isinstance(raw_aspects, dict) else None
    return status.get("update_occurred_at") if isinstance(status, dict) else None


def _extra(form: Said) -> dict[str, Any]:
    """Return what an element says of its entity beside it: a label, aspects, and links."""
    extra = {key: value for key, value in form.links.items() if value is not None}
    return extra | {key: form.members[key] for key in _BESIDE if form.members.get(key) is not None}


def _joined(entity: dict[str, Any], beside: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entity message with what the element around it says too; of two labels or aspects its own counts."""
    joined = dict(entity)
    for key, value in beside.items():
        own = joined.get(key)
        if own is None:
            joined[key] = value
        elif key not in _BESIDE:
            joined[key] = [*_listed(own), *_listed(value)]
        elif isinstance(own, dict) and isinstance(value, dict):
            joined[key] = {**value, **own}
    return joined


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def names_nobody(value: Any) -> bool:
    """Whether a value is no reference at all: null, blank, or a type with a blank id (Events §3.3)."""
    if isinstance(value, str):
        return not value.strip() or (value.rstrip().endswith("/") and not value.partition("/")[2].strip())
    if isinstance(value, dict):
        named = value.get("entity_ref")
        if named is None and "entity_id" in value:
            named = value["entity_id"]
            return named is None or (isinstance(named, str) and not named.strip())
        return names_nobody(named) if named is None or isinstance(named, str) else False
    return value is None
