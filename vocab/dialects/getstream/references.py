"""References (§9.1): the texts in an activity that enrichment replaces by what they name."""

from typing import Any, Final, NamedTuple

KINDS: Final = {"SU": "user", "SO": "object", "SA": "activity", "SR": "reaction"}
"""What each mark refers to, in the words of ``reference_type``."""
MARKS: Final = {kind: mark for mark, kind in KINDS.items()}

_NEVER: Final = frozenset({"id", "foreign_id", "verb", "time", "origin", "to"})
"""Members that are texts and never references."""


class Reference(NamedTuple):
    """What a text refers to: an entry of a collection has its collection, others have none."""

    kind: str
    id: str
    collection: str = ""

    def __str__(self) -> str:
        parts = (
            (MARKS[self.kind], self.collection, self.id) if self.collection else (MARKS[self.kind], self.id)
        )
        return ":".join(parts)

    @classmethod
    def parse(cls, text: str) -> "Reference | None":
        """Read ``SU:…``, ``SO:collection:…``, ``SA:…`` or ``SR:…``; None for any other text."""
        mark, _, name = text.partition(":")
        kind = KINDS.get(mark)
        collection = ""
        if kind == "object":
            collection, _, name = name.partition(":")
        if kind is None or not name or (kind == "object" and not collection):
            return None
        return cls(kind, name, collection)


def found_in(activity: dict[str, Any]) -> dict[str, Reference]:
    """Return the references in an activity as it is answered, by the member that holds each."""
    return {
        name: reference
        for name, value in activity.items()
        if name not in _NEVER and isinstance(value, str) and (reference := Reference.parse(value)) is not None
    }


def missing(reference: Reference) -> dict[str, Any]:
    """Return what takes the place of something that does not exist (§9.3); it is no error."""
    told = {"id": reference.id, "error": "ReferenceNotFound", "reference": str(reference)}
    told["reference_type"] = reference.kind
    return told | ({"collection": reference.collection} if reference.collection else {})
