"""Feeds that are no well-formed XML: read leniently, by a process of their own with limits (Atom §10.2, §17.4).

A document type was refused before; what comes back is read like any JSON Feed, and cleaned as all feeds are.
"""

import asyncio
import contextlib
import logging
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

from vocab import xmltree
from vocab.dialects import feedreading
from vocab.dialects.feedreading import NoFeed, Reading, charsets

log = logging.getLogger(__name__)

PROGRAM: Final = Path(__file__).with_name("salvage.py")
SECONDS_MAX: Final = 20
AT_ONCE_MAX: Final = 1
TOLD_CHARS_MAX: Final = 300
_DECLARATION: Final = "<?xml"

_turns: Final = asyncio.Semaphore(AT_ONCE_MAX)


async def read(body: bytes, *, found_at: str, content_type: str, reason: str) -> Reading:
    """Read what can be read of a feed, with a warning that says ``reason``. Raises NoFeed when that is nothing."""
    text, _ = charsets.text(body, content_type)
    if xmltree.declares(text):
        raise NoFeed("it declares a document type; such documents are not read")
    clean = xmltree.without_forbidden(text).lstrip("\ufeff \t\r\n")
    if clean.startswith(_DECLARATION):
        clean = clean.partition("?>")[2]
    async with _turns:
        made = await _run(clean.encode(errors="replace"), found_at)
    found = await asyncio.to_thread(feedreading.read, made, found_at=found_at)
    return replace(found, format="salvaged", warnings=(f"it is not well formed ({reason})", *found.warnings))


async def _run(text: bytes, found_at: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(PROGRAM), found_at, env={},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS_MAX):
            made, told = await process.communicate(text)
    except TimeoutError:
        raise NoFeed("it is not well formed, and takes too long to be read all the same") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0 or not made:
        log.info("a feed was not read: %s", told.decode("utf-8", "replace")[-TOLD_CHARS_MAX:])
        raise NoFeed("it is not well formed, and nothing can be read of it")
    return made
