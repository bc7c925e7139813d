"""What stands where in Mastodon's archive and in the lists that it exports beside it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from server.archives.errors import BadArchive
from server.archives.opening import BROKEN, Archive
from vocab import JsonError, Object, ParseError, from_json, jsonstream, jsontext, parse

ACTOR, OUTBOX = "actor.json", "outbox.json"
LIKES, BOOKMARKS = "likes.json", "bookmarks.json"
FOLLOWING, LISTS = "following_accounts.csv", "lists.csv"
BLOCKED, MUTED, BLOCKED_DOMAINS = "blocked_accounts.csv", "muted_accounts.csv", "blocked_domains.csv"
ACTOR_BYTES_MAX = 1024 * 1024
ROW_CHARS_MAX = 4_096
UNREADABLE = (*BROKEN, JsonError, ValueError, csv.Error)
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item of a list that cannot be read, and why; those after it can."""

    reason: str


def actor(archive: Archive) -> Object:
    """Read whose archive this is."""
    try:
        with archive.open(ACTOR) as source:
            raw = source.read(ACTOR_BYTES_MAX + 1)
    except BROKEN as error:
        raise BadArchive(f"{ACTOR}: {error}") from None
    if len(raw) > ACTOR_BYTES_MAX:
        raise BadArchive(f"{ACTOR} is too long")
    try:
        found = parse(raw)
    except ParseError as error:
        raise BadArchive(f"{ACTOR}: {error}") from None
    if found.id is None:
        raise BadArchive(f"{ACTOR} does not say whose archive this is")
    return found


def items(archive: Archive, name: str) -> Iterator[Object | Unreadable]:
    """Read the items of one of the archive's collections one after the other; none when it has no such file.

    What is only named is an object with nothing but its id.
    """
    if name not in archive:
        return
    with archive.open(name) as source, io.TextIOWrapper(source, encoding="utf-8-sig") as text:
        try:
            for item in jsonstream.items(text.read, "orderedItems"):
                yield _item(item)
        except UNREADABLE as error:
            raise BadArchive(f"{name}: {error}") from None


def _item(text: str) -> Object | Unreadable:
    try:
        value = jsontext.loads(text)
        if isinstance(value, str):
            return Object({"id": value})
        if isinstance(value, dict):
            return from_json(value)
    except ParseError as error:
        return Unreadable(str(error))
    return Unreadable("neither an object nor an address")


def rows(archive: Archive, name: str) -> Iterator[list[str]]:
    """Read the rows of a list, without its heading if it has one; none when there is no such file."""
    if name not in archive:
        return
    with archive.open(name) as source:
        try:
            text = io.TextIOWrapper(source, encoding="utf-8-sig", newline="")
            for row in csv.reader(iter(lambda: text.readline(ROW_CHARS_MAX), ""), strict=True):
                cells = [cell.strip().removeprefix("'") for cell in row]
                if cells and cells[0] and cells[0] not in ("Account address", "#domain"):
                    yield cells
        except UNREADABLE as error:
            raise BadArchive(f"{name}: {error}") from None


class RowWriter:
    """Writes a list, so that no spreadsheet takes a cell of it for a formula (SEC-114)."""

    def __init__(self, target: IO[bytes], *heading: str) -> None:
        self._target = target
        if heading:
            self.write(*heading)

    def write(self, *cells: str) -> None:
        """Write one row."""
        line = io.StringIO(newline="")
        csv.writer(line).writerow([f"'{cell}" if cell.startswith(FORMULAS) else cell for cell in cells])
        self._target.write(line.getvalue().encode())
