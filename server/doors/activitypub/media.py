"""Files: POST one to have it stand in the outbox, GET it back (AP-580, AP-581, SEC-020)."""

import hashlib

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from server.auth.bearer import require
from server.auth.requester import onlooker
from server.auth.scopes import WRITE, WRITE_MEDIA
from server.doors.activitypub import answers
from server.doors.activitypub.outbox import once_of, repeated
from server.errors import ProblemError
from server.front import FORM_BYTES_MAX
from server.house import House, house
from server.media import serving
from storage.errors import Full
from storage.files import File
from streams import media
from streams.errors import NotFound
from vocab import Object, dump, parse

PARTS_MAX = 8
PUBLIC = "public, max-age=3600"
"""A file never changes, but who may see it does."""


async def get_media(request: Request) -> Response:
    """Answer with a file, for whoever may read something that shows it."""
    parts = house(request)
    viewer = await onlooker(request)
    found = await parts.store.read(media.find, request.path_params["token"], viewer)
    try:
        return await serving.answer(
            request, parts.media.files.path(found.digest), digest=found.digest, type=found.type,
            cached=PUBLIC if viewer is None else answers.PRIVATE, vary=answers.CREDENTIALS,
        )  # fmt: skip
    except FileNotFoundError:
        raise NotFound(str(request.url)) from None


async def post_media(request: Request) -> Response:
    """Take a file and publish the object that stands for it; 201 with the address of the Create."""
    parts = house(request)
    held = await require(request, WRITE, WRITE_MEDIA)
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise ProblemError(
            415, "must be multipart/form-data", type="unsupported-media-type", field="content-type",
            headers={"Accept-Post": "multipart/form-data"},
        )  # fmt: skip
    parts.rates.take(request, "upload", by=held.actor.iri)
    async with request.form(max_files=PARTS_MAX, max_fields=PARTS_MAX, max_part_size=FORM_BYTES_MAX) as form:
        shell = await _shell(form)
        file = await _take(parts, form)
    once = once_of(request, held.actor.iri, hashlib.sha256(f"{file.digest} {shell.data}".encode()).digest())
    given = None if once is None else await parts.store.read(repeated, once)
    if given is not None:
        return answers.created(request, given.body.encode(), given.location)
    published = await media.upload(parts.ports, held.actor, shell, file, once=once)
    return answers.created(request, dump.dump(published), published.id)


async def _shell(form: FormData) -> Object:
    """Read the object a client describes its file by; one that describes nothing may be left out."""
    given = form.get("object")
    if given is None:
        return Object({})
    text = await given.read(FORM_BYTES_MAX) if isinstance(given, UploadFile) else given.encode()
    return parse(text)


async def _take(parts: House, form: FormData) -> File:
    source = form.get("file")
    if not isinstance(source, UploadFile):
        raise ProblemError(400, "is missing, or has no filename", field="file")
    limit = parts.config.media.bytes_max
    if (source.size or 0) > limit:
        raise ProblemError(413, f"longer than {limit} bytes", type="media-too-large", field="file")
    try:
        return await parts.media.keep(source.file)
    except Full:
        raise ProblemError(507, "no room left for files", headers={"Retry-After": "60"}) from None
