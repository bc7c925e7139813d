"""What one may do at the Feeds API: which claims each operation needs, and what users may (Feeds §2.2, §2.5).

Users may what stands here and nothing else; servers may everything that the scope of their token covers.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Literal

READ, WRITE, DELETE = "read", "write", "delete"


class Users(Enum):
    """To what a user may do something."""

    ANYTHING = "to everything"
    READABLE = "to feeds of groups that they may read"
    OWN_FEEDS = "to feeds whose id is theirs"
    OWN = "to what belongs to them"
    NAMED = "to what their token names as its resource; * does not"
    NOTHING = "to nothing: servers alone may"


@dataclass(frozen=True, slots=True)
class Operation:
    """What is done: the claims that a token needs, and to what users may do it."""

    resource: str
    action: str
    users: Users


READ_FEED = Operation("feed", READ, Users.READABLE)
MARK_FEED = Operation("feed", READ, Users.OWN_FEEDS)
ADD_ACTIVITY = Operation("feed", WRITE, Users.OWN_FEEDS)
REMOVE_ACTIVITY = Operation("feed", DELETE, Users.OWN_FEEDS)
ADD_TO_MANY = Operation("feed", WRITE, Users.NOTHING)
UPDATE_TARGETS = Operation("feed_targets", WRITE, Users.NOTHING)

READ_ACTIVITIES = Operation("activities", READ, Users.ANYTHING)
UPDATE_ACTIVITIES = Operation("activities", WRITE, Users.NOTHING)

FOLLOW = Operation("follower", WRITE, Users.OWN_FEEDS)
UNFOLLOW = Operation("follower", DELETE, Users.OWN_FEEDS)
LIST_FOLLOWS = Operation("follower", READ, Users.OWN_FEEDS)
COUNT_FOLLOWS = Operation("follower", READ, Users.ANYTHING)
FOLLOW_MANY = Operation("follower", WRITE, Users.NOTHING)
UNFOLLOW_MANY = Operation("follower", WRITE, Users.NOTHING)  # a POST as well

READ_USER = Operation("users", READ, Users.ANYTHING)
WRITE_USER = Operation("users", WRITE, Users.OWN)
DELETE_USER = Operation("users", DELETE, Users.OWN)
READ_USERS = Operation("users", READ, Users.NOTHING)
WRITE_USERS = Operation("users", WRITE, Users.NOTHING)
DELETE_USERS = Operation("users", DELETE, Users.NOTHING)

ADD_ENTRY = Operation("collections", WRITE, Users.ANYTHING)
READ_ENTRY = Operation("collections", READ, Users.ANYTHING)
UPDATE_ENTRY = Operation("collections", WRITE, Users.OWN)
DELETE_ENTRY = Operation("collections", DELETE, Users.OWN)
READ_ENTRIES = Operation("collections", READ, Users.NOTHING)
WRITE_ENTRIES = Operation("collections", WRITE, Users.NOTHING)
DELETE_ENTRIES = Operation("collections", DELETE, Users.NOTHING)

READ_REACTIONS = Operation("reactions", READ, Users.ANYTHING)
WRITE_REACTION = Operation("reactions", WRITE, Users.OWN)
DELETE_REACTION = Operation("reactions", DELETE, Users.OWN)

UPLOAD_FILE = Operation("files", WRITE, Users.ANYTHING)
PROCESS_FILE = Operation("files", READ, Users.OWN)
DELETE_FILE = Operation("files", DELETE, Users.OWN)
READ_OPEN_GRAPH = Operation("url", READ, Users.ANYTHING)

READ_PERSONALIZATION = Operation("personalization", READ, Users.OWN)
WRITE_PERSONALIZATION = Operation("personalization", WRITE, Users.NOTHING)
DELETE_PERSONALIZATION = Operation("personalization", DELETE, Users.NOTHING)
TRACK = Operation("analytics", WRITE, Users.NAMED)
REDIRECT = Operation("redirect_and_track", READ, Users.NAMED)
MODERATE = Operation("moderation", WRITE, Users.NOTHING)
FORGET_MODERATED = Operation("moderation", DELETE, Users.NOTHING)
READ_AUDIT_LOGS = Operation("audit_logs", READ, Users.NOTHING)
EXPORT_DATA = Operation("data_privacy", READ, Users.NOTHING)
DELETE_DATA = Operation("data_privacy", WRITE, Users.NOTHING)


@dataclass(frozen=True, slots=True)
class Access:
    """What a feed group lets users do: read ``any`` of its feeds, their ``own`` or ``none``; and write to others."""

    read: Literal["any", "own", "none"] = "own"
    target: Literal["any", "own"] = "own"
