"""Reading the stream of a server, with a password or without."""

from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, fromstring

import httpx
from member import PASSWORD
from town import Person, Server

ATOM = "{http://www.w3.org/2005/Atom}"
GENERAL = "{http://streams.atlassian.com/syndication/general/1.0}"


def reader(server: Server, name: str, *flags: str) -> Person:
    """Return someone who has a password and a token."""
    person = Person(server, name, *flags)
    server.cli("member", "add", name, "--password-stdin", stdin=f"{PASSWORD}\n")
    return person


def get(
    server: Server, *parameters: tuple[str, str], path: str = "/activity", who: str = "", **options: Any
) -> httpx.Response:
    """Read the stream, as a member by their password."""
    query = urlencode(parameters)
    address = f"{server.base_url}{path}{'?' if query else ''}{query}"
    return httpx.get(address, auth=(who, PASSWORD) if who else None, timeout=30, **options)


def feed(answer: httpx.Response) -> Element:
    assert answer.status_code == 200, answer.text
    return fromstring(answer.content)


def ids(answer: httpx.Response) -> list[str]:
    return [one.findtext(f"{ATOM}id") or "" for one in feed(answer).findall(f"{ATOM}entry")]


def links(root: Element, rel: str) -> list[str]:
    return [one.get("href") or "" for one in root.findall(f"{ATOM}link") if one.get("rel") == rel]
