"""Analyses: counting and measuring what happened, and series of data points (Events §18.5, §19).

``query`` reads what is asked, ``periods`` and ``buckets`` say which time is meant and how it is cut, ``answering`` has
the database count and shapes what it found. ``counting`` keeps the points of events,
``measuring`` those that are sent as such, ``receiving`` counts what arrives, ``timeseries`` tells of series.
"""

from streams.analytics.answering import answer, number
from streams.analytics.query import EVER, Asked, Query, parse
from streams.analytics.receiving import Received, Way

__all__ = ["EVER", "Asked", "Query", "Received", "Way", "answer", "number", "parse"]
