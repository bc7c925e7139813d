"""What a file is, by its first bytes: the list of what we take (AP-581, SEC-071).

What people call a file, and what type a client declares, is not looked at. SVG, HTML, XML and PDF are
programs to a browser and are not on the list.
"""

from collections.abc import Callable

from server.media import bmp, gif, jpeg, mp4, png, webp
from server.media.cleaned import Cleaned, Data
from server.media.errors import Unknown

HEAD_BYTES = 64


def clean(data: Data) -> Cleaned:
    """Return what is kept of a file. Raises Unsupported for what is of no kind we keep, or broken."""
    head = bytes(data[:HEAD_BYTES])
    cleaner = next((clean for matches, clean in KINDS if matches(head)), None)
    if cleaner is None:
        raise Unknown("not a picture, film or sound of a kind that is kept here")
    return cleaner(data)


def _as_it_is(type: str) -> Callable[[Data], Cleaned]:
    return lambda data: Cleaned(type, [data])


def _starts(*magics: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(magics)


def _riff(kind: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == kind


def _ogg(*codecs: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"OggS" and head[28:].startswith(codecs)


def _mp3(head: bytes) -> bool:
    """Tell MPEG audio layer III by its tag or by the head of its first frame."""
    frame = len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] >> 4 not in (0, 15)
    return head[:3] == b"ID3" or frame


KINDS: tuple[tuple[Callable[[bytes], bool], Callable[[Data], Cleaned]], ...] = (
    (_starts(jpeg.MAGIC), jpeg.clean),
    (_starts(png.MAGIC), png.clean),
    (_starts(*gif.MAGICS), gif.clean),
    (_riff(b"WEBP"), webp.clean),
    (bmp.matches, bmp.clean),
    (lambda head: head[4:8] == b"ftyp", mp4.clean),
    (lambda head: head[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in head, _as_it_is("video/webm")),
    (_ogg(b"OpusHead", b"\x01vorbis", b"\x7fFLAC", b"Speex"), _as_it_is("audio/ogg")),
    (_ogg(b"\x80theora"), _as_it_is("video/ogg")),
    (_starts(b"fLaC"), _as_it_is("audio/flac")),
    (_riff(b"WAVE"), _as_it_is("audio/wav")),
    (_mp3, _as_it_is("audio/mpeg")),
)
"""How each kind begins, and what cleans it. Sounds, WebM and Ogg are kept as they are."""
