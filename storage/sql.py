"""One SQL text for both engines: parameters are written ``:name`` and spelt anew for PostgreSQL.

SQLite knows ``:name`` itself. Each text is translated once.
"""

import json
import re
from collections.abc import Iterable
from functools import lru_cache

TEXTS_CACHED = 2_048

_PIECE = re.compile(
    r"""
      (?P<kept> '(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | :: )
    | :(?P<name> [A-Za-z_][A-Za-z0-9_]* )
    | (?P<percent> % )
    """,
    re.VERBOSE | re.DOTALL,
)


@lru_cache(TEXTS_CACHED)
def for_psycopg(sql: str) -> str:
    """Spell ``:name`` as ``%(name)s``, leaving quoted text, comments and ``::`` casts alone."""
    return _PIECE.sub(_spell, sql)


def _spell(match: re.Match[str]) -> str:
    if match["name"] is not None:
        return f"%({match['name']})s"
    return match[0].replace("%", "%%")


_EACH = {
    "sqlite": "json_each(:{}) AS each",
    "postgres": "json_array_elements(CAST(:{} AS json)) AS each (value)",
}


def each(engine: str, parameter: str) -> str:
    """Return what to select from to have a list of tuples, given as one JSON text, as rows.

    The members of a tuple are ``each.value ->> 0`` and so on, and are text. Look them up with ``IN (SELECT …)``, or
    put ``CROSS JOIN`` after them: left the choice, SQLite may go through the other table once for each of them.
    """
    return _EACH[engine].format(parameter)


def listed(rows: Iterable[tuple[str | int, ...]]) -> str:
    """Write a list of tuples as the text that ``each`` reads."""
    return json.dumps(list(rows))
