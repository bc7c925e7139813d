"""From the environment and the file to a Config, the environment winning."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import from_json
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, TomlConfigSettingsSource

from server.config.errors import ConfigError
from server.config.models import Config, Section
from server.config.problems import describe

PREFIX = "HEADWATER_"


def find_file(given: Path | None, environ: Mapping[str, str]) -> Path | None:
    """Choose the file: the one given, else ``$HEADWATER_CONFIG``, else ``./headwater.toml`` if it is there."""
    if given is None and environ.get("HEADWATER_CONFIG"):
        given = Path(environ["HEADWATER_CONFIG"])
    if given is not None:
        if not given.is_file():
            raise ConfigError(f"{given}: there is no such file")
        return given
    usual = Path("headwater.toml")
    return usual if usual.is_file() else None


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """Read the configuration; every mistake in it is named in one ConfigError."""
    variables: Mapping[str, str] = os.environ if environ is None else environ
    path = find_file(path, variables)
    try:
        values = _merged(TomlConfigSettingsSource(Config, path)(), Environment(Config, variables)())
        return Config(**values)
    except ValidationError as error:
        raise ConfigError(*describe(error, path, variables)) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None


def _merged(file: dict[str, Any], environment: dict[str, Any]) -> dict[str, Any]:
    """Lay what the environment says over what the file says, key by key."""
    merged = dict(file)
    for name, value in environment.items():
        below = file.get(name)
        merged[name] = {**below, **value} if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


class Environment(PydanticBaseSettingsSource):
    """``HEADWATER_SECTION_KEY``, and ``HEADWATER_SECTION_KEY_FILE`` for a secret kept in a file.

    A variable whose second word is no section of ours is somebody else's: container platforms set
    such names (``HEADWATER_SERVICE_HOST``) for everything they run.
    """

    def __init__(self, settings_cls: type[BaseSettings], environ: Mapping[str, str]) -> None:
        super().__init__(settings_cls)
        self._environ = environ

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Collect what the environment says of one section, or of a table that is given as JSON."""
        prefix = f"{PREFIX}{field_name.upper()}"
        section = field.annotation
        if isinstance(section, type) and issubclass(section, Section):
            return self._section(section, f"{prefix}_"), field_name, False
        return self._json(prefix) if prefix in self._environ else None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Collect all sections of which the environment says something."""
        found = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in found.items() if value}

    def _section(self, section: type[Section], prefix: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for variable, value in self._environ.items():
            if variable.startswith(prefix):
                key = variable.removeprefix(prefix).lower()
                field = section.model_fields.get(key.removesuffix("_file"))
                if field is not None and not field.repr and key.endswith("_file"):
                    values[key.removesuffix("_file")] = self._secret(variable)
                else:
                    known = section.model_fields.get(key)
                    values[key] = value if known is None else _spelled(known, value)
        return values

    def _secret(self, variable: str) -> str:
        try:
            return Path(self._environ[variable]).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{variable}: the file cannot be read: {error}") from None

    def _json(self, variable: str) -> Any:
        try:
            return from_json(self._environ[variable])
        except ValueError as error:
            raise ConfigError(f"{variable}: expected JSON: {error}") from None


def _spelled(field: FieldInfo, value: str) -> Any:
    """Read a list as comma-separated text; leave any other value to validation."""
    if get_origin(field.annotation) is tuple:
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value
