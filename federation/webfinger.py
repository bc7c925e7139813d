"""Names ↔ actors: what we answer about ours, and how we find others (RFC 7033, AP-120 to AP-127, SEC-036)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote
from xml.sax.saxutils import quoteattr

from federation.budget import Budget
from federation.client import Client
from federation.errors import BadAnswer, BadHandle, Disbelieved
from federation.fetch import Fetcher
from federation.reader import check_status
from federation.response import Response
from vocab import AS, BadIri, JsonError, Object, VocabError, iri, jsontext, mediatype, xmltree

PATH = "/.well-known/webfinger"
HOST_META = "/.well-known/host-meta"
JRD = "application/jrd+json"
XRD = "application/xrd+xml"
XRD_NAME_SPACE = "{http://docs.oasis-open.org/ns/xri/xrd-1.0}"
NOT_FOUND = 404
PROFILE_PAGE = "http://webfinger.net/rel/profile-page"
UPDATES = "http://schemas.google.com/g/2010#updates-from"
AVATAR = "http://webfinger.net/rel/avatar"
SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
JRD_BYTES_MAX = 64 * 1024

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.")
_BARE = re.compile(r"@?[^@/:=?#\s]+@[^@/=?#\s]+")
_ACCT = re.compile(r"acct:@?[^@/]+@[^@/]+", re.IGNORECASE)


def resource_of(values: Sequence[str]) -> str:
    """Return the one resource of a query; BadHandle when there is none, several, or no URI (AP-121)."""
    if len(values) != 1:
        raise BadHandle(" ".join(values), "exactly one resource must be asked for")
    resource = values[0]
    text = unquote(resource)
    if not _SCHEME.match(text) and not _BARE.fullmatch(text):
        raise BadHandle(resource, "the resource is no URI")
    if text.lower().startswith("acct:") and not _ACCT.fullmatch(text):
        raise BadHandle(resource, "the resource is no acct: of the form acct:user@host")
    return resource


def local_name(resource: str, base_url: str) -> str | None:
    """Return the name a resource asks for when it is an ``acct:`` of ours, percent-encoded or not (AP-120)."""
    text = unquote(resource)
    name, _, host = (text[5:] if text[:5].lower() == "acct:" else text).removeprefix("@").rpartition("@")
    if not name or "/" in name or host.lower() != iri.host(base_url):
        return None
    return name


def actor_iri(resource: str, base_url: str) -> str | None:
    """Return the address on our origin that a resource asks for: an actor's id, its page, or the server."""
    address = unquote(resource)
    return address if iri.is_http(address) and iri.same_origin(address, base_url) else None


def jrd(
    *,
    resource: str,
    acct: str,
    actor: str,
    page: str,
    base_url: str,
    rels: Sequence[str] = (),
    instance: bool = False,
    avatar: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Build the answer about one of our actors; ``rels`` filter its links (AP-123, AP-124).

    ``instance`` is for the server's own actor, also found under the server's address (AP-132). ``avatar`` is where
    the actor's picture is, and of which media type if that is known.
    """
    about_server = instance and unquote(resource).rstrip("/") == base_url
    links: list[dict[str, str]] = [{"rel": "self", "type": "application/activity+json", "href": actor}]
    if instance:
        links.append({"rel": f"{AS}#Service", "type": "application/activity+json", "href": actor})
    else:
        links.append({"rel": PROFILE_PAGE, "type": "text/html", "href": page})
        links.append({"rel": UPDATES, "type": "application/atom+xml", "href": f"{actor}/feed.atom"})
        template = f"{base_url}/authorize_interaction?uri={{uri}}"
        links.append({"rel": SUBSCRIBE, "type": "text/html", "template": template})
    if avatar:
        links.append({"rel": AVATAR, **avatar})
    return {
        "subject": f"{base_url}/" if about_server else f"acct:{acct}",
        "aliases": [actor, page],
        "links": [link for link in links if not rels or link["rel"] in rels],
    }


def host_meta(base_url: str) -> str:
    """Build the XRD document that says where WebFinger is (AP-126)."""
    template = quoteattr(f"{base_url}{PATH}?resource={{uri}}")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
        f'<Link rel="lrdd" type="{JRD}" template={template}/></XRD>\n'
    )


def host_meta_json(base_url: str) -> dict[str, Any]:
    """Build the same as JSON."""
    return {"links": [{"rel": "lrdd", "type": JRD, "template": f"{base_url}{PATH}?resource={{uri}}"}]}


@dataclass(frozen=True, slots=True)
class Handle:
    """``user@host``, the host in canonical form."""

    user: str
    host: str

    def __str__(self) -> str:
        return f"{self.user}@{self.host}"


def parse_handle(text: str) -> Handle:
    """Read ``@user@host``, ``user@host`` or ``acct:user@host``; BadHandle otherwise."""
    user, _, host = text.strip().removeprefix("acct:").removeprefix("@").rpartition("@")
    if not user or any(character in user + host for character in "@ /?#\\"):
        raise BadHandle(text, "it is not of the form user@host")
    try:
        origin = iri.origin(f"https://{host}")
    except BadIri:
        raise BadHandle(text, "its host is not one") from None
    return Handle(user, origin.partition("://")[2])


class Finder:
    """Find actors of other servers by their handle, and believe only what both sides say."""

    def __init__(self, client: Client, fetcher: Fetcher, *, scheme: str = "https") -> None:
        self._client = client
        self._fetcher = fetcher
        self._scheme = scheme

    async def lookup(self, text: str, *, budget: Budget | None = None) -> Object:
        """Return the actor of a handle (AP-125).

        The handle's host names the actor. When it answers for a handle on another host, that host is
        asked and must name the same actor. In the end the actor's own name on the host that was asked
        last is confirmed from the actor's side, so nobody claims a name on someone else's host.
        """
        budget = budget or Budget()
        handle = parse_handle(text)
        subject, actor_id = await self._ask(handle, budget)
        if str(subject) != str(handle):
            again, same_id = await self._ask(subject, budget)
            if str(again) != str(subject) or same_id != actor_id:
                raise BadHandle(text, "two hosts do not agree whose it is")
        actor = await self._fetcher.actor(actor_id, budget=budget)
        await self._confirm(text, subject, actor, budget)
        return actor

    async def _confirm(self, text: str, subject: Handle, actor: Object, budget: Budget) -> None:
        name, actor_id = actor.get("preferredUsername"), actor.id or ""
        if not isinstance(name, str) or name.lower() != subject.user.lower():
            raise BadHandle(text, "the actor goes by another name")
        if iri.host(actor_id) != subject.host:
            own, own_id = await self._ask(Handle(name, iri.host(actor_id)), budget)
            if own_id != actor_id or str(own) != str(subject):
                raise BadHandle(text, "the actor's own host does not know that handle")

    async def _ask(self, handle: Handle, budget: Budget) -> tuple[Handle, str]:
        """Ask one host; return the subject it gives and the actor's id."""
        resource = quote(f"acct:{handle}", safe="")
        url = f"{self._scheme}://{handle.host}{PATH}?resource={resource}"
        response = await self._read(url, f"{JRD}, application/json", budget)
        if response.status == NOT_FOUND:
            url = (await self._template(handle.host, budget)).replace("{uri}", resource)
            response = await self._read(url, f"{JRD}, application/json", budget)
        check_status(response)
        try:
            document = jsontext.loads(response.body)
        except JsonError:
            raise Disbelieved(url, "the answer is no JSON") from None
        if not isinstance(document, dict):
            raise Disbelieved(url, "the answer is no JRD")
        subject = document.get("subject", str(handle))  # it may be left out (RFC 7033 §4.4.1)
        if not isinstance(subject, str):
            raise Disbelieved(url, "the answer's subject is no text")
        found = parse_handle(subject)
        if found.user.lower() == handle.user.lower() and found.host == handle.host:
            found = handle
        return found, _self_link(url, document)

    async def _template(self, host: str, budget: Budget) -> str:
        """Return where a host that does not speak WebFinger itself says that it is spoken for it (AP-127)."""
        url = f"{self._scheme}://{host}{HOST_META}"
        response = await self._read(url, XRD, budget)
        check_status(response)
        try:
            links = xmltree.parse(response.body.decode()).iter(f"{XRD_NAME_SPACE}Link")
            templates = [link.get("template") for link in links if link.get("rel") == "lrdd"]
        except (VocabError, UnicodeDecodeError):
            raise Disbelieved(url, "the answer is no XRD") from None
        asked, scheme = f"{self._scheme}://{host}{PATH}?", f"{self._scheme}://"  # never from https to http
        for template in templates:
            if template is None or template.count("{uri}") != 1 or not iri.is_http(template):
                continue
            if template.startswith(scheme) and not template.startswith(asked):
                return template
        raise BadAnswer(url, "it names nowhere else to ask", NOT_FOUND)

    async def _read(self, url: str, accept: str, budget: Budget) -> Response:
        headers = {"Accept": accept}
        return await self._client.get(url, headers=headers, limit_bytes=JRD_BYTES_MAX, budget=budget)


def _self_link(url: str, document: dict[str, Any]) -> str:
    links = document.get("links")
    for link in links if isinstance(links, list) else []:
        if not isinstance(link, dict) or link.get("rel") != "self":
            continue
        kind, href = link.get("type"), link.get("href")
        if (
            isinstance(kind, str)
            and mediatype.is_activity(kind)
            and isinstance(href, str)
            and iri.is_http(href)
        ):
            return href
    raise Disbelieved(url, "the answer names no actor")
