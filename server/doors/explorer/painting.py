"""JSON as people read it: indented, keys and values in colours of their own."""

from typing import Any

from markupsafe import Markup

from vocab import jsontext
from vocab.jsontext import Json


def painted(raw: bytes | str) -> Markup:
    """Return JSON text as markup, in the order and spelling it has: each line a block, the inner ones in it."""
    return _line(_value(jsontext.loads(raw)))


def _value(value: Json, after: str = "") -> Markup:
    if isinstance(value, dict) and value:
        commas = _commas(len(value))
        members = [
            Markup("{}: {}").format(_key(key), _value(inner, comma))
            for (key, inner), comma in zip(value.items(), commas, strict=True)
        ]
        return _block("{", members, f"}}{after}")
    if isinstance(value, list) and value:
        items = [_value(inner, comma) for inner, comma in zip(value, _commas(len(value)), strict=True)]
        return _block("[", items, f"]{after}")
    kind = "text" if isinstance(value, str) else "literal"
    return Markup('<span class="{}">{}</span>{}').format(kind, jsontext.dumps(value).decode(), after)


def _commas(count: int) -> list[str]:
    """Return what stands behind each of so many values."""
    return [","] * (count - 1) + [""]


def _key(key: str) -> Markup:
    return Markup('<span class="key">{}</span>').format(jsontext.dumps(key).decode())


def _block(start: str, lines: list[Markup], end: str) -> Markup:
    inside = Markup("").join(map(_line, lines))
    return Markup('{}{}<div class="end">{}</div>').format(start, inside, end)


def _line(inside: Markup) -> Markup:
    return Markup("<div>{}</div>\n").format(inside)


def preview(members: dict[str, Any], most: int) -> str:
    """Say in one line what members there are, as far as there is room."""
    told = " · ".join(f"{name}: {_short(value)}" for name, value in members.items())
    return told if len(told) <= most else f"{told[:most].rstrip()}…"


def _short(value: Any) -> str:
    return value if isinstance(value, str) else jsontext.dumps(value).decode()
