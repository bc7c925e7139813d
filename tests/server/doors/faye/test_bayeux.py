"""Messages of Bayeux, without anyone who sends them."""

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.doors.faye import bayeux
from server.doors.faye.bayeux import BadMessages, Meta

GRAMMAR = re.compile(r"[0-9]{3}:[a-zA-Z0-9\-_!~()$@ /*.]*:[a-zA-Z0-9\-_!~()$@ /*.]*")
"""How the client that SDKs contain takes an error apart."""

SHAKE: dict[str, Any] = {
    "channel": "/meta/handshake", "version": "1.0", "id": "1",
    "supportedConnectionTypes": ["in-process", "websocket", "long-polling"],
}  # fmt: skip

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
members = st.sampled_from(
    (
        "channel",
        "clientId",
        "id",
        "version",
        "supportedConnectionTypes",
        "advice",
        "subscription",
        "ext",
        "data",
    )
)
messages = st.dictionaries(
    members,
    json_values | st.sampled_from([meta.value for meta in Meta]) | st.just({"timeout": 0}),
    max_size=9,
)


def test_a_handshake_is_answered_as_the_sdk_expects() -> None:
    """Feeds §11.1, step 1."""
    assert bayeux.refuses_handshake(SHAKE) == ""
    assert bayeux.welcome(SHAKE, "abc") == {
        "channel": "/meta/handshake", "id": "1", "successful": True, "version": "1.0", "clientId": "abc",
        "supportedConnectionTypes": ["websocket", "long-polling"],
        "advice": {"reconnect": "retry", "interval": 0, "timeout": 45000},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"version": None}, "402:version:Missing required parameter"),
        (
            {"supportedConnectionTypes": "websocket"},
            "402:supportedConnectionTypes:Missing required parameter",
        ),
        ({"supportedConnectionTypes": ["flash"]}, "301::Connection types not supported"),
    ],
)
def test_a_handshake_without_what_it_needs_fails(changed: dict[str, Any], error: str) -> None:
    asked = SHAKE | changed
    assert bayeux.refuses_handshake(asked) == error
    told = bayeux.unwelcome(asked, error)
    assert (told["successful"], told["error"]) == (False, error)
    assert told["advice"] == bayeux.HANDSHAKE
    assert "clientId" not in told


def test_one_message_and_several_are_read() -> None:
    assert bayeux.read(b'{"channel":"/a"}') == [{"channel": "/a"}]
    assert bayeux.read('[{"channel":"/a"},{}]') == [{"channel": "/a"}, {}]
    assert bayeux.read("[]") == []


@pytest.mark.parametrize("text", ["", "7", '"a"', "null", "[1]", "[[]]", "{", json.dumps([{}] * 65), b"\xff"])
def test_what_is_no_message_is_refused(text: str | bytes) -> None:
    with pytest.raises(BadMessages):
        bayeux.read(text)


@pytest.mark.parametrize(
    ("advice", "seconds"),
    [
        (None, 45), ({}, 45), ({"timeout": 0}, 0), ({"timeout": 1500}, 1.5), ({"timeout": 10**12}, 45),
        ({"timeout": -1}, 0), ({"timeout": "0"}, 45), ({"timeout": True}, 45), ([], 45),
    ],
)  # fmt: skip
def test_a_connect_is_held_as_long_as_the_client_likes(advice: Any, seconds: float) -> None:
    """Feeds §11.1, step 2: a time-out of 0 is answered at once."""
    assert bayeux.patience_seconds({"advice": advice}) == seconds


def test_clients_publish_nothing() -> None:
    """Feeds §11.1: and they are told so in a form that they can read."""
    for channel in ("/site-42-feed-user1", "/meta/other", "/a'b\n"):
        told = bayeux.forbidden({"channel": channel, "data": {}, "id": 3})
        assert (told["successful"], told["id"]) == (False, 3)
        assert GRAMMAR.fullmatch(told["error"])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(messages)
def test_whatever_a_message_holds_it_can_be_answered(message: dict[str, Any]) -> None:
    """No member has a type on which we rely."""
    [read] = bayeux.read(json.dumps(message))
    assert 0 <= bayeux.patience_seconds(read) <= 45
    assert all(isinstance(text, str) for text in bayeux.credentials(read))
    named = bayeux.channels(read)
    assert named is None or 0 < len(named) <= bayeux.CHANNELS_MAX
    assert bayeux.asks(read) in (None, *Meta)
    refused = bayeux.refuses_handshake(read)
    told = bayeux.unwelcome(read, refused) if refused else bayeux.welcome(read, "x")
    for one in (told, bayeux.unknown(read), bayeux.forbidden(read), bayeux.answer(read)):
        assert json.loads(json.dumps(one)) == one
        assert one["successful"] is ("error" not in one)
        assert "error" not in one or GRAMMAR.fullmatch(one["error"])
        assert one.get("id") == (read.get("id") if bayeux.number(read) else None)


def test_every_advice_says_how_long_to_wait() -> None:
    """Feeds §11.1: the official Dart client takes all three members of an advice for granted."""
    told = bayeux.unknown({"channel": "/meta/connect", "clientId": "x"})["advice"]
    assert told == {"reconnect": "handshake", "interval": 0, "timeout": 45000}
