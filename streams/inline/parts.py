"""What the verbs work with, and who acts."""

from dataclasses import dataclass

from storage.actors import ActorRow
from streams.events import Events
from streams.feeds import Feeds
from streams.ports import Ports
from streams.providers import Onlooker


@dataclass(frozen=True, slots=True)
class Parts:
    """The streams of this server, as each of its doors knows them."""

    ports: Ports
    feeds: Feeds
    events: Events


@dataclass(frozen=True, slots=True)
class Member:
    """A member of this server who acts on what they see."""

    actor: ActorRow
    onlooker: Onlooker
