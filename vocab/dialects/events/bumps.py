"""Bumps: votes of somebody on entities and items of streams (Events §10)."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from vocab.dialects.events import roles
from vocab.dialects.events.envelope import names, occurred_at, opened, origin_of
from vocab.dialects.events.messages import Bump, Known, Reading, Role
from vocab.dialects.events.problems import IGNORED, INVALID, MISSING, Problems
from vocab.dialects.events.references import Ref, named
from vocab.dialects.events.related import Related
from vocab.dialects.events.roletypes import ACTOR

TYPE: Final = "as.api.bump"
VALUES: Final = {"BUMP_UP": 1, "BUMP_DOWN": -1, "BUMP_NEUTRAL": 0}

_NAMES: Final = names("involves", "occurred_at", "origin", "type", "token")


def read(raw: Mapping[str, Any], known: Known) -> Reading[tuple[Bump, ...]]:
    """Read a message of bumps, one for each thing that is bumped; without an actor it is the current user.

    What the message says of entities beside is in the first of them.
    """
    problems = Problems()
    told = opened(raw, _NAMES, known, problems)
    if told is None:
        return Reading(None, problems)
    found, enriching = told
    related = Related(known, problems, message=raw)
    written, _ = roles.of_message(found, related)
    actor, votes = _actor(written, known, problems), _votes(written, problems)
    origin = origin_of(found, known, problems)
    occurred = occurred_at(found, known, known.zone, problems)
    if actor is None or occurred is None or not problems.valid:
        return Reading(None, problems)
    made = [
        Bump(
            id=id_of(actor, role.target),
            actor=actor,
            target=role.target,
            value=VALUES[role.root],
            origin=origin,
            occurred=occurred,
            body={
                "type": TYPE,
                "origin": origin,
                "occurred_at": occurred.text,
                "involves": [roles.spell(Role(ACTOR, actor)), roles.spell(role)],
                **enriching,
            },
            entities=() if index else tuple(related.entities),
            links=() if index else tuple(related.links),
        )
        for index, role in enumerate(votes)
    ]
    return Reading(tuple(made), problems, dict(related.labels.new))


def id_of(actor: Ref, target: Ref | UUID) -> UUID:
    """Return the id of the bump of an actor on a target: there is but one (Events §2.2)."""
    bumped = target.stream_id if isinstance(target, Ref) else target
    return named(f"{TYPE}--{actor.key}--{bumped}")


def _actor(written: list[Role], known: Known, problems: Problems) -> Ref | None:
    actors = {
        role.target.key: role.target
        for role in written
        if role.root == ACTOR and isinstance(role.target, Ref)
    }
    if len(actors) > 1:
        problems.error(INVALID, "involves", f"has several with the role {ACTOR}")
    actor = next(iter(actors.values()), known.user)
    if actor is None:
        problems.error(MISSING, "involves", f"has nobody with the role {ACTOR}")
    return actor


def _votes(written: list[Role], problems: Problems) -> list[Role]:
    """Return the bumps among roles; of several on one thing the last counts."""
    votes: dict[object, Role] = {}
    for role in written:
        if role.root in VALUES:
            key = role.target.key if isinstance(role.target, Ref) else role.target
            if votes.pop(key, None) is not None:
                problems.warn(IGNORED, "involves", f"{role.target} is bumped twice; the last counts")
            votes[key] = role
        elif role.root != ACTOR:
            problems.warn(IGNORED, "involves", f"{role.path} is no role in a bump")
    if not votes:
        problems.error(MISSING, "involves", "says nothing that is bumped")
    return list(votes.values())
