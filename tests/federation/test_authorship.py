"""Whose document something is, as far as its proof is concerned."""

import pytest

from federation.authorship import author_of
from vocab import from_json

ADA, EVE = "https://a.example/u/ada", "https://evil.example/u/eve"
BOXES = {"inbox": f"{ADA}/inbox", "outbox": f"{ADA}/outbox"}


@pytest.mark.parametrize(
    ("members", "author"),
    [
        ({"type": "Note", "attributedTo": ADA}, ADA),
        ({"type": "Create", "actor": ADA}, ADA),
        ({"type": "Create", "actor": ADA, "attributedTo": ADA}, ADA),
        ({"type": "Person", "id": ADA, **BOXES}, ADA),
        ({"type": "Group", "id": ADA, **BOXES, "attributedTo": f"{ADA}/moderators"}, ADA),
        ({"type": "Note"}, None),
        ({"type": "Note", "attributedTo": [ADA, EVE]}, None),
        ({"type": "Create", "actor": EVE, "attributedTo": ADA}, None),
        ({"type": ["Create", "Note"], "actor": EVE, "attributedTo": ADA}, None),
        ({"type": ["Person", "Create"], "id": EVE, **BOXES, "actor": ADA}, None),
    ],
)
def test_one_author_or_none(members, author):
    """AP-501, SEC-027: a key speaks for one actor; a document that names two is nobody's to sign."""
    assert author_of(from_json(members)) == author
