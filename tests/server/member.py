"""A member at a browser without scripts: reads pages, fills in forms, follows where they lead."""

from html.parser import HTMLParser
from typing import Any, Self
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
from town import Server

PASSWORD = "correct horse battery"


class Forms(HTMLParser):
    """The forms of a page: where each goes and what its fields hold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given["action"], {}))
        elif tag in ("input", "button") and self.found and "name" in given:
            fields = self.found[-1][1]
            if tag == "input":
                fields[given["name"]] = given.get("value", "")


def form(page: httpx.Response, action: str, *, nth: int = 0) -> dict[str, str]:
    """Return the fields of the form on a page that goes to an address."""
    return [fields for to, fields in Forms(page.text).found if to == action][nth]


def answer(response: httpx.Response) -> dict[str, str]:
    """Return the parameters of the address a response leads to."""
    assert response.status_code == 303, response.text
    return dict(parse_qsl(urlsplit(response.headers["location"]).query, strict_parsing=True))


class Member:
    """Someone with an account and a password, at a browser of their own."""

    def __init__(self, server: Server, name: str, *, new: bool = True) -> None:
        self.server, self.name = server, name
        if new:
            made = server.cli("actor", "add", name, "--password-stdin", stdin=f"{PASSWORD}\n")
            self.id, self.acct = made["id"], made["acct"]
        self.browser = httpx.Client(base_url=server.base_url, headers={"Accept": "text/html"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.browser.close()

    def get(self, path: str, **parameters: Any) -> httpx.Response:
        return self.browser.get(path, **parameters)

    def submit(self, page: httpx.Response, action: str, **fields: str) -> httpx.Response:
        """Send the form of a page, with some fields filled in."""
        return self.browser.post(
            action, data={**form(page, action), **fields}, headers={"Origin": self.server.base_url}
        )

    def sign_in(self, password: str = PASSWORD, following: str = "/account") -> httpx.Response:
        page = self.get("/login", params={"next": following})
        return self.submit(page, "/login", username=self.name, password=password)

    def ask(self, url: str) -> httpx.Response:
        """Follow a client's link to the consent page, signing in on the way if need be."""
        page = self.browser.get(url)
        if page.status_code == 303 and "/login?" in page.headers["location"]:
            page = self.browser.get(page.headers["location"])
            page = self.submit(page, "/login", username=self.name, password=PASSWORD)
            assert page.status_code == 303, page.text
            page = self.browser.get(urljoin(url, page.headers["location"]))
        return page

    def decide(self, url: str, decision: str = "allow") -> dict[str, str]:
        """Answer a client's question and return what the client is told."""
        page = self.ask(url)
        assert page.status_code == 200, page.text
        return answer(self.submit(page, "/oauth/authorize", decision=decision))
