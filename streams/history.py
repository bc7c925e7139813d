"""What a post said before it was edited, for those who may read it and might have read it then."""

from storage import Transaction, versions
from storage.entries import Viewer
from storage.objects import ObjectRow
from streams import read
from vocab import Audience, Object, stored
from vocab.dump import Text


async def note(tx: Transaction, row: ObjectRow, after: Object) -> Object:
    """Keep the version that is about to be replaced, and say in the new one of ours where the earlier ones are.

    A version is what has another ``updated``: the count of a poll, or a consent, is none. The member is Akkoma's,
    with the versions left out (IQ-716).
    """
    before = stored(row.document or "{}", row.context)
    if after.get("updated") == before.get("updated") or row.document is None:
        return after
    await versions.keep(tx, row.id)
    if not row.local:
        return after
    kept = {
        "id": f"{row.iri}/history",
        "type": "OrderedCollection",
        "totalItems": len(await versions.of(tx, row.id)),
    }
    return after.with_(formerRepresentations=kept)


async def earlier(tx: Transaction, iri: str, viewer: Viewer | None) -> tuple[ObjectRow, list[Text]]:
    """Return a thing and its earlier versions, the last one first, as far as a reader may see them.

    One that was addressed to others than the present one is shown when it was public, and to its author.
    Raises NotFound, or Gone for what was deleted: nothing is left of its versions either.
    """
    row = await read.thing(tx, iri, viewer)
    now_to = Audience.of(stored(row.document or "{}", row.context))
    mine = viewer is not None and viewer.id == row.owner
    texts = [Text(document, context) for document, context in await versions.of(tx, row.id)]
    return row, [text for text in texts if mine or _for_anyone(text, now_to)]


def _for_anyone(text: Text, now_to: Audience) -> bool:
    then_to = Audience.of(stored(*text))
    return then_to.public or then_to == now_to
