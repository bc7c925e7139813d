"""What people did with what they were shown: kept, and counted (Feeds §7.6).

Rankings call the counts ``analytics.<label>``; ``analytics.impression`` is how often something was shown (§10.1).
"""

from collections.abc import Sequence

from storage import engagements
from storage.engagements import SHOWN, Engagement
from storage.tenants import Tenant
from streams.feeds.space import Feeds
from vocab.dialects.getstream.engagements import Event


async def note(parts: Feeds, tenant: Tenant, events: Sequence[Event]) -> None:
    """Keep and count what people did."""
    if events:
        told = [Engagement(event.label or SHOWN, event.contents, event.members) for event in events]
        await parts.store.write(engagements.note, tenant.id, told, now=parts.clock())
