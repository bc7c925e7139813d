"""Who may know of something, by its rules (Events §3.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from storage.eventaudience import EVERYBODY
from storage.eventreaders import ReaderRow
from vocab.dialects.events import BadReference, Ref, Rule
from vocab.jsontext import dumps

MANAGE: Final = "MANAGE"
READ: Final = "READ"


@dataclass(frozen=True, slots=True)
class Access:
    """What follows from rules: their text, and who may know; without any, everybody in the tenant.

    With ``public`` everybody may read it anywhere. The parties are as readers are named by (``streams.events.reader``),
    each with whether it may change who may know.
    """

    text: str | None = None
    public: bool = False
    parties: tuple[tuple[str, bool], ...] = ()

    @property
    def restricted(self) -> bool:
        """Whether some in the tenant may not know of it."""
        return self.text is not None and not self.public

    def readers(self, thing: int) -> list[ReaderRow]:
        """Return the parties as rows of a thing."""
        return [ReaderRow(thing, party, int(manages)) for party, manages in self.parties]


OPEN: Final = Access()


def of(rules: Sequence[Rule]) -> Access:
    """Return what follows from rules."""
    if not rules:
        return OPEN
    parties: dict[str, bool] = {}
    for rule in rules:
        party = party_of(rule)
        parties[party] = parties.get(party, False) or rule.right == MANAGE
    public = any(rule.right == READ and rule.party == EVERYBODY for rule in rules)
    text = dumps([{rule.right: rule.party} for rule in rules]).decode()
    return Access(text, public, tuple(parties.items()))


def party_of(rule: Rule) -> str:
    """Return what the party of a rule is compared by: the key of an entity, or a name as it is."""
    try:
        return Ref.parse(rule.party).key
    except BadReference:
        return rule.party
