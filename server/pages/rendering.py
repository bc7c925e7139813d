"""Templates, and what they may do with values."""

import functools
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.pages import cards, portraits, static

TEMPLATES = Path(__file__).parent.parent / "templates"


def render(template: str, **context: Any) -> str:
    """Fill in a template; everything that is not Markup is escaped."""
    return _environment().get_template(template).render(**context)


def day(moment: datetime) -> str:
    """Write a date as people read it."""
    return f"{moment.day} {moment:%B} {moment.year}"


def minute(moment: datetime) -> str:
    """Write a date and the time of day as people read them."""
    return f"{day(moment)}, {moment:%H:%M} UTC"


def number(count: int, one: str, many: str) -> str:
    """Write a number with its noun."""
    return f"{count:,} {one if count == 1 else many}".replace(",", "\u202f")


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": day, "minute": minute, "number": number,
        "medium_name": cards.medium_name, "shown_address": portraits.shown_address, "versioned": static.versioned,
    }  # fmt: skip
    return environment
