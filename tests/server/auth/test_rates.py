"""How often one caller may do what costs much."""

import pytest
from knocking import configured
from starlette.requests import Request

from server.auth.rates import PER_MINUTE, Rates
from server.errors import ProblemError


def asked(address: str, **headers: str) -> Request:
    fields = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "client": (address, 4711), "headers": fields})


def test_each_operation_and_caller_has_a_limit() -> None:
    """SEC-062, AP-209, AP-606: and who is refused is told when to come again."""
    now = 0.0
    rates = Rates(configured(), {"one": 3, "other": 3}, clock=lambda: now)
    for _ in range(3):
        rates.take(asked("203.0.113.1"), "one")
    with pytest.raises(ProblemError) as refused:
        rates.take(asked("203.0.113.1", x_forwarded_for="198.51.100.1"), "one")
    assert refused.value.status == 429
    wait = int(refused.value.headers["Retry-After"])
    assert 0 < wait <= 60
    rates.take(asked("203.0.113.1"), "other")
    rates.take(asked("203.0.113.2"), "one")
    now += wait
    rates.take(asked("203.0.113.1"), "one")


def test_whoever_is_named_is_counted_wherever_they_are() -> None:
    """AP-209, AP-324: an actor's programs share its limit, a host's servers theirs."""
    rates = Rates(configured(), {"publish": 1})
    rates.take(asked("203.0.113.1"), "publish", by="ada")
    with pytest.raises(ProblemError):
        rates.take(asked("203.0.113.2"), "publish", by="ada")
    rates.take(asked("203.0.113.1"), "publish", by="eve")


def test_a_proxy_of_ours_is_not_the_caller() -> None:
    """SEC-061: nor is one IPv6 address of many."""
    rates = Rates(configured(server_trusted_proxies="10.0.0.0/8"), {"one": 1})
    assert rates.network(asked("10.0.0.1", x_forwarded_for="203.0.113.9")) == "203.0.113.9"
    assert rates.network(asked("2001:db8::1")) == rates.network(asked("2001:db8::2"))


def test_where_requests_are_not_limited_nothing_is() -> None:
    rates = Rates(configured(server_base_url="http://127.0.0.1:8000"), {"one": 1})
    for _ in range(5):
        rates.take(asked("127.0.0.1"), "one")


@pytest.mark.parametrize(
    "operation",
    [
        "sign in",
        "register a client",
        "look a client up",
        "exchange a token",
        "publish",
        "upload",
        "read elsewhere",
        "deliver",
    ],
)
def test_every_operation_that_is_named_has_a_limit(operation: str) -> None:
    """SEC-062."""
    assert PER_MINUTE[operation] > 0
