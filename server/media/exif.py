"""The one thing of a camera's metadata that is needed: which way up a picture is (Exif 2.32 §4.6.4)."""

import struct

ORIENTATION = 0x0112
SHORT = 3
UPRIGHT = 1


def orientation(tiff: bytes) -> int:
    """Read how a picture is to be turned, 1 to 8; 1, which is not at all, when that is not to be found."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 10:
        return UPRIGHT
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    if start + 2 > len(tiff):
        return UPRIGHT
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for at in range(start + 2, min(start + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind = struct.unpack_from(f"{order}HH", tiff, at)
        if (tag, kind) == (ORIENTATION, SHORT):
            (value,) = struct.unpack_from(f"{order}H", tiff, at + 8)
            return int(value) if 1 <= value <= 8 else UPRIGHT
    return UPRIGHT


def only_orientation(value: int) -> bytes:
    """Write metadata that says which way up a picture is and nothing else."""
    entry = struct.pack(">HHIHH", ORIENTATION, SHORT, 1, value, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
