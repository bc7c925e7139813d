"""Why a file is not taken.

MediaError
├── Unsupported      not one of the kinds we keep, or broken
│   └── Unknown      of no kind that we know by its first bytes
└── TooManyPixels    a picture larger than anyone should have to decode
"""


class MediaError(Exception):
    """The root of everything that is wrong with a file; ``field`` is the part of the form it came in."""

    field = "file"


class Unsupported(MediaError):
    """Its content is of no kind we keep, or does not hold to its kind (AP-581)."""


class Unknown(Unsupported):
    """It begins like none of the kinds we keep."""


class TooManyPixels(MediaError):
    """A picture that would take a reader too much memory (SEC-071)."""

    def __init__(self, pixels_max: int) -> None:
        super().__init__(f"more than {pixels_max} pixels")
        self.pixels_max = pixels_max
