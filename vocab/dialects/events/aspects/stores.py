"""Small aspects that are checked and kept, and of which nothing follows (Events §7.26)."""

from typing import Final

from vocab.dialects.events.aspects.kinds import between, flag, moment, number, text, whole
from vocab.dialects.events.aspects.shapes import Shape

sentiment: Final[Shape] = Shape({"score": number, "confidence": between(0, 1), "range": text})

pricing: Final[Shape] = Shape({"minimum_price": number, "maximum_price": number})

local_weather: Final[Shape] = Shape(
    {
        "predicted_at": moment,
        "conditions_at": moment,
        "duration": text,
        **dict.fromkeys(
            ("temperature", "min_temperature", "max_temperature", "pressure", "wind_speed"), number
        ),
        **dict.fromkeys(("rain", "snow", "wind_direction"), number),
        "humidity": between(0, 100),
        "cloud_level": between(0, 100),
        "description": text,
        "description_detail": text,
    }
)

product_view: Final[Shape] = Shape(
    {"product": text, "variant": text, "context": text, "referrer": text},
    {"version": "variant"},
    required=("product",),
    shorthand="product",
)

holiday: Final[Shape] = Shape({"name": text, "date": text, "is_public": flag, "offset_days": whole})
"""The date is as the client writes it: clients of the original write the day first."""

subscription: Final[Shape] = Shape(
    {
        "type": text,
        "label": text,
        "valid_from": moment,
        "valid_until": moment,
        "serving_count": number,
        "remaining_servings": number,
    }
)
