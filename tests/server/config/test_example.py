"""The commented example file."""

import tomllib
from pathlib import Path

from server.config import Config, example, load

FILE = Path(__file__).parents[3] / "config.example.toml"


def test_the_file_in_the_repository_is_what_the_models_say() -> None:
    assert FILE.read_text() == example(), "write it anew: headwater config example > config.example.toml"


def test_it_loads_and_changes_nothing() -> None:
    assert load(FILE, {}) == load(None, {})


def test_every_commented_key_is_its_default(tmp_path: Path) -> None:
    """Taking away the mark of each line that has a value gives the same configuration."""
    plain = [line.removeprefix("# ") if " = " in line and not line.endswith("above") else line
             for line in example().split("# [feeds.NAME]")[0].splitlines()]  # fmt: skip
    path = tmp_path / "all.toml"
    path.write_text("\n".join(line for line in plain if _is_toml(line)))
    assert load(path, {}) == load(None, {})
    assert set(tomllib.loads(path.read_text())) == set(Config.model_fields) - {
        "feeds", "routes", "tenants", "providers",
    }  # fmt: skip


def _is_toml(line: str) -> bool:
    try:
        tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return False
    return True
