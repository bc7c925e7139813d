"""A job, before and after it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

PAYLOAD_VERSION = 1


class State(IntEnum):
    """Where a job stands."""

    WAITING = 0
    LEASED = 1
    DEAD = 2
    BEHIND = 3
    """Waiting for an earlier job with the same key."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to be added. ``letter`` and ``run_at`` stand in for those of the call that adds it."""

    payload: Mapping[str, Any]
    lane: str = ""
    key: str = ""
    dedupe: str | None = None
    letter: int | None = None
    run_at: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A job as its worker holds it: leased until ``lease_until``, this being attempt ``attempts``."""

    id: int
    queue: str
    lane: str
    key: str
    payload: dict[str, Any]
    letter: int | None
    letter_body: str | None
    attempts: int
    created: int
    lease_until: int


@dataclass(frozen=True, slots=True)
class Report:
    """A job as its operator sees it (REL-020)."""

    id: int
    queue: str
    lane: str
    payload: dict[str, Any]
    state: State
    run_at: int
    attempts: int
    created: int
    failed_first: int | None
    failed_last: int | None
    error: str | None
    status: int | None


def topic(queue: str) -> str:
    """Return the signal that is rung when a queue has new work."""
    return f"queue:{queue}"
