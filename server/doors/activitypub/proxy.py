"""POST to proxyUrl: read something of another server through ours (AP-570, AP-571). ActivityPub §4.1."""

from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from federation import webfinger
from server.auth.bearer import require
from server.auth.scopes import READ
from server.dispatch import Application
from server.doors.activitypub import answers
from server.errors import ProblemError
from server.house import house
from server.negotiate import ACTIVITY_JSON
from server.screen import check_characters
from streams import ids, policy
from streams.errors import NotFound
from vocab import JsonError, dump, iri, jsontext

ID_CHARS_MAX = 2_048
OURS = frozenset({"activities", "actor", "contexts", "inbox", "objects", "tags", "users"})
"""First segments of those addresses of ours that are documents."""


async def post_proxy(request: Request) -> Response:
    """Answer with the document of an address or a handle, as the token's actor may see it."""
    parts = house(request)
    held = await require(request, READ)
    name = await _asked(request)
    own = webfinger.local_name(name, parts.base_url)
    if own is not None:
        name = ids.actor(parts.base_url, own)
    if ids.is_ours(parts.base_url, name):
        return await _ours(request, name)
    parts.rates.take(request, "read elsewhere", by=held.actor.iri)
    found = await parts.proxy.find(name, held.actor)
    return answers.document(request, dump.dump(found), policy.viewer(held.actor))


async def _asked(request: Request) -> str:
    """Read the id from a form, or from a JSON object for clients that send one."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form(max_files=0, max_fields=8, max_part_size=ID_CHARS_MAX * 4) as form:
            value: object = form.get("id")
    elif kind.endswith("json"):
        value = _member(await request.body())
    else:
        raise ProblemError(
            415, "must be application/x-www-form-urlencoded", type="unsupported-media-type",
            field="content-type", headers={"Accept-Post": "application/x-www-form-urlencoded"},
        )  # fmt: skip
    if not isinstance(value, str) or not 0 < len(value) <= ID_CHARS_MAX:
        raise ProblemError(400, "must be an address or a handle", field="id")
    if "@" not in value and not iri.is_http(value):
        raise ProblemError(400, "must be an address or a handle", field="id")
    return value


def _member(body: bytes) -> object:
    try:
        document = jsontext.loads(body)
    except JsonError:
        raise ProblemError(400, "the body is no JSON") from None
    return document.get("id") if isinstance(document, dict) else None


async def _ours(request: Request, address: str) -> Response:
    """Answer what a GET of one of our own addresses would, with the same token."""
    target = urlsplit(address)
    if target.path[1:].partition("/")[0] not in OURS:
        raise NotFound(address)
    token = [field for field in request.scope["headers"] if field[0] == b"authorization"]
    scope = {
        **request.scope,
        "method": "GET",
        "path": unquote(target.path),
        "raw_path": target.path.encode(),
        "query_string": target.query.encode(),
        "headers": [*token, (b"accept", ACTIVITY_JSON.partition(";")[0].encode())],
    }
    check_characters(scope)
    application: Application = request.app
    return await application.answer(Request(scope))
