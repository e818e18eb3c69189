"""Takes the pictures of the README, and of every page to look at: `python -m tests.e2e.pictures [FOLDER]`.

Without a folder, frontend/pictures/labelling.png and agreement.png are taken anew from the demo. With one, every page goes
there, light and dark, on a wide and a narrow screen.
"""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.conftest import ROOT, People, Server, serving
from tests.e2e.marking import mark, post, ready

P = "/projects/harbour-ordinance/"
API = f"/api/v1{P}"
HEARING = "05-hearing-short"
README = ROOT / "frontend/pictures"
WIDE, NARROW = {"width": 1366, "height": 854}, {"width": 390, "height": 844}
TOMAS = {"work": "/", "progress-own": P, "documents-own": f"{P}documents/", "tokens": "/accounts/tokens/"}
INES = {
    "home": "/",
    "new-project": "/projects/new/",
    "project": P,
    "documents": f"{P}documents/",
    "document": f"{P}documents/{{document}}/",
    "members": f"{P}members/",
    "guideline": f"{P}guideline/",
    "guideline-edit": f"{P}guideline/edit/",
    "settings": f"{P}settings/",
    "agreement": f"{P}agreement/",
    "report": f"{P}agreement/{{report}}/",
    "imports": f"{P}imports/",
    "exports": f"{P}exports/",
    "reading": f"{P}sets/{{set}}/",
    "refused": f"{P}nothing-is-here/",
    "password": "/accounts/password/",
    "manual": "/docs/",
    "manual-labelling": "/docs/labelling/",
    "manual-running": "/docs/running/",
}
# A claim and what it rests on, in the order of the text, with the keys of their labels.
MARKED = [("1c", 0), ("p", 1), ("2c", 3), ("3p", 5)]


def main(folder: Path | None) -> int:
    with (
        tempfile.TemporaryDirectory() as data,
        serving(Path(data)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("ANNOTATOR_CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        people = People(browser, server)
        found = prepared(people)
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            take_all(browser, server, found, folder)
        else:
            take_two(people, found)
        people.leave()
        browser.close()
    return 0


def prepared(people: People) -> dict[str, str]:
    """Has agreement computed; the keys of a report, of a reading and of a document."""
    page = people.arrive("ines")
    job = post(page, f"{API}agreement/", {"layer": "stance"})["job"]["id"]
    while page.request.get(f"{API}jobs/{job}/").json()["state"] in ("queued", "running"):
        page.wait_for_timeout(200)
    documents = page.request.get(f"{API}documents/").json()["results"]
    [hearing] = [one["id"] for one in documents if one["external_id"] == HEARING]
    return {
        "report": first(page, "agreement/"),
        "document": str(hearing),
        "set": first(page, f"sets/?state=submitted&document={hearing}"),
    }


def first(page: Page, place: str) -> str:
    """The key of the first thing of this list."""
    return str(page.request.get(f"{API}{place}").json()["results"][0]["id"])


def take_two(people: People, found: dict[str, str]) -> None:
    README.mkdir(exist_ok=True)
    reader = people.arrive("noor", viewport=WIDE, device_scale_factor=1.5)
    reading = first(reader, f"sets/?document={found['document']}")
    reader.goto(f"{P}sets/{reading}/")
    with reader.expect_navigation():
        reader.locator("#reopen").click()
    settled(reader)
    reader.locator("#spans button").first.click()
    reader.mouse.move(5, 400)
    taken(reader, README / "labelling.png")
    reviewer = people.arrive("okello", viewport=WIDE, device_scale_factor=1.5)
    reviewer.goto(f"{P}agreement/{found['report']}/")
    taken(reviewer, README / "agreement.png")


def take_all(browser: Browser, server: Server, found: dict[str, str], folder: Path) -> None:
    for scheme in ("light", "dark"):
        for width, size in {"wide": WIDE, "narrow": NARROW}.items():
            people = People(browser, server)
            visitor = browser.new_context(base_url=server.url, color_scheme=scheme, viewport=size)  # type: ignore[arg-type]
            people.windows.append(visitor)
            shown(visitor.new_page(), "/sign-in/", folder / f"sign-in-{width}-{scheme}.png")
            for name, pages in {"tomas": TOMAS, "ines": INES}.items():
                page = people.arrive(name, color_scheme=scheme, viewport=size)
                for title, address in pages.items():
                    shown(page, address.format(**found), folder / f"{title}-{width}-{scheme}.png")
            label(
                people.arrive("noor", color_scheme=scheme, viewport=size),
                folder / f"label-{width}-{scheme}.png",
            )
            people.leave()


def label(page: Page, file: Path) -> None:
    """The labelling page at work: some spans, one in hand."""
    page.goto(f"{P}label/")
    ready(page)
    sentences = [
        part for line in page.locator("#text").inner_text().split("\n") for part in line.split(". ") if part
    ]
    if page.locator("#span-count").inner_text() == "0":
        for keys, number in MARKED:
            mark(page, sentences[number].strip(" ."), keys)
    if page.viewport_size == WIDE:
        page.locator("#spans button").nth(2).click()
    taken(page, file, whole=False)


def shown(page: Page, address: str, file: Path) -> None:
    page.goto(address)
    taken(page, file)


def settled(page: Page) -> None:
    """Waits until what is shown stands still."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)


def taken(page: Page, file: Path, *, whole: bool = True) -> None:
    settled(page)
    page.screenshot(
        path=file, full_page=whole and page.locator("main#label").count() == 0 and file.parent != README
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
