"""Passwords, kept as scrypt hashes with their parameters beside them."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

CHARS_MIN = 8
COST, BLOCK, PARALLEL = 2**15, 8, 1
MEMORY_BYTES_MAX = 64 * 1024 * 1024
SALT_BYTES = 16


def hashed(password: str) -> str:
    """Return what to keep of a password; takes about a tenth of a second on purpose."""
    salt = secrets.token_bytes(SALT_BYTES)
    digest = _scrypt(password, salt, COST, BLOCK, PARALLEL)
    return f"scrypt${COST}${BLOCK}${PARALLEL}${b64encode(salt).decode()}${b64encode(digest).decode()}"


def matches(password: str, kept: str) -> bool:
    """Tell whether this is the password of which ``kept`` was made."""
    _, cost, block, parallel, salt, digest = kept.split("$")
    found = _scrypt(password, b64decode(salt, validate=True), int(cost), int(block), int(parallel))
    return hmac.compare_digest(found, b64decode(digest, validate=True))


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(
        password.encode(), salt=salt, n=cost, r=block, p=parallel, maxmem=MEMORY_BYTES_MAX, dklen=32
    )
