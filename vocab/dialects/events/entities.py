"""Entity messages: what an entity is, and how it belongs to others (Events §5.1)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vocab.dialects.events import limits
from vocab.dialects.events.messages import Entity, Known, Reading
from vocab.dialects.events.problems import Problems
from vocab.dialects.events.related import Related


def read(raw: Mapping[str, Any], known: Known) -> Reading[Entity]:
    """Read an entity message in any of its documented spellings."""
    problems = Problems()
    if not limits.readable(raw, problems):
        return Reading(None, problems)
    related = Related(known, problems)
    entity = related.entity(raw)
    if entity is None or not problems.valid:
        return Reading(None, problems)
    entity = replace(entity, links=tuple(related.links), entities=tuple(related.entities))
    return Reading(entity, problems, dict(related.labels.new))
