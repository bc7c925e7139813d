"""What a User-Agent tells of browser, system and device: families and versions, nothing finer (Events §7.12).

The first pattern of each table that is found in the text counts; browsers that call themselves another come first.
"""

import re
from typing import Any, Final

READ_CHARS_MAX: Final = 1_024

_VERSION: Final = r"[/ ]?v?(\d{1,9}(?:[._]\d{1,9}){0,3})?"

BOT: Final = re.compile(r"bot\b|crawler|spider|slurp|curl/|wget/|python-|preview", re.IGNORECASE)

BROWSERS: Final = tuple(
    (re.compile(pattern + _VERSION), vendor, family)
    for pattern, vendor, family in (
        (r"Edg(?:e|A|iOS)?", "Microsoft", "Edge"),
        (r"(?:OPR|OPiOS|Opera Mini|Opera)", "Opera", "Opera"),
        (r"SamsungBrowser", "Samsung", "Samsung Internet"),
        (r"Vivaldi", "Vivaldi", "Vivaldi"),
        (r"YaBrowser", "Yandex", "Yandex Browser"),
        (r"UCBrowser", "UCWeb", "UC Browser"),
        (r"DuckDuckGo", "DuckDuckGo", "DuckDuckGo"),
        (r"(?:Firefox|FxiOS)", "Mozilla", "Firefox"),
        (r"(?:Chromium)", "Google", "Chromium"),
        (r"(?:HeadlessChrome|Chrome|CriOS)", "Google", "Chrome"),
        (r"(?:MSIE|Trident/.{0,40}rv:)", "Microsoft", "Internet Explorer"),
        (r"Version(?=/[\d.]{1,20} (?:Mobile/\S{1,20} )?Safari)", "Apple", "Safari"),
        (r"Android", "Google", "Android Browser"),
    )
)

SYSTEMS: Final = tuple(
    (re.compile(pattern + _VERSION), family)
    for pattern, family in (
        (r"Windows Phone(?: OS)?", "Windows Phone"),
        (r"Windows NT", "Windows"),
        (r"Windows", "Windows"),
        (r"(?:iPhone|iPad|iPod).{0,40}? OS", "iOS"),
        (r"Mac OS X", "macOS"),
        (r"Android", "Android"),
        (r"CrOS \w{1,20}", "ChromeOS"),
        (r"Ubuntu", "Linux"),
        (r"Linux(?: \w{1,20})?", "Linux"),
        (r"(?:FreeBSD|OpenBSD|NetBSD)", "BSD"),
    )
)

DEVICES: Final = tuple(
    (re.compile(pattern), vendor, product)
    for pattern, vendor, product in (
        (r"iPhone", "Apple", "iPhone"),
        (r"iPad", "Apple", "iPad"),
        (r"iPod", "Apple", "iPod"),
        (r"Macintosh", "Apple", "Mac"),
        (r"; (SM-\w{1,20})", "Samsung", ""),
        (r"; (Pixel[ \w]{0,20})", "Google", ""),
        (r"; (Nexus[ \w]{0,20})", "Google", ""),
    )
)

OTHER: Final = re.compile(r"([A-Za-z][\w.-]{0,60})/(\d{1,9}(?:\.\d{1,9}){0,3})", re.ASCII)
TABLET: Final = re.compile(r"iPad|Tablet|Kindle|Silk/|PlayBook")
MOBILE: Final = re.compile(r"Mobi|iPhone|iPod|Windows Phone|Opera Mini")

COMPUTED: Final = frozenset(
    {
        "_device_vendor",
        "_device_type",
        "_device_pname",
        "_browser_vendor",
        "_browser_type",
        "_browser_version",
        "_os_type",
        "_os_version",
        "_is_tablet",
        "_is_wireless",
    }
)


def read(user_agent: str) -> dict[str, Any]:
    """Return what is recognised, by the names of the aspect ``client_device``; what is not is absent."""
    text = user_agent[:READ_CHARS_MAX]
    bot = bool(BOT.search(text))
    tablet = bool(TABLET.search(text)) or ("Android" in text and "Mobi" not in text)
    mobile = not tablet and bool(MOBILE.search(text))
    kind = "bot" if bot else "tablet" if tablet else "phone" if mobile else "computer"
    found: dict[str, Any] = {"_device_type": kind, "_is_tablet": tablet, "_is_wireless": tablet or mobile}
    found |= _browser(text) | _system(text) | _device(text)
    return {name: value for name, value in found.items() if value != ""}


def _browser(text: str) -> dict[str, str]:
    for pattern, vendor, family in BROWSERS:
        if found := pattern.search(text):
            return {"_browser_vendor": vendor, "_browser_type": family, "_browser_version": found[1] or ""}
    if other := OTHER.search(text):
        return {"_browser_type": other[1], "_browser_version": other[2]}
    return {}


def _system(text: str) -> dict[str, str]:
    for pattern, family in SYSTEMS:
        if found := pattern.search(text):
            return {"_os_type": family, "_os_version": (found[1] or "").replace("_", ".")}
    return {}


def _device(text: str) -> dict[str, str]:
    for pattern, vendor, product in DEVICES:
        if found := pattern.search(text):
            return {"_device_vendor": vendor, "_device_pname": product or found[1].partition(" Build")[0]}
    return {}
