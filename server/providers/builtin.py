"""The providers of this server itself, made the way a stranger's are (Atom §8.4, §8.5)."""

from collections.abc import Callable, Mapping
from typing import Any

from streams.happenings.local import NAMES, Local
from streams.providers import Settings


def _factory(key: str) -> Callable[[Mapping[str, Any] | None], Local]:
    """Return the factory of the provider that tells what is kept here under a key."""

    def make(config: Mapping[str, Any] | None) -> Local:
        """Make it for the server that it runs in. Raises ValueError outside of one."""
        host = config.host if isinstance(config, Settings) else None
        if host is None:
            raise ValueError("it tells what a server keeps, and there is none here")
        return Local(key, NAMES[key], host.store, host.base_url, host.clock)

    return make


social = _factory("social")
applications = _factory("applications")
events = _factory("events")
thirdparty = _factory("thirdparty")
feeds = _factory("feeds")
git = _factory("git")
ci = _factory("ci")
issues = _factory("issues")
