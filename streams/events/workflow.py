"""What users do about things: claim, assign, complete, close (Events §9).

``STATUS`` is the whole state machine, but for two rules: what was neither completed nor rejected since it was opened
cannot be closed, and what is not closed cannot be opened again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from storage import Transaction, eventworkflow
from storage.eventworkflow import Step
from streams.errors import Conflicting, NotFound
from vocab.dialects.events import moments

STEPS_MAX: Final = 1_000
"""So many acts about one thing are remembered."""
OPEN: Final = "open"
CLOSED: Final = "closed"

ACTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "view": "VIEWED_BY",
        "acknowledge": "ACKNOWLEDGED_BY",
        "claim": "CLAIMED_BY",
        "assign": "ASSIGNED_BY",
        "confirm": "CONFIRMED_BY",
        "complete": "COMPLETED_BY",
        "approve": "APPROVED_BY",
        "verify": "VERIFIED_BY",
        "reject": "REJECTED_BY",
        "closed": "CLOSED_BY",
        "close": "CLOSED_BY",
        "reopen": "REOPENED_BY",
    }
)
"""Words of paths → the actions they stand for."""

STATUS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ACKNOWLEDGED_BY": "acknowledged",
        "CLAIMED_BY": "in progress",
        "ASSIGNED_BY": "assigned",
        "CONFIRMED_BY": "confirmed",
        "COMPLETED_BY": "completed",
        "APPROVED_BY": "approved",
        "VERIFIED_BY": "verified",
        "REJECTED_BY": "rejected",
        "CLOSED_BY": CLOSED,
        "REOPENED_BY": OPEN,
    }
)
"""Actions → what state they leave a thing in; to view it leaves it as it is."""

_SETTLED: Final = frozenset({"COMPLETED_BY", "REJECTED_BY"})


@dataclass(frozen=True, slots=True)
class Workflow:
    """What was done about a thing, the oldest first, and the state that it is in therefore."""

    steps: Sequence[Step] = ()

    @property
    def status(self) -> str:
        """The state that the last act has left it in."""
        return next((STATUS[step.action] for step in reversed(self.steps) if step.action in STATUS), OPEN)

    @property
    def _last_assigning(self) -> Step | None:
        return next((step for step in reversed(self.steps) if step.assignee is not None), None)

    @property
    def assignee(self) -> int | None:
        """Who is to do it: whoever it was assigned to last, or has claimed it."""
        step = self._last_assigning
        return None if step is None else step.assignee

    def repeats(self, action: str, by: int, assignee: int | None) -> bool:
        """Tell whether the last act, views apart, was the same by the same user; of views, whether there was one."""
        if action == "VIEWED_BY":
            return any(step.action == action and step.by == by for step in self.steps)
        last = next((step for step in reversed(self.steps) if step.action != "VIEWED_BY"), None)
        return last is not None and (last.action, last.by, last.assignee) == (action, by, assignee)

    def check(self, action: str) -> None:
        """Raise Conflicting unless something may be done now."""
        if action == "REOPENED_BY" and self.status != CLOSED:
            raise Conflicting("action", "only what is closed can be reopened")
        if action == "CLOSED_BY" and not self._is_settled:
            raise Conflicting("action", "only what was completed or rejected can be closed")
        if len(self.steps) >= STEPS_MAX:
            raise Conflicting("action", f"at most {STEPS_MAX} actions are remembered")

    @property
    def _is_settled(self) -> bool:
        for step in reversed(self.steps):
            if step.action in _SETTLED:
                return True
            if step.action == "REOPENED_BY":
                return False
        return False

    def spell(self) -> dict[str, Any]:
        """Return it as it is answered (Events §9)."""
        step = self._last_assigning
        return {
            "status": self.status,
            "assignee": None if step is None else step.assignee_ref,
            "actions": [_spelled(step) for step in self.steps],
        }


def _spelled(step: Step) -> dict[str, Any]:
    told: dict[str, Any] = {
        "action": step.action, "by": step.by_ref, "occurred_at": moments.spell(step.occurred),
    }  # fmt: skip
    if step.action == "ASSIGNED_BY":
        told["assignee"] = step.assignee_ref
    return told


async def of(tx: Transaction, item: int) -> Workflow:
    """Return what was done about a thing. A unit of work."""
    return Workflow(await eventworkflow.steps(tx, item, limit=STEPS_MAX))


async def act(
    tx: Transaction, item: int, action: str, *, by: int, assignee: int | None = None, now: int
) -> Workflow:
    """Do something about a thing; what a user has just done changes nothing. Raises Conflicting. A unit of work."""
    await eventworkflow.seize(tx, item, OPEN)
    workflow = await of(tx, item)
    if action == "CLAIMED_BY":
        assignee = by
    if workflow.repeats(action, by, assignee):
        return workflow
    workflow.check(action)
    await eventworkflow.add(tx, item, action, by=by, assignee=assignee, occurred=now)
    return await _concluded(tx, item)


async def take_back(tx: Transaction, item: int, action: str, *, by: int) -> Workflow:
    """Take back the latest such act of a user. Raises NotFound. A unit of work."""
    await eventworkflow.seize(tx, item, OPEN)
    workflow = await of(tx, item)
    own = [step for step in workflow.steps if (step.action, step.by) == (action, by)]
    if not own:
        raise NotFound(action)
    await eventworkflow.remove(tx, item, own[-1].id)
    return await _concluded(tx, item)


async def viewed(tx: Transaction, item: int, *, by: int, now: int) -> None:
    """Note that a user looked at a thing, the first time, if anything was done about it. A unit of work."""
    if await eventworkflow.has(tx, item):
        await act(tx, item, "VIEWED_BY", by=by, now=now)


async def _concluded(tx: Transaction, item: int) -> Workflow:
    workflow = await of(tx, item)
    if workflow.steps:
        await eventworkflow.conclude(tx, item, workflow.status, workflow.assignee)
    else:
        await eventworkflow.forget(tx, item)
    return workflow
