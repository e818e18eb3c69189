"""Every page, light and dark: nothing for axe to find, nothing said in the console, nothing against the security policy."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page

from tests.e2e.conftest import People, Server
from tests.e2e.marking import post, ready

pytestmark = [pytest.mark.browser, pytest.mark.embedded]
P = "/projects/harbour-ordinance/"
# Who sees it -> where; {set}, {report} and {document} are of the demo.
PAGES = {
    "nobody": ["/sign-in/", "/nothing-is-here/"],
    "tomas": [
        "/",
        P,
        f"{P}documents/",
        f"{P}guideline/",
        f"{P}agreement/",
        f"{P}exports/",
        f"{P}label/",
        "/accounts/tokens/",
    ],
    "ines": [
        "/",
        "/projects/new/",
        P,
        f"{P}documents/",
        f"{P}documents/?q=mayor",
        f"{P}documents/?q=zanzibar&state=complete",
        f"{P}documents/{{document}}/",
        f"{P}members/",
        f"{P}guideline/",
        f"{P}members/{{member}}/removal/",
        f"{P}guideline/edit/",
        f"{P}settings/",
        f"{P}agreement/",
        f"{P}agreement/{{report}}/",
        f"{P}settings/labels/{{label}}/removal/",
        f"{P}archive/",
        f"{P}imports/",
        f"{P}imports/{{import}}/",
        f"{P}exports/",
        f"{P}sets/{{set}}/",
        f"{P}members/nobody-is-here/",
        "/accounts/password/",
        "/docs/",
        "/docs/labelling/",
        "/docs/review/",
        "/docs/running/",
        "/docs/agreement/",
    ],
}
WIDTHS = {"light": 1366, "dark": 390}


@dataclass
class Watched:
    """A window whose console is listened to."""

    page: Page
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.add_init_script(
            "addEventListener('securitypolicyviolation', (e) => console.error('policy', e.violatedDirective, e.blockedURI))"
        )


@pytest.fixture(scope="module")
def visits(browser: Browser, server: Server) -> Iterator[tuple[People, dict[str, str]]]:
    """People to look around with, and the demo's reading, document and report to look at."""
    people = People(browser, server)
    manager = people.arrive("ines")
    api = f"/api/v1{P}"
    report = post(manager, f"{api}agreement/", {"layer": "stance"})
    for _ in range(100):
        if manager.request.get(f"{api}jobs/{report['job']['id']}/").json()["state"] == "done":
            break
        manager.wait_for_timeout(200)
    found = {
        "report": str(manager.request.get(f"{api}agreement/").json()["results"][0]["id"]),
        "set": str(manager.request.get(f"{api}sets/?state=submitted").json()["results"][0]["id"]),
        "document": str(manager.request.get(f"{api}documents/").json()["results"][0]["id"]),
    }
    found["member"] = str(manager.request.get(f"{api}memberships/").json()["results"][-1]["id"])
    found["label"] = str(manager.request.get(f"{api}labels/").json()["results"][0]["id"])
    found["import"] = uploaded(manager)
    yield people, found
    people.leave()


def uploaded(manager: Page) -> str:
    """The import of a file with annotations of another tool and an empty file beside it, looked at."""
    manager.goto(f"{P}imports/")
    labelled = b"Cities\tB-claim\nare\tO\nsafer\tB-premise\n"
    files = [FilePayload(name="a.txt", mimeType="text/plain", buffer=labelled)]
    files.append(FilePayload(name="b.txt", mimeType="text/plain", buffer=b""))
    manager.set_input_files("input[type=file]", files)
    manager.get_by_role("button", name="Upload and look").click()
    manager.get_by_role("heading", name="Annotations of another tool").wait_for()
    return manager.url.rstrip("/").rpartition("/")[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("who", PAGES)
def test_a_page_is_sound(
    visits: tuple[People, dict[str, str]], browser: Browser, server: Server, who: str, scheme: str
) -> None:
    people, found = visits
    size = {"width": WIDTHS[scheme], "height": 844}
    if who == "nobody":
        window = browser.new_context(base_url=server.url, color_scheme=scheme, viewport=size)  # type: ignore[arg-type]
        people.windows.append(window)
        page = window.new_page()
    else:
        page = people.arrive(who, color_scheme=scheme, viewport=size)
    watched = Watched(page)
    faults: list[str] = []
    for address in PAGES[who]:
        address = address.format(**found)
        watched.said.clear()
        answer = page.goto(address)
        assert answer is not None
        if page.locator("main#label").count():
            ready_to_read(page)
        faults += [
            f"{address}: {line}"
            for line in watched.said
            if not (answer.status >= 400 and str(answer.status) in line)
        ]
        faults += [f"{address}: {line}" for line in axe(page)]
        faults += [f"{address}: {line}" for line in too_wide(page)]
    assert faults == []


def ready_to_read(page: Page) -> None:
    """Waits until a labelling page has painted its text, and its keys where one may label."""
    page.locator("#text p, #text [data-index], #text *").first.wait_for()
    if not page.locator("footer .closed").count():
        ready(page)


def axe(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"axe {one['id']}: {node['target']} {node['html'][:160]}" for one in found for node in one["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """Whether the page itself must be scrolled sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{wide} pixels too wide"] if wide > 0 else []
