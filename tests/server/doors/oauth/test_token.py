"""The token endpoint: what is exchanged, and for whom it is not."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from member import Member
from member import answer as answered
from program import CALLBACK, VERIFIER, Program, is_good
from town import AS2, Server


def error(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()["error"]


def test_the_answer(app: Program, ada: Member) -> None:
    """AP-540."""
    answer = app.exchange(code=app.code(ada, scope="write unheard-of read"))
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert told["token_type"] == "Bearer"
    assert told["expires_in"] > 0
    assert told["scope"] == "write read", "unknown scopes are ignored, the granted set is told (AP-542)"
    assert told["activitypub_actor_id"] == told["me"] == ada.id
    assert is_good(ada, told["access_token"])


def test_a_code_is_good_once_and_its_second_use_ends_everything(app: Program, ada: Member) -> None:
    """AP-539, SEC-089."""
    code = app.code(ada)
    told = app.exchange(code=code).json()
    assert is_good(ada, told["access_token"])
    assert error(app.exchange(code=code)) == (400, "invalid_grant")
    assert not is_good(ada, told["access_token"])
    assert error(app.refresh(told["refresh_token"])) == (400, "invalid_grant")


def test_a_public_client_need_not_be_named_to_refresh(live: Server, app: Program, ada: Member) -> None:
    """AP-540, RFC 6749 §6: the token says whose it is; one of a client with a secret is worth nothing without that."""
    told = app.tokens(ada)
    renewed = app.exchange(
        grant_type="refresh_token",
        refresh_token=told["refresh_token"],
        client_id=None,
        redirect_uri=None,
        code_verifier=None,
    )
    assert renewed.status_code == 200, renewed.text
    assert is_good(ada, renewed.json()["access_token"])
    keeper = Program(live, token_endpoint_auth_method="client_secret_post")
    secret = {"client_secret": keeper.registration["client_secret"]}
    token = keeper.exchange(code=keeper.code(ada), **secret).json()["refresh_token"]
    assert error(keeper.refresh(token, client_id=None)) == (400, "invalid_grant")
    assert keeper.refresh(token, **secret).status_code == 200
    assert error(app.exchange(client_id=None)) == (400, "invalid_request")


def test_refused_tokens_are_told_in_the_body_too(live: Server, app: Program, ada: Member) -> None:
    """AP-541, AP-543: with the words of RFC 6750, in the header and in the problem document."""
    told = app.tokens(ada, scope="read")
    for token, status, word in (
        (told["refresh_token"], 401, "invalid_token"),
        ("nonsense", 401, "invalid_token"),
        (told["access_token"], 403, "insufficient_scope"),
    ):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": AS2}
        refused = httpx.post(f"{ada.id}/outbox", json={"type": "Note", "content": "x"}, headers=headers)
        assert refused.status_code == status
        assert f'error="{word}"' in refused.headers["www-authenticate"]
        assert refused.json()["error"] == word
        assert refused.json()["error_description"] == refused.json()["detail"]


def test_of_many_at_once_one_gets_tokens(app: Program, ada: Member) -> None:
    """AP-539: a race is a second use, too."""
    code = app.code(ada)
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: app.exchange(code=code), range(5)))
    won = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(won) == 1
    assert not is_good(ada, won[0]["access_token"])


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": VERIFIER + "x"},
        {"code_verifier": "short"},
        {"code_verifier": "Wntswr7W1k6DmpEajwiQgMX9XbaELQQ8PsX9_ttv4So"},
        {"redirect_uri": "https://app.example/callback"},
        {"redirect_uri": None},
        {"code": "guess"},
    ],
)
def test_a_code_is_bound(app: Program, ada: Member, changed: dict[str, str]) -> None:
    """AP-539: to its challenge and its address; which of them was wrong is not told."""
    code = app.code(ada)
    wrong = app.exchange(**{"code": code, **changed})
    assert error(wrong) == (400, "invalid_grant")
    assert wrong.json() == app.exchange(code="another guess").json()


def test_a_code_is_bound_to_its_client(app: Program, other_app: Program, ada: Member) -> None:
    """AP-539."""
    code = app.code(ada)
    assert error(other_app.exchange(code=code)) == (400, "invalid_grant")
    assert app.exchange(code=code).status_code == 200


@pytest.mark.parametrize("missing", ["grant_type", "code", "code_verifier", "client_id"])
def test_what_is_required(app: Program, ada: Member, missing: str) -> None:
    """AP-537."""
    given: dict[str, str | None] = {"code": app.code(ada), missing: None}
    assert error(app.exchange(**given)) == (400, "invalid_request")


def test_other_grants_are_not_offered(app: Program) -> None:
    """RFC 9700 §2.4: no password grant, no implicit one."""
    for grant_type in ("password", "client_credentials", "implicit"):
        assert error(app.exchange(grant_type=grant_type)) == (400, "unsupported_grant_type")


def test_only_forms_are_read(live: Server) -> None:
    """RFC 6749 §4.1.3."""
    sent = httpx.post(f"{live.base_url}/oauth/token", json={"grant_type": "authorization_code"})
    assert error(sent) == (400, "invalid_request")
    doubled = httpx.post(
        f"{live.base_url}/oauth/token", content="code=1&code=2",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    assert error(doubled) == (400, "invalid_request")
    assert doubled.headers["access-control-allow-origin"] == "*"


class TestRefreshing:
    def test_tokens_rotate(self, app: Program, ada: Member) -> None:
        """AP-540."""
        first = app.tokens(ada)
        second = app.refresh(first["refresh_token"]).json()
        assert second["refresh_token"] != first["refresh_token"]
        assert is_good(ada, second["access_token"])
        third = app.refresh(second["refresh_token"]).json()
        assert is_good(ada, third["access_token"])

    def test_a_second_use_ends_everything(self, app: Program, ada: Member) -> None:
        """AP-540, RFC 9700 §4.14: one of the two is a thief."""
        first = app.tokens(ada)
        second = app.refresh(first["refresh_token"]).json()
        assert error(app.refresh(first["refresh_token"])) == (400, "invalid_grant")
        assert not is_good(ada, second["access_token"])
        assert error(app.refresh(second["refresh_token"])) == (400, "invalid_grant")

    def test_the_scope_only_narrows(self, app: Program, ada: Member) -> None:
        """SEC-091."""
        token = app.tokens(ada, scope="read")
        told = app.refresh(token["refresh_token"], scope="read write").json()
        assert told["scope"] == "read"
        both = app.tokens(ada)
        narrow = app.refresh(both["refresh_token"], scope="write").json()
        assert narrow["scope"] == "write"
        assert not is_good(ada, narrow["access_token"])

    def test_it_belongs_to_its_client(self, app: Program, other_app: Program, ada: Member) -> None:
        token = app.tokens(ada)["refresh_token"]
        assert error(other_app.refresh(token)) == (400, "invalid_grant")
        assert app.refresh(token).status_code == 200


def test_kinds_of_tokens_are_not_confused(app: Program, ada: Member) -> None:
    """AP-541."""
    code = app.code(ada)
    assert not is_good(ada, code)
    told = app.exchange(code=code).json()
    assert not is_good(ada, told["refresh_token"])
    assert error(app.refresh(told["access_token"])) == (400, "invalid_grant")
    assert error(app.exchange(code=told["refresh_token"])) == (400, "invalid_grant")
    assert is_good(ada, told["access_token"])


def test_the_secret_of_a_public_client_is_not_looked_at(app: Program, ada: Member) -> None:
    """AP-541."""
    assert app.exchange(code=app.code(ada), client_secret="anything").status_code == 200


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
def test_a_client_with_a_secret_must_prove_it(live: Server, ada: Member, method: str) -> None:
    """RFC 6749 §3.2.1: for codes and for refresh tokens."""
    app = Program(live, token_endpoint_auth_method=method)
    secret, code = app.registration["client_secret"], app.code(ada)
    for wrong in (None, "guess"):
        refused = app.exchange(code=code, client_secret=wrong)
        assert error(refused) == (401, "invalid_client")
        assert refused.headers["www-authenticate"].startswith("Basic")
    told = app.exchange(code=code, client_secret=secret).json()
    assert error(app.refresh(told["refresh_token"])) == (401, "invalid_client")
    assert app.refresh(told["refresh_token"], client_secret=secret).status_code == 200


def test_a_client_may_use_basic_authentication(live: Server, ada: Member) -> None:
    """RFC 6749 §2.3.1: form-encoded or, as many do, plain."""
    app = Program(live, token_endpoint_auth_method="client_secret_basic")
    secret = app.registration["client_secret"]
    for name in (app.id, quote(app.id, safe="")):
        fields = {
            "grant_type": "authorization_code", "code": app.code(ada), "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }  # fmt: skip
        sent = httpx.post(f"{live.base_url}/oauth/token", data=fields, auth=(name, secret))
        assert sent.status_code == 200, sent.text
    bad = httpx.post(
        f"{live.base_url}/oauth/token", data={"grant_type": "refresh_token", "refresh_token": "x"},
        headers={"Authorization": "Basic ***"},
    )  # fmt: skip
    assert error(bad) == (401, "invalid_client")


class TestScopes:
    def post(self, ada: Member, token: str, activity: str) -> httpx.Response:
        return httpx.post(
            f"{ada.id}/outbox", content=activity,
            headers={"Content-Type": AS2, "Authorization": f"Bearer {token}"},
        )  # fmt: skip

    def get(self, url: str, token: str) -> httpx.Response:
        return httpx.get(url, headers={"Accept": AS2, "Authorization": f"Bearer {token}"})

    def test_neither_implies_the_other(self, app: Program, ada: Member) -> None:
        """AP-542, AP-191, AP-543."""
        note = '{"type":"Note","content":"between us"}'
        read = app.tokens(ada, scope="read")["access_token"]
        write = app.tokens(ada, scope="write")["access_token"]
        refused = self.post(ada, read, note)
        assert refused.status_code == 403
        assert 'error="insufficient_scope", scope="write"' in refused.headers["www-authenticate"]
        made = self.post(ada, write, note)
        assert made.status_code == 201
        private = made.headers["location"]
        assert self.get(private, read).status_code == 200
        assert self.get(private, write).status_code == 404
        lists = f"{ada.id}/pendingFollowers"
        assert self.get(lists, read).status_code == 200
        assert self.get(lists, write).status_code == 403

    def test_aliases(self, app: Program, ada: Member) -> None:
        """AP-542."""
        told = app.tokens(ada, scope="activitypub:read:all activitypub:write:all")
        assert told["scope"] == "activitypub:read:all activitypub:write:all"
        assert is_good(ada, told["access_token"])
        assert self.post(ada, told["access_token"], '{"type":"Note","content":"x"}').status_code == 201

    def test_what_was_registered_is_the_most(self, live: Server, ada: Member) -> None:
        """AP-533."""
        app = Program(live, scope=["read"])
        assert app.registration["scope"] == "read"
        assert app.tokens(ada, scope="read write")["scope"] == "read"
        assert app.tokens(ada, scope=None)["scope"] == "read"

    def test_narrower_ones(self, app: Program, ada: Member) -> None:
        """AP-542: a part of what ``read`` or ``write`` covers, and none of the rest."""
        note = '{"type":"Note","content":"x"}'
        outbox, media, profile = (
            app.tokens(ada, scope=scope)["access_token"]
            for scope in ("write:outbox", "write:media", "read:profile")
        )
        assert [self.post(ada, token, note).status_code for token in (outbox, media, profile)] == [
            201,
            403,
            403,
        ]
        assert [is_good(ada, token) for token in (outbox, media, profile)] == [False, False, True]
        assert self.get(f"{ada.id}/pendingFollowers", profile).status_code == 403
        address = f"{ada.server.base_url}/media"
        sent = [
            httpx.post(address, headers={"Authorization": f"Bearer {token}"}).status_code
            for token in (outbox, media)
        ]
        assert sent == [403, 415]

    def test_only_moderators_hand_out_moderation(self, live: Server, app: Program, ada: Member) -> None:
        """SEC-091."""
        assert app.tokens(ada, scope="admin:read read")["scope"] == "read"
        assert answered(ada.ask(app.question(scope="admin:write")))["error"] == "invalid_scope"

    def test_same_origin(self, live: Server, app: Program, ada: Member) -> None:
        """AP-542: only what lies on the site of the client's own id."""
        token = app.tokens(ada, scope="write:sameorigin")["access_token"]
        here = f"{live.base_url}/objects/nothing"
        assert self.post(ada, token, f'{{"type":"View","object":"{here}"}}').status_code != 403
        for activity in (
            '{"type":"Note","content":"x"}',
            '{"type":"View","object":"https://elsewhere.example/1"}',
            f'{{"type":"View","object":["{here}","https://elsewhere.example/1"]}}',
            f'{{"type":"Add","object":"{here}","target":"https://elsewhere.example/1"}}',
            '{"type":"View"}',
        ):
            assert self.post(ada, token, activity).status_code == 403


class TestChallenges:
    """AP-191, AP-532, AP-543: what a request without the right token is told (RFC 6750 §3)."""

    def challenged(self, ada: Member, **headers: str) -> tuple[int, str]:
        sent = httpx.post(f"{ada.id}/outbox", content="{}", headers={"Content-Type": AS2, **headers})
        return sent.status_code, sent.headers["www-authenticate"]

    def test_no_token(self, live: Server, ada: Member) -> None:
        explained = f"{live.base_url}/.well-known/oauth-protected-resource"
        assert self.challenged(ada) == (401, f'Bearer resource_metadata="{explained}"')
        found = httpx.get(explained).json()
        assert found["resource"] == live.base_url
        assert found["authorization_servers"] == [live.base_url]

    def test_a_bad_token(self, ada: Member) -> None:
        status, told = self.challenged(ada, Authorization="Bearer nonsense")
        assert status == 401
        assert told.startswith('Bearer error="invalid_token"')

    def test_not_in_the_address(self, app: Program, ada: Member) -> None:
        """AP-543: a token in an address ends up in logs."""
        token = app.tokens(ada)["access_token"]
        sent = httpx.post(
            f"{ada.id}/outbox?access_token={token}", content="{}", headers={"Content-Type": AS2}
        )
        assert sent.status_code == 401


@settings(max_examples=60, deadline=None)
@given(
    path=st.sampled_from(["token", "revoke", "introspect"]),
    body=st.binary(max_size=80),
    basic=st.binary(min_size=1, max_size=20),
)
def test_no_request_is_too_odd(live: Server, path: str, body: bytes, basic: bytes) -> None:
    """SEC-055: an OAuth error and never a fault of ours."""
    sent = httpx.post(
        f"{live.base_url}/oauth/{path}", content=b"grant_type=refresh_token&refresh_token=x&token=x&" + body,
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": f"Basic {b64encode(basic).decode()}",
        },
    )  # fmt: skip
    assert sent.status_code in (200, 400, 401)
    assert sent.status_code == 200 or sent.json()["error"]
