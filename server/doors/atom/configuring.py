"""``/rest/activity-stream/1.0/``: by what streams are filtered, how dates are shown, what gadgets may ask (Atom §5)."""

from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from server import parameters
from server.auth import onlookers
from server.doors.atom.reading import is_linked
from server.house import house
from server.providers import options
from vocab import instants
from vocab.jsontext import dumps

MEDIA_TYPE: Final = "application/vnd.atl.streams+json"
HEADERS: Final = {"Cache-Control": "private, no-store", "Vary": "Authorization, Cookie"}
ENTRIES_MAX: Final = 100
KEYS_MAX: Final = 100


async def get_config(request: Request) -> Response:
    """Answer with all providers and by what each can be filtered, as far as the reader may know of it."""
    asking = await onlookers.asking(request)
    local = request.query_params.get("local", "").lower() == "true"
    running = [one for one in await house(request).providers.running() if not (local and is_linked(one))]
    return _json({"filters": await options.told(running, asking.onlooker)})


async def get_preferences(request: Request) -> Response:
    """Answer how dates are shown here."""
    await onlookers.asking(request)
    parts = house(request)
    now = instants.moment(parts.ports.clock()).astimezone(ZoneInfo(parts.config.atom.time_zone))
    minutes = (now.utcoffset() or timedelta()) // timedelta(minutes=1)
    return _json(
        {
            "dateFormat": "d MMM yyyy", "timeFormat": "HH:mm", "dateTimeFormat": "d MMM yyyy HH:mm",
            "dateRelativize": True, "timeZone": minutes,
        }
    )  # fmt: skip


async def get_validate(request: Request) -> Response:
    """Answer 200 when a gadget may be set up so, else 400 with what is wrong."""
    asking = await onlookers.asking(request)
    given = parameters.in_query(request)
    running = await house(request).providers.running()
    errors: list[dict[str, str]] = []
    if not given.get("title", "").strip():
        errors.append(_error("title", "title.required"))
    for key in [key.strip() for key in given.get("keys", "").split(",")][:KEYS_MAX]:
        if key and not await options.is_known(running, key, asking.onlooker):
            errors.append(_error("keys", "keys.invalid"))
            break
    entries = given.get("numofentries", "").strip()
    if not entries:
        errors.append(_error("numofentries", "number.required"))
    elif not (entries.isascii() and entries.isdigit() and 1 <= int(entries[:9]) <= ENTRIES_MAX):
        errors.append(_error("numofentries", "number.invalid"))
    if errors:
        return _json({"errors": errors}, 400)
    return Response(status_code=200, headers=HEADERS)


def _error(field: str, code: str) -> dict[str, str]:
    return {"field": field, "error": f"gadget.activity.stream.error.pref.{code}"}


def _json(document: dict[str, Any], status: int = 200) -> Response:
    return Response(dumps(document), status, HEADERS, MEDIA_TYPE)
