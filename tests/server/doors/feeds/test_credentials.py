"""What credentials are worth at the door (Feeds §2; SEC-100…SEC-104), asked over HTTP."""

import base64
import hmac
import time
from collections.abc import AsyncIterator
from email.utils import formatdate
from typing import Any

import anyio
import pytest
from feedsapi import Api, Caller, opened
from feedtokens import SERVER, encoded, token

from server import tenancy
from storage import tenants
from streams import system_clock

pytestmark = pytest.mark.anyio

KEY = (401, 2, "ApiKeyException")
UNREAD = (401, 3, "SignatureException")
SUSPENDED = (401, 7, "SiteSuspendedException")
DENIED = (403, 17, "NotAllowedException")
PROBE = "test/auth/digest/"
ACTIVITY = {"actor": "bob", "verb": "pin", "object": "place:1"}
SOON = time.time() + 3_600
AGO = time.time() - 3_600


@pytest.fixture(scope="module")
async def api(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Api]:
    """One server for all, and one engine: what is read of a key was shown on both."""
    async with opened(f"sqlite:///{tmp_path_factory.mktemp('credentials')}/test.db") as made:
        yield made


class TestTokensThatAreNone:
    @pytest.mark.parametrize("text", ["x", "a.b.c", "..", "eyJ9.e30.", "a b", "ey~.e30.x", "x" * 9_000])
    async def test_what_cannot_be_read(self, api: Api, text: str) -> None:
        assert (await api.presenting(text).fails("GET", PROBE)).meaning == UNREAD

    async def test_none_at_all(self, api: Api) -> None:
        assert (await api.presenting(None).fails("GET", PROBE)).meaning == UNREAD

    @pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE", ""])
    async def test_no_algorithm(self, api: Api, name: str) -> None:
        """SEC-100: unsigned, or signed by the right secret under a header that says otherwise."""
        unsigned = f"{encoded({'alg': name, 'typ': 'JWT'})}.{encoded(SERVER)}."
        assert (await api.presenting(unsigned).fails("GET", PROBE)).meaning == UNREAD
        signed = api.bearing(SERVER, header={"alg": name, "typ": "JWT"})
        assert (await signed.fails("GET", PROBE)).meaning in (UNREAD, DENIED)

    @pytest.mark.parametrize(
        ("name", "hashed"), [("HS384", "sha384"), ("HS512", "sha512"), ("RS256", "sha256")]
    )
    async def test_another_algorithm(self, api: Api, name: str, hashed: str) -> None:
        """SEC-100: one algorithm; with RS256 the secret would be taken for a public key."""
        caller = api.bearing(SERVER, header={"alg": name, "typ": "JWT"}, hashed=hashed)
        assert (await caller.fails("GET", PROBE)).meaning in (UNREAD, DENIED)

    @pytest.mark.parametrize(
        "extra", [{"crit": ["exp"]}, {"b64": False, "crit": ["b64"]}, {"zip": "DEF", "crit": ["zip"]}]
    )
    async def test_what_is_critical(self, api: Api, extra: dict[str, Any]) -> None:
        """SEC-100."""
        caller = api.bearing(SERVER, header={"alg": "HS256", "typ": "JWT", **extra})
        assert (await caller.fails("GET", PROBE)).meaning == UNREAD

    @pytest.mark.parametrize("name", ["kid", "jku", "jwk", "x5u", "x5c"])
    async def test_keys_that_the_token_brings(self, api: Api, name: str) -> None:
        """SEC-100: they choose nothing, so the token is as good as its signature."""
        own = {"kty": "oct", "k": base64.urlsafe_b64encode(b"mine").decode()}
        header = {"alg": "HS256", "typ": "JWT", name: own if name == "jwk" else "../../dev/null"}
        forged = api.bearing(SERVER, secret="mine", header=header)
        assert (await forged.fails("GET", PROBE)).meaning == DENIED

    @pytest.mark.parametrize("secret", ["wrong", " ", "null"])
    async def test_a_wrong_signature(self, api: Api, secret: str) -> None:
        """Feeds §2.2: 403 and code 17, as the vendor has it."""
        assert (await api.bearing(SERVER, secret=secret).fails("GET", PROBE)).meaning == DENIED

    async def test_a_claim_that_was_changed(self, api: Api) -> None:
        good = token({"user_id": "bob"}, secret=api.credentials.api_secret)
        header, _, signature = good.split(".")
        forged = f"{header}.{encoded({'user_id': 'eve'})}.{signature}"
        assert (await api.presenting(forged).fails("GET", PROBE)).meaning == DENIED

    @pytest.mark.parametrize("change", ["pad", "space", "newline", "part", "plus"])
    async def test_the_same_token_spelt_otherwise(self, api: Api, change: str) -> None:
        """SEC-100: compact form alone."""
        good = token(SERVER, secret=api.credentials.api_secret)
        spelt = {
            "pad": good + "=", "space": good.replace(".", ". ", 1), "newline": good.replace(".", ".%0A"),
            "part": good + ".x", "plus": "+" + good,
        }[change]  # fmt: skip
        assert (await api.presenting(spelt).fails("GET", PROBE)).meaning == UNREAD

    @pytest.mark.parametrize("claims", [[], "x", 1, None, b'{"user_id":"a","user_id":"b"}', b"\xff", b"{}{}"])
    async def test_claims_that_are_no_object(self, api: Api, claims: Any) -> None:
        assert (await api.bearing(claims).fails("GET", PROBE)).meaning == UNREAD


class TestHowTheyAreSent:
    async def test_in_every_usual_way(self, api: Api) -> None:
        """Feeds §2.2: bare, after Bearer, or in the query."""
        good = token(SERVER, secret=api.credentials.api_secret)
        assert (await api.presenting(f"Bearer {good}")("GET", PROBE)).status_code == 200
        upper = api.presenting(None, authorization=good, **{"stream-auth-type": "JWT"})
        assert (await upper("GET", PROBE)).status_code == 200
        nobody = api.presenting(None)
        for scheme in "auth_type", "stream-auth-type":
            answer = await nobody("GET", PROBE, **{"authorization": good, scheme: "jwt"})
            assert answer.status_code == 200
        assert (await nobody.fails("GET", PROBE, authorization=good)).meaning == UNREAD

    async def test_another_scheme(self, api: Api) -> None:
        good = token(SERVER, secret=api.credentials.api_secret)
        caller = api.presenting(None, authorization=good, **{"stream-auth-type": "simple"})
        assert (await caller.fails("GET", PROBE)).meaning == UNREAD

    @pytest.mark.parametrize("key", ["", "unknown", "DROP TABLE", "%"])
    async def test_keys_that_are_none(self, api: Api, key: str) -> None:
        good = token(SERVER, secret=api.credentials.api_secret)
        assert (await Caller(api.app, key, good).fails("GET", PROBE)).meaning == KEY

    async def test_two_keys(self, api: Api) -> None:
        """SEC-102: which one would count?"""
        other = await api.tenant("second")
        keys = [api.credentials.api_key, other.credentials.api_key]
        assert (await api.server.fails("GET", PROBE, api_key=keys)).meaning == KEY

    async def test_a_signed_request(self, api: Api) -> None:
        """Feeds §2.4: full access, for as long as its date is now."""
        key, secret = api.credentials.api_key, api.credentials.api_secret
        target = f"/api/v1.0/test/auth/digest/?api_key={key}"
        for seconds, meaning in (0, None), (-400, UNREAD), (400, UNREAD):
            date = formatdate(time.time() + seconds, usegmt=True)
            text = f"(request-target): get {target}\ndate: {date}"
            made = base64.b64encode(hmac.digest(secret.encode(), text.encode(), "sha256")).decode()
            signed = 'algorithm="hmac-sha256",headers="(request-target) date"'
            value = f'Signature keyId="{key}",{signed},signature="{made}"'
            caller = api.presenting(None, authorization=value, date=date)
            if meaning is None:
                assert (await caller("GET", PROBE)).status_code == 200
                assert (await caller.fails("POST", PROBE)).meaning == DENIED
            else:
                assert (await caller.fails("GET", PROBE)).meaning == meaning


class TestScopes:
    """SEC-101: resource, action and feed, each as a whole word."""

    @pytest.mark.parametrize(
        "claims",
        [
            {"resource": "feed", "action": "write", "feed_id": "user1"},
            {"resource": "feed,users", "action": "read,write", "feed_id": "user10,user1"},
            {"resource": "*", "action": "*", "feed_id": "user1"},
            {"resource": "*", "action": "write", "feed_id": "*"},
            {"resource": "feed", "action": "*", "feed_id": "*", "user_id": "anyone"},
        ],
    )
    async def test_enough(self, api: Api, claims: dict[str, str]) -> None:
        await api.bearing(claims).does("POST", "feed/user/1/", ACTIVITY)

    @pytest.mark.parametrize(
        "claims",
        [
            {"resource": "feed", "action": "read", "feed_id": "user1"},
            {"resource": "feed", "action": "delete", "feed_id": "*"},
            {"resource": "follower", "action": "*", "feed_id": "*"},
            {"resource": "fee", "action": "*", "feed_id": "*"},
            {"resource": "feeds", "action": "*", "feed_id": "*"},
            {"resource": "feed", "action": "write", "feed_id": "user10"},
            {"resource": "feed", "action": "write", "feed_id": "user"},
            {"resource": "feed", "action": "write", "feed_id": "user*"},
            {"resource": "feed", "action": "write", "feed_id": "user:1"},
            {"resource": "feed", "action": "write", "feed_id": ""},
            {"resource": "feed", "action": "write"},
            {"resource": "feed", "feed_id": "*"},
            {"resource": "*", "action": "", "feed_id": "*"},
            {"action": "*", "feed_id": "*"},
            {"feed_id": "*"},
            {"user_id": "*"},
            {},
        ],
    )
    async def test_not_enough(self, api: Api, claims: dict[str, str]) -> None:
        assert (await api.bearing(claims).fails("POST", "feed/user/1/", ACTIVITY)).meaning == DENIED

    @pytest.mark.parametrize(
        ("method", "path", "resource", "action"),
        [
            ("GET", "user/bob/", "users", "read"), ("POST", "user/", "users", "write"),
            ("PUT", "user/bob/", "users", "write"), ("DELETE", "user/bob/", "users", "delete"),
            ("GET", "users/", "users", "read"), ("POST", "users/", "users", "write"),
            ("DELETE", "users/", "users", "delete"), ("GET", "collections/food/1/", "collections", "read"),
            ("POST", "collections/food/", "collections", "write"),
            ("PUT", "collections/food/1/", "collections", "write"),
            ("DELETE", "collections/food/1/", "collections", "delete"), ("GET", "collections/", "collections", "read"),
            ("POST", "collections/", "collections", "write"), ("DELETE", "collections/", "collections", "delete"),
            ("GET", "audit_logs/", "audit_logs", "read"),
        ],
    )  # fmt: skip
    async def test_each_operation_has_its_own(
        self, api: Api, method: str, path: str, resource: str, action: str
    ) -> None:
        """Feeds §2.2: and nothing but it will do; what the body says is not looked at before."""
        body = [] if method in ("POST", "PUT") else None
        actions = {"read", "write", "delete"} - {action}
        for claims in (
            {"resource": resource, "action": ",".join(sorted(actions)), "feed_id": "*"},
            {"resource": "feed,reactions,files", "action": "*", "feed_id": "*"},
            {"resource": resource, "action": action, "feed_id": "user1"},
        ):
            assert (await api.bearing(claims).fails(method, path, body)).meaning == DENIED
        answer = await api.bearing({"resource": resource, "action": action, "feed_id": "*"})(
            method, path, body
        )
        assert answer.status_code in (400, 404)

    @pytest.mark.parametrize("name", ["resource", "action", "feed_id"])
    @pytest.mark.parametrize("value", [1, ["*"], {"*": 1}, True, None])
    async def test_claims_of_other_kinds(self, api: Api, name: str, value: Any) -> None:
        found = await api.bearing({**SERVER, name: value}).fails("POST", "feed/user/1/", ACTIVITY)
        assert found.meaning in (UNREAD, DENIED)


class TestTimes:
    """SEC-103: numbers, with a minute of leeway."""

    @pytest.mark.parametrize(
        "claims", [{"exp": AGO}, {"nbf": SOON}, {"iat": SOON}, {"exp": 0}, {"exp": -1e300}]
    )
    async def test_not_now(self, api: Api, claims: dict[str, float]) -> None:
        assert (await api.bearing({**SERVER, **claims}).fails("GET", PROBE)).meaning == UNREAD
        assert (await api.user("bob", **claims).fails("GET", PROBE)).meaning == UNREAD

    @pytest.mark.parametrize(
        "claims", [{"exp": SOON}, {"nbf": AGO}, {"iat": AGO}, {"exp": SOON + 0.5}, {"exp": 1e300}]
    )
    async def test_now(self, api: Api, claims: dict[str, float]) -> None:
        assert (await api.user("bob", **claims)("GET", PROBE)).status_code == 200

    @pytest.mark.parametrize("claims", [{"exp": "9999999999"}, {"nbf": None}, {"iat": True}, {"exp": [SOON]}])
    async def test_no_numbers(self, api: Api, claims: dict[str, Any]) -> None:
        assert (await api.user("bob", **claims).fails("GET", PROBE)).meaning == UNREAD

    async def test_a_token_that_was_believed_ends_all_the_same(self, api: Api) -> None:
        """A token is read once and asked for its time at each request."""
        caller = api.user("bob", exp=time.time() - 59.5)
        assert (await caller("GET", PROBE)).status_code == 200
        await anyio.sleep(1.1)
        assert (await caller.fails("GET", PROBE)).meaning == UNREAD


class TestTenants:
    """SEC-102, SEC-103."""

    async def test_the_key_says_which_secret_counts(self, api: Api) -> None:
        other = await api.tenant("other")
        mixed = Caller(api.app, other.credentials.api_key, token(SERVER, secret=api.credentials.api_secret))
        assert (await mixed.fails("GET", PROBE)).meaning == DENIED

    async def test_a_suspended_tenant(self, api: Api) -> None:
        other = await api.tenant("suspended")
        assert (await other.server("GET", PROBE)).status_code == 200
        await api.house.store.write(tenants.suspend, other.credentials.app_id, now=1)
        assert (await other.server.fails("GET", PROBE)).meaning == SUSPENDED
        assert (await api.server("GET", PROBE)).status_code == 200

    async def test_a_secret_that_was_rotated(self, api: Api) -> None:
        """From one request to the next, though the token was believed before."""
        rotated = await api.tenant("rotated")
        assert (await rotated.server("GET", PROBE)).status_code == 200
        await api.house.store.write(
            tenancy.rotate, rotated.credentials.app_id, "a fresh secret", overlap_us=0, now=system_clock()
        )
        assert (await rotated.server.fails("GET", PROBE)).meaning == DENIED
        assert (await rotated.bearing(SERVER, secret="a fresh secret")("GET", PROBE)).status_code == 200

    async def test_tokens_that_were_revoked(self, api: Api) -> None:
        revoked = await api.tenant("revoked")
        bob = revoked.user("bob", iat=time.time() - 10)
        assert (await bob("GET", PROBE)).status_code == 200
        await api.house.store.write(tenants.revoke_tokens, revoked.credentials.app_id, now=system_clock())
        assert (await bob.fails("GET", PROBE)).meaning == UNREAD
        assert (await revoked.server("GET", PROBE)).status_code == 200

    async def test_tokens_without_an_end(self, api: Api) -> None:
        strict = await api.tenant("strict")
        await api.house.store.write(tenants.require_expiry, strict.credentials.app_id, True)
        assert (await strict.user("bob").fails("GET", PROBE)).meaning == UNREAD
        assert (await strict.user("bob", exp=SOON)("GET", PROBE)).status_code == 200

    async def test_secrets_are_told_to_nobody(self, api: Api, caplog: pytest.LogCaptureFixture) -> None:
        """SEC-104, SEC-118."""
        caplog.set_level("DEBUG")
        for caller in (
            api.server,
            api.user("bob"),
            api.bearing(SERVER, secret="wrong"),
            api.presenting("x.y.z"),
        ):
            for path in PROBE, "user/bob/", "nothing/":
                assert api.credentials.api_secret not in (await caller("GET", path)).text
        assert api.credentials.api_secret not in caplog.text
