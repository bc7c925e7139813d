"""What is wrong or odd in a message, told by field and code (Events §1.4)."""

from dataclasses import dataclass
from typing import Any, Final, Literal

Severity = Literal["error", "warning"]

MISSING: Final = "missing_field"
INVALID: Final = "invalid_value"
REFERENCE: Final = "invalid_reference"
ADJUSTED: Final = "adjusted_value"
RENAMED: Final = "adjusted_name"
IGNORED: Final = "ignored_field"
UNSUPPORTED: Final = "unsupported_aspect"
RESERVED_TYPE: Final = "reserved_type"
RESERVED_LABEL: Final = "reserved_label"
REASSIGNED: Final = "is_reassigned"

REMARKS_MAX: Final = 1_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One remark about a message; one of severity ``error`` makes it invalid."""

    severity: Severity
    code: str
    field: str
    """The path of the culprit: ``aspects.items[0].item_count``."""
    message: str

    def spell(self) -> dict[str, Any]:
        """Return it as an entry of ``_errors``."""
        return {
            "severity": self.severity,
            "code": self.code,
            "field": self.field,
            "message": self.message,
        }


class Problems(list[Problem]):
    """Remarks about one message, in the order in which they were noticed.

    There is an end to them, but a message that has an error always has one among its remarks.
    """

    def error(self, code: str, field: str, message: str) -> None:
        """Note what makes the message invalid."""
        if len(self) <= REMARKS_MAX:
            self.append(Problem("error", code, field, message))

    def warn(self, code: str, field: str, message: str) -> None:
        """Note what was taken otherwise than it was written."""
        if len(self) < REMARKS_MAX:
            self.append(Problem("warning", code, field, message))

    @property
    def valid(self) -> bool:
        """Whether the message may be stored: it has no error (Events §1.4)."""
        return all(problem.severity != "error" for problem in self)

    def wrong_since(self, place: int) -> bool:
        """Whether an error is among the remarks from this place on."""
        return any(problem.severity == "error" for problem in self[place:])

    def spell(self) -> list[dict[str, Any]]:
        """Return them as the value of ``_errors``."""
        return [problem.spell() for problem in self]
