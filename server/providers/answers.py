"""Answers of the stream, kept for as long as nothing is committed (Atom §15)."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Final

KEPT_MAX: Final = 256
KEPT_BYTES_MAX: Final = 256 * 1024
"""Of a longer answer only the validators are kept."""


@dataclass(frozen=True, slots=True)
class Written:
    """An answer: its validators, and its bytes, plain and packed, unless they are too many to be kept.

    ``link`` is what its header says of the hub.
    """

    tag: str
    modified: str
    media_type: str
    body: bytes | None
    packed: bytes | None = None
    link: str = ""


class Answers:
    """Answers that are right for as long as nothing is committed."""

    def __init__(self, most: int = KEPT_MAX) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, tuple[Hashable, Written]] = OrderedDict()

    def get(self, key: Hashable, stamp: Hashable) -> Written | None:
        """Return an answer that was given under this very stamp."""
        held = self._held.get(key)
        if held is None or held[0] != stamp:
            return None
        self._held.move_to_end(key)
        return held[1]

    def put(self, key: Hashable, stamp: Hashable, written: Written) -> None:
        """Keep an answer, in place of the least recently wanted one when there are too many."""
        if written.body is not None and len(written.body) > KEPT_BYTES_MAX:
            written = replace(written, body=None, packed=None)
        self._held[key] = stamp, written
        self._held.move_to_end(key)
        if len(self._held) > self._most:
            self._held.popitem(last=False)
