"""Files that people bring: what they are, what is left out of them, and where they are kept (AP-580, SEC-020, SEC-071).

What a file is, its content alone decides. No picture is ever decoded here: its metadata is cut out of the
file as it is, so there is no decoder to attack, no quality to lose, and nothing to install.
"""

from server.media.cleaned import Cleaned, Data
from server.media.errors import MediaError, TooManyPixels, Unknown, Unsupported
from server.media.kinds import clean
from server.media.library import Library

__all__ = ["Cleaned", "Data", "Library", "MediaError", "TooManyPixels", "Unknown", "Unsupported", "clean"]
