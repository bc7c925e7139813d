"""What we remember: one transaction type, one SQL text, two engines.

``open_store`` gives a store; a unit of work takes a transaction and calls the rooms, which are modules
of plain functions: ``await objects.by_iri(tx, iri)``. Nothing here decides what an activity means.
"""

from storage import (
    actors,
    answers,
    audience,
    backup,
    blocks,
    entries,
    errors,
    follows,
    foretold,
    hosts,
    inbox,
    jobs,
    keys,
    letters,
    members,
    meta,
    migrate,
    objects,
    policies,
    prune,
    reactions,
    tokens,
)
from storage.connection import Row, Store, Transaction, Value
from storage.inbox import Intake, VerifiedActor
from storage.open import open_store

__all__ = [
    "Intake",
    "Row",
    "Store",
    "Transaction",
    "Value",
    "VerifiedActor",
    "actors",
    "answers",
    "audience",
    "backup",
    "blocks",
    "entries",
    "errors",
    "follows",
    "foretold",
    "hosts",
    "inbox",
    "jobs",
    "keys",
    "letters",
    "members",
    "meta",
    "migrate",
    "objects",
    "open_store",
    "policies",
    "prune",
    "reactions",
    "tokens",
]
