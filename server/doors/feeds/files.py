"""Files and images: brought, changed, deleted, and shown to everyone who has their address (Feeds §7.5)."""

from io import BytesIO
from typing import IO, Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from server.auth.feeds import policy
from server.auth.feeds.policy import Operation
from server.doors.feeds.call import Call
from server.doors.feeds.door import API, Operations
from server.errors import ProblemError
from server.front import FORM_BYTES_MAX
from server.house import House, house
from server.media import MediaError, Unknown, opaque, serving
from server.pictures import TYPES, Shape, Undecodable, plan
from storage import uploads as rows
from storage.errors import Full
from storage.files import File
from storage.uploads import Origin, Upload
from streams.errors import NotFound
from streams.feeds import uploads
from vocab.errors import BadFields, TooLarge

PARTS_MAX = 8
CACHED = "public, max-age=3600"
"""A file never changes, but it may be deleted."""
SERVED = "/media/{token}/{name}"


async def bring_file(call: Call) -> dict[str, Any]:
    """Take a file of any kind; what a browser could run is saved by whoever asks for it, never shown."""
    return await _bring(call, pictures=False)


async def bring_image(call: Call) -> dict[str, Any]:
    """Take a picture."""
    return await _bring(call, pictures=True)


async def _bring(call: Call, *, pictures: bool) -> dict[str, Any]:
    call.require(policy.UPLOAD_FILE)
    call.pace("upload")
    if not call.request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise BadFields({"file": ["must be a part of multipart/form-data"]})
    async with call.request.form(
        max_files=PARTS_MAX, max_fields=PARTS_MAX, max_part_size=FORM_BYTES_MAX
    ) as form:
        part = form.get("file")
        if not isinstance(part, UploadFile):
            raise BadFields({"file": ["is missing, or has no filename"]})
        limit = call.house.config.media.bytes_max
        if (part.size or 0) > limit:
            raise TooLarge(part.size or 0, limit)
        file = await _take(call.house, part.file, pictures=pictures)
        return await _kept(call, file, user=call.user, name=uploads.named(part.filename or ""))


async def _take(parts: House, source: IO[bytes], *, pictures: bool) -> File:
    """Take a file in. Raises BadFields for what is not taken: where it is to be a picture, what is none."""
    try:
        file = await parts.media.keep(source, anything=not pictures)
    except Unknown as error:
        source.seek(0)
        raise _unsupported(opaque.marked(memoryview(source.read(opaque.SAMPLE_BYTES)))) from error
    except MediaError as error:
        raise BadFields({"file": [str(error)]}) from error
    except Full:
        raise ProblemError(507, "no room left for files", headers={"Retry-After": "60"}) from None
    if pictures and file.type not in TYPES:
        raise _unsupported(file.type)
    return file


def _unsupported(type: str) -> BadFields:
    """Return the refusal of what is no picture: which type its first bytes say it has (Feeds §7.5)."""
    reason = f"File type {type} is not supported"
    return BadFields({"file": [reason]}, detail=reason)


async def _kept(
    call: Call, file: File, *, user: str, name: str, origin: Origin | None = None
) -> dict[str, Any]:
    kept = await uploads.keep(call.house.feeds, call.tenant, file, user=user, name=name, origin=origin)
    return _told(call, kept)


def _told(call: Call, upload: Upload) -> dict[str, Any]:
    return {"file": uploads.address(call.house.base_url, upload)}


async def _found(call: Call, url: str, operation: Operation) -> Upload:
    """Return the file at an address, if the caller may do something with it."""
    call.claim(operation)
    if not url:
        raise BadFields({"url": ["this field is required"]})
    found = await uploads.find(call.house.feeds, call.tenant, url)
    call.require(operation, owner=found.user)
    return found


async def delete(call: Call) -> dict[str, Any]:
    """Delete the file at ``url``, and every picture that was made of it."""
    found = await _found(call, call.query.text("url"), policy.DELETE_FILE)
    await call.store.write(rows.drop, found.id)
    return {}


async def change(call: Call) -> dict[str, Any]:
    """Make another picture of the one at ``url``: ``w``, ``h``, ``resize``, ``crop``."""
    query = call.query
    shape = Shape.read(
        w=query.text("w"), h=query.text("h"), resize=query.text("resize"), crop=query.items("crop")
    )
    source = await _found(call, query.text("url"), policy.PROCESS_FILE)
    if source.type not in TYPES or source.width is None or source.height is None:
        raise BadFields({"url": [f"is {source.type} and no picture"]})
    if not shape.changes:
        return _told(call, source)
    planned = plan((source.width, source.height), shape)
    origin = Origin(source.id, str(shape))
    known = await call.store.peek(rows.made_of, origin)
    if known is not None:
        return _told(call, known)
    call.pace("upload")
    path = call.house.media.files.path(source.digest)
    try:
        made = await call.house.studio.make(path, source.type, planned)
    except Undecodable as error:
        raise BadFields({"url": [str(error)]}) from error
    if len(made) > call.house.config.media.bytes_max:
        raise BadFields({"url": ["would be larger than files may be"]})
    file = await _take(call.house, BytesIO(made), pictures=True)
    return await _kept(call, file, user=source.user, name=source.name, origin=origin)


async def refresh(call: Call) -> dict[str, Any]:
    """Tell the address of a file anew. Ours do not expire, but SDKs ask."""
    body = await call.json()
    url = body.get("url") if isinstance(body, dict) else None
    found = await _found(call, url if isinstance(url, str) else "", policy.PROCESS_FILE)
    return {"url": uploads.address(call.house.base_url, found)}


async def serve(request: Request) -> Response:
    """Answer with a file to whoever has its address."""
    parts, names = house(request), request.path_params
    found = await parts.store.peek(rows.find, names["token"])
    if found is None or found.name != names["name"]:
        raise NotFound(str(request.url))
    try:
        return await serving.answer(
            request, parts.media.files.path(found.digest), digest=found.digest, type=found.type, cached=CACHED,
            name=found.name,
        )  # fmt: skip
    except FileNotFoundError:
        raise NotFound(str(request.url)) from None


OPERATIONS: Operations = (
    (f"{API}files/", {"POST": bring_file, "DELETE": delete}),
    (f"{API}images/", {"POST": bring_image, "DELETE": delete, "GET": change}),
    (f"{API}files/refresh/", {"POST": refresh}),
    (f"{API}images/refresh/", {"POST": refresh}),
)
