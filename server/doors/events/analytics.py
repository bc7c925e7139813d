"""Analyses: what happened, counted and measured (Events §19), and what one event is counted by (Events §3.5)."""

from typing import Any

from server.doors.events.answers import Answered
from server.doors.events.call import Call
from server.doors.events.door import ANALYTICS, AS, Operations
from server.errors import ProblemError
from storage import Transaction, eventitems, points
from streams import analytics
from streams.events import Reader, reading
from vocab.dialects.events import Point, moments, references
