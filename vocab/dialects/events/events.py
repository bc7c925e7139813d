"""Event messages: what happened, when, and who took part (Events §3)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple
from uuid import UUID

from vocab.dialects.events import acl, aspects, catalogue, defaults, fields, moments, roles
from vocab.dialects.events.catalogue import IMPORTANCE
from vocab.dialects.events.envelope import (
    by_token,
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
from vocab.dialects.events.limits import DESCRIPTION_CHARS_MAX, MESSAGE_BYTES_MAX, SHARED_MAX
from vocab.dialects.events.messages import Event, Known, Moment, Reading, Role, Rule
from vocab.dialects.events.problems import INVALID, MISSING, RESERVED_TYPE, Problems
from vocab.dialects.events.references import event_footprint, named
from vocab.dialects.events.related import Related
from vocab.dialects.events.roletypes import ACTOR

IMPORTANCE_MAX: Final = 5
OBSERVATIONS: Final = "as.oi"
TRANSACTIONS: Final = "as.commerce.transaction"
ACTORLESS: Final = "as.enrichment"
"""Events of this type and those under it happen without anybody doing them (Events §20)."""

_NAMES: Final = names(
    "type", "involves", "occurred_at", "origin", "description", "importance", "aspects", "properties", "acl", "token",
    "partition", "payload", "stream_id", "_stream_id",
)  # fmt: skip


class _Plain(NamedTuple):
    """The members of an event that depend on no other, and in which nobody takes part."""

    origin: str
    importance: int
    description: str
    properties: dict[str, Any]
    acl: tuple[Rule, ...]
    token: str
    partition: str
    payload: str


def read(raw: Mapping[str, Any], known: Known) -> Reading[Event]:
    """Read an event message in any of its documented spellings."""
    problems = Problems()
    told = opened(raw, _NAMES, known, problems)
    if told is None:
        return Reading(None, problems)
    found, enriching = told
    type = _type(found, problems)
    settings = defaults.of_type(known.types, type)
    raw_aspects = _aspects(found, settings)
    related = Related(known, problems, zone_of(raw_aspects, known.zone), raw)
    written, involves = _involved(found, related, type, settings)
    occurred = occurred_at(found, known, related.zone, problems)
    described = aspects.read(
        raw_aspects, on="event", known=related.known, occurred=occurred, type=type, problems=problems
    )
    plain = _plain(found, known, _usual_importance(type, settings), problems)
    said = (*written, *described.roles)
    _expect(type, said, problems)
    id = None if occurred is None else _id(type, occurred, plain.origin, said, described.aspects)
    same_id(found, id, problems)
    if occurred is None or id is None or not problems.valid:
        return Reading(None, problems)
    event = Event(
        id=id,
        type=type,
        origin=plain.origin,
        occurred=occurred,
        importance=plain.importance,
        roles=roles.each_once((*said, *by_token(known))),
        description=plain.description,
        aspects=described.aspects,
        properties=plain.properties,
        acl=plain.acl,
        entities=(*related.entities, *described.entities),
        links=(*related.links, *described.links),
        tags=described.tags,
        external_id=described.external_id,
        batch_id=described.batch_id,
        group=described.group,
        token=plain.token,
        partition=plain.partition,
        body=_body(type, occurred, plain, involves, described.aspects) | enriching,
    )
    if aspects.shared(event, described.lines) > SHARED_MAX:
        reason = f"have more than {SHARED_MAX} roles from the event: say less of who took part, or send fewer at once"
        problems.error(INVALID, "aspects.items", reason)
        return Reading(None, problems)
    parts = aspects.parts(event, described.lines) if described.lines else ()
    event = replace(event, points=aspects.points(event, described.lines), parts=parts)
    return Reading(event, problems, dict(related.labels.new))


def _plain(found: Mapping[str, Any], known: Known, importance: int, problems: Problems) -> _Plain:
    return _Plain(
        origin=origin_of(found, known, problems),
        importance=_importance(found.get("importance"), importance, problems),
        description=fields.text(
            found.get("description"), problems, "description", most=DESCRIPTION_CHARS_MAX
        ),
        properties=fields.free(found.get("properties"), problems, "properties"),
        acl=acl.read(found.get("acl"), problems=problems) or (),
        token=token_of(found, known, problems),
        partition=partition_of(found.get("partition"), problems, "partition"),
        payload=fields.text(found.get("payload"), problems, "payload", most=MESSAGE_BYTES_MAX),
    )


def _body(
    type: str, occurred: Moment, plain: _Plain, involves: list[dict[str, Any]], kept: Mapping[str, Any]
) -> dict[str, Any]:
    """Return an event as it is stored (Events §3.4)."""
    return fields.filled(
        {
            "type": type,
            "origin": plain.origin,
            "occurred_at": occurred.text,
            "importance": plain.importance,
            "description": plain.description,
            "involves": involves,
            "aspects": kept,
            "properties": plain.properties,
            "acl": acl.spell(plain.acl),
            "token": plain.token,
            "partition": plain.partition,
            "payload": plain.payload,
        }
    )


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


def _aspects(found: Mapping[str, Any], settings: Mapping[str, Any]) -> Any:
    """Return the raw aspects of an event, completed with those that its type has."""
    usual = {name: settings[name] for name in defaults.OF_TYPES if settings.get(name)}
    said = found.get("aspects", {})
    return defaults.with_aspects(said, usual) if usual and isinstance(said, dict) else said


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


def _expect(type: str, roles: Iterable[Role], problems: Problems) -> None:
    """Warn of roles that an event of a type in the catalogue usually has and this one has not (Events §20)."""
    usual = catalogue.find(type)
    for role in usual.missing(role.path for role in roles) if usual is not None else ():
        problems.warn(MISSING, "involves", f"usually has somebody with the role {role}")


def _usual_importance(type: str, settings: Mapping[str, Any]) -> int:
    """Return how important events of a type are: what its tenant has set, what the catalogue says, or else 2."""
    usual, known = settings.get("importance"), catalogue.find(type)
    if isinstance(usual, int) and 0 <= usual <= IMPORTANCE_MAX:
        return usual
    return IMPORTANCE if known is None else known.importance


def _importance(value: Any, usual: int, problems: Problems) -> int:
    """Return how important an event is, from 0 to 5: what it says, or else what is usual."""
    if value is None:
        return usual
    number = fields.number(value, problems, "importance")
    if number is None:
        return IMPORTANCE
    if number != int(number) or not 0 <= number <= IMPORTANCE_MAX:
        problems.error(INVALID, "importance", f"must be a whole number from 0 to {IMPORTANCE_MAX}")
    return int(number)


def _id(type: str, occurred: Moment, origin: str, said: Iterable[Role], kept: Mapping[str, Any]) -> UUID:
    """Return the id that follows from what is written in a message (Events §2.2)."""
    parts = [role.footprint for role in said if not role.derived]
    client = kept.get("client_ip")
    if isinstance(client, dict) and client.get("ip"):
        parts.append(f"CONNECTS_FROM-ASIP/{client['ip']}")
    return named(event_footprint(type, moments.footprint(occurred), origin, parts))
