"""Reading the files in which applications bring their feeds from Stream, however large (see ``getstream.imports``).

One line is held at a time, and of a line no more than LINE_BYTES_MAX. What cannot be read is an item too, with the
reason: the lines after it are none the worse.
"""

import contextlib
import gzip
import io
import zlib
from codecs import BOM_UTF8 as BOM
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, cast

from server.archives.errors import BadArchive
from vocab import BadFields, JsonError, VocabError, jsonstream, jsontext
from vocab.dialects.getstream import imports
from vocab.dialects.getstream.imports import Instruction
from vocab.jsontext import Json

LINE_BYTES_MAX: Final = 32 * 1024 * 1024
BROKEN: Final = (OSError, EOFError, zlib.error)

NAMES: Final = {
    imports.ADD: "activities",
    imports.FOLLOW: "follows",
    imports.UNFOLLOW: "ended follows",
    imports.REACTIONS: "reactions",
    imports.USERS: "users",
    imports.COLLECTIONS: "collection entries",
}
"""What the report calls the items of each instruction."""
LINES: Final = "lines"
"""What it calls a line that is no instruction."""

READ: Final[dict[str, Callable[[Any, Instruction], Any]]] = {
    imports.ADD: lambda body, line: imports.activity(body),
    imports.FOLLOW: imports.follow,
    imports.UNFOLLOW: imports.unfollow,
    imports.REACTIONS: lambda body, line: imports.reaction(body),
    imports.USERS: lambda body, line: imports.user(body),
    imports.COLLECTIONS: imports.entry,
}


class Place(NamedTuple):
    """Where an item stands: the byte at which its line begins, the number of the line, and its own, both from 1."""

    offset: int
    line: int
    item: int


@dataclass(frozen=True, slots=True)
class Item:
    """What one item of a line says, or the ``reason`` why that cannot be told."""

    place: Place
    line: Instruction | None
    thing: Any = None
    reason: str = ""

    @property
    def name(self) -> str:
        """What the report calls things of its kind."""
        return LINES if self.line is None else NAMES[self.line.kind]


class Dump(NamedTuple):
    """An open file: what it holds, unpacked, and what tells how many bytes of it were read."""

    content: IO[bytes]
    read_bytes: Callable[[], int]


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Dump]:
    """Open a file, packed with gzip or not, for as long as the block lasts. Raises BadArchive."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise BadArchive(f"{path}: {error.strerror}") from None
    with raw:
        packed = path.suffix == ".gz"
        yield Dump(cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if packed else raw, raw.tell)


def items(dump: Dump, start: Place) -> Iterator[Item]:
    """Yield the items of a file that stand behind a place. Raises BadArchive where the file cannot be read on."""
    for offset, number, raw in _lines(dump.content, start):
        place = Place(offset, number, 0)
        if raw is None:
            yield Item(place, None, reason=f"longer than {LINE_BYTES_MAX} bytes")
        elif raw.strip():
            for item in _of_line(place, raw):
                if item.place > start:
                    yield item


def _lines(file: IO[bytes], start: Place) -> Iterator[tuple[int, int, bytes | None]]:
    """Yield where each line begins, its number and its bytes; None for one that is too long."""
    offset, number = start.offset, max(start.line, 1)
    try:
        file.seek(offset)
        while raw := file.readline(LINE_BYTES_MAX):
            length, whole = len(raw), raw.endswith(b"\n") or len(raw) < LINE_BYTES_MAX
            yield offset, number, raw if whole else None
            while not whole and (more := file.readline(LINE_BYTES_MAX)):
                length, whole = length + len(more), more.endswith(b"\n")
            offset, number = offset + length, number + 1
    except BROKEN as error:
        raise BadArchive(f"cannot be read on after line {number}: {error}") from None


def _of_line(place: Place, raw: bytes) -> Iterator[Item]:
    line = None
    try:
        around, found = _split(raw.removeprefix(BOM) if place.line == 1 else raw)
        line = imports.instruction(around)
        for number, read in enumerate(found, 1):
            place = place._replace(item=number)
            yield _item(place, line, read)
    except VocabError as error:
        yield Item(place, line, reason=reason_of(error))


def _split(raw: bytes) -> tuple[dict[str, Json], Iterator[Callable[[], Json]]]:
    """Return what stands beside the data of a line, and what reads each item of its data."""
    try:
        members = jsontext.loads(raw)
    except JsonError:
        return _taken_apart(raw)
    if not isinstance(members, dict):
        raise JsonError("expected an object")
    data = members.pop(imports.DATA, [])
    if not isinstance(data, list):
        members[imports.DATA] = data
        data = []
    return members, (partial(_same, item) for item in data)


def _taken_apart(raw: bytes) -> tuple[dict[str, Json], Iterator[Callable[[], Json]]]:
    """Split a line that is too long to be read as a whole, or one item of which is no sound JSON."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise JsonError("not UTF-8") from None
    around = jsonstream.around(io.StringIO(text).read, imports.DATA)
    found = jsonstream.items(io.StringIO(text).read, imports.DATA)
    return around, (partial(jsontext.loads, item) for item in found)


def _same(value: Json) -> Json:
    return value


def _item(place: Place, line: Instruction, read: Callable[[], Json]) -> Item:
    try:
        return Item(place, line, READ[line.kind](read(), line))
    except VocabError as error:
        return Item(place, line, reason=reason_of(error))


def reason_of(error: Exception) -> str:
    """Say in one line why something cannot be taken."""
    if isinstance(error, BadFields) and isinstance(error.fields, dict):
        return "; ".join(f"{name}: {', '.join(reasons)}" for name, reasons in error.fields.items())
    return str(error)
