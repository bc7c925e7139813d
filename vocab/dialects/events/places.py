"""Hierarchies of labels in which each label has its one place, like roles and types of links (Events §4.3, §6.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Space = Literal["role", "link"]


@dataclass(frozen=True)
class Places:
    """The predefined labels of a hierarchy. ``under`` lists them, separated by spaces, by the path of their parent.

    ``orphans`` is where an unknown label goes that is written without a parent; ``also`` are places that some labels
    have besides; ``silent`` labels may be written before those of the top, and are not part of their paths.
    """

    space: Space
    under: Mapping[str, str]
    orphans: str
    synonyms: Mapping[str, str] = field(default_factory=dict)
    also: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()

    @cached_property
    def paths(self) -> dict[str, str]:
        """The place of each label: ``BUYER`` → ``ACTOR:BUYER``."""
        return {
            label: f"{parent}:{label}" if parent else label
            for parent, labels in self.under.items()
            for label in labels.split()
        }

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Every usual way to write a predefined label, and the path that is meant."""
        found = {path: path for path in (*self.paths.values(), *self.also)}
        found |= self.paths
        for label, meant in self.synonyms.items():
            path = self.paths[meant]
            parent = path.rpartition(":")[0]
            found |= {label: path, f"{parent}:{label}" if parent else label: path}
        return found

    def has(self, label: str) -> bool:
        """Whether a label is predefined."""
        return label in self.paths or label in self.synonyms
