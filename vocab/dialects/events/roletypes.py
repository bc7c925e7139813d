"""The roles that every tenant has, and the roles that they are special cases of (Events §4.2)."""

from typing import Final

from vocab.dialects.events.places import Places

ACTOR: Final = "ACTOR"
AFFECTS: Final = "AFFECTS"
INVOLVES: Final = "INVOLVES"
COMMENTS: Final = "COMMENT:COMMENTS"
COMMENTED_ON: Final = "COMMENT:COMMENTED_ON"
MENTIONS: Final = "COMMENT:MENTIONS"

ROLES: Final = Places(
    space="role",
    under={
        "": (
            "ACTOR AFFECTS INVOLVES OBSERVED REFERENCES REFLECTS RATED_BY TRADE MESSAGING COMMENT CONCERNS"
            " SERIAL_NUMBER SUB_EVENT RELAYED_BY CONNECTS_FROM REFERRED"
            " FEATURED LISTED RELATED ADVERTISED TEASED BUMP_UP BUMP_DOWN BUMP_NEUTRAL"
        ),
        "ACTOR": "BUYER SOLD_BY SOLD_TO SENDER",
        "AFFECTS": "CREATES UPDATES REMOVES ASSIGNED_TO GRANTS_ACCESS_TO TRANSACTION",
        "INVOLVES": "VIEWED BOUGHT_FOR DELIVERED_TO RECEIVER",
        "TRADE": (
            "PURCHASED ORDERED RENTED LEASED GOT WON REPLACED REPURCHASED RESOLD RETURNED CANCELLED CARTED UN_CARTED"
            " RESERVED UN_RESERVED UNAVAILABLE PURCHASE_USED PROCESSING_ONLY INVENTORY_ONLY"
        ),
        "MESSAGING": "SENT_BY SENT_TO SENT_TO_CC SENT_TO_BCC",
        "COMMENT": "COMMENTS COMMENTED_ON MENTIONS",
    },
    synonyms={
        "OBSERVES": "OBSERVED",
        "DELETES": "REMOVES",
        "BOUGHT": "PURCHASED",
        "SELECTED": "CARTED",
        "UNSELECTED": "UN_CARTED",
        "UNCARTED": "UN_CARTED",
        "UNRESERVED": "UN_RESERVED",
        "MESSAGE_FROM": "SENT_BY",
        "MESSAGE_TO": "SENT_TO",
        "MESSAGE_CC": "SENT_TO_CC",
        "MESSAGE_BCC": "SENT_TO_BCC",
        "MENTIONES": "MENTIONS",
        "WITNESSED": "OBSERVED",
    },
    also=frozenset({"AFFECTS:BOUGHT_FOR"}),
    orphans="INVOLVES",
)
"""``BOUGHT_FOR`` is the one label that has two places."""

TRADES: Final = frozenset(label for label, path in ROLES.paths.items() if path.startswith("TRADE:"))
"""The trade roles by their labels."""
