"""The HTTP signature of Feeds §2.4."""

import base64
import hmac

import pytest
from feedtokens import NOW, SECRET

from federation.signatures import Incoming
from server.auth.feeds import BadCredentials, Denied
from server.auth.feeds.signatures import check

TARGET = "/api/v1.0/follow_many/?api_key=key1"
DATE = "Tue, 14 Nov 2023 22:13:20 GMT"  # NOW


def signed(
    text: str, *, covered: str = "(request-target) date", key: str = "key1", algorithm: str = "hmac-sha256"
) -> str:
    signature = base64.b64encode(hmac.digest(SECRET.encode(), text.encode(), "sha256")).decode()
    return f'keyId="{key}",algorithm="{algorithm}",headers="{covered}",signature="{signature}"'


BOTH = f"(request-target): post {TARGET}\ndate: {DATE}"


def arrive(
    value: str, *, method: str = "POST", target: str = TARGET, date: str | None = DATE, **how: int
) -> None:
    headers = [] if date is None else [(b"Date", date.encode())]
    check(value, "key1", ["newer", SECRET], Incoming(method, target, headers), now=how.get("now", NOW))


def test_what_the_php_sdk_sends() -> None:
    arrive(signed(BOTH))


def test_older_sdks_sign_the_date_alone() -> None:
    arrive(signed(f"date: {DATE}", covered="date"))


@pytest.mark.parametrize("how", [{"method": "GET"}, {"target": "/api/v1.0/unfollow_many/?api_key=key1"}])
def test_it_is_for_one_request(how: dict[str, str]) -> None:
    with pytest.raises(Denied):
        arrive(signed(BOTH), **how)  # type: ignore[arg-type]


def test_another_secret() -> None:
    with pytest.raises(Denied):
        check(signed(BOTH), "key1", ["other"], Incoming("POST", TARGET, [(b"date", DATE.encode())]), now=NOW)


@pytest.mark.parametrize("away", [299, -299])
def test_clocks_may_differ(away: int) -> None:
    arrive(signed(BOTH), now=NOW + away * 1_000_000)


@pytest.mark.parametrize("away", [301, -301, 86_400])
def test_it_is_of_now(away: int) -> None:
    with pytest.raises(BadCredentials):
        arrive(signed(BOTH), now=NOW + away * 1_000_000)


@pytest.mark.parametrize("date", [None, "", "yesterday", "Tue, 99 Nov 2023 22:13:20 GMT"])
def test_a_date_that_cannot_be_read(date: str | None) -> None:
    with pytest.raises(BadCredentials):
        arrive(signed(BOTH), date=date)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "nonsense",
        signed(BOTH, key="key2"),
        signed(BOTH, algorithm="rsa-sha256"),
        signed(BOTH, algorithm="hs2019"),
        signed("(request-target): x", covered="(request-target)"),
        signed(BOTH, covered="date (request-target)"),
        signed(BOTH).replace('signature="', 'signature="*'),
    ],
)
def test_what_cannot_be_read_or_covers_too_little(value: str) -> None:
    """SEC-102: nor may it name another key than the request does."""
    with pytest.raises(BadCredentials):
        arrive(value)
