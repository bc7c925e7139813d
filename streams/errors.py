"""Why streams refuses something.

StreamsError
├── Refused             what was asked is not acceptable; ``field`` names the member at fault
│   ├── Redundant       it has been done already
│   ├── NotAnActor      only an actor will do
│   ├── Conflicting     it does not go together with the state that something is in
│   └── Malformed       an expression in a setting is not of its language; ``position`` says where it fails
├── NotFound            it does not exist, or the asker may not know that it does (SEC-033)
│   └── Hidden          it does exist; told only where the operator wants that known (AP-069)
├── Gone                it existed and was deleted; ``tombstone`` stands in its place
├── NotAllowed          the asker is known but may not do this
├── NameTaken           an actor of this name exists
├── TooOften            more of it than is accepted; ``retry_seconds`` says when to come again
└── Unreachable         another server is needed and does not answer; ``temporary`` says whether to try again
    └── Spent           one cause has made us ask as much of other servers as we allow
"""


class StreamsError(Exception):
    """The root of everything streams raises on purpose."""


class Refused(StreamsError):
    """What was asked is not acceptable; nothing was stored."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class Redundant(Refused):
    """What was asked has been done already."""


class NotAnActor(Refused):
    """Something is asked of what only an actor can do or be."""

    def __init__(self, field: str) -> None:
        super().__init__(field, "is not an actor")


class Conflicting(Refused):
    """What was asked does not go together with the state that something is in."""


class Malformed(Refused):
    """An expression is not of its language. ``position`` counts characters from 0; None where the whole is meant."""

    def __init__(self, field: str, reason: str, position: int | None = None) -> None:
        super().__init__(field, reason if position is None else f"{reason} (character {position + 1})")
        self.position = position


class NotFound(StreamsError):
    """It does not exist, or the asker may not know that it does."""

    def __init__(self, iri: str) -> None:
        super().__init__(iri)
        self.iri = iri


class Hidden(NotFound):
    """It exists, but not for this asker. Means NotFound unless the operator reveals what is forbidden."""


class Gone(StreamsError):
    """It existed and was deleted. ``tombstone`` is the stored document, or None for an actor that left."""

    def __init__(self, iri: str, tombstone: str | None = None) -> None:
        super().__init__(iri)
        self.iri = iri
        self.tombstone = tombstone


class NotAllowed(StreamsError):
    """The asker is known but may not do this."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class NameTaken(StreamsError):
    """An actor of this name exists."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class TooOften(StreamsError):
    """More of something than is accepted within ``period`` microseconds."""

    def __init__(self, what: str, period: int) -> None:
        super().__init__(f"too many {what}")
        self.what = what
        self.retry_seconds = period // 1_000_000


class Unrankable(StreamsError):
    """A ranking method gives an activity no score: a value is missing, or the result is no finite number."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreachable(StreamsError):
    """Another server is needed and does not answer, or answers with nothing usable; ``gone``: with 410."""

    def __init__(self, iri: str, *, temporary: bool, gone: bool = False) -> None:
        super().__init__(iri)
        self.iri = iri
        self.temporary = temporary
        self.gone = gone


class Spent(Unreachable):
    """One cause has made us ask as much of other servers as we allow (SEC-046); again it would ask as much."""

    def __init__(self, iri: str) -> None:
        super().__init__(iri, temporary=False)
