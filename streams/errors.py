"""Why streams refuses something.

StreamsError
├── Refused             what was asked is not acceptable; ``field`` names the member at fault
│   └── Redundant       it has been done already
├── NotFound            it does not exist, or the asker may not know that it does (SEC-033)
│   └── Hidden          it does exist; told only where the operator wants that known (AP-069)
├── Gone                it existed and was deleted; ``tombstone`` stands in its place
├── NotAllowed          the asker is known but may not do this
├── NameTaken           an actor of this name exists
└── Unreachable         another server is needed and does not answer; ``temporary`` says whether to try again
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


class Unreachable(StreamsError):
    """Another server is needed and does not answer, or answers with nothing usable."""

    def __init__(self, iri: str, *, temporary: bool) -> None:
        super().__init__(iri)
        self.iri = iri
        self.temporary = temporary
