"""What is kept of a file: its kind, its size in pixels, and the parts of it that stay."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from server.media.errors import Unsupported

Data: TypeAlias = memoryview
"""A whole file, mapped into memory: slices of it cost nothing."""

PIECES_MAX = 100_000
"""A file is taken apart into so many pieces. Nobody's picture has more: ours would be the time and the memory."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file without its metadata: ``parts`` in order, most of them slices of the original."""

    type: str
    parts: Sequence[bytes | memoryview]
    width: int | None = None
    height: int | None = None


def pieces(most: int = PIECES_MAX) -> Iterator[None]:
    """Yield once for each piece of a file that is looked at. Raises Unsupported when they are absurdly many."""
    for _ in range(most):
        yield
    raise Unsupported("in too many pieces")
