"""Data points: measurements in named series (Events §18.5)."""

from collections.abc import Mapping
from typing import Any, Final

from vocab.dialects.events import aspects, fields, moments, roles
from vocab.dialects.events.aspects.points import entities, multiple, numbers
from vocab.dialects.events.envelope import names, opened, origin_of, zone_of
from vocab.dialects.events.limits import TYPE_CHARS_MAX
from vocab.dialects.events.messages import DataPoint, Known, Point, Reading, Role
from vocab.dialects.events.problems import MISSING, Problems
from vocab.dialects.events.related import Related

TYPE: Final = "as.api.datapoint"
DATASET: Final = "timeseries"

_NAMES: Final = names("series", "occurred_at", "origin", "involves", "aspects", "type", "token")


def read(raw: Mapping[str, Any], known: Known) -> Reading[DataPoint]:
    """Read a data point. Unlike events it has to say when it was measured."""
    problems = Problems()
    told = opened(raw, _NAMES, known, problems)
    if told is None:
        return Reading(None, problems)
    found, enriching = told
    series = fields.text(found.get("series"), problems, "series", most=TYPE_CHARS_MAX).strip()
    if not series and problems.valid:
        problems.error(MISSING, "series", "is required")
    related = Related(known, problems, zone_of(found.get("aspects"), known.zone), raw)
    written, involves = roles.of_message(found, related)
    occurred = None
    if found.get("occurred_at") in (None, ""):
        problems.error(MISSING, "occurred_at", "is required: when it was measured")
    else:
        occurred = moments.read(
            found["occurred_at"], zone=related.zone, problems=problems, field="occurred_at"
        )
    described = aspects.read(
        found.get("aspects", {}),
        on="event",
        known=related.known,
        occurred=occurred,
        type=TYPE,
        problems=problems,
    )
    origin = origin_of(found, known, problems)
    measured = numbers(described.aspects.get("ts_data"))
    if not measured and problems.valid:
        problems.error(MISSING, "aspects.ts_data", "is required: what was measured")
    if occurred is None or not problems.valid:
        return Reading(None, problems)
    body: dict[str, Any] = {
        "series": series,
        "occurred_at": occurred.text,
        "origin": origin,
        "involves": involves,
        "aspects": described.aspects,
    }
    parties = roles.each_once((*written, *described.roles))
    point = DataPoint(
        series=series,
        origin=origin,
        occurred=occurred,
        roles=parties,
        point=Point(DATASET, series, occurred.at, _dimensions(parties, described.aspects, origin), measured),
        entities=(*related.entities, *described.entities),
        links=(*related.links, *described.links),
        body=fields.filled(body) | enriching,
    )
    return Reading(point, problems, dict(related.labels.new))


def _dimensions(
    parties: tuple[Role, ...], kept: Mapping[str, Any], origin: str
) -> dict[str, str | tuple[str, ...]]:
    """Return what a point is counted by: who took part, its own dimensions and its source."""
    found = entities(parties) | multiple(kept.get("dimensions"))
    return found | multiple({"source": origin, "origin": origin})
