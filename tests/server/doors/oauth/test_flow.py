"""The whole way of a program to a token, with the client of another library."""

from typing import Any

import httpx
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from member import Member
from program import CALLBACK, CHALLENGE, VERIFIER
from town import AS2, Server


def metadata(server: Server) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{server.base_url}/.well-known/oauth-authorization-server").json()
    return found


def registered(server: Server, **members: Any) -> dict[str, Any]:
    """Register a client as its metadata say and return what it is told."""
    given = {"redirect_uris": [CALLBACK], "client_name": "Test App", **members}
    answer = httpx.post(metadata(server)["registration_endpoint"], json=given)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def library(registration: dict[str, Any], scope: str) -> OAuth2Client:
    return OAuth2Client(
        registration["client_id"], registration.get("client_secret"), scope=scope, redirect_uri=CALLBACK,
        token_endpoint_auth_method=registration["token_endpoint_auth_method"], code_challenge_method="S256",
    )  # fmt: skip


@pytest.mark.parametrize("method", ["none", "client_secret_basic", "client_secret_post"])
def test_a_program_is_allowed_to_act(live: Server, ada: Member, method: str) -> None:
    """AP-530, AP-533, AP-538, AP-540, AP-712: register, ask, be allowed, post, refresh, with authlib's client."""
    about = metadata(live)
    with library(registered(live, token_endpoint_auth_method=method), "read write") as client:
        url, state = client.create_authorization_url(about["authorization_endpoint"], code_verifier=VERIFIER)
        told = ada.decide(url)
        assert told["state"] == state
        assert told["iss"] == about["issuer"]
        assert told["from"] == "headwater"

        token = client.fetch_token(about["token_endpoint"], code=told["code"], code_verifier=VERIFIER)
        assert token["token_type"] == "Bearer"
        assert token["expires_in"] > 0
        assert token["scope"] == "read write"
        assert token["activitypub_actor_id"] == token["me"] == ada.id

        posted = client.post(
            f"{ada.id}/outbox",
            content='{"type":"Note","content":"by a program"}',
            headers={"Content-Type": AS2},
        )
        assert posted.status_code == 201
        renewed = client.refresh_token(about["token_endpoint"], refresh_token=token["refresh_token"])
        assert renewed["access_token"] != token["access_token"]
        assert renewed["refresh_token"] != token["refresh_token"]
        inbox = client.get(f"{ada.id}/inbox", headers={"Accept": AS2})
        assert inbox.status_code == 200
        assert client.get(about["userinfo_endpoint"]).json()["sub"] == ada.id


def test_the_challenge_is_that_of_the_library() -> None:
    """V-16."""
    assert create_s256_code_challenge(VERIFIER) == CHALLENGE


def test_the_library_is_told_of_a_no(live: Server, ada: Member) -> None:
    """AP-538."""
    with library(registered(live), "read") as client:
        url, state = client.create_authorization_url(
            metadata(live)["authorization_endpoint"], code_verifier=VERIFIER
        )
    told = ada.decide(url, "deny")
    assert (told["error"], told["state"], told["iss"]) == ("access_denied", state, live.base_url)
    assert "code" not in told
