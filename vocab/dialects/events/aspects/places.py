"""Where things are: the aspects ``geo_location``, ``address`` and ``locale`` (Events §7.10, §7.11, §7.16)."""

import re
from typing import Any, Final

from vocab.dialects.events import moments
from vocab.dialects.events.aspects import kinds
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import between, flag, text
from vocab.dialects.events.aspects.shapes import Shape, faulty
from vocab.dialects.events.problems import ADJUSTED, INVALID, MISSING
from vocab.jsontext import Number

COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
CURRENCY_CHARS_MAX: Final = 64
LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
DEGREES: Final = re.compile(
    r"\s*([+-]?\d{1,3}(?:\.\d{1,20})?)\s*[,; ]\s*([+-]?\d{1,3}(?:\.\d{1,20})?)\s*", re.ASCII
)
PAIR_CHARS_MAX: Final = 100
UNKNOWN: Final = frozenset({"unknown", "null"})


def country(value: Any, host: Host, field: str) -> str | None:
    """Read the two letters of a country."""
    found = kinds.upper(value, host, field)
    if found is not None and not COUNTRY.fullmatch(found.strip()):
        host.problems.error(INVALID, field, "must be the two letters of a country")
        return None
    return found and found.strip()


def currency(value: Any, host: Host, field: str) -> str | None:
    """Read a currency: the three letters of ISO 4217, or whatever the sender calls it, with a warning."""
    found = text(value, host, field)
    if found is None or CURRENCY.fullmatch(found.strip().upper()):
        return found and found.strip().upper()
    if len(found) > CURRENCY_CHARS_MAX:
        host.problems.error(INVALID, field, f"must have at most {CURRENCY_CHARS_MAX} characters")
        return None
    host.problems.warn(INVALID, field, "is not three letters of ISO 4217; kept as it is")
    return found.strip()


def zone(value: Any, host: Host, field: str) -> str | None:
    """Read the name of a time zone."""
    found = text(value, host, field)
    if found is not None and moments.zoned(found) is None:
        host.problems.error(INVALID, field, "is not a time zone")
        return None
    return found


def _language(value: Any, host: Host, field: str) -> str | None:
    found = text(value, host, field)
    if found is not None and not LANGUAGE.fullmatch(found.strip().replace("_", "-")):
        host.problems.error(INVALID, field, "must be a language tag such as is-IS")
        return None
    return found and found.strip().replace("_", "-")


LOCALE: Final = Shape(
    {"locale": _language, "currency": currency, "timezone": zone, "country_code": country},
    {"language": "locale", "time_zone": "timezone"},
    shorthand="locale",
)


def locale(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read a locale: the message's amounts are in its currency, its times without an offset in its zone."""
    found = LOCALE(value, host, field)
    if found:
        host.currency = found.get("currency") or host.currency
        host.zone = found.get("timezone") or host.zone
    return found


GEO_LOCATION: Final = Shape(
    {
        "latlong": kinds.anything,
        "latitude": between(-90, 90),
        "longitude": between(-180, 180),
        "type": text,
        "accuracy": between(0, 10),
        "track_for": kinds.upper,
        "country_code": country,
        "postal_code": text,
        "hasc": text,
        "fips": text,
        "nga": text,
        "verified": flag,
    },
    {"bind_to": "track_for", "lat": "latitude", "lng": "longitude", "lon": "longitude", "long": "longitude"},
    shorthand="latlong",
)


def geo_location(value: Any, host: Host, field: str) -> Any:
    """Read a place on earth, or a list of them."""
    if isinstance(value, list):
        several = (
            _place(item, host, f"{field}[{index}]") for index, item in kinds.listed(value, host, field)
        )
        return [place for place in several if place]
    return _place(value, host, field)


def _place(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    place = GEO_LOCATION(value, host, field)
    if place is None:
        return None
    latlong = place.pop("latlong", None)
    if latlong is not None:
        _coordinates(place, latlong, host, field)
    if ("latitude" in place) != ("longitude" in place):
        missing = "longitude" if "latitude" in place else "latitude"
        if not faulty(host, f"{field}.{missing}"):
            host.problems.error(MISSING, f"{field}.{missing}", "is required next to the other")
    elif "latitude" in place:
        place = {"latlong": f"{_degrees(place['latitude'])},{_degrees(place['longitude'])}"} | place
    return place


def _coordinates(place: dict[str, Any], latlong: Any, host: Host, field: str) -> None:
    """Take the coordinates of ``latlong`` over those given as numbers."""
    if isinstance(latlong, list) and len(latlong) == 2:
        latlong = ",".join(
            kinds.spelled(part) if isinstance(part, int | float) else str(part) for part in latlong
        )
    found = _pair(latlong)
    if found is None:
        host.problems.error(INVALID, f"{field}.latlong", "must be latitude and longitude, joined by a comma")
        return
    for name, degrees, most in (("latitude", found[1], 90), ("longitude", found[2], 180)):
        number = Number(degrees.removeprefix("+")) if "." in degrees else int(degrees)
        if abs(number) > most:
            host.problems.error(INVALID, f"{field}.latlong", f"a {name} is at most {most} degrees")
        elif place.get(name, number) != number:
            host.problems.warn(ADJUSTED, f"{field}.{name}", "taken from latlong")
        place[name] = number


def _pair(latlong: Any) -> re.Match[str] | None:
    """Return the two numbers of a text."""
    return DEGREES.fullmatch(latlong) if isinstance(latlong, str) and len(latlong) <= PAIR_CHARS_MAX else None


def _degrees(number: int | float) -> str:
    return kinds.spelled(number)


def _known(value: Any, host: Host, field: str) -> str | None:
    """Read text that says something."""
    found = text(value, host, field)
    return None if found is not None and found.strip().lower() in UNKNOWN else found


def _country(value: Any, host: Host, field: str) -> str | None:
    return (
        None if isinstance(value, str) and _known(value, host, field) is None else country(value, host, field)
    )


ADDRESS: Final = Shape(
    {
        **dict.fromkeys(
            ("address", "address2", "zip_code", "city", "municipality", "region", "sub_region"), _known
        ),
        **dict.fromkeys(
            ("state", "state_code", "country", "hasc", "fips", "nga", "latlong", "zip_latlong"), _known
        ),
        "country_code": _country,
        "verified": flag,
        "altered": flag,
    },
    {"postal_code": "zip_code", "zip": "zip_code"},
    shorthand="address",
)


def address(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read a postal address; what follows a comma in its first line is its second."""
    found = ADDRESS(value, host, field)
    if found is None:
        return None
    first, comma, rest = found.get("address", "").partition(",")
    if comma and rest.strip() and first.strip() and "address2" not in found:
        found |= {"address": first.strip(), "address2": rest.strip()}
    state = found.get("state_code", "")
    if "hasc" not in found and "country_code" in found and re.fullmatch(r"[A-Za-z]{2}", state):
        found["hasc"] = f"{found['country_code']}.{state.upper()}"
    return found


def located(address: Any) -> dict[str, Any] | None:
    """Return where an address is, as a ``geo_location``; None when it does not say (Events §7.16)."""
    latlong = address.get("latlong") if isinstance(address, dict) else None
    found = _pair(latlong)
    if found is None or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return {
        "latlong": f"{latitude},{longitude}",
        "latitude": latitude,
        "longitude": longitude,
        "type": "address",
    }
