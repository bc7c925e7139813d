"""Shelves: where a provider's happenings lie by who may see them at most.

So nobody walks along much that they may not see. Which shelf something lies on says nothing about who may see it:
that is asked of its document when it is read.
"""

from collections.abc import Iterator
from typing import Final

from storage.happeningvalues import SHELF, Facet
from streams.providers import Onlooker
from vocab import AUTHENTICATED, Object

LOCAL_ONLY: Final = "!"
ELSEWHERE: Final = "@"
READER: Final = "for "


def of(provider: str, tenant: int | None, *, local: bool, public: bool) -> Iterator[Facet]:
    """Yield the shelf of something that happened."""
    if not local:
        yield Facet(SHELF, provider + ELSEWHERE)
    elif public:
        yield Facet(SHELF, provider)
    elif tenant is None:
        yield Facet(SHELF, provider + LOCAL_ONLY)
    else:
        yield Facet(SHELF, of_tenant(provider, tenant))


def of_tenant(provider: str, tenant: int) -> str:
    """Return the shelf of what a tenant keeps for itself."""
    return f"{provider}/{tenant}"


def of_reader(iri: str) -> str:
    """Return the shelf of what tenants keep that somebody may see all the same."""
    return READER + iri


def readers(owner: str | None, activity: Object) -> set[str]:
    """Return who may see what a tenant keeps: whose it is, and whom it is addressed to."""
    named = {iri for term in ("to", "cc", "audience") for iri in activity.ids(term)}
    return named | ({owner} if owner else set())


def seen_by(onlooker: Onlooker, provider: str, tenants: frozenset[int]) -> list[str]:
    """Return the shelves of a provider on which an onlooker may find something; ``tenants`` are all there are."""
    found = [provider]
    viewer = onlooker.viewer
    if viewer is not None:
        found.append(provider + ELSEWHERE)
    if viewer is not None and not onlooker.by_token:
        found += [provider + LOCAL_ONLY, of_reader(viewer.iri), of_reader(AUTHENTICATED)]
    kept = tenants if onlooker.admin else onlooker.tenants
    return found + [of_tenant(provider, tenant) for tenant in sorted(kept)]
