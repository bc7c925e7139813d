"""Which operations are counted together (Feeds §4.1); the settings ``quotas`` have one for each kind."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from server.doors.feeds import activities, collections, feeds, follows, pages, users

_OPERATIONS: Final[Mapping[str, Iterable[Callable[..., Any]]]] = {
    "add": (feeds.add, feeds.add_to_many),
    "remove": (feeds.remove,),
    "read": (pages.read, pages.read_enriched, activities.read, activities.read_enriched),
    "update": (activities.replace, activities.change),
    "retarget": (activities.retarget,),
    "follow": (follows.follow,),
    "unfollow": (follows.unfollow,),
    "list_followers": (follows.list_followers,),
    "list_following": (follows.list_following,),
    "batch_follow": (follows.follow_many, follows.unfollow_many),
    "batch": (
        collections.put_entries, collections.get_entries, collections.delete_entries,
        users.add_users, users.get_users, users.delete_users,
    ),
    "single": (
        collections.add_entry, collections.get_entry, collections.update_entry, collections.delete_entry,
        users.add_user, users.get_user, users.update_user, users.delete_user,
    ),
}  # fmt: skip
KINDS: Final = {operation: kind for kind, operations in _OPERATIONS.items() for operation in operations}
"""What kind of operation each is; what is not named is of the kind ``other``."""
