"""A real browser, for what only a browser can tell: that a page works by keyboard, without scripts, for everyone."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

EXECUTABLE = Path(os.environ.get("TEST_CHROMIUM", "/usr/bin/chromium"))

UNNAMED = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, dialog'
)].filter(element => !(
    element.getAttribute('aria-label')?.trim()
    || (element.getAttribute('aria-labelledby') || '').split(' ')
        .some(id => document.getElementById(id)?.textContent.trim())
    || [...(element.labels || [])].some(label => label.textContent.trim())
    || element.textContent.trim()
    || element.querySelector('img[alt]:not([alt=""]), svg title')
    || (['submit', 'button'].includes(element.type) && element.value)
)).map(element => 'without a name: ' + element.outerHTML.slice(0, 200))"""

STRUCTURE = """() => [
    !document.documentElement.lang && 'the page has no language',
    !document.title.trim() && 'the page has no title',
    document.querySelectorAll('h1').length !== 1 && 'not exactly one h1',
    document.querySelectorAll('main').length !== 1 && 'not exactly one main',
    ...[...document.images].filter(image => !image.hasAttribute('alt')).map(image => 'no alt: ' + image.src),
    ...[...document.querySelectorAll('[id]')].map(one => one.id)
        .filter((id, index, all) => all.indexOf(id) !== index).map(id => 'id used twice: ' + id),
    ...[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(one => Number(one.tagName[1]))
        .filter((level, index, all) => index && level > all[index - 1] + 1).map(level => 'skipped to h' + level),
    document.documentElement.scrollWidth > document.documentElement.clientWidth && 'scrolls sideways',
].filter(Boolean)"""


CONTRAST = """() => {
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const rgba = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return {r, g, b, a: a / 255} };
    const light = ({r, g, b}) => [r, g, b].map(c => c / 255)
        .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
        .reduce((sum, c, index) => sum + c * [.2126, .7152, .0722][index], 0);
    const ground = element => { for (let at = element; at; at = at.parentElement) {
        const colour = rgba(getComputedStyle(at).backgroundColor); if (colour.a === 1) return colour }
        return {r: 255, g: 255, b: 255} };
    const found = new Set();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (!texts.currentNode.textContent.trim() || !element.checkVisibility()) continue;
        const [one, other] = [light(rgba(getComputedStyle(element).color)), light(ground(element))];
        const ratio = (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
        if (ratio < 4.5) found.add(`${ratio.toFixed(2)}: ${element.className || element.tagName}`);
    }
    return [...found];
}"""

TARGETS = """() => [...document.querySelectorAll('nav a, summary')].filter(one => one.checkVisibility())
    .filter(one => one.getBoundingClientRect().height < 24).map(one => 'too small: ' + one.textContent.trim())"""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium without a window. No async test may run meanwhile: Playwright's loop holds the thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def barriers(page: Page) -> list[str]:
    """Return what on a page shuts someone out: things without a name, a broken outline (WCAG 1.1, 1.3, 2.4, 4.1)."""
    return [*page.evaluate(STRUCTURE), *page.evaluate(UNNAMED)]


def focused(page: Page) -> str:
    """Return the name of what has the keyboard's focus."""
    return str(
        page.evaluate(
            "() => { const at = document.activeElement;"
            " return at.labels?.[0]?.textContent.trim() || at.getAttribute('aria-label') || at.textContent.trim() }"
        )
    )
