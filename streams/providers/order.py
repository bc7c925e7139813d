"""In which order entries stand: the newest first, and those of one instant always the same way (Atom §3.3, §15)."""

import hashlib
from typing import Final

from vocab import instants
from vocab.entry import Entry

RANK_BITS: Final = 63


def position(entry: Entry) -> tuple[int, int]:
    """Return the place of an entry: when it was published, in microseconds, and its rank among those of that moment.

    The rank of what is stored here is its row; that of anything else follows from its id.
    """
    return instants.microseconds(entry.published), rank(entry)


def rank(entry: Entry) -> int:
    """Return what tells entries of one moment apart: from nought, with ``RANK_BITS`` bits."""
    if entry.item is not None:
        return entry.item
    digest = hashlib.blake2b(entry.id.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) >> (64 - RANK_BITS)
