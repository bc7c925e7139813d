"""The page of a post: what it answers above it, what answers it below."""

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from server import paging
from server.house import house
from server.pages import answers
from server.pages.answers import Alternate
from server.pages.cards import Card, card
from server.pages.portraits import absolute
from storage import Transaction
from storage.entries import OLDEST
from storage.objects import ObjectRow
from storage.posts import Post
from streams import posts
from streams.posts import Around, Branch, Thread
from vocab import stored, telling


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply with those to it; ``more`` of them are on its own page."""

    card: Card
    replies: "list[Reply]"
    more: int


async def answer(request: Request, row: ObjectRow) -> Response:
    """Answer with the page of something that the reader may read."""
    parts = house(request)
    bounds, _ = paging.asked(request)
    after = OLDEST if bounds is None else bounds.after
    thread, around = await parts.store.read(_read, row.id, after)
    shown = card(thread.post, parts.base_url, around, public=bool(row.public))
    thing = posts.read(thread.post)
    return answers.page(
        request,
        "thread.html",
        public=bool(row.public),
        alternates=(Alternate(row.iri, answers.ACTIVITY_JSON),),
        canonical=absolute(shown.link, parts.base_url),
        indexable=bool(row.public) and _indexable(thread.post),
        title=telling.title(thing, shown.author.plain),
        post=shown,
        above=[card(one, parts.base_url, around) for one in thread.above],
        replies=[_reply(branch, parts.base_url, around) for branch in thread.branches],
        older=None if thread.after is None else f"after={thread.after}",
        newer="" if after != OLDEST else None,
    )


async def _read(tx: Transaction, thing: int, after: int) -> tuple[Thread, Around]:
    thread = await posts.thread(tx, thing, after=after)
    return thread, await posts.around(tx, [thread.post, *thread.above, *_posts(thread.branches)])


def _posts(branches: list[Branch]) -> Iterator[Post]:
    for branch in branches:
        yield branch.post
        yield from _posts(branch.branches)


def _reply(branch: Branch, base_url: str, around: Around) -> Reply:
    below = [_reply(one, base_url, around) for one in branch.branches]
    return Reply(card(branch.post, base_url, around), below, branch.more)


def _indexable(post: Post) -> bool:
    """Tell whether the author lets search engines list what they write (AP-140, FEP-5feb): absent means no."""
    return stored(post.author_document or "{}", None).get("indexable") is True
