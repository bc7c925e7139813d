"""The operator's word on other hosts."""

import pytest

from storage import Store, policies

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("host", "severity"),
    [
        ("bad.example", "suspend"),
        ("a.bad.example", "suspend"),
        ("quiet.bad.example", "silence"),
        ("very.quiet.bad.example", "silence"),
        ("notbad.example", None),
        ("example", None),
        ("bad.example.org", None),
        ("127.0.0.1:8001", "suspend"),
        ("localhost", None),
    ],
)
async def test_a_word_covers_what_is_below_it(store: Store, host: str, severity: str | None) -> None:
    await store.write(policies.put, "bad.example", "suspend", now=1)
    await store.write(policies.put, "quiet.bad.example", "silence", now=1)
    await store.write(policies.put, "127.0.0.1:8001", "suspend", now=1)
    assert await store.read(policies.severity, host) == severity
    assert await store.peek(policies.severities, [host, "good.example"]) == {
        host: severity,
        "good.example": None,
    }


async def test_the_word_on_everyone_holds_where_nothing_else_was_said(store: Store) -> None:
    await store.write(policies.put, "*", "suspend", now=1)
    await store.write(policies.put, "a.example", "allow", now=1)
    said = await store.peek(policies.severities, ["b.a.example", "c.example"])
    assert said == {"b.a.example": "allow", "c.example": "suspend"}
    assert await store.peek(policies.severities, []) == {}


async def test_a_word_is_changed_listed_and_taken_back(store: Store) -> None:
    await store.write(policies.put, "b.example", "suspend", reason="spam", now=1)
    await store.write(policies.put, "a.example", "silence", now=2)
    await store.write(policies.put, "b.example", "silence", reason="less", now=3)
    listed = [(policy.host, policy.severity, policy.reason) for policy in await store.read(policies.every)]
    assert listed == [("a.example", "silence", ""), ("b.example", "silence", "less")]
    assert await store.write(policies.remove, "b.example")
    assert not await store.write(policies.remove, "b.example")
    assert await store.read(policies.severity, "b.example") is None


async def test_the_configured_list_leaves_the_operators_word_alone(store: Store) -> None:
    """AP-640: the allow-list mode is a word on every host, and goes with its setting."""
    await store.write(policies.put, "bad.example", "suspend", now=1)
    await store.write(policies.configure, ["good.example", "bad.example"], now=2)
    found = {
        host: await store.read(policies.severity, host)
        for host in ("x.good.example", "bad.example", "any.example")
    }
    assert found == {"x.good.example": "allow", "bad.example": "suspend", "any.example": "suspend"}
    await store.write(policies.configure, ["other.example"], now=3)
    assert await store.read(policies.severity, "good.example") == "suspend"
    await store.write(policies.configure, [], now=4)
    assert [one.host for one in await store.read(policies.every)] == ["bad.example"]
