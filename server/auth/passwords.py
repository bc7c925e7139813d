"""Passwords, kept as scrypt hashes with their parameters beside them."""

import asyncio
import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from concurrent.futures import ThreadPoolExecutor

CHARS_MIN, CHARS_MAX = 8, 1_024
COST, BLOCK, PARALLEL = 2**15, 8, 1
MEMORY_BYTES_MAX = 64 * 1024 * 1024
SALT_BYTES = 16
AT_ONCE_MAX = 2
"""Each takes 32 MiB and a tenth of a second of one core; more wait in line."""

NOBODYS = f"scrypt${COST}${BLOCK}${PARALLEL}${b64encode(bytes(SALT_BYTES)).decode()}${b64encode(bytes(32)).decode()}"
"""Compared with when nobody has the name, so that the answer takes as long."""

_ASIDE = ThreadPoolExecutor(AT_ONCE_MAX, thread_name_prefix="scrypt")


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


async def hashed_aside(password: str) -> str:
    """Do what ``hashed`` does without holding up anyone else."""
    return await asyncio.get_running_loop().run_in_executor(_ASIDE, hashed, password)


async def matches_aside(password: str, kept: str | None) -> bool:
    """Do what ``matches`` does without holding up anyone else; for nobody it takes as long (SEC-094)."""
    same = await asyncio.get_running_loop().run_in_executor(_ASIDE, matches, password, kept or NOBODYS)
    return same and kept is not None
