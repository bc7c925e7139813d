"""Where a page of a stream ends, as its address says it: opaque to readers (Atom §15)."""

import re
from dataclasses import dataclass
from typing import Final, Self

from vocab.errors import BadFields

_SPELT: Final = re.compile(r"(-?[0-9a-f]{1,16})\.([0-9a-f]{1,16})")
_MOST: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place between entries: an instant in microseconds since 1970, and what tells entries of one instant apart."""

    published: int
    rank: int

    def __str__(self) -> str:
        return f"{self.published:x}.{self.rank:x}"

    @classmethod
    def read(cls, parameter: str, text: str) -> Self:
        """Read what was written. Raises BadFields, naming the parameter, for anything else."""
        found = _SPELT.fullmatch(text)
        published, rank = (int(found[1], 16), int(found[2], 16)) if found else (0, _MOST + 1)
        if abs(published) > _MOST or rank > _MOST:
            raise BadFields({parameter: ["is no cursor of this stream"]})
        return cls(published, rank)
