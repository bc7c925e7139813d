"""Programs that register themselves, and what is told of this server."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from program import CALLBACK, Program
from town import AS2, Server

from vocab import parse


def register(server: Server, body: Any) -> httpx.Response:
    return httpx.post(f"{server.base_url}/oauth/register", json=body)


def test_the_metadata(live: Server) -> None:
    """AP-531."""
    about = httpx.get(f"{live.base_url}/.well-known/oauth-authorization-server").json()
    assert about["issuer"] == live.base_url
    for endpoint in ("authorization", "token", "registration", "revocation", "introspection"):
        assert about[f"{endpoint}_endpoint"].startswith(f"{live.base_url}/oauth/")
    assert {"read", "write"} <= set(about["scopes_supported"])
    assert about["response_types_supported"] == ["code"]
    assert about["grant_types_supported"] == ["authorization_code", "refresh_token"]
    assert about["code_challenge_methods_supported"] == ["S256"]
    assert "none" in about["token_endpoint_auth_methods_supported"]
    assert about["client_id_metadata_document_supported"] is True
    assert about["authorization_response_iss_parameter_supported"] is True


def test_actors_say_where_to_ask(live: Server) -> None:
    """AP-530, AP-092."""
    live.cli("actor", "add", "said")
    endpoints = httpx.get(f"{live.base_url}/users/said", headers={"Accept": AS2}).json()["endpoints"]
    about = httpx.get(f"{live.base_url}/.well-known/oauth-authorization-server").json()
    assert endpoints["oauthAuthorizationEndpoint"] == about["authorization_endpoint"]
    assert endpoints["oauthTokenEndpoint"] == about["token_endpoint"]


def test_what_is_registered_is_told_back(live: Server) -> None:
    """AP-533."""
    given = {
        "redirect_uris": [CALLBACK, "http://127.0.0.1/cb", "com.example.app:/cb"], "client_name": "Läuft 🎉",
        "grant_types": ["authorization_code", "refresh_token", "password"], "response_types": ["code"],
        "token_endpoint_auth_method": "client_secret_post", "scope": "read unheard-of", "software_id": "x-1",
        "software_version": "2.0", "client_uri": "https://app.example/", "contacts": ["someone"],
    }  # fmt: skip
    answer = register(live, given)
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    for member in ("redirect_uris", "client_name", "software_id", "software_version", "client_uri"):
        assert told[member] == given[member]
    assert told["grant_types"] == ["authorization_code", "refresh_token"]
    assert told["scope"] == "read"
    assert told["client_secret"]
    assert told["client_secret_expires_at"] == 0
    assert told["client_id_issued_at"] > 1_700_000_000


def test_a_client_id_leads_to_the_program(live: Server) -> None:
    """AP-533, FEP-d8c2."""
    one = Program(
        live, client_name="One", client_uri="https://app.example/", token_endpoint_auth_method="none"
    )
    answer = httpx.get(one.id, headers={"Accept": AS2})
    assert answer.headers["access-control-allow-origin"] == "*"
    found = answer.json()
    assert (found["id"], found["type"], found["name"]) == (one.id, "Application", "One")
    assert found["redirectURI"] == CALLBACK
    assert "https://purl.archive.org/socialweb/oauth" in found["@context"]
    assert parse(answer.content).ids("redirectURI") == (CALLBACK,)
    two = Program(live, redirect_uris=[CALLBACK, "https://app.example/"])
    assert httpx.get(two.id).json()["redirectURI"] == [CALLBACK, "https://app.example/"]
    assert "secret" not in httpx.get(Program(live, token_endpoint_auth_method="client_secret_post").id).text
    assert httpx.get(f"{live.base_url}/oauth/clients/nobody").status_code == 404


@pytest.mark.parametrize(
    "uri",
    [
        "http://app.example/cb", "https://app.example/cb#top", "https://user@app.example/cb", "https://*.example/cb",
        "javascript:alert(1)", "data:text/html,x", "app:/cb", "//app.example/cb", "/cb", "https://", "https:///cb",
        "http://127.0.0.1:0/cb", "http://127.0.0.1:70000/cb", "http://localhost.evil.example/cb",
        "http://127.0.0.1@evil.example/cb", "https://app.example/\\cb", "https://app.example/c b",
        "https://app.example/ü", "https://app.example/" + "x" * 2_048, "", 7, None,
    ],
)  # fmt: skip
def test_addresses_that_are_refused(live: Server, uri: Any) -> None:
    """AP-533, SEC-088."""
    answer = register(live, {"redirect_uris": [uri], "client_name": "x"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_redirect_uri")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"redirect_uris": []},
        {"redirect_uris": CALLBACK},
        {"redirect_uris": [f"{CALLBACK}{n}" for n in range(21)]},
        {"redirect_uris": [CALLBACK], "grant_types": ["implicit"]},
        {"redirect_uris": [CALLBACK], "response_types": ["token"]},
        {"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "private_key_jwt"},
        {"redirect_uris": [CALLBACK], "token_endpoint_auth_method": ["none"]},
        {"redirect_uris": [CALLBACK], "scope": "admin"},
        {"redirect_uris": [CALLBACK], "scope": 7},
        {"redirect_uris": [CALLBACK], "client_name": "x" * 201},
        {"redirect_uris": [CALLBACK], "client_uri": "javascript:alert(1)"},
        {"redirect_uris": [CALLBACK], "software_id": {}},
        [],
        "x",
    ],
)
def test_what_cannot_be_registered(live: Server, body: Any) -> None:
    """AP-533: told in the words of RFC 7591 §3.2.2, naming the member."""
    answer = register(live, body)
    assert answer.status_code == 400
    assert answer.json()["error"] in ("invalid_client_metadata", "invalid_redirect_uri")


def test_a_body_that_is_no_json(live: Server) -> None:
    for body in (b"", b"{", b'{"a":1,"a":2}', b"\xff"):
        answer = httpx.post(f"{live.base_url}/oauth/register", content=body)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")


MEMBERS = st.sampled_from(
    ["redirect_uris", "client_name", "scope", "grant_types", "response_types", "client_uri", "software_id",
     "token_endpoint_auth_method"]
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just(CALLBACK),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(body=st.dictionaries(MEMBERS, ANYTHING))
def test_no_registration_is_too_odd(live: Server, body: dict[str, Any]) -> None:
    """SEC-055."""
    text = json.dumps({"redirect_uris": [CALLBACK], **body}, ensure_ascii=True)
    answer = httpx.post(f"{live.base_url}/oauth/register", content=text)
    assert answer.status_code in (201, 400)
