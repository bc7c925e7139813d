"""Opening an archive somebody brings: a directory, a zip or a tar file, and none of their tricks (SEC-099).

Nothing is ever written under a name that the archive chose; what must be unpacked goes to a temporary
directory under numbers. Entries that are no ordinary files, names that lead outside, and archives that
unpack to absurd sizes are refused as a whole.
"""

import contextlib
import lzma
import shutil
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Self, cast

from server.archives.errors import BadArchive

ENTRIES_MAX = 200_000
BYTES_MAX = 64 * 1024**3
RATIO_MAX = 200
RATIO_FREE_BYTES = 256 * 1024**2
"""An archive may unpack to so much, however small it is; beyond that to so many times its size."""
HEADER_BYTES_MAX = 1024 * 1024
"""What a tar file may say of one entry beside its content."""
BROKEN = (
    OSError,
    EOFError,
    NotImplementedError,  # zipfile: packed in a way it does not know
    RuntimeError,  # zipfile: encrypted
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)
"""What is raised where a packed file cannot be read, or not to its end."""
LANDMARKS = ("actor.json", "outbox.json")
"""Where these lie is the top of the archive, whatever directory they were packed in."""

Opener = Callable[[], IO[bytes]]


class Archive:
    """The files of an archive by their path from its top."""

    def __init__(self, members: Mapping[str, Opener]) -> None:
        top = min((name for name in members if PurePosixPath(name).name in LANDMARKS), key=len, default="")
        prefix = top.removesuffix(PurePosixPath(top).name)
        self._members = {
            name.removeprefix(prefix): opener for name, opener in members.items() if name.startswith(prefix)
        }

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def open(self, name: str) -> IO[bytes]:
        """Open one file; raise BadArchive when there is none of that name, or it is broken."""
        if name not in self._members:
            raise BadArchive(f"{name} is missing")
        try:
            return self._members[name]()
        except BROKEN as error:
            raise BadArchive(f"{name} cannot be read: {error}") from None


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open an archive for as long as the block lasts."""
    if path.is_dir():
        yield Archive(_of_directory(path))
    elif zipfile.is_zipfile(path):
        with _zip(path) as packed:
            yield Archive(_of_zip(packed, path.stat().st_size))
    else:
        with tempfile.TemporaryDirectory(prefix="headwater-import-") as room:
            yield Archive(_of_tar(path, Path(room)))


def _of_directory(top: Path) -> dict[str, Opener]:
    members: dict[str, Opener] = {}
    for path in sorted(top.rglob("*")):
        if path.is_symlink():
            raise BadArchive(f"{path} is a link")
        if path.is_file():
            members[path.relative_to(top).as_posix()] = _opener(path)
        if len(members) > ENTRIES_MAX:
            raise BadArchive(f"more than {ENTRIES_MAX} files")
    return members


def _opener(path: Path) -> Opener:
    return lambda: path.open("rb")


def _zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except BROKEN as error:
        raise BadArchive(f"{path} is no whole zip file: {error}") from None


def _of_zip(packed: zipfile.ZipFile, packed_bytes: int) -> dict[str, Opener]:
    members: dict[str, Opener] = {}
    total = 0
    for entry in packed.infolist():
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise BadArchive(f"{entry.filename} is no ordinary file")
        if entry.flag_bits & 1:
            raise BadArchive("it is encrypted")
        total += entry.file_size
        _check_size(len(members), total, packed_bytes)
        if not entry.is_dir():
            members[_safe(entry.filename)] = _zipped(packed, entry)
    return members


def _zipped(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Opener:
    return lambda: packed.open(entry)


class _TarEntry(tarfile.TarInfo):
    """The head of an entry. What long names and notes take would all be read into memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """Read a head; raise BadArchive for one of an absurd size that is no file's."""
        entry = super().frombuf(buf, encoding, errors)
        if not entry.isreg() and entry.size > HEADER_BYTES_MAX:
            raise BadArchive(f"{entry.name!r} is of an absurd size")
        return entry


def _of_tar(path: Path, room: Path) -> dict[str, Opener]:
    """Unpack a tar file in one go, for it cannot be read here and there; sizes are counted as they come."""
    members: dict[str, Opener] = {}
    total, packed_bytes = 0, path.stat().st_size
    try:
        with tarfile.open(path, "r|*", tarinfo=_TarEntry) as packed:
            for entry in packed:
                if entry.isdir():
                    continue
                if not entry.isreg():
                    raise BadArchive(f"{entry.name} is no ordinary file")
                total += entry.size
                _check_size(len(members), total, packed_bytes)
                target = room / str(len(members))
                with target.open("wb") as file:
                    shutil.copyfileobj(cast(IO[bytes], packed.extractfile(entry)), file)
                members[_safe(entry.name)] = _opener(target)
    except (tarfile.TarError, *BROKEN) as error:
        raise BadArchive(f"{path} is neither a directory nor a whole zip or tar file: {error}") from None
    return members


def _check_size(entries: int, total: int, packed_bytes: int) -> None:
    if entries >= ENTRIES_MAX:
        raise BadArchive(f"more than {ENTRIES_MAX} files")
    if total > min(BYTES_MAX, max(RATIO_FREE_BYTES, RATIO_MAX * packed_bytes)):
        raise BadArchive("it unpacks to an absurd size")


def _safe(name: str) -> str:
    """Return the path of an entry from the top; raise BadArchive when it leads outside."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or not path.parts:
        raise BadArchive(f"{name!r} leads outside")
    return path.as_posix()
