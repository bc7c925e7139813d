"""Reading the members of one provisioning request: texts within limits, words of a list, instants (Events §17)."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from vocab import fields
from vocab.dialects.events import moments
from vocab.dialects.events.problems import Problems
from vocab.fields import REQUIRED

TEXT_BYTES_MAX: Final = 1_024


class Members(fields.Fields):
    """The members of one object; null is as good as absent."""

    def word(self, name: str, words: Collection[str], *, required: bool = False) -> str:
        """Return one of some words; the empty text when it is absent or wrong."""
        found = self.text(name, required=required)
        if found and found not in words:
            self.refuse(name, f"must be one of {', '.join(words)}")
            return ""
        return found

    def instant(self, name: str) -> int | None:
        """Return a date-time in microseconds; None when it is absent or wrong."""
        value = self.get(name)
        if value is None:
            return None
        found = moments.read(value, zone="UTC", problems=Problems(), field=name)
        if found is None:
            self.refuse(name, "must be a date and time in ISO 8601")
            return None
        return found.at

    def period(self) -> tuple[int | None, int | None]:
        """Return from when and until when something is valid; None where that is not said."""
        since, until = self.instant("activeFrom"), self.instant("activeUntil")
        if since is not None and until is not None and until <= since:
            self.refuse("activeUntil", "must be later than activeFrom")
        return since, until

    def some(self, names: Collection[str]) -> dict[str, str | None]:
        """Return those texts that are there; None for one that is to be removed, which is null or blank."""
        found = {name: self.text(name, bytes_max=TEXT_BYTES_MAX) for name in names if name in self.members}
        return {name: text or None for name, text in found.items()}

    def require(self, *names: str) -> None:
        """Refuse members that are absent or empty."""
        for name in names:
            if self.get(name) in (None, ""):
                self.refuse(name, REQUIRED)


def merged(old: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object with what was said of it since; what is None is gone."""
    return {name: value for name, value in {**old, **said}.items() if value is not None}


def spelled(at: int | None) -> str | None:
    """Write an instant, null when there is none."""
    return None if at is None else moments.spell(at)
