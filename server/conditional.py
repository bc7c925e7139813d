"""Conditional requests: whether the reader has what we would send (RFC 9110 §13)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from starlette.requests import Request


def unchanged(request: Request, held: Mapping[str, str]) -> bool:
    """Tell whether the validators of an answer are those the reader names.

    If-None-Match decides; without it, If-Modified-Since. To be asked after it is known that the reader may
    have the answer (SEC-079).
    """
    asked = request.headers.get("if-none-match")
    if asked is not None:
        tags = (tag.strip().removeprefix("W/") for tag in asked.split(","))
        return asked.strip() == "*" or held.get("ETag", "") in tags
    since, modified = _instant(request.headers.get("if-modified-since")), _instant(held.get("Last-Modified"))
    return since is not None and modified is not None and modified <= since


def _instant(text: str | None) -> datetime | None:
    """Read an HTTP date; what is none counts as absent (RFC 9110 §13.1.3)."""
    try:
        return None if text is None else parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
