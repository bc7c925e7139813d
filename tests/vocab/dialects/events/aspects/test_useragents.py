"""Events §7.12: families and versions."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects.events.aspects import useragents

MOZILLA = "Mozilla/5.0 "
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("text", "browser", "system", "kind"),
    [
        (
            f"{MOZILLA}(Windows NT 10.0; Win64; x64) {WEBKIT}Chrome/124.0.0.0 Safari/537.36",
            "Chrome 124.0.0.0", "Windows 10.0", "computer",
        ),
        (
            f"{MOZILLA}(Windows NT 10.0; Win64; x64) {WEBKIT}Chrome/124.0.0.0 Safari/537.36 Edg/124.0.2478.51",
            "Edge 124.0.2478.51", "Windows 10.0", "computer",
        ),
        (
            f"{MOZILLA}(Macintosh; Intel Mac OS X 10_15_7) {WEBKIT}Version/17.4 Safari/605.1.15",
            "Safari 17.4", "macOS 10.15.7", "computer",
        ),
        (
            f"{MOZILLA}(X11; Ubuntu; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
            "Firefox 125.0", "Linux ", "computer",
        ),
        (
            f"{MOZILLA}(Linux; Android 14; Pixel 8) {WEBKIT}Chrome/124.0.0.0 Mobile Safari/537.36",
            "Chrome 124.0.0.0", "Android 14", "phone",
        ),
        (
            f"{MOZILLA}(Linux; Android 13; SM-X906C) {WEBKIT}SamsungBrowser/24.0 Chrome/117.0.0.0 Safari/537.36",
            "Samsung Internet 24.0", "Android 13", "tablet",
        ),
        (
            f"{MOZILLA}(iPhone; CPU iPhone OS 17_4_1 like Mac OS X) {WEBKIT}Version/17.4.1 Mobile/15E148 Safari/604.1",
            "Safari 17.4.1", "iOS 17.4.1", "phone",
        ),
        (
            f"{MOZILLA}(iPad; CPU OS 16_3 like Mac OS X) {WEBKIT}CriOS/124.0.6367 Mobile/15E148 Safari/604.1",
            "Chrome 124.0.6367", "iOS 16.3", "tablet",
        ),
        (f"{MOZILLA}(compatible; ExampleBot/2.1; +https://bot.example)", "Mozilla 5.0", " ", "bot"),
        ("curl/8.5.0", "curl 8.5.0", " ", "bot"),
        ("", " ", " ", "computer"),
    ],
)  # fmt: skip
def test_what_is_told(text: str, browser: str, system: str, kind: str) -> None:
    found = useragents.read(text)
    assert f"{found.get('_browser_type', '')} {found.get('_browser_version', '')}" == browser
    assert f"{found.get('_os_type', '')} {found.get('_os_version', '')}" == system
    assert found["_device_type"] == kind
    assert found["_is_tablet"] == (kind == "tablet")
    assert found["_is_wireless"] == (kind in ("tablet", "phone"))
    assert found.keys() <= useragents.COMPUTED


@given(st.text(st.sampled_from("iPhone OS_Mac/;( 19.VersionTrident rv:")))
def test_anything_is_read(text: str) -> None:
    assert useragents.read(text).keys() <= useragents.COMPUTED


@pytest.mark.parametrize(
    "piece", ["iPhone ", "Trident/", "Version/1", "Version/1 Mobile/", "; SM-", "Linux a", "Opera"]
)
def test_long_texts_take_no_time(piece: str) -> None:
    started = time.perf_counter()
    useragents.read(piece * 10_000)
    assert time.perf_counter() - started < 0.5
