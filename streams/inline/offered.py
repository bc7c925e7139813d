"""Which actions a reader may take now on the entries of a page (Atom §3.7, §7.1, §7.6).

An action is offered exactly when it would be done. Nobody in particular, and no feed token, is offered any.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from storage import Store
from streams.inline import addresses, named
from streams.inline.subject import Nature, Standing, standings_of
from streams.providers import Onlooker, Running
from vocab.entry import Action, Entry

WATCH: Final = addresses.RELATIONS + "watch"
VOTE: Final = addresses.RELATIONS + "issue-vote"


async def offered(
    store: Store,
    base_url: str,
    onlooker: Onlooker,
    entries: Iterable[Entry],
    plugins: Sequence[Running] = (),
) -> list[Entry]:
    """Return entries with what this reader may do about each. A few statements for all of them.

    ``plugins`` are the providers in use, which may offer more about entries of theirs.
    """
    page = list(entries)
    if onlooker.viewer is None or onlooker.by_token:
        return page
    items = [entry.item for entry in page if entry.item is not None]
    standings = await store.read(standings_of, base_url, onlooker.viewer, items) if items else {}
    more = await named.offered(base_url, onlooker, page, {one.key: one for one in plugins})
    return [entry.allowing(*_own(base_url, entry, standings), *more.get(entry.id, ())) for entry in page]


def _own(base_url: str, entry: Entry, standings: Mapping[int, Standing]) -> Sequence[Action]:
    standing = None if entry.item is None else standings.get(entry.item)
    return () if standing is None else _actions(base_url, entry, standing)


def _actions(base_url: str, entry: Entry, standing: Standing) -> Sequence[Action]:
    path = addresses.path_of(base_url, entry.id)
    found: list[Action] = []
    if standing.may_comment and entry.provider:
        href = f"{base_url}{addresses.COMMENTS}/{entry.provider}/{path}"
        found.append(Action(addresses.REPLY_TO, href, "Comment", ("comment",)))
    if standing.may_vote and not standing.voted:
        name = "Like" if standing.nature is Nature.POST else "Vote"
        found.append(Action(VOTE, f"{base_url}{addresses.ACTIONS}/issue-vote/{path}", name))
    if standing.may_watch and not standing.watching:
        name = "Follow" if standing.nature is Nature.ACTOR else "Watch"
        found.append(Action(WATCH, f"{base_url}{addresses.ACTIONS}/watch/{path}", name))
    return found
