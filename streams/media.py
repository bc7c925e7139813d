"""Uploaded files: the objects that stand for them, and who may see them (AP-580, SEC-098)."""

from typing import Any

from storage import Transaction, media, objects
from storage.actors import ActorRow
from storage.entries import Viewer
from storage.files import File
from storage.media import Media
from streams import ids, policy
from streams.errors import Hidden, NotFound, Refused
from streams.ports import Ports
from streams.publish import Once, publish
from vocab import Activity, Object
from vocab.multikey import encode_bytes

SHA2_256 = bytes((0x12, 32))
"""What a SHA-256 begins with as a multihash."""


async def upload(
    ports: Ports, actor: ActorRow, shell: Object, file: File, *, once: Once | None = None
) -> Activity:
    """Publish the object that stands for a file and return its Create, as ``publish`` does.

    ``shell`` is that object as far as the client describes it, or a Create with it inside. Until it is
    published the file is seen by its owner alone, and forgotten when that never happens.
    """
    now = ports.clock()
    token = ids.token(now)
    sent = finished(shell, file, ids.media(ports.base_url, token))
    await ports.store.write(media.put, file, token=token, owner=actor.id, now=now)
    return await publish(ports, actor, sent, once=once)


def finished(shell: Object, file: File, address: str) -> Object:
    """Return what a client sent with what only the server knows of the file."""
    if not shell.is_activity:
        return Object({**_typed(shell, file).data, **_facts(file, address)})
    things = shell.embedded("object")
    if not shell.is_a("Create") or len(things) != 1:
        raise Refused("object", "must be one object, or a Create of one")
    return shell.with_(object=finished(things[0], file, address).data)


def _typed(shell: Object, file: File) -> Object:
    """Name an untyped object by its kind of file: Image, Audio or Video."""
    return shell if shell.types else shell.with_(type=file.type.partition("/")[0].capitalize())


def _facts(file: File, address: str) -> dict[str, Any]:
    size = {} if file.width is None or file.height is None else {"width": file.width, "height": file.height}
    return {
        "mediaType": file.type,
        **size,
        "digestMultibase": encode_bytes(SHA2_256 + bytes.fromhex(file.digest)),
        "url": {"type": "Link", "href": address, "mediaType": file.type, **size},
    }


async def find(tx: Transaction, token: str, viewer: Viewer | None) -> Media:
    """Return a file for a reader who may read something that shows it, or who owns it. Raises NotFound."""
    found = await media.find(tx, token)
    if found is None:
        raise NotFound(token)
    if viewer is not None and viewer.id == found.owner:
        return found
    for id in await media.shown_by(tx, found.id):
        thing = await objects.by_id(tx, id)
        if thing is not None and await policy.may_read(tx, thing, viewer):
            return found
    raise Hidden(token)
