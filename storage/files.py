"""Files under the SHA-256 of their bytes, in a directory beside the database.

A file is written once and never changed, so a copy of the directory is a backup of it, and what is
there can be taken to be whole. Every function here blocks: call it in a thread.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.errors import Full

FANOUT_CHARS = 2
"""Files are spread over directories named by the first characters of their digest."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that is in its place: its digest, media type and size; for pictures, in pixels too."""

    digest: str
    type: str
    bytes: int
    width: int | None = None
    height: int | None = None


class Files:
    """A directory of files. It is made when the first file comes.

    None is taken that leaves less than ``reserve_bytes`` of the disk free: others need that room (REL-028).
    """

    def __init__(self, directory: Path, *, reserve_bytes: int = 0) -> None:
        self.directory = directory
        self._reserve_bytes = reserve_bytes

    def path(self, digest: str) -> Path:
        """Return where the file of a digest lies."""
        return self.directory / digest[:FANOUT_CHARS] / digest

    def keep(self, parts: Iterable[bytes | memoryview]) -> tuple[str, int]:
        """Write a file and return its digest and size; it is on the disk when this returns (REL-002).

        Raises Full when there is no room left (REL-028).
        """
        try:
            return self._write(parts)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise Full("no room left for files") from error
            raise

    def _write(self, parts: Iterable[bytes | memoryview]) -> tuple[str, int]:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        parts = list(parts)
        if shutil.disk_usage(self.directory).free < self._reserve_bytes + sum(map(len, parts)):
            raise Full("no room left for files")
        digest, size = hashlib.sha256(), 0
        descriptor, name = tempfile.mkstemp(dir=self.directory, prefix=".")
        try:
            with open(descriptor, "wb") as partial:  # noqa: PTH123 - a descriptor, not a path
                for part in parts:
                    digest.update(part)
                    size += partial.write(part)
                partial.flush()
                os.fsync(descriptor)
            self._place(Path(name), self.path(digest.hexdigest()))
        finally:
            Path(name).unlink(missing_ok=True)
        return digest.hexdigest(), size

    def _place(self, partial: Path, target: Path) -> None:
        """Give a file its name. A second copy takes the place of the first, so that it counts as new."""
        with self._alone():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            partial.rename(target)
            _sync(target.parent)
            _sync(self.directory)

    def aged(self, seconds: float) -> Iterator[str]:
        """Yield the digests of files that were put here longer ago than this."""
        before = time.time() - seconds
        for path in self.directory.glob(f"{'?' * FANOUT_CHARS}/*"):
            if path.stat().st_mtime < before:
                yield path.name

    def drop(self, digest: str, *, seconds: float) -> bool:
        """Remove a file that nobody needs, unless it was put here again within this time."""
        path = self.path(digest)
        with self._alone():
            if not path.exists() or path.stat().st_mtime >= time.time() - seconds:
                return False
            path.unlink()
            return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep those who put files here and those who clear away from meeting, in whichever process."""
        with (self.directory / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
