"""The browser that tests look at pages with."""

from browser import barriers, focused
from playwright.sync_api import Page

FINE = (
    '<!doctype html><html lang="en"><title>Fine</title><main><h1>Hello</h1><h2>Sub</h2>'
    '<label>Name <input></label> <a href="/">Home</a> <img alt="" src="data:,"><button>Go</button></main>'
)
POOR = "<title></title><h1>a</h1><h3 id=x>b</h3><p id=x><input><a href=/></a><img src='data:,'>"


def test_a_page_for_everyone_has_no_barriers(page: Page) -> None:
    page.set_content(FINE)
    assert barriers(page) == []


def test_barriers_are_found(page: Page) -> None:
    page.set_content(POOR)
    found = "\n".join(barriers(page))
    for barrier in (
        "no language",
        "no title",
        "one main",
        "no alt",
        "used twice: x",
        "to h3",
        "<input>",
        "<a ",
    ):
        assert barrier in found


def test_the_keyboard_moves_the_focus(page: Page) -> None:
    page.set_content(FINE)
    page.keyboard.press("Tab")
    assert focused(page) == "Name"
    page.keyboard.press("Tab")
    assert focused(page) == "Home"


def test_only_a_scripted_page_runs_scripts(page: Page, scripted_page: Page) -> None:
    for shown, title in ((page, "before"), (scripted_page, "after")):
        shown.set_content("<title>before</title><script>document.title = 'after'</script>")
        assert shown.title() == title
