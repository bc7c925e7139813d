"""Ending tokens, and asking what they are."""

from typing import Any

import httpx
from member import Member
from program import Program, is_good
from town import Server


def introspected(server: Server, token: str, **request: Any) -> httpx.Response:
    return httpx.post(f"{server.base_url}/oauth/introspect", data={"token": token}, **request)


class TestRevoking:
    """AP-543, RFC 7009: at once."""

    def test_either_token_ends_both(self, app: Program, ada: Member) -> None:
        """SEC-092."""
        for kind in ("access_token", "refresh_token"):
            told = app.tokens(ada)
            done = app.revoke(told[kind], token_type_hint="nonsense")
            assert (done.status_code, done.content) == (200, b"")
            assert not is_good(ada, told["access_token"])
            assert app.refresh(told["refresh_token"]).json()["error"] == "invalid_grant"

    def test_an_unknown_token_is_as_good_as_ended(self, app: Program) -> None:
        assert app.revoke("guess").status_code == 200

    def test_a_token_must_be_named(self, app: Program) -> None:
        assert app.revoke("").json()["error"] == "invalid_request"

    def test_of_another_client(self, app: Program, other_app: Program, ada: Member) -> None:
        token = app.tokens(ada)["access_token"]
        assert other_app.revoke(token).json()["error"] == "invalid_grant"
        assert is_good(ada, token)

    def test_of_a_client_with_a_secret(self, live: Server, ada: Member) -> None:
        app = Program(live, token_endpoint_auth_method="client_secret_post")
        secret = app.registration["client_secret"]
        token = app.exchange(code=app.code(ada), client_secret=secret).json()["access_token"]
        anonymous = httpx.post(f"{live.base_url}/oauth/revoke", data={"token": token})
        for refused in (anonymous, app.revoke(token), app.revoke(token, client_secret="guess")):
            assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
        assert is_good(ada, token)
        assert app.revoke(token, client_secret=secret).status_code == 200
        assert not is_good(ada, token)

    def test_one_consent_of_several(self, app: Program, ada: Member) -> None:
        one, two = app.tokens(ada), app.tokens(ada)
        app.revoke(one["access_token"])
        assert is_good(ada, two["access_token"])

    def test_a_token_of_the_command_line(self, live: Server, ada: Member) -> None:
        """AP-544."""
        token = live.cli("token", "issue", "ada")["access_token"]
        assert is_good(ada, token)
        assert httpx.post(f"{live.base_url}/oauth/revoke", data={"token": token}).status_code == 200
        assert not is_good(ada, token)


class TestIntrospection:
    """RFC 7662: for those the token belongs to, and for nobody else."""

    def test_by_its_own_actor(self, live: Server, app: Program, ada: Member) -> None:
        told = app.tokens(ada, scope="read")
        bearer = {"Authorization": f"Bearer {told['access_token']}"}
        found = introspected(live, told["access_token"], headers=bearer).json()
        assert found["active"] is True
        assert (found["scope"], found["client_id"], found["sub"]) == ("read", app.id, ada.id)
        assert found["token_type"] == "Bearer"
        assert found["exp"] - found["iat"] == told["expires_in"]
        renewal = introspected(live, told["refresh_token"], headers=bearer).json()
        assert renewal["active"] is True
        assert "token_type" not in renewal
        assert introspected(live, "guess", headers=bearer).json() == {"active": False}

    def test_by_a_client_with_a_secret(self, live: Server, app: Program, ada: Member) -> None:
        confidential = Program(live, token_endpoint_auth_method="client_secret_basic")
        auth = (confidential.id, confidential.registration["client_secret"])
        own = confidential.exchange(code=confidential.code(ada), client_secret=auth[1]).json()["access_token"]
        assert introspected(live, own, auth=auth).json()["active"] is True
        assert introspected(live, app.tokens(ada)["access_token"], auth=auth).json() == {"active": False}

    def test_by_anyone_else(self, live: Server, app: Program, ada: Member) -> None:
        token = app.tokens(ada)["access_token"]
        assert introspected(live, token).status_code == 401
        public = httpx.post(f"{live.base_url}/oauth/introspect", data={"token": token, "client_id": app.id})
        assert public.status_code == 401
        with Member(live, "eve") as eve:
            other = {"Authorization": f"Bearer {app.tokens(eve)['access_token']}"}
            assert introspected(live, token, headers=other).json() == {"active": False}
