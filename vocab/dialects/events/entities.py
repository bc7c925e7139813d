"""Entity messages: what an entity is, and how it belongs to others (Events §5.1)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from vocab.dialects.events import defaults, limits
from vocab.dialects.events.messages import Entity, Known, Reading
from vocab.dialects.events.problems import Problems
from vocab.dialects.events.related import Related

COMPLETED: Final = ("aspects", "properties", "acl", "partition")
"""The members that an entity takes from the defaults of a key (Events §1.2)."""


def read(raw: Mapping[str, Any], known: Known) -> Reading[Entity]:
    """Read an entity message in any of its documented spellings."""
    problems = Problems()
    if not limits.readable(raw, problems):
        return Reading(None, problems)
    if known.defaults:
        raw = defaults.merged(raw, {name: known.defaults.get(name) for name in COMPLETED})
    related = Related(known, problems, message=raw)
    entity = related.entity(raw)
    if entity is None or not problems.valid:
        return Reading(None, problems)
    entity = replace(entity, links=tuple(related.links), entities=tuple(related.entities))
    return Reading(entity, problems, dict(related.labels.new))
