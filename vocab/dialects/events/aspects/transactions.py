"""What was paid, and what sent the buyer: ``transaction``, ``traffic_sources`` and the like (Events §7.23, §7.24)."""

import re
from typing import Any, Final
from urllib.parse import unquote_plus

from vocab.dialects.events.aspects import kinds
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import free, number, text
from vocab.dialects.events.aspects.shapes import Shape
from vocab.dialects.events.problems import INVALID

CARD: Final = re.compile(r"(?<!\d)(?<!\d[ -])\d(?:[ -]?\d){12,18}(?![ -]?\d)", re.ASCII)
"""A run of digits as long as the number of a card, in groups or not."""
NUMBER_CHARS_MAX: Final = 1_000


def masked(value: Any, host: Host, field: str) -> str | None:
    """Read the number of a card of which not all digits are there; a whole one is refused, and never stored."""
    found = text(value, host, field)
    if found is not None and len(found) > NUMBER_CHARS_MAX:
        host.problems.error(INVALID, field, f"must have at most {NUMBER_CHARS_MAX} characters")
        return None
    if found is not None and any(_is_card(run) for run in CARD.findall(found)):
        host.problems.error(INVALID, field, "must not hold the whole number of a card")
        return None
    return found


def _is_card(run: str) -> bool:
    """Whether digits pass the check of card numbers (Luhn)."""
    digits = [int(digit) for digit in run if digit.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[::-2]) + sum(doubled)) % 10 == 0


transaction: Final[Shape] = Shape(
    {
        "type": text,
        "medium": text,
        "amount": number,
        **dict.fromkeys(
            ("invoice_nr", "reference_no", "account_out", "account_in", "accounting_key"), masked
        ),
        "card_number": masked,
        "card_exp": text,
        "currency": kinds.upper,
        "properties": free,
    },
    required=("amount",),
)


def _decoded(value: Any, host: Host, field: str) -> str | None:
    """Read text of an address, whose escapes are resolved; one that would stay escaped is kept as it is."""
    found = text(value, host, field)
    if found is None or "%" not in found:
        return found
    decoded = unquote_plus(found)
    return decoded if "%" not in decoded and decoded.strip() else found


def _content(value: Any, host: Host, field: str) -> Any:
    return value if isinstance(value, dict) else _decoded(value, host, field)


TRAFFIC_SOURCE: Final = Shape(
    {
        **dict.fromkeys(("campaign", "source", "medium", "term", "referrer"), _decoded),
        "type": kinds.lower,
        "content": _content,
    }
)


def traffic_sources(value: Any, host: Host, field: str) -> list[dict[str, Any]]:
    """Read a list of what led here, or one."""
    items = kinds.listed(value, host, field)
    found = (TRAFFIC_SOURCE(item, host, f"{field}[{index}]") for index, item in items)
    return [source for source in found if source]


CAMPAIGN: Final = Shape(
    {"id": _decoded, "source": _decoded, "medium": _decoded, "term": _decoded, "content": _content},
    required=("id",),
    shorthand="id",
)


def campaign(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read a campaign; it is also a source of traffic."""
    found = CAMPAIGN(value, host, field)
    if found and "id" in found:
        rest = {name: member for name, member in found.items() if name in TRAFFIC_SOURCE.members}
        source = {"type": "campaign", "campaign": found["id"]} | rest
        sources = host.aspects.setdefault("traffic_sources", [])
        if source not in sources:
            sources.append(source)
    return found


affiliate: Final[Shape] = Shape({"id": text, "type": text}, required=("id",), shorthand="id")
