"""Packing an archive, one file after the other, without holding any of it (AP-756)."""

import contextlib
import os
import shutil
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol, cast

from server.archives.errors import BadArchive


class Packer(Protocol):
    """An archive that is being written."""

    def entry(self, name: str) -> contextlib.AbstractContextManager[IO[bytes]]:
        """Open the next file of the archive for writing."""


class ZipPacker:
    """Writes a zip file."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed

    @contextlib.contextmanager
    def entry(self, name: str) -> Iterator[IO[bytes]]:
        """Open the next file of the archive for writing."""
        info = zipfile.ZipInfo(name, time.gmtime()[:6])
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        with self._packed.open(info, "w", force_zip64=True) as file:
            yield file


class TarPacker:
    """Writes a tar file, which wants to know the size of a file before its content."""

    def __init__(self, packed: tarfile.TarFile) -> None:
        self._packed = packed

    @contextlib.contextmanager
    def entry(self, name: str) -> Iterator[IO[bytes]]:
        """Open the next file of the archive for writing."""
        with tempfile.TemporaryFile() as file:
            yield cast(IO[bytes], file)
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = file.tell(), int(time.time()), 0o600
            file.seek(0)
            self._packed.addfile(info, file)


@contextlib.contextmanager
def packing(target: Path) -> Iterator[Packer]:
    """Write an archive, zip or tar by the name it is to have; it is there when the block ends, whole or not at all."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    partial = Path(name)
    try:
        with open(descriptor, "w+b") as file:  # noqa: PTH123 - a descriptor, not a path
            with _packer(target, file) as packer:
                yield packer
            file.flush()
            os.fsync(descriptor)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


@contextlib.contextmanager
def _packer(target: Path, file: IO[bytes]) -> Iterator[Packer]:
    if target.name.endswith(".zip"):
        with zipfile.ZipFile(file, "w") as zipped:
            yield ZipPacker(zipped)
    elif target.name.endswith((".tar.gz", ".tgz")):
        with tarfile.open(fileobj=file, mode="w:gz") as tarred:
            yield TarPacker(tarred)
    else:
        raise BadArchive(f"{target} must end with .zip, .tar.gz or .tgz")


def copy(source: Path, target: IO[bytes]) -> None:
    """Copy a file into an archive."""
    with source.open("rb") as file:
        shutil.copyfileobj(file, target)
