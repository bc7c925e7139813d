"""Messages received: counted in memory, and kept as points of the dataset ``system`` (Events §19.4).

A message costs nothing but some additions: what came in a minute is one row for each type, way and origin, with how
many messages it stands for. Of what a process has counted and not yet kept when it is killed, nothing is left.
"""

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Final, NamedTuple

from storage import Store, points
from storage.errors import Broken, Busy, Full, StorageError, Unreachable
from storage.points import NewPoint
from streams.events.arriving import Arriving
from streams.events.item import Recorded
from vocab.dialects.events import Comment, Event, Point

DATASET: Final = "system"
MESSAGES: Final = "messages"
"""The metric that says for how many messages a point stands."""
GROUPS_MAX: Final = 1_000
"""So many types, origins and so on are told apart between two rows; any more are counted without them."""
WAITING_MAX: Final = 20_000
"""So many rows of a tenant wait for storage that takes none; what comes then is not counted."""
LATER: Final = (Broken, Busy, Full, Unreachable)
MINUTE_US: Final = 60_000_000
KEPT, KNOWN, REJECTED = "kept", "known", "rejected"

log = logging.getLogger(__name__)


class Way(NamedTuple):
    """How messages came to a tenant: as which kind (``event``, ``data-point``), and by which door (``rest``)."""

    tenant: int
    kind: str
    by: str

    @property
    def series(self) -> str:
        """What messages are counted as that have no type, or are no events."""
        return f"as.api.{self.kind.replace('-', '')}"


class _Group(NamedTuple):
    """What is counted together."""

    way: Way
    minute: int
    outcome: str
    series: str
    origin: str = ""
    importance: str = ""


@dataclass(slots=True)
class _Range:
    """A sum, and the least and the greatest of what was added."""

    total: float = 0.0
    least: float = math.inf
    most: float = -math.inf

    def add(self, value: float) -> None:
        self.total += value
        if value < self.least:
            self.least = value
        if value > self.most:
            self.most = value


@dataclass(slots=True)
class _Sums:
    messages: int = 0
    bytes: _Range = field(default_factory=_Range)
    remarks: _Range = field(default_factory=_Range)
    milliseconds: _Range = field(default_factory=_Range)

    def metrics(self) -> dict[str, float]:
        told: dict[str, float] = {MESSAGES: self.messages}
        ranges = (("amount", self.bytes), ("metric", self.remarks), ("duration", self.milliseconds))
        for name, found in ranges:
            told |= {name: found.total, f"min_{name}": found.least, f"max_{name}": found.most}
        return told


class Received:
    """What a process has received and not yet kept the count of."""

    def __init__(self) -> None:
        self._process = token_hex(4)
        self._groups: dict[_Group, _Sums] = {}
        self._waiting: dict[int, list[NewPoint]] = {}
        self._rows = 0

    def kept(
        self, way: Way, message: Arriving, outcome: Sequence[Recorded], *, size: float, now: int
    ) -> None:
        """Count a message that was kept, or is known already; ``size`` is in bytes."""
        said = message.reading.message
        remarks = len(message.reading.problems) + sum(len(one.problems) for one in outcome)
        minute, series, origin, importance, result = now // MINUTE_US, way.series, "", "", KEPT
        if isinstance(said, Event | Comment):
            origin = said.origin
            if not any(one.created for one in outcome):
                result = KNOWN
            if isinstance(said, Event):
                series, importance = said.type, str(said.importance)
        self._add(
            _Group(way, minute, result, series, origin, importance), size, remarks, now - message.received
        )

    def rejected(self, way: Way, *, size: float, remarks: int, received: int, now: int) -> None:
        """Count a message that was not kept, whatever it says it is."""
        self._add(_Group(way, now // MINUTE_US, REJECTED, way.series), size, remarks, now - received)

    def _add(self, group: _Group, size: float, remarks: int, took: int) -> None:
        sums = self._groups.get(group)
        if sums is None:
            if len(self._groups) >= GROUPS_MAX:
                group = _Group(group.way, group.minute, group.outcome, group.way.series)
            sums = self._groups.setdefault(group, _Sums())
        sums.messages += 1
        sums.bytes.add(size)
        sums.remarks.add(remarks)
        sums.milliseconds.add(took / 1_000 if took > 0 else 0.0)

    async def keep(self, store: Store, *, now: int) -> None:
        """Keep the count of what was received until now; what storage takes no rows of now is kept with the next."""
        groups, self._groups = self._groups, {}
        for group, sums in groups.items():
            waiting = self._waiting.setdefault(group.way.tenant, [])
            if len(waiting) < WAITING_MAX:
                waiting.append(NewPoint(self._point(group, sums)))
        for tenant in tuple(self._waiting):
            new = self._waiting.pop(tenant, [])
            try:
                await store.write(points.add, tenant, new, now=now)
            except LATER as error:
                log.warning("what tenant %s received is counted later: %s", tenant, error)
                self._wait(tenant, new)
            except StorageError:
                log.warning("what tenant %s received is not counted: there is no such tenant now", tenant)
            except BaseException:  # interrupted, maybe after the commit: the same rows are kept once
                self._wait(tenant, new)
                raise

    def _wait(self, tenant: int, new: list[NewPoint]) -> None:
        self._waiting[tenant] = new + self._waiting.get(tenant, [])

    def _point(self, group: _Group, sums: _Sums) -> Point:
        """Return the point of a group, at an instant of its minute that no other of this process has."""
        self._rows += 1
        at = group.minute * MINUTE_US + self._rows % MINUTE_US
        return Point(DATASET, group.series, at, dict(self._dimensions(group)), sums.metrics())

    def _dimensions(self, group: _Group) -> Iterator[tuple[str, str]]:
        yield "kind", group.way.kind
        yield "way", group.way.by
        yield "outcome", group.outcome
        yield "process", self._process
        if group.origin:
            yield "origin", group.origin
            yield "source", group.origin
        if group.importance:
            yield "importance", group.importance
