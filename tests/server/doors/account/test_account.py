"""A member's own page."""

import secrets
from collections.abc import Iterator

import pytest
from member import PASSWORD, Member, form
from program import Program, is_good
from town import Server

NEW_PASSWORD = "an even better one"


@pytest.fixture
def ada(live: Server) -> Iterator[Member]:
    """A new member for each test, signed in."""
    with Member(live, f"m{secrets.token_hex(4)}") as made:
        made.sign_in()
        yield made


def test_it_belongs_to_who_is_signed_in(live: Server, ada: Member) -> None:
    """SEC-014: and is kept by nobody."""
    page = ada.get("/account")
    assert ada.acct in page.text
    assert page.headers["cache-control"] == "private, no-store"
    with Member(live, ada.name, new=False) as stranger:
        sent = stranger.get("/account")
        assert sent.headers["location"] == f"{live.base_url}/login?next=%2Faccount"


def test_applications_are_listed_and_ended(live: Server, ada: Member) -> None:
    """AP-544, SEC-092."""
    app = Program(live, client_name="Reader")
    assert "Reader" not in ada.get("/account").text
    token = app.tokens(ada, scope="read")
    page = ada.get("/account")
    assert "Reader" in page.text
    assert "your inbox" in page.text
    id = page.text.partition('name="consent" value="')[2].partition('"')[0]
    assert ada.submit(page, "/account/applications", consent=id).status_code == 303
    assert not is_good(ada, token["access_token"])
    assert app.refresh(token["refresh_token"]).status_code == 400
    assert "Reader" not in ada.get("/account").text
    assert ada.submit(page, "/account/applications", consent=id).status_code == 404


def test_nobody_ends_what_others_allow(live: Server, ada: Member) -> None:
    """SEC-033."""
    app = Program(live)
    token = app.tokens(ada)["access_token"]
    id = ada.get("/account").text.partition('name="consent" value="')[2].partition('"')[0]
    with Member(live, f"{ada.name}eve") as eve:
        eve.sign_in()
        app.tokens(eve)
        page = eve.get("/account")
        assert eve.submit(page, "/account/applications", consent=id).status_code == 404
        for odd in ("", "x", "-1", "9" * 30, "9" * 5_000, "²"):
            assert eve.submit(page, "/account/applications", consent=odd).status_code in (400, 404)
    assert is_good(ada, token)


def test_changing_the_password_ends_everything_else(live: Server, ada: Member) -> None:
    """SEC-092."""
    app = Program(live)
    tokens, issued = app.tokens(ada), live.cli("token", "issue", ada.name)["access_token"]
    with Member(live, ada.name, new=False) as elsewhere:
        elsewhere.sign_in()
        done = ada.submit(
            ada.get("/account"), "/account/password", password=PASSWORD, new_password=NEW_PASSWORD
        )
        assert done.status_code == 303
        assert ada.get("/account").status_code == 200, "this browser goes on"
        assert elsewhere.get("/account").status_code == 303
        assert elsewhere.sign_in().status_code == 401
        assert elsewhere.sign_in(password=NEW_PASSWORD).status_code == 303
    assert not is_good(ada, tokens["access_token"])
    assert not is_good(ada, issued)
    assert app.refresh(tokens["refresh_token"]).status_code == 400


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"password": "wrong", "new_password": NEW_PASSWORD}, "That is not your present password."),
        ({"password": PASSWORD, "new_password": "short"}, "A password has 8 to 1024 characters."),
        ({"password": PASSWORD, "new_password": "x" * 1_025}, "A password has 8 to 1024 characters."),
    ],
)
def test_a_password_that_stays(ada: Member, given: dict[str, str], told: str) -> None:
    answer = ada.submit(ada.get("/account"), "/account/password", **given)
    assert answer.status_code == 400
    assert told in answer.text
    assert ada.sign_in().status_code == 303


@pytest.mark.parametrize("action", ["/account/applications", "/account/password", "/logout"])
def test_only_our_own_forms_are_obeyed(live: Server, ada: Member, action: str) -> None:
    """SEC-065."""
    Program(live).tokens(ada)
    fields = form(ada.get("/account"), action) | {
        "consent": "1",
        "password": PASSWORD,
        "new_password": NEW_PASSWORD,
    }
    assert ada.browser.post(action, data={**fields, "csrf": "0" * 64}).status_code == 403
    assert ada.browser.post(action, data={**fields, "csrf": "ü"}).status_code == 403
    elsewhere = {"Origin": "https://evil.example"}
    assert ada.browser.post(action, data=fields, headers=elsewhere).status_code == 403
    assert ada.get("/account").status_code == 200


def test_a_new_password_on_the_command_line(live: Server, ada: Member) -> None:
    """SEC-092: from there, too."""
    token = live.cli("token", "issue", ada.name)["access_token"]
    assert is_good(ada, token)
    live.cli("member", "add", ada.name, "--password-stdin", stdin=f"{NEW_PASSWORD}\n")
    assert not is_good(ada, token)
    assert ada.get("/account").status_code == 303


def test_who_is_suspended_is_out_at_once(live: Server, ada: Member) -> None:
    """SEC-092: programs and browsers, without anyone looking for them."""
    token = Program(live).tokens(ada)["access_token"]
    live.cli("actor", "suspend", ada.name)
    assert not is_good(ada, token)
    assert ada.get("/account").status_code == 303
    assert ada.sign_in().status_code == 401
