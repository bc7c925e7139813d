"""The running parts a request may need, handed to every handler in the state of its request."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from starlette.requests import HTTPConnection

from federation import Applications, Client, Fetcher, KeyRing, Prover, Told
from server.auth.basic import Remembered
from server.auth.events import Keys as EventsKeys
from server.auth.feeds import Keys as FeedsKeys
from server.auth.rates import Rates
from server.config import Config
from server.feedpages import FeedPages
from server.intakes import Intakes
from server.inward import Inward
from server.media import Library
from server.opengraph import Previews
from server.pictures import Studio
from server.providers import Providers
from server.providers.answers import Answers
from server.proxy import Proxy
from server.realtime import Realtime
from server.rendered import Rendered
from server.seats import Seats
from server.settling import Settling
from server.traffic import Traffic
from storage import Store
from streams import Ports
from streams.analytics import Received
from streams.events import Events
from streams.feeds import Feeds
from vocab import iri as iris


@dataclass(slots=True)
class House:
    """Everything that was wired at start. ``prover`` is None when nothing is to carry proofs.

    ``applications`` reads what programs say of themselves at their ``client_id``; ``rates`` limits what is costly.
    ``rendered`` keeps actor documents, ``pages`` pages that anyone may see, ``feedpages`` those of feeds; ``usage``
    the last count of accounts and posts, and when it was made; ``backlog`` when the inbox last counted what waits, and
    the number.
    ``feeds`` and ``events`` are those of all tenants, ``realtime`` what those who listen to feeds share, ``previews``
    what pages elsewhere say of themselves, ``studio`` is where pictures are made of pictures, ``intakes`` where what
    inboxes take in is kept, ``providers`` are those of the stream. ``remembered`` are names and passwords that were
    right a moment ago, ``streams`` answers of the stream, ``received`` what the Events API has received and not yet
    kept the count of. ``settling`` is what inboxes have taken in and has yet to take effect. ``stalled`` tells whether
    the background work of this process has come to a halt.
    """

    config: Config
    ports: Ports
    client: Client
    keyring: KeyRing
    fetcher: Fetcher
    applications: Applications
    rates: Rates
    media: Library
    proxy: Proxy
    seats: Seats
    feeds: Feeds
    events: Events
    feedskeys: FeedsKeys
    eventskeys: EventsKeys
    realtime: Realtime
    previews: Previews
    studio: Studio
    intakes: Intakes
    providers: Providers
    prover: Prover | None = None
    told: Told = field(default_factory=Told)
    rendered: Rendered = field(default_factory=lambda: Rendered(10_000))
    pages: Rendered = field(default_factory=lambda: Rendered(256))
    remembered: Remembered = field(default_factory=Remembered)
    streams: Answers = field(default_factory=Answers)
    inward: Inward = field(init=False)
    """What anybody would be answered here; not there where no door is open, as in commands."""
    stalled: Callable[[], bool] = field(default=lambda: False)
    feedpages: FeedPages = field(default_factory=FeedPages)
    traffic: Traffic = field(default_factory=Traffic)
    settling: Settling = field(default_factory=Settling)
    received: Received = field(default_factory=Received)
    usage: tuple[int, dict[str, int]] | None = None
    backlog: tuple[float, int] | None = None

    @property
    def store(self) -> Store:
        """What we remember."""
        return self.ports.store

    @property
    def base_url(self) -> str:
        """Our public origin, without a final slash."""
        return self.ports.base_url

    @property
    def host(self) -> str:
        """Our public host, with its port when that is not the usual one."""
        return iris.host(self.base_url)


def house(request: HTTPConnection) -> House:
    """Return the parts the server was wired from."""
    return cast(House, request.scope["state"]["house"])
