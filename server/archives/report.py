"""What became of an archive, for whoever brought it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

LEFT_LISTED_MAX: Final = 1_000


@dataclass
class Report:
    """How much of an archive was taken, was here already, or had to be left, and why."""

    taken: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    reasons: list[dict[str, Any]] = field(default_factory=list)

    def leave(self, kind: str, name: str, reason: str, **where: Any) -> None:
        """Note what could not be taken, and ``where`` it stands; the first thousand are listed."""
        self.left[kind] += 1
        if len(self.reasons) < LEFT_LISTED_MAX:
            self.reasons.append({"kind": kind, "id": name, **where, "reason": reason})

    def document(self) -> dict[str, Any]:
        """Return the report as JSON; what there was nothing of is not in it."""
        return {
            "taken": dict(+self.taken), "already": dict(+self.held), "left": dict(+self.left), "reasons": self.reasons
        }  # fmt: skip

    @classmethod
    def read(cls, document: dict[str, Any]) -> "Report":
        """Return a report from its JSON."""
        return cls(
            Counter(document["taken"]), Counter(document["already"]), Counter(document["left"]), document["reasons"]
        )  # fmt: skip

    def copy(self) -> "Report":
        """Return another report that says the same so far."""
        return Report(self.taken.copy(), self.held.copy(), self.left.copy(), self.reasons.copy())

    def add(self, other: "Report") -> None:
        """Take in what another report says."""
        self.taken += other.taken
        self.held += other.held
        self.left += other.left
        self.reasons += other.reasons[: LEFT_LISTED_MAX - len(self.reasons)]
