"""What can be wrong with a document.

VocabError
├── BadIri          not an absolute IRI we could compare or connect to
├── ParseError      not a document we can hold
│   ├── JsonError   not JSON as we accept it
│   └── XmlError    not XML as we accept it
├── Ambiguous       a member that must name one thing names several, or none that can be named
├── Invalid         a member breaks a rule of the vocabulary
├── BadFields       members of a request break rules of its dialect
├── TooLarge        more bytes than are kept of one thing
├── BadMultikey     not a key in multibase text
└── BadContext      JSON-LD processing refused the document
"""


class VocabError(Exception):
    """The root of everything vocab raises on purpose."""


class BadIri(VocabError):
    """Not an absolute IRI we could compare or connect to."""

    def __init__(self, iri: str, reason: str) -> None:
        super().__init__(f"{reason}: {iri[:200]!r}")
        self.iri = iri
        self.reason = reason


class ParseError(VocabError):
    """Not a document we can hold; ``field`` is the path of the culprit, empty for the whole."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.reason = reason
        self.field = field


class JsonError(ParseError):
    """Not JSON as we accept it (SEC-050…053)."""


class XmlError(ParseError):
    """Not XML as we accept it: malformed, with a document type, or beyond a limit (Atom §17.4)."""


class Ambiguous(VocabError):
    """A member that must come down to one IRI does not (SEC-027)."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field}: does not come down to one id")
        self.field = field


class Invalid(VocabError):
    """A member breaks a rule of the vocabulary."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class BadFields(VocabError):
    """Members of a request break rules of its dialect: what is wrong by field, or a list of that for a batch.

    ``detail`` is what the dialect itself says of all that, where it has words of its own; empty where it has none.
    """

    def __init__(
        self, fields: dict[str, list[str]] | list[dict[str, list[str]]], *, detail: str = ""
    ) -> None:
        super().__init__(str(fields)[:500])
        self.fields = fields
        self.detail = detail


class TooLarge(VocabError):
    """More bytes than are kept of one thing."""

    def __init__(self, size_bytes: int, limit_bytes: int) -> None:
        super().__init__(f"{size_bytes} bytes, at most {limit_bytes}")
        self.size_bytes = size_bytes
        self.limit_bytes = limit_bytes


class BadMultikey(VocabError):
    """Not a key, or not bytes at all, in multibase text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadContext(VocabError):
    """JSON-LD processing refused the document."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
