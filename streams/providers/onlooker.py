"""Who looks at a stream, and hence what it shows (Atom §2, §17.5). Private is the default."""

from dataclasses import dataclass

from storage.entries import Viewer


@dataclass(frozen=True, slots=True)
class Onlooker:
    """The reader of a stream: a member, or nobody in particular.

    ``viewer`` is the row and IRI of the member's actor, None for anybody; ``name`` their local name. What is kept by a
    tenant for its own servers is shown to those who own it (``tenants``), and to whoever runs the server
    (``admin``). With ``by_token`` the reader came with a feed token: what was said to followers or to some alone is
    not shown then (Atom §12.3, §17.3).
    """

    viewer: Viewer | None = None
    name: str = ""
    admin: bool = False
    tenants: frozenset[int] = frozenset()
    by_token: bool = False

    @property
    def is_anybody(self) -> bool:
        """Whether nothing is known of the reader."""
        return self.viewer is None


ANYBODY = Onlooker()
