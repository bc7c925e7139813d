"""Places in the list of who did what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.entries import NEWEST
from streams.feeds.audit import NEWER, OLDER, Place

places = st.builds(Place, st.sampled_from([OLDER, NEWER]), st.integers(0, NEWEST))


@given(places)
def test_a_token_is_read_as_it_was_written(place: Place) -> None:
    assert Place.read(place.token(), place.direction) == place
    assert Place.read(place.token(), NEWER if place.direction == OLDER else OLDER) is None


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    found = Place.read(text, OLDER)
    assert found is None or 0 <= found.id <= NEWEST


@pytest.mark.parametrize("text", ["", "bw", "bzk5OTk5OTk5OTk5OTk5OTk5OTk5OTk", "by0x"])
def test_texts_that_are_no_tokens(text: str) -> None:
    assert Place.read(text, OLDER) is None
