"""Where pictures are made: one short-lived process for each, a few at a time (SEC-071, REL-025)."""

import asyncio
import contextlib
import json
import logging
import sys
from pathlib import Path
from typing import Final

from server.pictures.errors import Undecodable
from server.pictures.plan import Plan

log = logging.getLogger(__name__)

PROGRAM: Final = Path(__file__).with_name("scaler.py")
TYPES: Final = {
    "image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP", "image/bmp": "BMP",
}  # fmt: skip
"""Of what pictures are made, by media type: always one of the same kind."""
MEMORY_BYTES_MAX: Final = 1024 * 1024 * 1024
SECONDS_MAX: Final = 20
AT_ONCE_MAX: Final = 2
TOLD_CHARS_MAX: Final = 300


class Studio:
    """Makes pictures of at most so many pixels, of pictures of at most so many."""

    def __init__(self, *, pixels_max: int) -> None:
        self._pixels_max = pixels_max
        self._room = asyncio.Semaphore(AT_ONCE_MAX)

    async def make(self, path: Path, type: str, plan: Plan) -> bytes:
        """Return a picture made of the one in a file, which has one of ``TYPES``. Raises Undecodable."""
        order = {
            "path": str(path), "format": TYPES[type], **plan._asdict(), "pixels_max": self._pixels_max,
            "memory_bytes_max": MEMORY_BYTES_MAX, "cpu_seconds_max": SECONDS_MAX,
        }  # fmt: skip
        async with self._room:
            return await _run(json.dumps(order))


async def _run(order: str) -> bytes:
    """Run the program, which inherits nothing: not even where our database is."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(PROGRAM), order, env={},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS_MAX):
            made, told = await process.communicate()
    except TimeoutError:
        raise Undecodable("the picture takes too long") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0 or not made:
        log.info("a picture was not made: %s", told.decode("utf-8", "replace")[-TOLD_CHARS_MAX:])
        raise Undecodable("the picture cannot be read")
    return made
