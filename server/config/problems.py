"""Telling an operator what is wrong with the configuration: key, value, what is expected, and where."""

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from server.config.models import Config


def describe(error: ValidationError, path: Path | None, environ: Mapping[str, str]) -> Iterator[str]:
    """Write one line for each mistake. The value of a secret is left out."""
    lines = path.read_text(encoding="utf-8").splitlines() if path is not None else []
    for mistake in error.errors(include_url=False):
        keys = [str(part) for part in mistake["loc"]]
        model, name = _owner(keys)
        place = _place(keys, lines, path, environ)
        if mistake["type"] == "extra_forbidden":
            yield f"{place}: unknown key {'.'.join(keys)}; {_expected(model, keys[-1])}"
        elif mistake["type"] == "missing":
            yield f"{place}: {'.'.join(keys)} is missing"
        else:
            shown = "" if name in _secrets(model) else f" = {mistake['input']!r:.200}"
            yield f"{place}: {'.'.join(keys)}{shown}: {mistake['msg'].removeprefix('Value error, ')}"


def _owner(keys: list[str]) -> tuple[type[BaseModel], str]:
    """Find the model that declares a key, and the key; a feed's name or a route's number is passed over."""
    model: type[BaseModel] = Config
    for key in keys:
        field = model.model_fields.get(key)
        if field is not None:
            model = _model(field.annotation) or model
    return model, keys[-1]


def _model(annotation: Any) -> type[BaseModel] | None:
    candidates = (annotation, *get_args(annotation))
    return next((one for one in candidates if isinstance(one, type) and issubclass(one, BaseModel)), None)


def _secrets(model: type[BaseModel]) -> set[str]:
    return {name for name, field in model.model_fields.items() if not field.repr}


def _expected(model: type[BaseModel], key: str) -> str:
    near = difflib.get_close_matches(key, model.model_fields, n=1)
    return f"did you mean {near[0]}?" if near else f"expected one of {', '.join(model.model_fields)}"


def _place(keys: list[str], lines: list[str], path: Path | None, environ: Mapping[str, str]) -> str:
    variable = "HEADWATER_" + "_".join(keys[:2]).upper()
    for name in (variable, f"{variable}_FILE", f"HEADWATER_{keys[0].upper()}"):
        if name in environ:
            return name
    number = _line(keys, lines)
    return "configuration" if path is None else f"{path}:{number}" if number else str(path)


def _line(keys: list[Any], lines: list[str]) -> int | None:
    """Find the line of a key; good enough for files written by people, None when it is not seen."""
    table = ""
    for number, line in enumerate(lines, 1):
        if header := re.match(r"\s*\[+([^]]+)\]", line):
            table = header[1].replace(" ", "").replace('"', "")
            if table == ".".join(keys):
                return number
        elif key := re.match(r'\s*"?([\w-]+)"?\s*=', line):
            dotted = f"{table}.{key[1]}" if table else key[1]
            if dotted == ".".join(part for part in keys if not part.isdigit()):
                return number
    return None
