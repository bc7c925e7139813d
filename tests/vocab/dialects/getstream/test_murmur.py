"""MurmurHash3: the values of its author's reference implementation, with seed 0."""

import pytest

from vocab.dialects.getstream.murmur import murmur3


@pytest.mark.parametrize(
    ("data", "hashed"),
    [
        (b"", 0),
        (b"\0\0\0\0", 0x2362F9DE),
        (b"\xff\xff\xff\xff", 0x76293B50),
        (b"\x21\x43\x65\x87", 0xF55B516B),
        (b"\x21\x43\x65", 0x7E4A8634),
        (b"\x21\x43", 0xA0F7B07A),
        (b"\x21", 0x72661CF4),
        (b"hello", 0x248BFA47),
        (b"Hello, world!", 0xC0363E43),
        (b"The quick brown fox jumps over the lazy dog", 0x2E4FF723),
    ],
)
def test_known_values(data: bytes, hashed: int) -> None:
    assert murmur3(data) == hashed
