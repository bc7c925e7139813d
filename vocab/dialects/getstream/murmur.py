"""MurmurHash3, x86, 32 bits, seed 0 (Austin Appleby, public domain): what Stream makes ids with (§3.2)."""

from typing import Final

_MASK: Final = 0xFFFFFFFF
_FIRST: Final = 0xCC9E2D51
_SECOND: Final = 0x1B873593


def murmur3(data: bytes) -> int:
    """Return the hash of some bytes, unsigned."""
    whole = len(data) - len(data) % 4
    mixed = 0
    for start in range(0, whole, 4):
        mixed ^= _scrambled(int.from_bytes(data[start : start + 4], "little"))
        mixed = (_rotated(mixed, 13) * 5 + 0xE6546B64) & _MASK
    mixed ^= _scrambled(int.from_bytes(data[whole:], "little"))
    return _finished(mixed ^ len(data))


def _scrambled(block: int) -> int:
    return (_rotated(block * _FIRST & _MASK, 15) * _SECOND) & _MASK


def _rotated(value: int, bits: int) -> int:
    return (value << bits | value >> (32 - bits)) & _MASK


def _finished(value: int) -> int:
    """Let every bit of the input have its say in every bit of the hash."""
    value = (value ^ value >> 16) * 0x85EBCA6B & _MASK
    value = (value ^ value >> 13) * 0xC2B2AE35 & _MASK
    return value ^ value >> 16
