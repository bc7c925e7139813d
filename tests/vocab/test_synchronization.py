"""What two servers tell each other of followers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.synchronization import Synchronization, digest, read

BOB, CY = "https://b.example/u/bob", "https://b.example/u/cy"
BOTH = "033f185d91d424dff5a863c1d14d0ebf396f7e6a4a72a19cbece59ea1f0417fc"
HEADER = (
    'collectionId="https://a.example/u/ada/followers", url="https://a.example/u/ada/followers_sync", '
    f'digest="{BOTH}"'
)


def test_digests():
    """AP-709, V-14: one, two in any order and each once, none."""
    assert digest([BOB]) == "d16c86adad693eb77958111778f8dbbd6ea7d43ad5afb162698c22188e8f1646"
    assert digest([CY]) == "d2539ef03cbd1a688cf072d6a9b5d50257c8aa509fdd10fed7427bf2918b01ba"
    assert digest([BOB, CY]) == digest([CY, BOB, CY]) == BOTH
    assert digest([]) == "0" * 64


def test_the_published_header():
    """AP-709, V-14: written and read, parameters in any order."""
    told = Synchronization(
        "https://a.example/u/ada/followers", "https://a.example/u/ada/followers_sync", BOTH
    )
    assert str(told) == HEADER
    assert read(HEADER) == told
    assert read(",".join(reversed(HEADER.split(", ")))) == told
    assert read(HEADER.replace(BOTH, BOTH.upper())) == told


@pytest.mark.parametrize(
    "text",
    ["", "digest", HEADER + "x", HEADER + ', url="https://a.example/"', HEADER.replace("url", "uri"),
     HEADER.replace(BOTH, "abc"), HEADER.replace(BOTH, "g" * 64), HEADER + ', x="' + "y" * 9_000 + '"'],
)  # fmt: skip
def test_what_is_none(text):
    """AP-709: anything else is passed over."""
    assert read(text) is None


@given(st.text())
def test_any_text(text):
    """SEC-055: no text breaks the reader."""
    assert read(text) is None or "digest" in text
