"""Files that programs of a tenant uploaded: whose they are, what they are called, what they were made of.

Each is a row of ``storage.media``, which the row that owns the tenant's feeds owns and shows.
"""

from dataclasses import dataclass
from typing import cast

from storage import media
from storage.connection import Row, Transaction
from storage.files import File


@dataclass(frozen=True, slots=True)
class Origin:
    """What a picture was made of: the row id of another one, and how."""

    source: int
    operation: str


@dataclass(frozen=True, slots=True)
class Upload:
    """One file. ``id`` is its row in ``media``, ``user`` is empty when a server brought it for nobody.

    Its size is in bytes; that of a picture also in pixels.
    """

    id: int
    token: str
    tenant: int
    user: str
    name: str
    digest: str
    type: str
    bytes: int
    width: int | None
    height: int | None


_UPLOAD = (
    "SELECT m.id, m.token, u.tenant, u.username, u.name, m.digest, m.type, m.bytes, m.width, m.height"
    " FROM uploads u JOIN media m ON m.id = u.media"
)


def _upload(row: Row | None) -> Upload | None:
    return None if row is None else Upload(*row)  # type: ignore[arg-type]


async def put(
    tx: Transaction,
    file: File,
    *,
    token: str,
    tenant: int,
    owner: int,
    user: str,
    name: str,
    now: int,
    origin: Origin | None = None,
) -> Upload:
    """Note a file that is in its place already; ``owner`` is the row that owns the tenant's feeds.

    One made of the same picture in the same way takes the place of this one, and is returned.
    """
    row = await media.put(tx, file, token=token, owner=owner, now=now)
    noted = await tx.run(
        "INSERT INTO uploads (media, tenant, username, name, source, operation)"
        " VALUES (:media, :tenant, :user, :name, :source, :operation) ON CONFLICT (source, operation) DO NOTHING",
        media=row.id, tenant=tenant, user=user, name=name,
        source=origin.source if origin else None, operation=origin.operation if origin else None,
    )  # fmt: skip
    if not noted and origin is not None and (known := await made_of(tx, origin)) is not None:
        await tx.run("DELETE FROM media WHERE id = :id", id=row.id)
        return known
    await media.attach_to(tx, row.id, owner)
    return Upload(
        row.id, token, tenant, user, name, file.digest, file.type, file.bytes, file.width, file.height
    )  # fmt: skip


async def find(tx: Transaction, token: str) -> Upload | None:
    """Find a file by the token in its address, whosever it is. One statement."""
    return _upload(await tx.one(f"{_UPLOAD} WHERE m.token = :token", token=token))


async def made_of(tx: Transaction, origin: Origin) -> Upload | None:
    """Find what was made of a picture in some way. One statement."""
    return _upload(
        await tx.one(
            f"{_UPLOAD} WHERE u.source = :source AND u.operation = :operation",
            source=origin.source, operation=origin.operation,
        )
    )  # fmt: skip


async def count_made_of(tx: Transaction, source: int) -> int:
    """Return how many were made of a picture. One statement."""
    row = await tx.one("SELECT count(*) FROM uploads WHERE source = :source", source=source)
    return cast(int, row[0]) if row else 0


async def drop(tx: Transaction, id: int) -> None:
    """Forget a file and all that was made of it; their bytes are cleared away later."""
    await tx.run(
        "DELETE FROM media WHERE id IN (WITH RECURSIVE made (id) AS (SELECT CAST(:id AS BIGINT)"
        " UNION SELECT u.media FROM uploads u JOIN made ON u.source = made.id) SELECT id FROM made)",
        id=id,
    )
