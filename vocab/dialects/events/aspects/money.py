"""What a line item costs, reckoned exactly (Events §7.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import Any, Final

from vocab.jsontext import INTEGER_MAX, Number

EXACT: Final = Context(prec=60)
HUNDRED: Final = Decimal(100)
SCALE: Final = Decimal("1e-12")
"""Finer than this nothing is answered: it is the noise of numbers that were never money."""


@dataclass(frozen=True, slots=True)
class Money:
    """What a line costs: ``total`` is gross + fees − discount + tax. All have the sign of the count."""

    gross: Decimal
    discount: Decimal
    fees: Decimal
    tax: Decimal
    total: Decimal


def reckon(line: Mapping[str, Any], count: Decimal) -> Money:
    """Return what ``count`` pieces cost at the terms of a line.

    Gross is count × price; percentages are of gross, fixed commission is per piece, and tax is on what is left after
    fees and discount. An amount of discount is for the line, and goes back with what goes back.
    """

    def term(name: str) -> Decimal:
        return exact(line.get(name, 0))

    with localcontext(EXACT):
        gross = count * term("item_price")
        amount = term("discount_amount").copy_sign(count) if count else Decimal(0)
        discount = gross * term("discount_percentage") / HUNDRED + amount
        fees = count * term("commission_fixed") + gross * term("commission_percentage") / HUNDRED
        tax = (gross + fees - discount) * term("tax_percentage") / HUNDRED
        return Money(gross, discount, fees, tax, gross + fees - discount + tax)


def exact(number: int | float) -> Decimal:
    """Return a number as it was written."""
    return Decimal(number.lexeme if isinstance(number, Number) else str(number))


def plain(amount: Decimal) -> int | float:
    """Return an exact number as JSON has it."""
    with localcontext(EXACT):
        rounded = amount.quantize(SCALE) if abs(amount) < 10**15 else amount.to_integral_value()
    whole = rounded == rounded.to_integral_value() and abs(rounded) <= INTEGER_MAX
    return int(rounded) if whole else float(rounded)
