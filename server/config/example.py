"""The commented example file, written from the models so that it cannot fall behind them."""

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from pydantic.fields import FieldInfo

from server.config.models import (
    Config,
    FeedGroup,
    ProviderSettings,
    RankingMethod,
    Route,
    Section,
    TenantSettings,
)

HEAD = """\
# Headwater's configuration. Every key stands here with its default; take away the '#' to change it.
# Every key can also be given in the environment as HEADWATER_SECTION_KEY (lists separated by commas),
# and a secret as HEADWATER_SECTION_KEY_FILE, the name of a file that holds it.
"""


def example() -> str:
    """Write the example: every section, every key, its sentence and its default."""
    lines = [HEAD]
    for name, field in Config.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            lines += [*_section(name, field.annotation), ""]
    lines += [*_table("[feeds.NAME]", FeedGroup), ""]
    lines += [*_table("[feeds.NAME.rankings.METHOD]", RankingMethod), ""]
    lines += [*_table("[[routes]]", Route), ""]
    lines += [*_table("[tenants.LABEL]", TenantSettings), ""]
    lines += _table("[providers.NAME]", ProviderSettings)
    return "\n".join(lines) + "\n"


def _section(name: str, section: type[Section]) -> Iterator[str]:
    yield f"# {section.__doc__}"
    yield f"[{name}]"
    for key, field in section.model_fields.items():
        yield from _comment(field)
        mark = "" if (name, key) == ("server", "base_url") else "# "
        yield f"{mark}{key} = {_toml(field)}"


def _table(header: str, section: type[Section]) -> Iterator[str]:
    yield f"# {section.__doc__}"
    yield f"# {header}"
    for key, field in section.model_fields.items():
        yield from _comment(field)
        yield f"# {key} = {_toml(field)}" if field.default_factory is None else f"# {key} = {{}}"


def _comment(field: FieldInfo) -> list[str]:
    return textwrap.wrap(field.description or "", 108, initial_indent="# ", subsequent_indent="# ")


def _toml(field: FieldInfo) -> str:
    default = spelled_default(field)
    return default if default is not None else '""' if field.is_required() else "# as described above"


def spelled_default(field: FieldInfo) -> str | None:
    """Write a setting's default as TOML; None when it has none that can be written."""
    if field.is_required() or field.default is None or field.default_factory is not None:
        return None
    value: Any = list(field.default) if isinstance(field.default, tuple) else field.default
    return json.dumps(value)
