"""Keys as multibase text (FEP-521a): base58btc behind a ``z``, a multicodec prefix, the raw key.

Bytes in, bytes out; whether they make a usable key is for the cryptography to say.
"""

from typing import Final

from vocab.errors import BadMultikey

PREFIXES: Final[dict[str, bytes]] = {
    "ed25519": bytes.fromhex("ed01"),
    "ed25519-secret": bytes.fromhex("8026"),
    "p256": bytes.fromhex("8024"),
    "rsa": bytes.fromhex("8524"),
}
TEXT_CHARS_MAX: Final = 2_048

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS: Final = {letter: index for index, letter in enumerate(_ALPHABET)}
_ED25519_BYTES: Final = 32
_P256_BYTES: Final = 33
_DER_SEQUENCE: Final = 0x30


def encode(kind: str, raw: bytes) -> str:
    """Write a key of one of the kinds in ``PREFIXES`` (RSA as PKCS#1 DER, P-256 compressed)."""
    if kind not in PREFIXES:
        raise BadMultikey("unknown kind of key")
    _check(kind, raw)
    return encode_bytes(PREFIXES[kind] + raw)


def decode(text: str) -> tuple[str, bytes]:
    """Read a key; return its kind and raw bytes. Raises BadMultikey."""
    prefixed = decode_bytes(text)
    for kind, prefix in PREFIXES.items():
        if prefixed.startswith(prefix):
            raw = prefixed.removeprefix(prefix)
            _check(kind, raw)
            return kind, raw
    raise BadMultikey("unknown kind of key")


def encode_bytes(raw: bytes) -> str:
    """Write any bytes as base58btc multibase, as ``proofValue`` wants them (AP-500)."""
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    number = int.from_bytes(raw)
    letters: list[str] = []
    while number:
        number, digit = divmod(number, 58)
        letters.append(_ALPHABET[digit])
    return "z" + _ALPHABET[0] * zeros + "".join(reversed(letters))


def decode_bytes(text: str) -> bytes:
    """Read base58btc multibase. Raises BadMultikey."""
    if not text.startswith("z") or len(text) > TEXT_CHARS_MAX:
        raise BadMultikey("not base58btc multibase")
    letters = text[1:]
    number = 0
    for letter in letters:
        if letter not in _DIGITS:
            raise BadMultikey("a letter outside the alphabet")
        number = number * 58 + _DIGITS[letter]
    zeros = len(letters) - len(letters.lstrip(_ALPHABET[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def _check(kind: str, raw: bytes) -> None:
    """Refuse bytes that cannot be a key of this kind."""
    if kind.startswith("ed25519") and len(raw) != _ED25519_BYTES:
        raise BadMultikey("an Ed25519 key has 32 bytes")
    if kind == "p256" and (len(raw) != _P256_BYTES or raw[0] not in (2, 3)):
        raise BadMultikey("a P-256 key is a compressed point of 33 bytes")
    if kind == "rsa" and not (raw and raw[0] == _DER_SEQUENCE):
        raise BadMultikey("an RSA key is a DER sequence")
