"""Outside activities: what programs elsewhere post becomes part of the stream (Atom §6).

The functions here are for programs that run in this process as well as for the door; they return what is wrong with
what they are given, and never raise for it.
"""

from streams.thirdparty.deleting import delete
from streams.thirdparty.kept import Deleted, Kept, Parts, Posted, Poster, Refusal
from streams.thirdparty.posting import post
from streams.thirdparty.reading import RESULTS_MAX, Query, applications, get, query

__all__ = [
    "RESULTS_MAX",
    "Deleted",
    "Kept",
    "Parts",
    "Posted",
    "Poster",
    "Query",
    "Refusal",
    "applications",
    "delete",
    "get",
    "post",
    "query",
]
