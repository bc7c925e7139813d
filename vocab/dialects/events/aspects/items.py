"""What was traded, line by line: the aspect ``items`` (Events §7.7)."""

from typing import Any, Final

from vocab.dialects.events.aspects import involved, kinds, lines, reading
from vocab.dialects.events.aspects.dimensions import dimensions
from vocab.dialects.events.aspects.found import Host, Line
from vocab.dialects.events.aspects.kinds import flag, free, moment, number, text
from vocab.dialects.events.aspects.money import exact, plain, reckon
from vocab.dialects.events.aspects.places import currency
from vocab.dialects.events.aspects.shapes import Shape
from vocab.dialects.events.messages import Role
from vocab.dialects.events.problems import ADJUSTED, IGNORED, INVALID, MISSING, REFERENCE
from vocab.dialects.events.references import BadReference, Ref
from vocab.dialects.events.roletypes import ROLES

ITEMS_MAX: Final = 500
SERIALS_MAX: Final = 1_000


def _aspects(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    return reading.inside(value, host, on="item", field=field)


def _serials(value: Any, host: Host, field: str) -> list[str] | None:
    """Read what names single pieces: references, objects with one, or plain numbers."""
    items = kinds.listed(value, host, field)
    if len(items) > SERIALS_MAX:
        host.problems.error(INVALID, field, f"must have at most {SERIALS_MAX} items")
        return None
    found: dict[str, None] = {}
    for index, item in items:
        named = item.get("entity_ref") if isinstance(item, dict) else item
        serial = kinds.text(named, host, f"{field}[{index}]")
        if serial is not None and _serial(serial) is None:
            host.problems.error(REFERENCE, f"{field}[{index}]", "does not name an entity")
        elif serial is not None:
            found[serial.strip()] = None
    return list(found)


def _serial(text: str) -> Ref | None:
    """Return the entity of a serial number."""
    try:
        return Ref.parse(text if "/" in text else f"SerialNumber/{text.strip()}")
    except BadReference:
        return None


LINE: Final = Shape(
    {
        "involves": kinds.anything,
        **dict.fromkeys(("item_count", "item_price", "commission_fixed", "commission_percentage"), number),
        **dict.fromkeys(("discount_percentage", "discount_amount", "tax_percentage"), number),
        **dict.fromkeys(("total_in_stock", "total_for_sale"), number),
        "currency": currency,
        "complimentary": flag,
        **dict.fromkeys(("variant", "price_category", "price_type", "description", "payment_method"), text),
        **dict.fromkeys(("card_token", "accounting_key", "type"), text),
        "serial_numbers": _serials,
        "line_ids": kinds.texts,
        "valid_from": moment,
        "valid_until": moment,
        "dimensions": dimensions,
        "aspects": _aspects,
        "properties": free,
    },
    {
        "associates": "involves",
        "fee_fixed": "commission_fixed",
        "fee_percentage": "commission_percentage",
        "complementary": "complimentary",
        "is_comp": "complimentary",
        "price_type_description": "price_type",
    },
    computed=frozenset({"_discount", "_fees", "_tax", "_total"}),
)


def items(value: Any, host: Host, field: str) -> list[dict[str, Any]] | None:
    """Read a list of lines, or one. Who takes part in a line takes part in the event."""
    listed = kinds.listed(value, host, field)
    if len(listed) > ITEMS_MAX:
        host.problems.error(INVALID, field, f"must have at most {ITEMS_MAX} items")
        return None
    found = (_line(line, host, f"{field}[{index}]") for index, line in listed)
    return [line for line in found if line]


def _line(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        host.problems.error(INVALID, field, "must be an object")
        return None
    said = {key: member for key, member in value.items() if not key.isupper()}
    body = LINE(said, host, field)
    if body is None:
        return None
    shorthand = {key: member for key, member in value.items() if key.isupper() and member is not None}
    roles, written = _roles(shorthand, body.pop("involves", None), host, field)
    if body.get("complimentary") and body.get("item_price", 0) != 0:
        host.problems.warn(ADJUSTED, f"{field}.item_price", "what is complimentary costs nothing")
        body["item_price"] = 0
    if "item_price" in body and "currency" not in body and host.currency:
        body["currency"] = host.currency
    body.setdefault("item_count", 1)
    body |= _priced(body)
    if written:
        body = {"involves": written} | body
    line = _counted(body, roles, len(host.lines))
    for role in line.roles:
        host.takes_part(role)
    host.lines.append(line)
    return body


def _roles(
    shorthand: dict[str, Any], said: Any, host: Host, field: str
) -> tuple[tuple[Role, ...], list[dict[str, Any]]]:
    """Return the roles of a line and their stored form: those in capitals first, and one trade role."""
    roles: list[Role] = []
    written: list[dict[str, Any]] = []
    trade = ""
    for value, where in ((shorthand, field), (said, f"{field}.involves")):
        if not value:
            continue
        found = involved.read(value, host, where)
        trade = trade or next((role.path for role in found.roles if role.root == lines.TRADE), "")
        others = {role.path for role in found.roles if role.root == lines.TRADE and role.path != trade}
        if others:
            host.problems.warn(IGNORED, where, f"{', '.join(sorted(others))} left out: the line has {trade}")
        roles += [role for role in found.roles if role.path not in others]
        written += [spelled for spelled in found.body if spelled["role"] not in others]
    if not trade:
        host.problems.error(MISSING, f"{field}.involves", "a line has a trade role, such as PURCHASED")
    return tuple({role.identity: role for role in roles}.values()), written


def _priced(body: dict[str, Any]) -> dict[str, Any]:
    """Return the sums of a line that has a price, at the count that was sent."""
    if "item_price" not in body:
        return {}
    money = reckon(body, exact(body["item_count"]))
    return {
        "_discount": plain(money.discount),
        "_fees": plain(money.fees),
        "_tax": plain(money.tax),
        "_total": plain(money.total),
    }


def _counted(body: dict[str, Any], roles: tuple[Role, ...], index: int) -> Line:
    """Return a line as it counts."""
    count = lines.counted(body)
    serials = (_serial(serial) for serial in body.get("serial_numbers", ()))
    numbered = (Role(ROLES.paths["SERIAL_NUMBER"], ref, derived=True) for ref in serials if ref is not None)
    return Line(
        index=index,
        action=lines.action(body),
        products=tuple(role.target for role in roles if role.root == lines.TRADE),
        roles=(*roles, *numbered),
        count=count,
        price=exact(body.get("item_price", 0)),
        money=reckon(body, count),
        currency=body.get("currency", ""),
        body=body,
    )
