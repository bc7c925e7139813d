"""Event messages: what happened, when, and who took part (Events §3)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from vocab.dialects.events import acl, aspects, defaults, fields, limits, moments, roles
from vocab.dialects.events.envelope import (
    names,
    occurred_at,
    opened,
    origin_of,
    partition_of,
    same_id,
    signature,
    token_of,
    zone_of,
)
from vocab.dialects.events.limits import DESCRIPTION_CHARS_MAX
from vocab.dialects.events.messages import Event, Known, Moment, Reading, Role
from vocab.dialects.events.problems import INVALID, MISSING, RESERVED_TYPE, Problems
from vocab.dialects.events.references import event_footprint, named
from vocab.dialects.events.related import Related
from vocab.dialects.events.roletypes import ACTOR

IMPORTANCE: Final = 2
IMPORTANCE_MAX: Final = 5
OBSERVATIONS: Final = "as.oi"
TRANSACTIONS: Final = "as.commerce.transaction"
ACTORLESS: Final = "as.enrichment"
"""Events of this type and those under it happen without anybody doing them (Events §20)."""

_NAMES: Final = names(
    "type", "involves", "occurred_at", "origin", "description", "importance", "aspects", "properties", "acl", "token",
    "partition", "payload", "stream_id", "_stream_id",
)  # fmt: skip


def read(raw: Mapping[str, Any], known: Known) -> Reading[Event]:
    """Read an event message in any of its documented spellings."""
    problems = Problems()
    told = opened(raw, _NAMES, known, problems)
    if told is None:
        return Reading(None, problems)
    found, enriching = told
    type = _type(found, problems)
    settings = defaults.of_type(known.types, type)
    said_of = _described(found, settings)
    zone = zone_of(said_of, known.zone)
    related = Related(known, problems, zone)
    written, involves = _involved(found, related, type, settings)
    occurred = occurred_at(found, known, zone, problems)
    described = aspects.read(
        said_of,
        on="event",
        known=related.known,
        occurred=occurred,
        type=type,
        problems=problems,
    )
    origin = origin_of(found, known, problems)
    importance = _importance(found.get("importance"), settings, problems)
    description = fields.text(found.get("description"), problems, "description", most=DESCRIPTION_CHARS_MAX)
    properties = fields.free(found.get("properties"), problems, "properties")
    rules = acl.read(found.get("acl"), problems=problems) or ()
    token, by_token = token_of(found, known, problems)
    partition = partition_of(found.get("partition"), problems, "partition")
    payload = fields.text(found.get("payload"), problems, "payload", most=limits.MESSAGE_BYTES_MAX)
    id = (
        None
        if occurred is None
        else _id(type, occurred, origin, (*written, *described.roles), described.aspects)
    )
    same_id(found, id, problems)
    if occurred is None or id is None or not problems.valid:
        return Reading(None, problems)
    body: dict[str, Any] = {
        "type": type,
        "origin": origin,
        "occurred_at": occurred.text,
        "importance": importance,
        "description": description,
        "involves": involves,
        "aspects": described.aspects,
        "properties": properties,
        "acl": acl.spell(rules),
        "token": token,
        "partition": partition,
        "payload": payload,
    }
    body = {name: value for name, value in body.items() if value not in ("", [], {})}
    event = Event(
        id=id,
        type=type,
        origin=origin,
        occurred=occurred,
        importance=importance,
        roles=roles.each_once((*written, *described.roles, *by_token)),
        description=description,
        aspects=described.aspects,
        properties=properties,
        acl=rules,
        entities=(*related.entities, *described.entities),
        links=(*related.links, *described.links),
        tags=described.tags,
        external_id=described.external_id,
        batch_id=described.batch_id,
        group=described.group,
        token=token,
        partition=partition,
        body=body | enriching,
    )
    parts = aspects.parts(event, described.lines) if described.lines else ()
    event = replace(event, points=aspects.points(event, described.lines), parts=parts)
    return Reading(event, problems, dict(related.labels.new))


def _type(found: Mapping[str, Any], problems: Problems) -> str:
    value = found.get("type")
    if value is None or (isinstance(value, str) and not value.strip()):
        problems.error(MISSING, "type", "is required")
        return ""
    type = signature(value, problems, "type")
    if _under(type, OBSERVATIONS):
        problems.error(RESERVED_TYPE, "type", f"{OBSERVATIONS} is for what the server itself observes")
    elif _under(type, TRANSACTIONS):
        problems.warn(RESERVED_TYPE, "type", f"{TRANSACTIONS} is for the lines of other events")
    return type


def _under(type: str, parent: str) -> bool:
    return type == parent or type.startswith(f"{parent}.")


def _described(found: Mapping[str, Any], settings: Mapping[str, Any]) -> Any:
    """Return the raw aspects of an event, completed with those that its type has."""
    usual = {name: settings[name] for name in defaults.OF_TYPES if settings.get(name)}
    said_of = found.get("aspects", {})
    return defaults.with_aspects(said_of, usual) if usual and isinstance(said_of, dict) else said_of


def _involved(
    found: Mapping[str, Any], related: Related, type: str, settings: Mapping[str, Any]
) -> tuple[list[Role], list[dict[str, Any]]]:
    """Read who takes part; without anybody, or anybody who does it, the message is not valid (Events §3.3)."""
    problems = related.problems
    before = len(problems)
    written, body = roles.of_message(found, related)
    if problems.wrong_since(before):
        return written, body
    if not written:
        problems.error(MISSING, "involves", "is required: who took part")
    elif (
        not any(role.root == ACTOR for role in written)
        and not _under(type, ACTORLESS)
        and settings.get("actor_required") is not False
    ):
        problems.error(MISSING, "involves", f"has nobody with the role {ACTOR}")
    return written, body


def _importance(value: Any, settings: Mapping[str, Any], problems: Problems) -> int:
    """Return how important an event is, from 0 to 5: what it says, what its type has, or else 2."""
    if value is None:
        usual = settings.get("importance")
        return usual if isinstance(usual, int) and 0 <= usual <= IMPORTANCE_MAX else IMPORTANCE
    number = fields.number(value, problems, "importance")
    if number is None:
        return IMPORTANCE
    if number != int(number) or not 0 <= number <= IMPORTANCE_MAX:
        problems.error(INVALID, "importance", f"must be a whole number from 0 to {IMPORTANCE_MAX}")
    return int(number)


def _id(type: str, occurred: Moment, origin: str, said: Iterable[Role], kept: Mapping[str, Any]) -> UUID:
    """Return the id that follows from what is written in a message (Events §2.2)."""
    parts = [roles.part(role) for role in said if not role.derived]
    client = kept.get("client_ip")
    if isinstance(client, dict) and client.get("ip"):
        parts.append(f"CONNECTS_FROM-ASIP/{client['ip']}")
    return named(event_footprint(type, moments.footprint(occurred), origin, parts))
