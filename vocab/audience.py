"""Who something is addressed to: to, cc, audience, the blind two, and Public (AP-280, AP-281, AP-071)."""

from dataclasses import dataclass
from typing import Any, TypeVar

from vocab.extensions import OPAQUE
from vocab.objects import Object
from vocab.terms import AUDIENCE, PUBLIC, PUBLIC_SPELLINGS

Node = TypeVar("Node", bound=Object)

_BLIND = frozenset({"bto", "bcc"})
_FIELDS = frozenset(AUDIENCE)


@dataclass(frozen=True, slots=True)
class Audience:
    """The recipients of one document, field by field, each once, Public spelt in full."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    bto: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()

    @classmethod
    def of(cls, node: Object) -> "Audience":
        """Read the five fields of a node, not of what it embeds."""
        data = node.data
        return cls(*(_distinct(node.ids(field)) if field in data else () for field in AUDIENCE))

    def __or__(self, other: "Audience") -> "Audience":
        """Unite two audiences kind by kind (AP-198)."""
        pairs = zip(self.fields().values(), other.fields().values(), strict=True)
        return Audience(*(_distinct(mine + theirs) for mine, theirs in pairs))

    def fields(self) -> dict[str, tuple[str, ...]]:
        """Return every field by name, empty ones too."""
        return {field: getattr(self, field) for field in AUDIENCE}

    @property
    def public(self) -> bool:
        """Whether Public is named in any field, in any spelling (AP-281)."""
        return (
            PUBLIC in self.to or PUBLIC in self.cc or PUBLIC in self.audience
            or PUBLIC in self.bto or PUBLIC in self.bcc
        )  # fmt: skip

    @property
    def recipients(self) -> tuple[str, ...]:
        """Everyone named, in order, once, without Public (AP-280)."""
        everyone = (name for named in self.fields().values() for name in named if name != PUBLIC)
        return tuple(dict.fromkeys(everyone))


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(names) == 1:
        return (PUBLIC,) if names[0] in PUBLIC_SPELLINGS else names
    return tuple(dict.fromkeys([PUBLIC if name in PUBLIC_SPELLINGS else name for name in names]))


def without_blind(node: Node) -> Node:
    """Return a copy without bto and bcc, at every depth (AP-071)."""
    return type(node)(_seen(node.data))


def _seen(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            term: member if term in OPAQUE else _seen(member)
            for term, member in value.items()
            if term not in _BLIND
        }
    return [_seen(member) for member in value] if isinstance(value, list) else value


def spelled(node: Node) -> Node:
    """Return a copy in which Public is written as the full IRI, at every depth (AP-281)."""
    return type(node)(_spelled(node.data))


def _spelled(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            term: _addressed(member) if term in _FIELDS else member if term in OPAQUE else _spelled(member)
            for term, member in value.items()
        }
    return [_spelled(member) for member in value] if isinstance(value, list) else value


def _addressed(value: Any) -> Any:
    """Spell the value of one of the five fields."""
    if isinstance(value, list):
        return [_addressed(member) for member in value]
    if isinstance(value, dict):
        return PUBLIC if value.get("id") in PUBLIC_SPELLINGS else _spelled(value)
    return PUBLIC if isinstance(value, str) and value in PUBLIC_SPELLINGS else value
