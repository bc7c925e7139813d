"""Roles in all their forms: who takes part in what (Events §4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from vocab.dialects.events import attributes
from vocab.dialects.events.forms import elements, said
from vocab.dialects.events.limits import ROLES_MAX
from vocab.dialects.events.messages import Entity, Known, Link, Role
from vocab.dialects.events.problems import INVALID, Problems
from vocab.dialects.events.references import Ref
from vocab.dialects.events.related import Related


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
        form = said(element, related.labels, problems, where, "role")
        path = None if form is None else related.labels.role(form.label, problems, where)
        if form is None or path is None:
            continue
        told = attributes.read(form.members, problems, where) if form.members else {}
        for one in form.each() if taken else (form,):
            entities, links = len(related.entities), len(related.links)
            for target, spelled in related.targets(one):
                role = Role(
                    path, target, told.get("external_id", ""), told.get("weight"), told.get("properties", {})
                )
                if role.identity in taken:
                    del related.entities[entities:], related.links[links:]
                    continue
                roles.setdefault(role)
                body.append({"role": path, **spelled, **told})
        if len(body) > ROLES_MAX:
            problems.error(INVALID, field, f"a message may have {ROLES_MAX} roles")
            break
    return list(roles), body


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


def part(role: Role) -> str:
    """Return what a role adds to the footprint of its message (Events §2.2)."""
    target = f"{role.target.leaf}/{role.target.id}" if isinstance(role.target, Ref) else str(role.target)
    return f"{role.leaf}-{target}({role.external_id})" if role.external_id else f"{role.leaf}-{target}"
