"""How Stream's own SDKs are pointed at us (Feeds §1.1), with the keys that ``headwater tenant`` gives out."""

import jwt
import pytest
from nodesdk import Refused


def test_the_python_sdk_finds_us_by_localhost(application, client):
    """Feeds §1.1: every service is on one host; a path in base_url is of no use."""
    base = f"http://localhost:{application.server.port}"
    assert client.get_full_url("api", "feed/user/1/") == f"{base}/api/v1.0/feed/user/1/"
    assert client.get_full_url("analytics", "impression/") == f"{base}/analytics/v1.0/impression/"
    assert client.get_full_url("personalization", "x/") == f"{base}/personalization/v1.0/x/"


def test_the_javascript_sdk_takes_our_secret_for_one(backend):
    """Feeds §2.1: a secret with a dot in it would be taken for a user's token."""
    assert backend["usingApiSecret"] is True
    assert backend["enrichByDefault"] is False


def test_a_user_is_known_by_their_token(application, backend, sign_in):
    """Feeds §2.2: a user's client speaks for them and enriches what it reads."""
    ada = sign_in("ada")
    assert backend.createUserToken(ada["userId"]) == ada["userToken"]
    claims = jwt.decode(ada["userToken"], application.api_secret, algorithms=["HS256"])
    assert claims == {"user_id": ada["userId"]}
    assert ada["enrichByDefault"] is True


def test_what_the_sdk_refuses_by_itself_is_told(node, application):
    """The tests see errors of the SDK as they see the server's."""
    with pytest.raises(Refused, match="user_id is missing") as refused:
        application.javascript(node, application.python().create_jwt_token("feed", "read", "*"))
    assert refused.value.status is None
