"""Looking into a payload that may be anything: a path of names, and a value of the kind that is wanted, or nothing."""

from typing import Any, Final

from vocab.iri import is_http

TEXT_CHARS_MAX: Final = 20_000
NAME_CHARS_MAX: Final = 500


def dig(data: Any, path: str) -> Any:
    """Return what is at a path such as ``build.commits.0.id``; None where it leads nowhere."""
    for name in path.split("."):
        if isinstance(data, dict):
            data = data.get(name)
        elif isinstance(data, list) and name.isdecimal() and len(name) < 6:
            data = data[int(name)] if int(name) < len(data) else None
        else:
            return None
    return data


def text(data: Any, *paths: str) -> str:
    """Return the first of some texts or whole numbers that is there, on one line; empty when none is."""
    for path in paths:
        value = dig(data, path)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)[:NAME_CHARS_MAX]
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())[:NAME_CHARS_MAX]
    return ""


def prose(data: Any, *paths: str) -> str:
    """Return the first of some texts that is there, with its line breaks."""
    found = (value for path in paths if isinstance(value := dig(data, path), str) and value.strip())
    return next(found, "")[:TEXT_CHARS_MAX]


def address(data: Any, *paths: str) -> str:
    """Return the first of some addresses of the web that is there."""
    found = (value for path in paths if isinstance(value := dig(data, path), str) and is_http(value))
    return next(found, "")


def members(data: Any, path: str) -> list[dict[str, Any]]:
    """Return the objects in a list."""
    value = dig(data, path)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
