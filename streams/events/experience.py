"""How entities have fared: the score that effects of events add up to (Events §7.21). A unit of work that reads."""

from typing import Any

from storage import Transaction, eventeffects
from streams.events import clusters, finding
from streams.events.reader import Reader
from streams.events.space import Space
from streams.instants import DAY_US
from vocab import jsontext
from vocab.dialects.events import Ref, aspects, moments


async def score(tx: Transaction, space: Space, reader: Reader, of: Ref, at: int) -> dict[str, Any]:
    """Return the score of an entity, and of all that are the same, at an instant. Raises NotFound."""
    row = await finding.entity(tx, space, reader, of)
    same = await clusters.of(tx, row.id, at=at)
    since = at - aspects.EFFECT_DAYS_MAX * DAY_US
    found = [
        felt
        for one in same
        for felt in await eventeffects.newest(tx, space.tenant.id, one, reader.asks, since=since, until=at)
    ]
    effects: dict[int, aspects.Effect] = {}
    for felt in found:
        message: Any = jsontext.loads(felt.body)
        effect = aspects.effect_on(felt.path, message["aspects"]["cei"], at=felt.occurred)
        if effect is not None:
            effects[felt.item] = effect
    return {"at": moments.spell(at), **aspects.score(effects.values(), at)}
