"""Reading the members of one JSON object of a request, remembering everything that is wrong with it."""

from typing import Any, Final

from vocab.errors import BadFields
from vocab.jsontext import Json, Number

REQUIRED: Final = "this field is required"
WHOLE: Final = "body"
"""The name under which a problem with a body as a whole is told."""


class Fields:
    """The members of one object; a body that is none raises BadFields at once.

    Null is as good as absent: clients send it for what was not given.
    """

    def __init__(self, body: Json) -> None:
        if not isinstance(body, dict):
            raise BadFields({WHOLE: ["must be an object"]})
        self.members = body
        self.problems: dict[str, list[str]] = {}

    def refuse(self, name: str, reason: str) -> None:
        """Remember what is wrong with a member."""
        self.problems.setdefault(name, []).append(reason)

    def settle(self) -> None:
        """Raise BadFields if anything was wrong."""
        if self.problems:
            raise BadFields(self.problems)

    def get(self, name: str) -> Any:
        """Return a member as it stands, None when it is absent."""
        return self.members.get(name)

    def text(self, name: str, *, required: bool = False, bytes_max: int | None = None) -> str:
        """Return text, numbers as their spelling; the empty text when it is absent or wrong."""
        value = self.get(name)
        if value is None:
            found = ""
        elif isinstance(value, str):
            found = value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found = value.lexeme if isinstance(value, Number) else str(value)
        else:
            self.refuse(name, "must be a string")
            return ""
        if required and not found:
            self.refuse(name, REQUIRED)
        if bytes_max is not None and len(found.encode()) > bytes_max:
            self.refuse(name, f"must have at most {bytes_max} bytes")
        return found

    def count(self, name: str, *, most: int) -> int | None:
        """Return a whole number from 0 to ``most``, digits as text will do; None when it is absent or wrong."""
        text = self.text(name)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) <= most):
            self.refuse(name, f"must be a whole number from 0 to {most}")
            return None
        return int(text)

    def flag(self, name: str) -> bool:
        """Return true or false, which is what is absent or wrong."""
        value = self.get(name)
        if value is not None and not isinstance(value, bool):
            self.refuse(name, "must be true or false")
        return value is True

    def data(self, name: str = "data", *, required: bool = False) -> dict[str, Any]:
        """Return an object, empty when it is absent or wrong; one that is required must have members."""
        value = self.get(name)
        if value is not None and not isinstance(value, dict):
            self.refuse(name, "must be an object")
        elif required and not value:
            self.refuse(name, REQUIRED)
        return value if isinstance(value, dict) else {}

    def items(self, name: str, *, most: int, required: bool = False) -> list[Any]:
        """Return an array, empty when it is absent or wrong; one that is required must have items."""
        value = self.get(name)
        if value is not None and not isinstance(value, list):
            self.refuse(name, "must be a list")
            return []
        if required and not value:
            self.refuse(name, REQUIRED)
        if value and len(value) > most:
            self.refuse(name, f"must have at most {most} items")
            return []
        return value or []
