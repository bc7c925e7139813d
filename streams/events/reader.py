"""Who reads, as far as it matters to what they may know of (Events §3.6)."""

from dataclasses import dataclass

from storage import eventaudience


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
    def asks(self) -> eventaudience.Parties:
        """All that a rule may name the reader by; None when nothing is kept from them."""
        return None if self.sees_all else self.parties | {eventaudience.EVERYBODY}
