"""What a server says it is: ours, by the published schemas, and theirs, to look at only (AP-135 to AP-139)."""

from dataclasses import dataclass
from importlib.metadata import version as installed_version
from typing import Any

from federation.budget import Budget
from federation.client import Client
from federation.errors import Disbelieved
from federation.reader import check_status
from vocab import AS, JsonError, iri, jsontext

SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"
VERSIONS = ("2.1", "2.0")
SOFTWARE = "headwater"
DOCUMENT_BYTES_MAX = 64 * 1024


def links(base_url: str, instance_actor: str) -> dict[str, Any]:
    """Build the document that says where the others are, and which actor is the server's own (AP-138)."""
    found = [{"rel": f"{SCHEMA}{version}", "href": f"{base_url}/nodeinfo/{version}"} for version in VERSIONS]
    return {"links": [*found, {"rel": f"{AS}#Application", "href": instance_actor}]}


def document(version: str, *, users: int, posts: int) -> dict[str, Any]:
    """Build the document of a version of the schema; nothing the schema does not know (AP-136, AP-137)."""
    return {
        "version": version,
        "software": {"name": SOFTWARE, "version": installed_version(SOFTWARE)},
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": ["atom1.0", "rss2.0"]},
        "openRegistrations": False,
        "usage": {"users": {"total": users}, "localPosts": posts},
        "metadata": {},
    }


def compact(base_url: str, *, users: int, posts: int) -> dict[str, Any]:
    """Build the one document that NodeInfo2 1.0 wants at a fixed address (AP-141)."""
    known = document("2.1", users=users, posts=posts)
    server = {"baseUrl": f"{base_url}/", "name": iri.host(base_url), "software": SOFTWARE}
    return {
        "version": "1.0",
        "server": {**server, "version": known["software"]["version"]},
        **{member: known[member] for member in ("protocols", "services", "openRegistrations", "usage")},
    }


@dataclass(frozen=True, slots=True)
class NodeInfo:
    """What another server says it runs. Never a reason to behave differently (AP-139)."""

    software: str
    version: str


async def read(client: Client, origin: str) -> NodeInfo:
    """Ask another server what it is."""
    budget = Budget()
    index = await _json(client, f"{origin}/.well-known/nodeinfo", budget)
    named = index.get("links")
    known = [link for link in named if isinstance(link, dict)] if isinstance(named, list) else []
    hrefs = {str(link.get("rel")): link.get("href") for link in known}
    href = next((hrefs[f"{SCHEMA}{v}"] for v in VERSIONS if f"{SCHEMA}{v}" in hrefs), None)
    if not isinstance(href, str) or not iri.same_origin(href, origin):
        raise Disbelieved(origin, "it names no NodeInfo document of its own")
    software = (await _json(client, href, budget)).get("software")
    if not isinstance(software, dict):
        raise Disbelieved(href, "it does not say what it runs")
    return NodeInfo(str(software.get("name", ""))[:256], str(software.get("version", ""))[:256])


async def _json(client: Client, url: str, budget: Budget) -> dict[str, Any]:
    headers = {"Accept": "application/json"}
    response = await client.get(url, headers=headers, limit_bytes=DOCUMENT_BYTES_MAX, budget=budget)
    check_status(response)
    try:
        found = jsontext.loads(response.body)
    except JsonError:
        raise Disbelieved(url, "the answer is no JSON") from None
    if not isinstance(found, dict):
        raise Disbelieved(url, "the answer is no object")
    return found
