"""Who a document is addressed to, and hence who may read it.

Public is not stored here but as ``objects.public``. This is the one place that knows how reading
rights are asked of the database (SEC-032, AP-070): ``READABLE`` is the condition every reader uses.
"""

from collections.abc import Iterable
from typing import cast

from storage.connection import Transaction, Value
from vocab import AUTHENTICATED, PUBLIC, Audience

_FIELDS = {1: "to", 2: "cc", 3: "audience", 4: "bto", 5: "bcc"}

READABLE = (
    "({thing}.public = 1 OR {thing}.owner = :viewer OR EXISTS (SELECT 1 FROM audience addressed"
    " WHERE addressed.object = {thing}.id AND (addressed.recipient IN (:viewer_iri, '{authenticated}')"
    " OR addressed.recipient = (SELECT author.followers FROM actors author WHERE author.id = {thing}.owner)"
    " AND EXISTS (SELECT 1 FROM streams said JOIN follows f ON f.source = said.id AND f.state = 1"
    " JOIN streams told ON told.id = f.target"
    " WHERE said.owner = {thing}.owner AND said.kind = 'outbox' AND told.owner = :viewer AND told.kind = 'inbox')"
    " OR addressed.recipient IN (SELECT lists.iri FROM entries member JOIN streams lists ON lists.id = member.stream"
    " JOIN objects list ON list.id = lists.owner"
    " WHERE member.item = :viewer AND lists.kind = 'collection' AND list.owner = {thing}.owner))))"
).replace("{authenticated}", AUTHENTICATED)
"""SQL condition: the viewer (``:viewer`` row id, ``:viewer_iri``) may read ``{thing}``, a row of objects:
it is public, theirs, names them or everyone who is known (AP-484), or names the followers or another
collection of its owner that has them."""


def readable(thing: str) -> str:
    """Return the condition for one alias of the table ``objects``."""
    return READABLE.replace("{thing}", thing)


async def put(tx: Transaction, object: int, audience: Audience) -> None:
    """Remember whom a document is addressed to; a repeat changes nothing."""
    await put_all(tx, [(object, audience)])


async def put_all(tx: Transaction, addressed: Iterable[tuple[int, Audience]]) -> None:
    """Remember whom documents are addressed to."""
    rows: list[dict[str, Value]] = [
        {"object": object, "recipient": recipient, "field": field}
        for object, audience in addressed
        for field, name in _FIELDS.items()
        for recipient in getattr(audience, name)
        if recipient != PUBLIC
    ]
    if rows:
        await tx.many(
            "INSERT INTO audience (object, recipient, field) VALUES (:object, :recipient, :field)"
            " ON CONFLICT DO NOTHING",
            rows,
        )


async def readdress(tx: Transaction, object: int, audience: Audience) -> None:
    """Replace whom a document is openly addressed to; blind recipients, whom no version names, stay."""
    await tx.run("DELETE FROM audience WHERE object = :object AND field < 4", object=object)
    await put(tx, object, audience)


async def forget(tx: Transaction, object: int) -> None:
    """Forget whom a document was addressed to: what has its name next is not for them."""
    await tx.run("DELETE FROM audience WHERE object = :object", object=object)


async def of(tx: Transaction, object: int) -> list[str]:
    """Return every recipient of a document, the blind ones too, Public apart."""
    rows = await tx.all("SELECT DISTINCT recipient FROM audience WHERE object = :object", object=object)
    return [cast(str, row[0]) for row in rows]


async def may_read(tx: Transaction, object: int, viewer: int | None, viewer_iri: str | None) -> bool:
    """Tell whether a viewer, or with None an anonymous one, may read a document (AP-070)."""
    if viewer is None:
        row = await tx.one("SELECT 1 FROM objects WHERE id = :object AND public = 1", object=object)
    else:
        row = await tx.one(
            f"SELECT 1 FROM objects thing WHERE thing.id = :object AND {readable('thing')}",  # noqa: S608
            object=object, viewer=viewer, viewer_iri=viewer_iri,
        )  # fmt: skip
    return row is not None
