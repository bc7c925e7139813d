"""The settings: every key with its type, its default and the sentence that documents it."""

from functools import cached_property
from importlib.metadata import version
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from federation import OutboundPolicy
from server.config.origin import is_loopback, public_origin

Network: TypeAlias = IPv4Network | IPv6Network
Port: TypeAlias = Annotated[int, Field(ge=0, le=65_535)]

REQUESTS_PER_MINUTE = 600
CLIENT_REQUESTS_AT_ONCE_MAX = 32
CLIENT_CONNECTIONS_MAX = 256


def secret(default: str, description: str) -> Any:
    """Declare a setting that is never shown and may also be given as a file (``…_FILE``)."""
    return Field(default, description=description, repr=False)


class Section(BaseModel):
    """One table of the file; a key it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ServerSection(Section):
    """Where we are and how we listen."""

    base_url: Annotated[str, AfterValidator(public_origin)] = Field(
        default="http://127.0.0.1:8000",
        description="Public origin; every id starts with it. It cannot be changed once the database exists.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: Port = Field(default=8000, description="Port to listen on.")
    workers: PositiveInt = Field(default=1, description="Processes that serve requests.")
    trusted_proxies: tuple[Network, ...] = Field(
        default=(), description="Networks of the reverse proxies whose X-Forwarded-For is believed."
    )
    hsts_seconds: NonNegativeInt = Field(
        default=0, description="Strict-Transport-Security max-age; 0 sends none."
    )
    operator_token: str = secret(
        "", "Bearer token that may read /metrics from elsewhere; empty: loopback only."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto", description="JSON lines, or text for people; auto means text on a terminal."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least that is logged."
    )
    access_log: bool = Field(default=False, description="Log one line for each request.")


class StorageSection(Section):
    """Where everything is remembered."""

    url: str = secret(
        "sqlite:///data/headwater.db",
        "The database: sqlite:///relative.db, sqlite:////absolute.db or postgresql://…",
    )
    durability: Literal["full", "normal"] = Field(
        default="full",
        description="full: on disk before we answer. normal: a power failure may take the last commits.",
    )
    disk_free_bytes_min: NonNegativeInt = Field(
        default=64 * 1024 * 1024, description="With less room than this on the disk, /ready answers 503."
    )


class FederationSection(Section):
    """How we deal with other servers."""

    allow_addresses: tuple[Network, ...] = Field(
        default=(), description="Otherwise refused networks (CIDR) that may be contacted, on any port."
    )
    reveal_forbidden: bool = Field(
        default=False,
        description="false: what a caller may not see answers 404. true: it answers 401 or 403.",
    )
    authorized_fetch: bool = Field(
        default=False,
        description="true: other servers must sign their requests to read anything but the server's own actor.",
    )
    allow_list: tuple[str, ...] = Field(
        default=(), description="When not empty: the only hosts that we federate with, subdomains included."
    )


class LimitsSection(Section):
    """What one caller may ask of us."""

    requests_per_minute: NonNegativeInt | None = Field(
        default=None,
        description=f"Requests a minute for each client; 0 is no limit. Default {REQUESTS_PER_MINUTE}, 0 in test mode.",
    )
    requests_at_once_max: PositiveInt = Field(
        default=512, description="Requests in progress; more are answered 503."
    )
    requests_at_once_per_client_max: NonNegativeInt | None = Field(
        default=None,
        description="Requests in progress for one client; more are answered 429, 0 is no limit. "
        f"Default {CLIENT_REQUESTS_AT_ONCE_MAX}, 0 in test mode.",
    )
    connections_per_client_max: NonNegativeInt | None = Field(
        default=None,
        description="Connections from one address that is no trusted proxy; more are cut, 0 is no limit. "
        f"Default {CLIENT_CONNECTIONS_MAX}, 0 in test mode.",
    )
    request_line_bytes_max: PositiveInt = Field(
        default=8 * 1024, description="Longest request target; longer: 431."
    )
    header_bytes_max: PositiveInt = Field(default=32 * 1024, description="Largest header block; larger: 431.")
    header_count_max: PositiveInt = Field(default=100, description="Most header fields; more: 431.")
    body_bytes_max: PositiveInt = Field(default=1024 * 1024, description="Largest request body; larger: 413.")
    header_seconds_max: PositiveInt = Field(
        default=10, description="Time to send a request's header; longer: 408."
    )
    body_idle_seconds_max: PositiveInt = Field(
        default=10, description="Longest pause inside a body; longer: 408."
    )
    body_seconds_max: PositiveInt = Field(default=60, description="Time to send a whole body; longer: 408.")
    keep_alive_seconds: PositiveInt = Field(default=15, description="How long an idle connection is kept.")


class IngestSection(Section):
    """Events that arrive through a message broker."""

    amqp_url: str = secret("", "RabbitMQ to consume from; empty is off.")


class FeedGroup(Section):
    """A feed group of the Feeds API."""

    type: Literal["flat", "aggregated", "notification"] = Field(
        default="flat", description="What kind of feed it is."
    )
    aggregation: str = Field(
        default="", description="Which activities belong together, in an aggregated feed."
    )
    ranking: str = Field(default="", description="The formula that orders a ranked feed.")
    public: bool = Field(default=False, description="true: what enters it leaves this server too.")
    template: str = Field(
        default="", description="The sentence that tells an activity to servers that do not know its type."
    )


class Route(Section):
    """What matches a filter is copied into a feed or channel."""

    match: str = Field(description="The filter.")
    into: str = Field(description="The feed or channel.")


class Config(BaseSettings):
    """Everything an operator may set."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    server: ServerSection = Field(default_factory=ServerSection)
    storage: StorageSection = Field(default_factory=StorageSection)
    federation: FederationSection = Field(default_factory=FederationSection)
    limits: LimitsSection = Field(default_factory=LimitsSection)
    ingest: IngestSection = Field(default_factory=IngestSection)
    feeds: dict[str, FeedGroup] = Field(default_factory=dict)
    routes: tuple[Route, ...] = ()

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_: Any, **__: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the values that ``load`` has gathered and nothing else."""
        return (init_settings,)

    @cached_property
    def test_mode(self) -> bool:
        """Whether this server names itself by a loopback address: it may then talk to its own machine."""
        return is_loopback(urlsplit(self.server.base_url).hostname or "")

    @property
    def requests_per_minute(self) -> int:
        """The rate limit in force; 0 is none."""
        return self._per_client(self.limits.requests_per_minute, REQUESTS_PER_MINUTE)

    @property
    def requests_at_once_per_client_max(self) -> int:
        """The limit of one client's requests in progress that is in force; 0 is none."""
        return self._per_client(self.limits.requests_at_once_per_client_max, CLIENT_REQUESTS_AT_ONCE_MAX)

    @property
    def connections_per_client_max(self) -> int:
        """The limit of one address's connections that is in force; 0 is none."""
        return self._per_client(self.limits.connections_per_client_max, CLIENT_CONNECTIONS_MAX)

    def _per_client(self, chosen: int | None, usual: int) -> int:
        """In test mode all clients share one address, so what is not chosen is not limited."""
        return (0 if self.test_mode else usual) if chosen is None else chosen

    def outbound(self) -> OutboundPolicy:
        """Return what federation needs to know of the configuration before it calls anyone."""
        base_url = self.server.base_url
        return OutboundPolicy(
            user_agent=f"Headwater/{version('headwater')} (+{base_url})",
            own_origins=frozenset({base_url}),
            allow=self.federation.allow_addresses,
            test_mode=self.test_mode,
        )
