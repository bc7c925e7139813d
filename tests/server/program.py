"""A program that wants to act for members: registers, asks, exchanges; nothing it sends is made nicer on the way."""

from typing import Any
from urllib.parse import urlencode

import httpx
from member import Member
from town import Server

VERIFIER = "headwater-pkce-verifier-0123456789-abcdefghijklmnop"
CHALLENGE = "Wntswr7W1k6DmpEajwiQgMX9XbaELQQ8PsX9_ttv4So"
CALLBACK = "https://app.example/callback?from=headwater"


class Program:
    """One registered client."""

    def __init__(self, server: Server, **members: Any) -> None:
        self.server = server
        given = {"redirect_uris": [CALLBACK], "client_name": "Test App", **members}
        answer = httpx.post(f"{server.base_url}/oauth/register", json=given)
        assert answer.status_code == 201, answer.text
        self.registration: dict[str, Any] = answer.json()
        self.id: str = self.registration["client_id"]

    def parameters(self, **changed: str | None) -> dict[str, str]:
        """The parameters of a good question, some of them changed or, with None, left out."""
        usual = {
            "response_type": "code", "client_id": self.id, "redirect_uri": CALLBACK, "scope": "read write",
            "state": "s t&te=1", "code_challenge": CHALLENGE, "code_challenge_method": "S256", **changed,
        }  # fmt: skip
        return {name: value for name, value in usual.items() if value is not None}

    def question(self, **changed: str | None) -> str:
        return f"{self.server.base_url}/oauth/authorize?{urlencode(self.parameters(**changed))}"

    def code(self, member: Member, **changed: str | None) -> str:
        return member.decide(self.question(**changed))["code"]

    def exchange(self, **changed: str | None) -> httpx.Response:
        """Send a token request; without ``grant_type`` one for a code."""
        usual = {
            "grant_type": "authorization_code", "client_id": self.id, "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER, **changed,
        }  # fmt: skip
        given = {name: value for name, value in usual.items() if value is not None}
        return httpx.post(f"{self.server.base_url}/oauth/token", data=given)

    def refresh(self, token: str, **changed: str | None) -> httpx.Response:
        return self.exchange(grant_type="refresh_token", refresh_token=token, **changed)

    def tokens(self, member: Member, **changed: str | None) -> dict[str, Any]:
        answer = self.exchange(code=self.code(member, **changed))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def revoke(self, token: str, **changed: str) -> httpx.Response:
        return httpx.post(
            f"{self.server.base_url}/oauth/revoke", data={"client_id": self.id, "token": token, **changed}
        )


def is_good(member: Member, token: str) -> bool:
    """Tell whether an access token still reads its owner's inbox."""
    answer = httpx.get(
        f"{member.server.base_url}/oauth/userinfo", headers={"Authorization": f"Bearer {token}"}
    )
    return answer.status_code == 200
