"""An entity in a unit of work: as it is, what is said of it, and what that has changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from storage.evententities import EntityRow
from storage.eventstates import SettingRow, StateRow
from vocab.dialects.events import Ref, Rule
from vocab.jsontext import dumps, loads


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an entity. ``at`` is None when nobody says when it applies: from now on, whatever was before.

    With ``replace`` the aspects that are named take the place of those that it has, whatever they are. What is
    ``tracked`` an event says by the way: saying it again leaves no trace.
    """

    aspects: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    acl: tuple[Rule, ...] | None = None
    at: int | None = None
    replace: bool = False
    tracked: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delta:
    """What has changed of an entity: aspects and properties as they are now, None for one that it has no more."""

    aspects: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    ruled: bool = False
    """Whether others may know of it than before."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What is said of it beside, as it is now."""

    def __or__(self, later: "Delta") -> "Delta":
        return Delta(
            {**self.aspects, **later.aspects},
            {**self.properties, **later.properties},
            self.ruled or later.ruled,
            {**self.more, **later.more},
        )

    def __bool__(self) -> bool:
        return bool(self.aspects or self.properties or self.ruled or self.more)


@dataclass(slots=True)
class Held:
    """An entity as it is in this unit of work, and what is to be written of it."""

    row: EntityRow
    iri: str
    created: bool = False
    dirty: bool = False
    states: list[StateRow] = field(default_factory=list)
    settings: list[SettingRow] = field(default_factory=list)
    rules: tuple[Rule, ...] | None = None
    """Its new rules, None when they stay."""
    _aspects: dict[str, Any] | None = None
    _properties: dict[str, Any] | None = None

    @property
    def id(self) -> int:
        """Its row."""
        return self.row.id

    @property
    def ref(self) -> Ref:
        """What names it."""
        return Ref(self.row.type, self.row.name)

    @property
    def aspects(self) -> dict[str, Any]:
        """The aspects that it has."""
        if self._aspects is None:
            self._aspects = read(self.row.aspects)
        return self._aspects

    @property
    def properties(self) -> dict[str, Any]:
        """The properties that it has."""
        if self._properties is None:
            self._properties = read(self.row.properties)
        return self._properties

    def change(self, **members: Any) -> None:
        """Let columns of its row be something else."""
        self.row = self.row._replace(**members)
        self.dirty = True

    def become(self, aspects: dict[str, Any], properties: dict[str, Any]) -> None:
        """Let it have these aspects and properties, and what follows from them for lists."""
        self._aspects, self._properties = aspects, properties
        presentation, status = aspects.get("presentation") or {}, aspects.get("status") or {}
        self.change(
            aspects=dumps(aspects).decode(),
            properties=dumps(properties).decode(),
            label=str(presentation.get("label") or ""),
            deleted=int(status.get("is_deleted") is True),
        )


def read(text: str) -> dict[str, Any]:
    """Read an object that we have written."""
    return {} if text == "{}" else cast("dict[str, Any]", loads(text))
