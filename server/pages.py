"""Pages for people: an actor, a post, an error. Rendered here, readable without JavaScript.

Markup of others is sanitised when it comes in and once more on its way out (SEC-069, SEC-070).
"""

import functools
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from server.house import house
from storage.entries import Entry
from storage.objects import ObjectRow
from vocab import Object, html, stored

HERE = Path(__file__).parent
STATIC = {"headwater.css": "text/css; charset=utf-8", "favicon.svg": "image/svg+xml"}
EXCERPT_CHARS_MAX = 200


def routes() -> list[BaseRoute]:
    """Return the front page and the few files that pages need."""
    return [Route("/", get_home), Route("/static/{name}", get_static)]


async def get_home(request: Request) -> Response:
    """Answer with the page that says what this is."""
    return answer("home.html", host=house(request).host)


async def get_static(request: Request) -> Response:
    """Answer with a file of ours; what is not in the table does not exist (SEC-067)."""
    name = request.path_params["name"]
    if name not in STATIC:
        return answer("error.html", 404, title="Not found", detail="There is no such file.")
    return Response(_file(name), media_type=STATIC[name], headers={"Cache-Control": "public, max-age=86400"})


def answer(template: str, status: int = 200, *, link: str | None = None, **context: Any) -> Response:
    """Answer with a page; ``link`` is the IRI of the document that it shows (AP-065)."""
    headers = {"Vary": "Accept", "Cache-Control": "public, max-age=60" if status == 200 else "no-store"}
    if link is not None:
        headers["Link"] = f'<{link}>; rel="alternate"; type="application/activity+json"'
    if not context.get("post", {}).get("public", True):
        headers |= {"Vary": "Accept, Authorization, Signature", "Cache-Control": "private, no-store"}
    return HTMLResponse(render(template, link=link, **context), status, headers)


def render(template: str, **context: Any) -> str:
    """Fill in a template."""
    return _templates().get_template(template).render(**context)


def post(entry: Entry) -> dict[str, Any] | None:
    """Return what an outbox entry shows on a profile: the public object of it, None when there is none."""
    if entry.object_document is None or not entry.object_public or entry.object_iri is None:
        return None
    return _shown(stored(entry.object_document, entry.object_context), entry.object_iri, public=True)


def post_of(row: ObjectRow) -> dict[str, Any]:
    """Return what the page of an object or activity shows."""
    return _shown(stored(row.document or "{}", row.context), row.iri, public=bool(row.public))


def _shown(thing: Object, iri: str, *, public: bool) -> dict[str, Any]:
    published = thing.instant("published")
    content = thing.text("content") or ""
    return {
        "iri": iri,
        "type": thing.type,
        "public": public,
        "author": next(iter(thing.ids("attributedTo") or thing.ids("actor")), None),
        "name": thing.text("name"),
        "summary": html.plain(thing.text("summary") or ""),
        "content": Markup(html.sanitise(content)),  # noqa: S704 sanitised right here
        "excerpt": html.plain(content)[:EXCERPT_CHARS_MAX],
        "published": published,
        "hidden": thing.get("sensitive") is True,
    }


def _text(data: dict[str, Any], term: str) -> str:
    return Object(data).text(term) or ""


def _sanitised(markup: str) -> Markup:
    return Markup(html.sanitise(markup))  # noqa: S704 sanitised right here


def _web(url: Any) -> str:
    """Return a link that is safe to follow, else a harmless one (SEC-070)."""
    return url if isinstance(url, str) and urlsplit(url).scheme in ("http", "https") else "#"


def _fields(data: dict[str, Any]) -> list[tuple[str, Markup]]:
    """Return the name and value pairs of a profile."""
    rows = [node for node in Object(data).embedded("attachment") if node.is_a("PropertyValue")]
    return [(node.text("name") or "", _sanitised(str(node.get("value") or ""))) for node in rows]


@functools.cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "text": _text, "sanitised": _sanitised, "plain": html.plain, "web": _web, "fields": _fields
    }  # fmt: skip
    return environment


@functools.cache
def _file(name: str) -> bytes:
    return (HERE / "static" / name).read_bytes()
