"""Who posts, what was kept, and what came of it (Atom §6.3, §6.4)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from storage import Store
from storage.actors import ActorRow
from storage.outside import OutsideRow
from vocab import jsontext


@dataclass(frozen=True, slots=True)
class Parts:
    """What every function here works with. With ``public`` everybody may read what is about nothing known here."""

    store: Store
    base_url: str
    clock: Callable[[], int]
    public: bool = False


@dataclass(frozen=True, slots=True)
class Poster:
    """Who posts or deletes. One who may act ``on_behalf`` says who did it, and is believed (Atom §6.2)."""

    actor: ActorRow
    on_behalf: bool = False
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """An activity that is stored: the number that it is asked for by, its IRI if that is known, what is answered."""

    id: int
    document: dict[str, Any]
    iri: str = ""

    @classmethod
    def of(cls, row: OutsideRow, iri: str = "") -> "Kept":
        """Read a row."""
        document = jsontext.loads(row.document)
        return cls(row.item, document if isinstance(document, dict) else {}, iri)


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted; it is not ``new`` when its poster had posted it before."""

    kept: Kept
    new: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was stored: every reason, with its JSON path. ``forbidden``: it is not this poster's to say."""

    problems: tuple[str, ...]
    forbidden: bool = False


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted; None when there is no such activity. ``forbidden``: it is another's, and stays."""

    kept: Kept | None = None
    forbidden: bool = False
