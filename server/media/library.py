"""Taking files in, and clearing away those that nobody needs any more."""

import asyncio
import mmap
from io import UnsupportedOperation
from itertools import islice
from pathlib import Path
from typing import IO

from server.media import opaque
from server.media.cleaned import Cleaned, Data
from server.media.errors import TooManyPixels, Unsupported
from server.media.kinds import clean
from storage import Store, media
from storage.files import File, Files

AT_ONCE_MAX = 2
"""So many files are looked through at a time; the others wait."""
AGED_SECONDS = 86_400.0
"""A file without a row is dropped after this; until then its row may still be on its way."""
DROPPED_AT_ONCE = 100


class Library:
    """The files of this server. What comes in is cleaned first and lies under the digest of what is left."""

    def __init__(self, directory: Path, *, pixels_max: int, reserve_bytes: int = 0) -> None:
        self.files = Files(directory, reserve_bytes=reserve_bytes)
        self._pixels_max = pixels_max
        self._room = asyncio.Semaphore(AT_ONCE_MAX)

    async def keep(self, source: IO[bytes], *, anything: bool = False) -> File:
        """Take a file in, without blocking; what ``take`` raises is raised here too."""
        async with self._room:
            return await asyncio.to_thread(self.take, source, anything=anything)

    def take(self, source: IO[bytes], *, anything: bool = False) -> File:
        """Take in an open file; blocks. Nobody sees it before ``storage.media`` has a row for it.

        ``anything`` takes in what is of no kind that we show, too: to be saved by whoever asks for it.
        Raises Unsupported or TooManyPixels for what is not kept, ``storage.errors.Full`` without room.
        """
        cleaned = _cleaned(_mapped(source), anything)
        if (cleaned.width or 0) * (cleaned.height or 0) > self._pixels_max:
            raise TooManyPixels(self._pixels_max)
        digest, size = self.files.keep(cleaned.parts)
        return File(digest, cleaned.type, size, cleaned.width, cleaned.height)

    async def clear(self, store: Store) -> int:
        """Drop files to which no row belongs any more, and return how many they were."""
        aged, dropped = self.files.aged(AGED_SECONDS), 0
        while some := await asyncio.to_thread(lambda: list(islice(aged, DROPPED_AT_ONCE))):
            for digest in await store.read(media.unknown, some):
                dropped += await asyncio.to_thread(self.files.drop, digest, seconds=AGED_SECONDS)
        return dropped


def _cleaned(data: Data, anything: bool) -> Cleaned:
    try:
        return clean(data)
    except Unsupported:
        if not anything or not data:
            raise
        return opaque.keep(data)


def _mapped(source: IO[bytes]) -> memoryview:
    """Return a whole open file without reading it; one that is only in memory is taken from there."""
    source.seek(0)
    try:
        return memoryview(mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ))
    except UnsupportedOperation:
        return memoryview(source.read())
    except ValueError:
        raise Unsupported("an empty file") from None
