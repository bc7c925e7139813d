"""Blind copies: whom a message was sent to without the others knowing is told to its sender alone (Events §7.14)."""

from collections.abc import Iterator
from typing import Any, Final

from streams.events.reader import Reader
from vocab.dialects.events import BadReference, Ref

BLIND: Final = "SENT_TO_BCC"
SENDER: Final = "SENT_BY"


def without(message: dict[str, Any], reader: Reader) -> dict[str, Any]:
    """Return a message as a reader is shown it: unless they sent it, or see all, without its blind copies."""
    messaging = _messaging(message)
    if reader.sees_all or not (messaging or any(_is_blind(role) for role in _roles(message))):
        return message
    if not reader.parties.isdisjoint(_senders(message)):
        return message
    shown = {**message, "involves": [role for role in _roles(message) if not _is_blind(role)]}
    if messaging:
        told = {name: value for name, value in messaging.items() if name != "bcc"}
        if "involves" in told:
            told["involves"] = [role for role in _roles(told) if not _is_blind(role)]
        shown["aspects"] = {**message["aspects"], "messaging": told}
    return shown


def _messaging(message: dict[str, Any]) -> dict[str, Any]:
    aspects = message.get("aspects")
    found = aspects.get("messaging") if isinstance(aspects, dict) else None
    return found if isinstance(found, dict) else {}


def _roles(message: dict[str, Any]) -> list[dict[str, Any]]:
    found = message.get("involves")
    return [role for role in found if isinstance(role, dict)] if isinstance(found, list) else []


def _is_blind(role: dict[str, Any]) -> bool:
    return BLIND in str(role.get("role", "")).split(":")


def _senders(message: dict[str, Any]) -> Iterator[str]:
    """Return the keys of those who sent a message."""
    messaging = _messaging(message)
    named = [role.get("entity_ref") for role in (*_roles(message), *_roles(messaging)) if _sends(role)]
    for text in (*named, messaging.get("from")):
        try:
            yield Ref.parse(str(text)).key
        except BadReference:
            continue


def _sends(role: dict[str, Any]) -> bool:
    return SENDER in str(role.get("role", "")).split(":")
