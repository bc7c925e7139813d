"""What a reader asks of a stream: the parameters of its address and the filters in them (Atom §4)."""

from vocab.dialects.streamquery.addresses import kept, with_cursor
from vocab.dialects.streamquery.cursors import Cursor
from vocab.dialects.streamquery.expressions import DATES, OPERATORS, Filter, read, written
from vocab.dialects.streamquery.query import FORMATS, RESERVED, Query, query

__all__ = [
    "DATES",
    "FORMATS",
    "OPERATORS",
    "RESERVED",
    "Cursor",
    "Filter",
    "Query",
    "kept",
    "query",
    "read",
    "with_cursor",
    "written",
]
