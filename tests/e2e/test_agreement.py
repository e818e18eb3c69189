"""The agreement pages in a real browser: from the headline to a sentence in three clicks, in both themes, for everybody."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import People, Server

pytestmark = pytest.mark.browser
P = "/projects/harbour-ordinance/"
WIDTHS = {"wide": {"width": 1366, "height": 900}, "narrow": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def reported(browser: Any, server: Server) -> Iterator[dict[str, str]]:
    """A report of every layer, asked for by the manager of the demo; of stances two, so that there is a line over time."""
    people = People(browser, server)
    page = people.arrive("ines")
    found = {}
    for layer in ("stance", "role", "relation", "document", "stance"):
        found[layer] = ask(page, layer)
    yield found
    people.leave()


def ask(page: Page, layer: str) -> str:
    """Asks for a report by the form and waits until its page shows it; answers its address."""
    page.goto(f"{P}agreement/")
    page.locator(f"input[name=layer][value={layer}]").check()
    page.get_by_text("Narrow it").click()
    page.get_by_label("Resamples").fill("50")
    page.get_by_role("button", name="Compute").click()
    expect(page.get_by_role("heading", name="Method")).to_be_visible(timeout=60_000)
    return page.url


def test_from_the_headline_to_the_sentence_in_three_clicks(people: People, reported: dict[str, str]) -> None:
    page = people.arrive("ines")
    page.goto(reported["stance"])
    expect(page.get_by_role("heading", level=1)).to_contain_text("Readers agree on where spans are")
    page.locator("table.grid").first.get_by_role("link", name="(stance, in all)").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where readers differ")
    page.locator("tbody a").first.click()
    first = page.locator(".differences > li").first
    expect(first.get_by_role("heading", level=2)).to_contain_text("Stance")
    assert first.locator(".side").count() == 2
    assert all(text.strip() for text in first.locator("mark").all_inner_texts())
    quote = first.locator("mark").first.inner_text()
    first.get_by_role("link", name="reading").first.click()
    page.wait_for_selector("main#label")
    expect(page.locator("#text")).to_contain_text(plain(quote)[:40])


def plain(quote: str) -> str:
    return quote.replace("[marked:", "").removesuffix("]").strip()


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_differences_are_narrowed_by_the_menus(people: People, reported: dict[str, str]) -> None:
    page = people.arrive("ines")
    page.goto(reported["stance"])
    page.locator("table.worst tbody tr", has_text="boundary").first.get_by_role("link").first.click()
    everything = page.locator(".differences > li").count()
    page.get_by_label("Type").select_option("boundary")
    page.get_by_role("button", name="Show").click()
    kinds = page.locator(".differences h2").all_inner_texts()
    assert 0 < len(kinds) < everything
    assert all(kind.startswith("Boundary") for kind in kinds)
    page.get_by_role("link", name="Show all").click()
    assert page.locator(".differences > li").count() == everything


def test_the_paragraph_is_copied_and_the_figures_are_downloaded(
    people: People, reported: dict[str, str]
) -> None:
    page = people.arrive("ines", permissions=["clipboard-read", "clipboard-write"])
    page.goto(reported["stance"])
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    pasted = page.evaluate("navigator.clipboard.readText()")
    assert "Krippendorff" in pasted
    assert "14 documents with 42 readings by 3 annotators" in squeezed(pasted)
    with page.expect_download() as given:
        page.get_by_role("link", name="Download as CSV").click()
    assert given.value.path().read_text(encoding="utf-8").startswith("name,group,label")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_and_nothing_runs_out_of_the_page(
    width: str, theme: str, people: People, reported: dict[str, str]
) -> None:
    page = people.arrive("ines", viewport=WIDTHS[width], color_scheme=theme)
    wrong = complaints(page)
    for name, where in stops(page, reported):
        page.goto(where)
        page.evaluate("document.querySelectorAll('main details').forEach((fold) => { fold.open = true; })")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name}, {width}, {theme}\n{found.generate_report()}"
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{name} is {wider} pixels too wide"
    assert not wrong()


def stops(page: Page, reported: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every page of a report."""
    yield "list", f"{P}agreement/"
    yield from reported.items()
    yield "documents", f"{reported['stance']}documents/"
    for layer in ("stance", "relation", "document"):
        page.goto(f"{reported[layer]}documents/")
        address = page.locator("tbody a").first.get_attribute("href")
        assert address is not None
        yield f"document of {layer}", address


def complaints(page: Page) -> Callable[[], list[str]]:
    """What the browser complains of: broken policies, missing files, errors of scripts."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return lambda: heard


def test_without_a_pointer_the_way_is_walked_by_keys(people: People, reported: dict[str, str]) -> None:
    page = people.arrive("ines")
    page.goto(reported["stance"])
    link = page.locator("table.grid a").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/?**")
    page.locator("tbody a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".differences > li").first).to_be_visible()


@pytest.mark.parametrize("layer", ["stance", "role", "relation", "document"])
def test_a_cell_of_what_is_taken_for_what_leads_by_keys_to_as_many_places_as_it_says(
    layer: str, people: People, reported: dict[str, str]
) -> None:
    page = people.arrive("ines")
    page.goto(reported[layer])
    matrix = page.get_by_role("table", name="What is taken for what").first
    cells = matrix.locator("a[href*='values=']").all()
    number, cell = min(((int(each.inner_text()), each) for each in cells), key=lambda found: found[0])
    cell.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/?**")
    expect(page.get_by_text(f"{number} difference")).to_be_visible()
    addresses = [link.get_attribute("href") for link in page.locator("tbody a").all()]
    opened = 0
    for address in addresses:
        page.goto(str(address))
        opened += page.locator(".differences > li").count()
    assert opened == number


def test_a_relation_shows_where_it_leads_from_and_to(people: People, reported: dict[str, str]) -> None:
    page = people.arrive("ines")
    page.goto(f"{reported['relation']}documents/")
    page.locator("tbody a").first.click()
    drawn = page.locator(".drawn").first
    expect(drawn.locator(".which").first).to_have_text("from")
    side = page.locator(".side", has=page.locator(".drawn")).first
    quoted = [squeezed(each).strip("“” ") for each in side.locator(".drawn q").all_inner_texts()]
    marked = squeezed(" ".join(side.locator("mark").all_inner_texts()))
    assert len(quoted) >= 2
    assert all(each.split(" … ")[0][:30] in marked for each in quoted)


def test_what_cannot_be_asked_is_said_at_its_field(people: People, reported: dict[str, str]) -> None:
    page = people.arrive("ines")
    page.goto(f"{P}agreement/")
    page.get_by_text("Narrow it").click()
    page.get_by_label("Only these documents").fill("nowhere")
    page.get_by_role("button", name="Compute").click()
    error = page.locator(".field.has-error", has=page.get_by_label("Only these documents"))
    expect(error).to_contain_text("There is no document 'nowhere' in this project.")
