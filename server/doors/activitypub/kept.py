"""What tenants keep, at its address, for who owns the tenant or runs the server (Atom §2, §17.5).

It is addressed to nobody; they see it in the stream, whose links lead here.
"""

from starlette.requests import Request
from starlette.responses import Response

from server.auth import onlookers
from server.doors.activitypub import answers
from server.house import house
from server.negotiate import wants_feed, wants_html
from server.pages import answers as pages
from server.pages import thread
from storage import objects
from streams.errors import Hidden
from streams.happenings import local
from vocab import dump
from vocab.dialects import atom
from vocab.dialects.syndication import item_of

HEADERS = {"Cache-Control": answers.PRIVATE, "Vary": f"Accept, Cookie, {answers.CREDENTIALS}"}


async def answer(request: Request, iri: str) -> Response:
    """Answer with what the stream shows of a document to who asks. Raises Hidden for anybody else."""
    parts, onlooker = house(request), await onlookers.at_link(request)
    if not (onlooker.admin or onlooker.tenants):
        raise Hidden(iri)
    entry = await local.find(parts.store, parts.base_url, iri, onlooker)
    row = None if entry is None else await parts.store.read(objects.by_iri, iri)
    if entry is None or row is None:
        raise Hidden(iri)
    if wants_feed(request) == "atom":
        body = atom.document_of(item_of(entry, parts.base_url))
        return pages.feed(request, body, atom.ENTRY_TYPE, updated=entry.updated, public=False)
    if wants_html(request):
        return await thread.answer(request, row)
    told = next((one for one in entry.activity.embedded("object") if one.id == iri), entry.activity)
    return answers.document(request, dump.dump(told), onlooker.viewer, headers=HEADERS)
