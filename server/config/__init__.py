"""Configuration: one TOML file, the environment and secret files, in one typed model.

Only this package knows where a setting comes from; everything else is handed plain values.
"""

from server.config.errors import ConfigError
from server.config.example import example
from server.config.load import find_file, load
from server.config.models import Config, FeedGroup, ProviderSettings, Route

__all__ = ["Config", "ConfigError", "FeedGroup", "ProviderSettings", "Route", "example", "find_file", "load"]
