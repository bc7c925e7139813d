"""Which feeds a user might want to follow (Feeds §7.7)."""

from storage import recommendations
from storage.recommendations import Recommendation
from storage.tenants import Tenant
from streams.feeds.space import Feeds

READER = "timeline"
"""Of which group the feeds are in which users read what they follow."""
WRITTEN = "user"
"""Of which group the feeds are in which they say what they do."""


async def page(parts: Feeds, tenant: Tenant, user: str, *, limit: int, offset: int) -> list[Recommendation]:
    """Return feeds followed by those whom a user follows, without what they follow and their own."""
    return await parts.store.scan(
        recommendations.page, tenant.object, user, reader=READER, written=WRITTEN, limit=limit, offset=offset
    )
