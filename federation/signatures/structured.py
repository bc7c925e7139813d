"""Structured header fields (RFC 9651), read by the library and refused as one kind of error."""

from typing import Any, cast

import http_sf

from federation.errors import BadSignature


def dictionary(field: str, value: str) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Read a field that is a dictionary: for each name its value and that value's parameters."""
    try:
        return cast(
            dict[str, tuple[Any, dict[str, Any]]], http_sf.parse(value.encode("latin-1"), tltype="dictionary")
        )
    except (http_sf.StructuredFieldError, ValueError):
        raise BadSignature(f"{field} cannot be read") from None
