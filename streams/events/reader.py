"""Who reads, as far as it matters to what they may know of (Events §3.6)."""

from dataclasses import dataclass
from typing import Final

PUBLIC: Final = "Public"
"""The party that everybody belongs to."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A caller of a tenant, with all that rules may name them by.

    ``parties`` are the keys of their entity and of those that are the same or that they are members of
    (``asuser/ada``), and the names of their roles of privileges. With ``sees_all`` no rule keeps anything from them.
    """

    tenant: int
    parties: frozenset[str] = frozenset()
    sees_all: bool = False

    @property
    def named(self) -> frozenset[str]:
        """All parties that a rule may name to let them know of something."""
        return self.parties | {PUBLIC}
