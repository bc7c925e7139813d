"""What is stricter where the public origin is https."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from member import PASSWORD, Forms
from program import CALLBACK, CHALLENGE
from town import Server, Town

ORIGIN = "https://a.example"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A browser behind the proxy of a server in production."""
    town = Town(tmp_path_factory.mktemp("production"))
    server: Server = town.server(HEADWATER_SERVER_BASE_URL=ORIGIN)
    server.cli("actor", "add", "ada", "--password-stdin", stdin=f"{PASSWORD}\n")
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", headers={"Host": "a.example"}) as client:
        yield client
    server.kill()


def sign_in(browser: httpx.Client) -> httpx.Response:
    """Sign in, handing the cookie back by hand: it must not travel over plain http."""
    page = browser.get("/login")
    cookie = page.headers["set-cookie"].partition(";")[0]
    _, fields = Forms(page.text).found[0]
    return browser.post(
        "/login", data={**fields, "username": "ada", "password": PASSWORD},
        headers={"Cookie": cookie, "Origin": ORIGIN},
    )  # fmt: skip


def test_the_cookie_is_for_this_host_and_for_tls(browser: httpx.Client) -> None:
    """SEC-065."""
    answer = sign_in(browser)
    assert answer.headers["location"] == f"{ORIGIN}/account"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-headwater=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "domain" not in cookie.lower()
    account = browser.get("/account", headers={"Cookie": cookie.partition(";")[0]})
    assert "ada@a.example" in account.text
    plain = cookie.partition(";")[0].removeprefix("__Host-")
    assert browser.get("/account", headers={"Cookie": plain}).status_code == 303


@pytest.mark.parametrize(
    "client",
    ["http://app.example/client", "http://127.0.0.1:8000/client", "https://127.0.0.1/client", "https://localhost/c",
     "https://[::1]/c", f"{ORIGIN}/users/ada", "https://user@app.example/"],
)  # fmt: skip
def test_a_client_is_asked_about_itself_over_tls_and_outside_alone(
    browser: httpx.Client, client: str
) -> None:
    """AP-534, AP-535, SEC-041."""
    asked: dict[str, Any] = {
        "response_type": "code", "client_id": client, "redirect_uri": CALLBACK, "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }  # fmt: skip
    assert browser.get("/oauth/authorize", params=asked).status_code == 400


def test_registering_is_limited(browser: httpx.Client) -> None:
    """SEC-062, AP-606."""
    body = {"redirect_uris": [CALLBACK], "client_name": "x"}
    answers = [browser.post("/oauth/register", json=body) for _ in range(25)]
    assert {answer.status_code for answer in answers} == {201, 429}
    assert int(answers[-1].headers["retry-after"]) > 0
