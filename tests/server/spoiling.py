"""Bodies of requests that are good but for one place, and JSON of any kind."""

from typing import Any

from hypothesis import strategies as st

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
)


def json(*texts: str) -> st.SearchStrategy[Any]:
    """JSON of any kind, in which some texts are more likely than others."""
    return st.recursive(
        SCALARS | st.sampled_from(texts) if texts else SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=8,
    )


@st.composite
def spoilt(draw: st.DrawFn, good: Any, *, names: list[str], texts: tuple[str, ...] = ()) -> Any:
    """Return a body that is good but for one place inside: something is left out, added under a name, or changed."""
    if not isinstance(good, dict | list) or not good or draw(st.integers(0, 3)) == 0:
        return draw(json(*texts))
    key = draw(st.sampled_from(range(len(good)) if isinstance(good, list) else sorted(good)))
    changed: Any = good.copy()
    what = draw(st.integers(0, 4))
    if what == 0:
        del changed[key]
    elif what == 1 and isinstance(changed, dict):
        changed[draw(st.text(max_size=8) | st.sampled_from(names))] = draw(json(*texts))
    else:
        changed[key] = draw(spoilt(good[key], names=names, texts=texts))
    return changed
