"""A program of its own: decodes one picture, makes another of it, writes that to its standard output.

It is given one argument, JSON: ``path``, ``format``, ``box``, ``size``, ``canvas``, ``at`` and the limits
``pixels_max``, ``memory_bytes_max`` and ``cpu_seconds_max``. It imports nothing of ours and inherits nothing. Its exit
code is 1 when there is no picture to be had.
"""

import contextlib
import io
import json
import os
import resource
import sys
from typing import Any

from PIL import Image, ImageOps

QUALITY = {"JPEG": {"quality": 85, "optimize": True, "progressive": True}, "WEBP": {"quality": 85}}
BACKGROUND = (255, 255, 255, 0)
"""What is left free of a canvas: nothing, or white where a format knows no nothing."""
STEPS = 3.0
"""A picture that gets much smaller first loses whole pixels, as long as it stays this much larger."""


def main(order: dict[str, Any]) -> int:
    """Do what one order says."""
    _limit(order)
    try:
        with Image.open(order["path"], formats=[order["format"]]) as source:
            made = _made(source, order)
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}")
        return 1
    sys.stdout.buffer.write(made)
    return 0


def _limit(order: dict[str, Any]) -> None:
    with contextlib.suppress(ValueError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (order["memory_bytes_max"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (order["cpu_seconds_max"],) * 2)
    os.nice(5)
    Image.MAX_IMAGE_PIXELS = order["pixels_max"]


def _made(source: Image.Image, order: dict[str, Any]) -> bytes:
    """Return another picture of the first frame of a source, in the same format."""
    colours = None if source.mode == "CMYK" else source.info.get("icc_profile")
    picture = _plain(ImageOps.exif_transpose(source), order["format"])
    picture = picture.resize(
        tuple(order["size"]), Image.Resampling.LANCZOS, box=tuple(order["box"]), reducing_gap=STEPS
    )
    if order["canvas"] != order["size"]:
        picture = _on_canvas(picture, tuple(order["canvas"]), tuple(order["at"]), order["format"])
    out = io.BytesIO()
    picture.save(out, order["format"], icc_profile=colours, **QUALITY.get(order["format"], {}))
    return out.getvalue()


def _plain(picture: Image.Image, kind: str) -> Image.Image:
    """Return a picture whose colours can be mixed: no palettes, no inks, eight bits for each."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in ("L", "RGB", "RGBA") and (kind != "JPEG" or picture.mode != "RGBA"):
        return picture
    clear = kind != "JPEG" and (picture.mode in ("LA", "PA") or "transparency" in picture.info)
    return picture.convert("RGBA" if clear else "RGB")


def _on_canvas(picture: Image.Image, size: tuple[int, int], at: tuple[int, int], kind: str) -> Image.Image:
    canvas = Image.new("RGB" if kind == "JPEG" else "RGBA", size, BACKGROUND)
    canvas.paste(picture, at)
    return canvas


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
