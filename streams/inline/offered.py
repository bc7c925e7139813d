"""Which actions a reader may take now on the entries of a page (Atom §3.7, §7.1, §7.6).

An action is offered exactly when it would be done. Nobody in particular, and no feed token, is offered any.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from storage import Store
from streams.inline import addresses
from streams.inline.subject import Nature, Standing, standings_of
from streams.providers import Onlooker
from vocab.entry import Action, Entry

RELATIONS: Final = "http://streams.atlassian.com/syndication/"
REPLY_TO: Final = RELATIONS + "reply-to"
WATCH: Final = RELATIONS + "watch"
VOTE: Final = RELATIONS + "issue-vote"


async def offered(store: Store, base_url: str, onlooker: Onlooker, entries: Iterable[Entry]) -> list[Entry]:
    """Return entries with what this reader may do about each. A few statements for all of them."""
    page = list(entries)
    if onlooker.viewer is None or onlooker.by_token:
        return page
    items = [entry.item for entry in page if entry.item is not None]
    if not items:
        return page
    standings = await store.read(standings_of, base_url, onlooker.viewer, items)
    return [_with_actions(base_url, entry, standings) for entry in page]


def _with_actions(base_url: str, entry: Entry, standings: dict[int, Standing]) -> Entry:
    standing = None if entry.item is None else standings.get(entry.item)
    if standing is None:
        return entry
    return replace(entry, actions=(*entry.actions, *_actions(base_url, entry, standing)))


def _actions(base_url: str, entry: Entry, standing: Standing) -> Sequence[Action]:
    path = addresses.path_of(base_url, entry.id)
    found: list[Action] = []
    if standing.may_comment and entry.provider:
        href = f"{base_url}{addresses.COMMENTS}/{entry.provider}/{path}"
        found.append(Action(REPLY_TO, href, "Comment", ("comment",)))
    if standing.may_vote and not standing.voted:
        name = "Like" if standing.nature is Nature.POST else "Vote"
        found.append(Action(VOTE, f"{base_url}{addresses.ACTIONS}/issue-vote/{path}", name))
    if standing.may_watch and not standing.watching:
        name = "Follow" if standing.nature is Nature.ACTOR else "Watch"
        found.append(Action(WATCH, f"{base_url}{addresses.ACTIONS}/watch/{path}", name))
    return found
