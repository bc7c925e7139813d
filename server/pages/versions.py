"""What a post said before it was edited."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from server.house import house
from server.pages import answers
from server.pages.answers import Alternate
from server.pages.cards import address, card
from storage import posts
from storage.objects import ObjectRow
from streams.errors import NotFound
from vocab.dump import Text


async def answer(request: Request, row: ObjectRow, versions: list[Text]) -> Response:
    """Answer with the page of a post's earlier versions, the last one first, as far as its reader may see them."""
    parts = house(request)
    post = await parts.store.read(posts.one, row.id)
    if post is None:
        raise NotFound(row.iri)
    earlier = [replace(post, document=text.document, context=text.context) for text in versions]
    return answers.page(
        request,
        "versions.html",
        public=bool(row.public),
        alternates=(Alternate(f"{row.iri}/history", answers.ACTIVITY_JSON),),
        link=address(post, parts.base_url),
        cards=[card(one, parts.base_url, public=bool(row.public)) for one in earlier],
    )
