"""Links in all their forms: how an entity belongs to others (Events §6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vocab.dialects.events.messages import Entity, Known, Link
from vocab.dialects.events.problems import Problems
from vocab.dialects.events.references import Ref
from vocab.dialects.events.related import Related


@dataclass(frozen=True, slots=True)
class Linked:
    """A list of links and what it says beside, however deep; ``body`` is the list as it is stored."""

    links: tuple[Link, ...]
    entities: tuple[Entity, ...] = ()
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)
    body: tuple[dict[str, Any], ...] = ()


def read(value: Any, *, source: Ref, known: Known, problems: Problems, field: str = "relations") -> Linked:
    """Read a list of links of one entity, or a map of them. Whatever is wrong goes to ``problems``."""
    related = Related(known, problems)
    body = related.relations(value, source, field)
    return Linked(tuple(related.links), tuple(related.entities), dict(related.labels.new), tuple(body))
