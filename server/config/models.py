"""The settings: every key with its type, its default and the sentence that documents it."""

from collections.abc import Callable
from functools import cached_property
from importlib.metadata import version
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from federation import OutboundPolicy
from server.config.origin import is_loopback, public_origin
from storage.open import sqlite_path
from storage.tenants import DEFAULT
from streams import events
from streams.aggregation import Format
from streams.errors import Malformed
from streams.filters import InvalidFilter
from streams.ranking import Method
from vocab import iri
from vocab.dialects.events.moments import zoned
from vocab.dialects.getstream import FeedId

Network: TypeAlias = IPv4Network | IPv6Network
Port: TypeAlias = Annotated[int, Field(ge=0, le=65_535)]

REQUESTS_PER_MINUTE = 600
CLIENT_REQUESTS_AT_ONCE_MAX = 32
CLIENT_CONNECTIONS_MAX = 256
QUOTA_PER_MINUTE = 600_000
"""More than one process can do; whoever shares a server among tenants sets less."""
CLIENT_REALTIME_MAX = 64


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
        default=64 * 1024 * 1024,
        description="With less room than this on the disk, /ready answers 503 and uploads answer 507.",
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
    synchronize_followers: bool = Field(
        default=True,
        description="true: agree with other servers on who follows whom, by digests (FEP-8fcf).",
    )
    linked_data_signatures: bool = Field(
        default=False,
        description="true: believe what others pass on by an RsaSignature2017 inside it. false: ask its origin.",
    )
    proofs: bool = Field(
        default=True,
        description="true: what is said in public carries an integrity proof of its author (FEP-8b32).",
    )
    allow_list: tuple[str, ...] = Field(
        default=(), description="When not empty: the only hosts that we federate with, subdomains included."
    )


class ThreadsSection(Section):
    """How threads and profiles of other servers complete themselves, in the background."""

    complete: bool = Field(
        default=True,
        description="Read the posts around what someone here has to do with, and the newest of whom they follow.",
    )
    posts_max: NonNegativeInt = Field(default=200, description="Posts fetched for one thread in all.")
    newest_posts: NonNegativeInt = Field(
        default=40, description="Posts read from the outbox of an actor that is newly followed; 0: none."
    )
    requests_per_host_and_hour_max: NonNegativeInt = Field(
        default=100, description="Posts and collections that one host is asked for within an hour."
    )
    delay_seconds_max: NonNegativeInt = Field(
        default=30, description="Longest random delay before reading begins; at least half of it passes."
    )


class LimitsSection(Section):
    """What one caller may ask of us."""

    requests_per_minute: NonNegativeInt | None = Field(
        default=None,
        description="Requests a minute for each client, save those that `quotas` count; 0 is no limit. "
        f"Default {REQUESTS_PER_MINUTE}, 0 in test mode.",
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
    event_streams_max: PositiveInt = Field(
        default=2_000, description="Event streams open in each serving process; more are answered 503."
    )
    event_streams_per_actor_max: PositiveInt = Field(
        default=16, description="Event streams open for one actor in each process; more are answered 429."
    )
    realtime_connections_max: PositiveInt = Field(
        default=2_000,
        description="WebSockets and held polls at /faye in each serving process; more are answered 503.",
    )
    realtime_connections_per_client_max: NonNegativeInt | None = Field(
        default=None,
        description="The same for one client; more are answered 429, 0 is no limit. "
        f"Default {CLIENT_REALTIME_MAX}, 0 in test mode.",
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


def _quota(what: str, stream: int) -> Any:
    return Field(default=QUOTA_PER_MINUTE, description=f"{what}. Stream itself allows {stream}.")


class QuotasSection(Section):
    """How often programs of one tenant may do something each minute, in each serving process."""

    add: PositiveInt = _quota("Activities added", 1_000)
    remove: PositiveInt = _quota("Activities removed", 300)
    update: PositiveInt = _quota("Activities changed", 250)
    retarget: PositiveInt = _quota("Activities sent to other feeds afterwards", 250)
    read: PositiveInt = _quota("Pages of feeds, and activities by their ids", 2_000)
    follow: PositiveInt = _quota("Follows", 500)
    unfollow: PositiveInt = _quota("Ends of follows", 250)
    list_followers: PositiveInt = _quota("Lists of followers", 200)
    list_following: PositiveInt = _quota("Lists of what is followed", 500)
    batch_follow: PositiveInt = _quota("Follows made or ended many at a time", 250)
    batch: PositiveInt = _quota("Users and entries of collections, many at a time", 250)
    single: PositiveInt = _quota("Users and entries of collections, one at a time", 1_000)
    other: PositiveInt = Field(default=QUOTA_PER_MINUTE, description="Everything else, taken together.")
    events: PositiveInt = Field(
        default=QUOTA_PER_MINUTE, description="Messages and requests at the Events API, with full keys."
    )


class IngestSection(Section):
    """Events that arrive through a message broker."""

    amqp_url: str = secret(
        "", "RabbitMQ of the default tenant, to consume from (extra `amqp`); empty is off."
    )


def _context_path(path: str) -> str:
    """Check the path that addresses of the Atom door begin with."""
    if path and (not path.startswith("/") or path.endswith("/") or not path.isascii() or "{" in path):
        raise ValueError("must be empty or begin with a slash and end without one, such as /jira")
    return path


def _time_zone(name: str) -> str:
    """Check the name of a time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("must be the name of a time zone, such as Europe/Berlin") from None
    return name


class AtomSection(Section):
    """The stream of everything: `/activity`, `/plugins/servlet/streams`, `/rest/…`."""

    context_path: Annotated[str, AfterValidator(_context_path)] = Field(
        default="", description="What these addresses begin with, such as /jira; empty is nothing."
    )
    time_zone: Annotated[str, AfterValidator(_time_zone)] = Field(
        default="UTC",
        description="Where readers are, such as Europe/Berlin: feeds tell its distance from UTC.",
    )
    results_max: Annotated[int, Field(ge=1_000, le=100_000)] = Field(
        default=1_000, description="Most entries of one answer, whatever is asked for."
    )
    author_email: Literal["never", "members", "all"] = Field(
        default="never",
        description="Whom feeds tell where members of this server get mail, as `author/email` in Atom: nobody, members"
        " who are signed in, everybody. Addresses are set by `headwater member add --email`.",
    )
    outside_public: bool = Field(
        default=False,
        description="Whether everybody may read what programs post at `/rest/activities/1.0/`, where it is about"
        " nothing that says so itself; otherwise its poster may, and whoever runs the server.",
    )


class ProviderSettings(Section):
    """A provider of the stream: one that is installed, by its name, or one named here."""

    factory: str = Field(
        default="", description="What makes it, as `package.module:factory`; empty: the installed one."
    )
    enabled: bool = Field(default=True, description="Whether it is in use.")
    settings: dict[str, Any] = Field(default_factory=dict, description="What its factory is given.")


class MediaSection(Section):
    """Files that people upload. Pictures and MP4 lose their metadata; all lie under the digest of what is kept."""

    directory: str = Field(
        default="",
        description="Where the files lie; empty: `media` beside the database file, or `data/media`.",
    )
    bytes_max: PositiveInt = Field(default=40 * 1024 * 1024, description="Largest file; larger: 413.")
    pixels_max: PositiveInt = Field(
        default=40_000_000, description="Most pixels of a picture, its width times its height; more: 413."
    )


def _format(source: str) -> str:
    """Check an aggregation format or a template."""
    return _understood(source, Format)


def _formula(source: str) -> str:
    """Check a ranking formula that stands alone."""
    return _understood(source, lambda score: Method({"score": score}))


def _understood(source: str, read: Callable[[str], object]) -> str:
    try:
        if source:
            read(source)
    except Malformed as error:
        raise ValueError(error.reason) from None
    return source


def _web_address(address: str) -> str:
    if address and not iri.is_http(address):
        raise ValueError("expected an address that begins with http:// or https://")
    return address


class RankingMethod(Section):
    """A named way to rank a feed of the Feeds API."""

    score: str = Field(description="The formula; activities with a higher score come first.")
    defaults: dict[str, Any] = Field(
        default_factory=dict, description="Values of variables that an activity lacks, by their names."
    )
    functions: dict[str, dict[str, Any]] = Field(
        default_factory=dict,
        description="Decays by the names that the formula calls them, with their arguments.",
    )

    @model_validator(mode="after")
    def _is_understood(self) -> Self:
        try:
            Method(self.model_dump())
        except Malformed as error:
            raise ValueError(str(error)) from None
        return self


class FeedGroup(Section):
    """A feed group of the Feeds API. Other tenants than the default one have it too."""

    type: Literal["flat", "aggregated", "notification"] = Field(
        default="flat", description="What kind of feed it is."
    )
    aggregation: Annotated[str, AfterValidator(_format)] = Field(
        default="", description="The format that names what belongs together; empty: by verb and day."
    )
    ranking: Annotated[str, AfterValidator(_formula)] = Field(
        default="", description="The formula of the ranking method called `default`."
    )
    rankings: dict[str, RankingMethod] = Field(
        default_factory=dict, description="More ranking methods, each a table `[feeds.NAME.rankings.METHOD]`."
    )
    public: bool = Field(
        default=False,
        description="true: its feeds can be followed from other servers, which are told what enters them.",
    )
    template: Annotated[str, AfterValidator(_format)] = Field(
        default="", description="The sentence that tells an activity to servers that do not know its type."
    )
    realtime: bool = Field(default=True, description="false: clients are not told at once what is new.")
    client_read: Literal["any", "own", "none"] = Field(
        default="own", description="Which of its feeds users may read; in the group `user`, `any` is usual."
    )
    client_target: Literal["any", "own"] = Field(
        default="own",
        description="Where users may send activities by `to`; in the group `notification`, `any` is usual.",
    )
    max_age_seconds: PositiveInt | None = Field(
        default=None, description="Activities that are older are not shown; they are not deleted either."
    )
    webhook: Annotated[str, AfterValidator(_web_address)] = Field(
        default="", description="Address that is told what is new in its feeds."
    )


def _slug(name: str) -> str:
    if FeedId.of(name, "1") is None:
        raise ValueError("the name of a feed group has at most 255 letters, digits, _ and -")
    return name


def _zone(name: str) -> str:
    if zoned(name) is None:
        raise ValueError("must be a time zone such as Europe/Berlin")
    return name


class TenantSettings(Section):
    """A tenant, besides what it says of itself."""

    amqp_url: str = secret("", "Its RabbitMQ, to consume from (extra `amqp`); empty is off.")
    web_ids: tuple[str, ...] = Field(
        default=(),
        description="By which ids pages name it that report of their visitors, such as `AS-000042`.",
    )
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="UTC",
        description="Where instants are that have no offset in its events, such as `Europe/Berlin`.",
    )
    currency: str = Field(
        default="",
        pattern="^([A-Z]{3})?$",
        description="What prices are in that say no currency, such as `EUR`.",
    )
    special_categories: bool = Field(
        default=False,
        description="true: ethnicity, disability, income and the like are kept of people; else they are dropped.",
    )
    user_accounts: bool = Field(
        default=False,
        description="true: users made by the Provisioning API get an account of their name here.",
    )


class Route(Section):
    """Events that match a filter are copied into a feed of the same tenant."""

    match: str = Field(description="The filter, such as `type LIKE 'as.commerce.%'`.")
    into: str = Field(description="The feed, such as `timeline:sales`.")

    @model_validator(mode="after")
    def _is_understood(self) -> Self:
        try:
            events.Route.read(self.match, self.into)
        except InvalidFilter as error:
            raise ValueError(error.reason) from None
        return self


class Config(BaseSettings):
    """Everything an operator may set."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    server: ServerSection = Field(default_factory=ServerSection)
    storage: StorageSection = Field(default_factory=StorageSection)
    federation: FederationSection = Field(default_factory=FederationSection)
    threads: ThreadsSection = Field(default_factory=ThreadsSection)
    limits: LimitsSection = Field(default_factory=LimitsSection)
    media: MediaSection = Field(default_factory=MediaSection)
    atom: AtomSection = Field(default_factory=AtomSection)
    quotas: QuotasSection = Field(default_factory=QuotasSection)
    ingest: IngestSection = Field(default_factory=IngestSection)
    feeds: dict[Annotated[str, AfterValidator(_slug)], FeedGroup] = Field(default_factory=dict)
    routes: tuple[Route, ...] = ()
    tenants: dict[str, TenantSettings] = Field(default_factory=dict)
    providers: dict[str, ProviderSettings] = Field(default_factory=dict)

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

    @property
    def realtime_connections_per_client_max(self) -> int:
        """The limit of one client's realtime connections that is in force; 0 is none."""
        return self._per_client(self.limits.realtime_connections_per_client_max, CLIENT_REALTIME_MAX)

    @cached_property
    def tenants_by_web_id(self) -> dict[str, str]:
        """The labels of tenants by the ids that pages name them by."""
        return {id: label for label, tenant in self.tenants.items() for id in tenant.web_ids}

    @property
    def amqp_urls(self) -> dict[str, str]:
        """The brokers to consume from, by the labels of their tenants."""
        urls = {label: tenant.amqp_url for label, tenant in self.tenants.items()}
        urls[DEFAULT] = self.ingest.amqp_url or urls.get(DEFAULT, "")
        return {label: url for label, url in urls.items() if url}

    def _per_client(self, chosen: int | None, usual: int) -> int:
        """In test mode all clients share one address, so what is not chosen is not limited."""
        return (0 if self.test_mode else usual) if chosen is None else chosen

    @property
    def media_directory(self) -> Path:
        """Where uploaded files lie."""
        if self.media.directory:
            return Path(self.media.directory)
        database = None if self.storage.url == "sqlite://" else sqlite_path(self.storage.url)
        return (Path("data") if database is None else database.parent) / "media"

    def outbound(self) -> OutboundPolicy:
        """Return what federation needs to know of the configuration before it calls anyone."""
        base_url = self.server.base_url
        return OutboundPolicy(
            user_agent=f"Headwater/{version('headwater')} (+{base_url})",
            own_origins=frozenset({base_url}),
            allow=self.federation.allow_addresses,
            test_mode=self.test_mode,
        )
