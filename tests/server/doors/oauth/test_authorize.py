"""The authorisation endpoint: whom it asks, whom it sends where, and whom nowhere."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from member import Member, answer, form
from program import CALLBACK, CHALLENGE, Program
from town import Server

NEAR_MISSES = [
    "https://app.example/callback",
    "https://app.example/callback?from=headwater&x=1",
    "https://app.example/callback/?from=headwater",
    "https://app.example/Callback?from=headwater",
    "https://app.example/callback?from=Headwater",
    "https://app.example/callback?from=headwater#",
    "https://app.example/callback?from=headwater#x",
    "https://app.example/callback?from=headwater ",
    "https://app.example/callback?from=headwater\n",
    "https://app.example/a/../callback?from=headwater",
    "https://app.example//callback?from=headwater",
    "https://app.example/%63allback?from=headwater",
    "https://app.example:443/callback?from=headwater",
    "https://APP.example/callback?from=headwater",
    "https://app.example./callback?from=headwater",
    "https://app.example.evil.example/callback?from=headwater",
    "https://app.example@evil.example/callback?from=headwater",
    "https://evil.example/?https://app.example/callback?from=headwater",
    "http://app.example/callback?from=headwater",
    "//app.example/callback?from=headwater",
    "https:\\\\app.example\\callback?from=headwater",
    "javascript:alert(1)",
    "",
]


@pytest.mark.parametrize("uri", NEAR_MISSES)
def test_only_the_registered_address_counts(app: Program, uri: str) -> None:
    """AP-536, SEC-088: anything else is an error page, and nobody is sent anywhere."""
    shown = httpx.get(app.question(redirect_uri=uri))
    assert shown.status_code == 400
    assert "location" not in shown.headers
    assert shown.headers["content-type"].startswith("text/html")
    assert "redirect_uri" in shown.text


@pytest.mark.parametrize("client", [None, "", "nobody", "{base}/oauth/clients/nobody", "ftp://app.example/"])
def test_an_unknown_client_leads_nowhere(app: Program, client: str | None) -> None:
    """AP-536."""
    named = None if client is None else client.format(base=app.server.base_url)
    shown = httpx.get(app.question(client_id=named))
    assert (shown.status_code, "location" in shown.headers) == (400, False)


def test_a_parameter_stands_there_once(app: Program) -> None:
    """RFC 6749 §3.1: two readers could read two different things."""
    assert httpx.get(f"{app.question()}&client_id=x").status_code == 400
    assert httpx.get(f"{app.question()}&state=%ff").status_code == 400


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": CHALLENGE[:-1]}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"scope": "admin everything"}, "invalid_scope"),
        ({"state": "x" * 3_000}, "invalid_request"),
    ],
)
def test_a_known_client_is_told_its_mistakes(app: Program, changed: dict[str, str], error: str) -> None:
    """AP-537: S256 or nothing; every error goes back with ``state`` and ``iss``."""
    sent = httpx.get(app.question(**changed))
    told = answer(sent)
    assert sent.headers["location"].startswith(CALLBACK)
    assert (told["error"], told["iss"]) == (error, app.server.base_url)
    assert "state" in told
    assert "code" not in told


def test_signing_in_leads_back_with_everything(live: Server, app: Program) -> None:
    """AP-538."""
    sent = httpx.get(app.question())
    assert sent.status_code == 303
    there = urlsplit(sent.headers["location"])
    assert sent.headers["location"].startswith(f"{live.base_url}/login?")
    following = parse_qs(there.query)["next"][0]
    assert dict(parse_qs(urlsplit(following).query)) == {
        name: [value] for name, value in app.parameters().items()
    }
    with Member(live, "returning") as member:
        page = member.sign_in(following=following)
        assert page.status_code == 303
        assert member.get(page.headers["location"]).status_code == 200


def test_the_consent_page_says_what_is_asked(app: Program, ada: Member) -> None:
    """AP-538, SEC-090: who asks, for what, in whose name, and where the answer goes."""
    page = ada.ask(app.question(scope="read"))
    for told in ("Test App", ada.acct, "app.example", "your inbox"):
        assert told in page.text
    assert "publish" not in page.text


def test_the_consent_page_cannot_be_framed_or_kept(app: Program, ada: Member) -> None:
    """AP-538, SEC-063, SEC-066: forms may end at this very client and nowhere else."""
    page = ada.ask(app.question())
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert policy.endswith("form-action 'self' https://app.example")
    assert len(page.headers.get_list("content-security-policy")) == 1
    assert page.headers["cache-control"] == "private, no-store"
    assert "access-control-allow-origin" not in page.headers


def test_names_of_programs_are_only_names(live: Server, ada: Member) -> None:
    """SEC-090, SEC-053: markup in a name is text, and nothing in it turns the text around."""
    hostile = Program(live, client_name='<script>alert(1)</script>"><b>')
    assert "<script" not in ada.ask(hostile.question()).text
    assert Program(live, client_name="gnp\u202eA").registration["client_name"] == "gnpA"


def test_yes_gives_a_code_once_asked(app: Program, ada: Member) -> None:
    """AP-538: code, state and iss, behind the parameters the address had."""
    told = ada.decide(app.question())
    assert told.keys() == {"from", "code", "state", "iss"}
    assert told["state"] == "s t&te=1"


@pytest.mark.parametrize("decision", ["deny", "", "maybe"])
def test_anything_but_yes_is_no(app: Program, ada: Member, decision: str) -> None:
    """AP-538."""
    assert ada.decide(app.question(), decision)["error"] == "access_denied"


class TestForgery:
    """SEC-065, SEC-090: only the member's own press of a button on this very page counts."""

    def send(self, ada: Member, fields: dict[str, str], **headers: str) -> httpx.Response:
        return ada.browser.post("/oauth/authorize", data={**fields, "decision": "allow"}, headers=headers)

    def test_get_allows_nothing(self, app: Program, ada: Member) -> None:
        page = ada.ask(f"{app.question()}&decision=allow")
        assert page.status_code == 200
        assert "location" not in page.headers

    def test_without_token(self, app: Program, ada: Member) -> None:
        """AP-538."""
        ada.ask(app.question())
        assert self.send(ada, app.parameters()).status_code == 403

    def test_with_the_token_of_another_form(self, app: Program, ada: Member) -> None:
        ada.ask(app.question())
        token = form(ada.get("/account"), "/account/password")["csrf"]
        assert self.send(ada, {**app.parameters(), "csrf": token}).status_code == 403

    def test_with_the_token_of_another_question(self, app: Program, ada: Member) -> None:
        fields = form(ada.ask(app.question(scope="read")), "/oauth/authorize")
        assert self.send(ada, {**fields, "scope": "read write"}).status_code == 403
        assert self.send(ada, fields).status_code == 303

    def test_with_the_token_of_another_browser(self, live: Server, app: Program, ada: Member) -> None:
        with Member(live, "mallory") as mallory:
            fields = form(mallory.ask(app.question()), "/oauth/authorize")
        ada.ask(app.question())
        assert self.send(ada, fields).status_code == 403

    @pytest.mark.parametrize(
        "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
    )
    def test_from_another_site(self, app: Program, ada: Member, headers: dict[str, str]) -> None:
        fields = form(ada.ask(app.question()), "/oauth/authorize")
        assert self.send(ada, fields, **headers).status_code == 403

    def test_signed_out_meanwhile(self, live: Server, app: Program) -> None:
        with Member(live, "leaver") as member:
            fields = form(member.ask(app.question()), "/oauth/authorize")
            member.browser.cookies.clear()
            sent = self.send(member, fields)
        assert sent.headers["location"].startswith(f"{live.base_url}/login?")


def test_someone_else_signs_in_and_is_asked(live: Server, app: Program) -> None:
    """AP-538: signing out on the consent page leads back to the same question."""
    with Member(live, "first") as browser, Member(live, "second") as second:
        page = browser.ask(app.question())
        out = browser.submit(page, "/logout")
        assert out.headers["location"] == app.question()
        browser.name = second.name
        assert second.acct in browser.ask(out.headers["location"]).text


def test_the_only_address_need_not_be_named(live: Server, ada: Member) -> None:
    """RFC 6749 §3.1.2.3; with two it must be."""
    one = Program(live)
    code = one.code(ada, redirect_uri=None)
    assert one.exchange(code=code, redirect_uri=None).status_code == 200
    two = Program(live, redirect_uris=[CALLBACK, "https://app.example/"])
    assert httpx.get(two.question(redirect_uri=None)).status_code == 400


@pytest.mark.parametrize(
    ("registered", "asked"),
    [
        ("http://127.0.0.1/cb", "http://127.0.0.1:51234/cb"),
        ("http://127.0.0.1:80/cb?x=1", "http://127.0.0.1:51234/cb?x=1"),
        ("http://[::1]:3000/cb", "http://[::1]:4000/cb"),
        ("http://localhost/cb", "http://localhost:3000/cb"),
        ("com.example.app:/cb", "com.example.app:/cb"),
    ],
)
def test_native_applications(live: Server, ada: Member, registered: str, asked: str) -> None:
    """AP-536: on loopback the port is free (RFC 8252 §7.3)."""
    app = Program(live, redirect_uris=[registered])
    page = ada.ask(app.question(redirect_uri=asked))
    sent = ada.submit(page, "/oauth/authorize", decision="allow")
    assert sent.headers["location"].startswith(asked)
    code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
    assert app.exchange(code=code, redirect_uri=f"{asked}x").json()["error"] == "invalid_grant"
    assert app.exchange(code=code, redirect_uri=asked).status_code == 200
    assert "form-action 'self' " in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "asked",
    ["http://127.0.0.1:0/cb", "http://127.0.0.1:99999/cb", "http://127.0.0.1:1/cb2", "http://localhost:1/cb"],
)
def test_only_the_port_is_free(live: Server, asked: str) -> None:
    """AP-536."""
    app = Program(live, redirect_uris=["http://127.0.0.1/cb"])
    assert httpx.get(app.question(redirect_uri=asked)).status_code == 400


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["state", "scope", "client_id", "redirect_uri", "x"]), st.text(max_size=50)
    )
)
def test_no_question_is_too_odd(app: Program, changed: dict[str, str]) -> None:
    """SEC-055: whatever is asked, the answer is an answer."""
    try:
        sent = httpx.get(app.question(**changed))
    except (UnicodeEncodeError, httpx.InvalidURL):
        return
    assert sent.status_code in (303, 400)
    if sent.status_code == 303:
        assert sent.headers["location"].startswith((CALLBACK, app.server.base_url))
