"""Files of a tenant: kept for as long as nobody deletes them, at addresses that cannot be guessed (Feeds §7.5)."""

from urllib.parse import quote, unquote, urlencode

from storage import Transaction, uploads
from storage.files import File
from storage.tenants import Tenant
from storage.uploads import Origin, Upload
from streams import ids
from streams.errors import NotFound, Refused
from streams.feeds.space import Feeds, Space

NAME_CHARS_MAX = 150
"""Of a file's name no more is kept; what is cut is its beginning, so that its ending stays."""
NAMELESS = "file"
MADE_MAX = 100
"""So many pictures are made of one."""


async def keep(
    parts: Feeds, tenant: Tenant, file: File, *, user: str, name: str, origin: Origin | None = None
) -> Upload:
    """Note a file that is in its place already, brought by a user, or with an empty one by a server.

    Raises Refused when as many pictures were made of its ``origin`` as are kept.
    """
    now = parts.clock()
    space, token = await parts.space(tenant), ids.token(now)
    return await parts.store.write(
        _keep, space, file, token=token, user=user, name=name, origin=origin, now=now
    )


async def _keep(
    tx: Transaction,
    space: Space,
    file: File,
    *,
    token: str,
    user: str,
    name: str,
    origin: Origin | None,
    now: int,
) -> Upload:
    owner = await space.owner(tx, now=now)
    if origin is not None and await uploads.count_made_of(tx, origin.source) >= MADE_MAX:
        raise Refused("url", f"is a picture of which {MADE_MAX} others were made")
    return await uploads.put(
        tx,
        file,
        token=token,
        tenant=space.tenant.id,
        owner=owner,
        user=user,
        name=name,
        now=now,
        origin=origin,
    )


async def find(parts: Feeds, tenant: Tenant, url: str) -> Upload:
    """Return the file at an address. Raises NotFound when no file of this tenant is there (SEC-102)."""
    token, name = _read(parts.base_url, url)
    found = await parts.store.peek(uploads.find, token)
    if found is None or found.tenant != tenant.id or found.name != name:
        raise NotFound(url)
    return found


def address(base_url: str, upload: Upload) -> str:
    """Return where anyone finds a file: its own name comes last, and what is known of it behind that.

    The query is told for whoever lays a page out before the file is there; the address is good without it.
    """
    facts: dict[str, str | int] = {"type": upload.type.partition(";")[0], "bytes": upload.bytes}
    if upload.width is not None and upload.height is not None:
        facts |= {"width": upload.width, "height": upload.height}
    return f"{ids.media(base_url, upload.token)}/{quote(upload.name, safe='')}?{urlencode(facts)}"


def named(given: str) -> str:
    """Return the name that a file keeps of the one it came with: the last part of a path, on any system."""
    last = given.replace("\\", "/").rpartition("/")[2]
    name = "".join(character for character in last if character.isprintable())[-NAME_CHARS_MAX:].strip()
    return name if name.strip(".") else NAMELESS


def _read(base_url: str, url: str) -> tuple[str, str]:
    """Return the token and the name in an address; two empty texts when it is none of ours."""
    path = url.partition("#")[0].partition("?")[0]
    token, _, name = path.removeprefix(ids.media(base_url, "")).partition("/")
    ours = ids.is_ours(base_url, path) and ids.media_tokens(path) == [token]
    return (token, unquote(name)) if ours else ("", "")
