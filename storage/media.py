"""What people of ours uploaded: whose it is, what kind of file, and which things show it (AP-580).

The bytes lie in ``storage.files`` under their digest; several rows may share one file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from storage.connection import Row, Transaction
from storage.files import File
from storage.ids import next_id

_COLUMNS = "id, token, owner, digest, type, bytes, width, height, created"


@dataclass(frozen=True, slots=True)
class Media:
    """One uploaded file; ``owner`` is the row id of the actor it belongs to, ``width`` and ``height`` are pixels."""

    id: int
    token: str
    owner: int
    digest: str
    type: str
    bytes: int
    width: int | None
    height: int | None
    created: int


def _media(row: Row | None) -> Media | None:
    return None if row is None else Media(*row)  # type: ignore[arg-type]


async def put(tx: Transaction, file: File, *, token: str, owner: int, now: int) -> Media:
    """Note a file that is in its place already. Nobody but its owner sees it until something shows it."""
    made = Media(
        next_id(), token, owner, file.digest, file.type, file.bytes, file.width, file.height, now
    )  # fmt: skip
    await tx.run(
        f"INSERT INTO media ({_COLUMNS})"  # noqa: S608
        " VALUES (:id, :token, :owner, :digest, :type, :bytes, :width, :height, :created)",
        id=made.id, token=token, owner=owner, digest=made.digest, type=made.type, bytes=made.bytes,
        width=made.width, height=made.height, created=now,
    )  # fmt: skip
    return made


async def find(tx: Transaction, token: str) -> Media | None:
    """Find a file by the token in its address."""
    return _media(await tx.one(f"SELECT {_COLUMNS} FROM media WHERE token = :token", token=token))  # noqa: S608


async def of_owner(tx: Transaction, owner: int, *, after: int = 0, limit: int = 100) -> list[Media]:
    """Return an actor's files that something shows, in the order they came, some at a time."""
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM media WHERE owner = :owner AND id > :after"  # noqa: S608
        " AND EXISTS (SELECT 1 FROM media_uses WHERE media = media.id) ORDER BY id LIMIT :limit",
        owner=owner, after=after, limit=limit,
    )  # fmt: skip
    return [Media(*row) for row in rows]  # type: ignore[arg-type]


async def attach(tx: Transaction, object: int, tokens: Iterable[str]) -> None:
    """Let a thing show files of its owner's; to other people's it gives nobody a right (SEC-098)."""
    await tx.many(
        "INSERT INTO media_uses (media, object) SELECT m.id, o.id FROM media m JOIN objects o ON o.owner = m.owner"
        " WHERE m.token = :token AND o.id = :object ON CONFLICT DO NOTHING",
        [{"object": object, "token": token} for token in tokens],
    )


async def attach_to(tx: Transaction, media: int, object: int) -> None:
    """Let one thing show one file, whosever it is."""
    await tx.run(
        "INSERT INTO media_uses (media, object) VALUES (:media, :object)", media=media, object=object
    )


async def detach(tx: Transaction, object: int) -> None:
    """Let a thing show no file any more."""
    await tx.run("DELETE FROM media_uses WHERE object = :object", object=object)


async def shown_by(tx: Transaction, media: int) -> list[int]:
    """Return the row ids of the things that show a file."""
    rows = await tx.all("SELECT object FROM media_uses WHERE media = :media ORDER BY object", media=media)
    return [cast(int, row[0]) for row in rows]


async def unknown(tx: Transaction, digests: Iterable[str]) -> list[str]:
    """Return those of some digests that belong to no row (any more)."""
    return [
        digest
        for digest in digests
        if await tx.one("SELECT 1 FROM media WHERE digest = :digest LIMIT 1", digest=digest) is None
    ]
