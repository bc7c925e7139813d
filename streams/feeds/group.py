"""Groups of feeds: what kind of feed each is, and what its feeds do with an activity (Feeds §5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from streams.aggregation import DEFAULT, Format
from streams.errors import Malformed
from streams.ranking import Method

FLAT: Final = "flat"
AGGREGATED: Final = "aggregated"
NOTIFICATION: Final = "notification"

RANKING: Final = "default"
"""What the ranking method is called that a group names without a name for it."""


@dataclass(frozen=True, slots=True)
class Group:
    """The settings of a feed group, understood.

    ``aggregation`` is a Malformed when it was not. With ``public`` its feeds can be followed from other servers, where
    ``template`` tells an activity. Users may read ``any`` of its feeds, their ``own`` or ``none``, and send activities
    to ``any`` or their ``own``. What is older than ``max_age_seconds`` is not shown.
    """

    slug: str
    type: str = FLAT
    aggregation: Format | Malformed = field(default_factory=lambda: Format(DEFAULT))
    rankings: Mapping[str, Method] = field(default_factory=dict)
    public: bool = False
    template: Format | None = None
    realtime: bool = True
    client_read: Literal["any", "own", "none"] = "own"
    client_target: Literal["any", "own"] = "own"
    max_age_seconds: int | None = None
    webhook: str = ""

    @property
    def flat(self) -> bool:
        """Whether its feeds list activities, and can be followed; others list bundles of them."""
        return self.type == FLAT

    @property
    def keeps_marks(self) -> bool:
        """Whether its feeds remember what was seen and read."""
        return self.type == NOTIFICATION

    @property
    def format(self) -> Format:
        """What names the bundle of an activity: the format that was configured, or the usual one."""
        return Format(DEFAULT) if isinstance(self.aggregation, Malformed) else self.aggregation


def read(slug: str, settings: Mapping[str, Any]) -> Group:
    """Make a group of its settings, as ``[feeds.NAME]`` of the configuration has them.

    Raises Malformed for a ranking or a template that cannot be understood; an aggregation format that cannot is
    told to whoever reads the feed (Feeds §8.4).
    """
    rankings = {name: Method(method) for name, method in (settings.get("rankings") or {}).items()}
    if formula := settings.get("ranking"):
        rankings[RANKING] = Method({"score": formula})
    template = settings.get("template")
    return Group(
        slug,
        settings.get("type") or FLAT,
        _aggregation(settings.get("aggregation") or DEFAULT),
        rankings,
        bool(settings.get("public")),
        Format(template) if template else None,
        settings.get("realtime") is not False,
        settings.get("client_read") or "own",
        settings.get("client_target") or "own",
        settings.get("max_age_seconds"),
        settings.get("webhook") or "",
    )


def _aggregation(source: str) -> Format | Malformed:
    try:
        return Format(source)
    except Malformed as error:
        return error


DEFAULTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "user": {"client_read": "any"},
    "timeline": {},
    "flat": {},
    "timeline_aggregated": {"type": AGGREGATED},
    "aggregated": {"type": AGGREGATED},
    "notification": {"type": NOTIFICATION, "client_target": "any"},
}
"""The groups that every tenant has."""
