"""Analyses: counting and measuring what happened, and series of data points (Events §18.5, §19).

``query`` reads what is asked, ``periods`` and ``buckets`` say which time is meant and how it is cut, ``answering`` has
the database count and shapes what it found.
"""

from streams.analytics.answering import answer
from streams.analytics.query import Asked, Query, parse

__all__ = ["Asked", "Query", "answer", "parse"]
