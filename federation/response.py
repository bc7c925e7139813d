"""The answer to a request of ours, read no further than we are willing to (SEC-048)."""

import zlib
from collections.abc import AsyncIterable, Callable, Mapping
from dataclasses import dataclass

import brotli

from federation.errors import BadAnswer, TooLarge


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer: ``url`` is where it came from, after redirects; header names are lower-case.

    ``moved_to`` is how far the redirects were for good, None when the first was not, or there was none.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    moved_to: str | None = None


async def read_body(
    url: str, status: int, headers: Mapping[str, str], chunks: AsyncIterable[bytes], *, limit_bytes: int
) -> bytes:
    """Read a body to its end; TooLarge as soon as it is, or says it will be, more than the limit.

    We ask for no compression. Who compresses all the same is read with an inflater that never makes
    more than the limit out of what it gets; compression inside compression is refused.
    """
    declared = headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:18]) > limit_bytes:
        raise TooLarge(url, f"says it is longer than {limit_bytes} bytes")
    inflate = _inflater(url, status, headers.get("content-encoding", "identity").strip().lower())
    parts: list[bytes] = []
    room_bytes = limit_bytes
    async for chunk in chunks:
        try:
            part = inflate(chunk, room_bytes + 1) if inflate else chunk
        except (zlib.error, brotli.error):
            raise BadAnswer(url, "its compression cannot be undone", status) from None
        room_bytes -= len(part)
        if room_bytes < 0:
            raise TooLarge(url, f"is longer than {limit_bytes} bytes")
        parts.append(part)
    return b"".join(parts)


Inflate = Callable[[bytes, int], bytes]
"""Undoes compression of some more bytes, and makes hardly more out of them than it is told."""


def _inflater(url: str, status: int, encoding: str) -> Inflate | None:
    if encoding in ("identity", ""):
        return None
    if encoding in ("gzip", "x-gzip", "deflate"):
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress
    if encoding == "br":
        return _brotli()
    raise BadAnswer(url, "it is encoded in a way we do not read", status)


def _brotli() -> Inflate:
    """Return an inflater of Brotli, which stops as soon as it has made more than the limit."""
    stream = brotli.Decompressor()

    def inflate(chunk: bytes, limit_bytes: int) -> bytes:
        parts: list[bytes] = [stream.process(chunk, output_buffer_limit=limit_bytes)]
        made_bytes = len(parts[0])
        while made_bytes <= limit_bytes and not stream.can_accept_more_data() and not stream.is_finished():
            parts.append(stream.process(b"", output_buffer_limit=limit_bytes))
            made_bytes += len(parts[-1])
        return b"".join(parts)

    return inflate
