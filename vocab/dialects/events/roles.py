"""Roles in all their forms: who takes part in what (Events §4)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from vocab.dialects.events import attributes
from vocab.dialects.events.forms import elements, said
from vocab.dialects.events.labels import Labels
from vocab.dialects.events.limits import ROLES_MAX
from vocab.dialects.events.messages import Entity, Known, Link, Role
from vocab.dialects.events.problems import INVALID, Problems
from vocab.dialects.events.references import BadReference, target
from vocab.dialects.events.related import Related, names_nobody

REMEMBERED: Final = 8_192
"""So many roles are kept in memory as they were read: the same few take part in most of what happens."""


@dataclass(frozen=True, slots=True)
class Involved:
    """A list of roles and what it says beside; ``body`` is the list as it is stored.

    An entity that is written in two ways is in two roles: both count in the footprint of a message (Events §2.2).
    ``labels`` are the custom labels that are new, those that were new before in the same message included.
    """

    roles: tuple[Role, ...]
    entities: tuple[Entity, ...] = ()
    links: tuple[Link, ...] = ()
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)
    body: tuple[dict[str, Any], ...] = ()


def read(value: Any, *, known: Known, problems: Problems, field: str = "involves") -> Involved:
    """Read a list of roles, or a map of them. Whatever is wrong goes to ``problems``."""
    related = Related(known, problems)
    roles, body = gathered(value, related, field)
    return Involved(
        tuple(roles), tuple(related.entities), tuple(related.links), dict(related.labels.new), tuple(body)
    )


def gathered(
    value: Any, related: Related, field: str, *, unless: Iterable[Role] = ()
) -> tuple[list[Role], list[dict[str, Any]]]:
    """Read a list of roles of a message of which something is read already; return it, and as it is stored.

    What says the same as a role in ``unless`` is left out, with everything that it says beside.
    """
    problems = related.problems
    roles: dict[Role, None] = {}
    body: list[dict[str, Any]] = []
    taken = {role.identity for role in unless}
    for where, element in elements(value, problems, field, "role"):
        plain = _plain(element, related.labels)
        if plain is None:
            for role, spelled in _closely(element, related, where, taken):
                roles.setdefault(role)
                body.append(spelled)
        elif plain.identity not in taken:
            roles.setdefault(plain)
            body.append({"role": plain.path, "entity_ref": str(plain.target)})
        if len(body) > ROLES_MAX:
            problems.error(INVALID, field, f"a message may have {ROLES_MAX} roles")
            break
    return list(roles), body


def _closely(
    element: Mapping[str, Any], related: Related, where: str, taken: Collection[object]
) -> Iterator[tuple[Role, dict[str, Any]]]:
    """Go through the roles of an element of any form, each with how it is stored, but for those ``taken``."""
    problems = related.problems
    form = said(element, related.labels, problems, where, "role")
    path = None if form is None else related.labels.role(form.label, problems, where)
    if form is None or path is None:
        return
    told = attributes.read(form.members, problems, where) if form.members else {}
    for one in form.each() if taken else (form,):
        entities, links = len(related.entities), len(related.links)
        for named, spelled in related.targets(one):
            role = Role(
                path, named, told.get("external_id", ""), told.get("weight"), told.get("properties", {})
            )
            if role.identity in taken:
                del related.entities[entities:], related.links[links:]
                continue
            yield role, {"role": path, **spelled, **told}


def _plain(element: Mapping[str, Any], labels: Labels) -> Role | None:
    """Return the role of an element that is a label in use and a reference, and has nothing to be remarked on.

    Most elements are such. None for all others: those are looked at more closely.
    """
    label: Any
    if len(element) == 1:
        ((label, text),) = element.items()
    elif len(element) == 2:
        label, text = element.get("role"), element.get("entity_ref")
    else:
        return None
    if type(label) is not str or type(text) is not str or not label.isupper():
        return None
    path = labels.usual_role(label)
    return None if path is None else _bare(path, text)


@lru_cache(REMEMBERED)
def _bare(path: str, text: str) -> Role | None:
    try:
        return None if names_nobody(text) else Role(path, target(text))
    except BadReference:
        return None


def of_message(found: Mapping[str, Any], related: Related) -> tuple[list[Role], list[dict[str, Any]]]:
    """Read the roles of a message, then those of its defaults that it does not say itself (Events §18.2)."""
    written, body = gathered(found.get("involves") or [], related, "involves")
    more = related.known.defaults.get("involves")
    if more:
        others, spelled = gathered(more, related, "involves", unless=written)
        written, body = [*written, *others], [*body, *spelled]
    return written, body


def each_once(several: Iterable[Role]) -> tuple[Role, ...]:
    """Return roles each once, the first of those that say the same."""
    found: dict[tuple[str, object, str], Role] = {}
    for role in several:
        found.setdefault(role.identity, role)
    return tuple(found.values())


def spell(role: Role) -> dict[str, Any]:
    """Write a role as it is stored, by reference."""
    said: dict[str, Any] = {"role": role.path, "entity_ref": str(role.target)}
    said |= {"external_id": role.external_id} if role.external_id else {}
    said |= {"weight": role.weight} if role.weight is not None else {}
    return said | ({"properties": dict(role.properties)} if role.properties else {})
