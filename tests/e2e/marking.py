"""Marking text as a person does: with the mouse over what is seen, or with the keyboard."""

import time
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

# Where a quote stands on the screen: the middle of its first and of its last letter. The quote is looked for in what the
# page shows, so nothing of the page's own arithmetic is used.
PLACE = """
([quote, occurrence]) => {
  const root = document.querySelector("#text");
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let whole = "";
  while (walker.nextNode()) { nodes.push([whole.length, walker.currentNode]); whole += walker.currentNode.data; }
  let at = -1;
  for (let n = 0; n <= occurrence; n++) at = whole.indexOf(quote, at + 1);
  if (at < 0) return null;
  const point = (offset) => {
    const [base, node] = nodes.findLast(([base]) => base <= offset);
    return [node, offset - base];
  };
  const letter = (from, to) => {
    const range = document.createRange();
    range.setStart(...point(from)); range.setEnd(point(to - 1)[0], point(to - 1)[1] + 1);
    return range;
  };
  const size = (offset) => { const code = whole.codePointAt(offset); return code > 0xffff ? 2 : 1; };
  let lastStart = at + quote.length - 1;
  if (lastStart > 0 && /[\\udc00-\\udfff]/.test(whole[lastStart])) lastStart -= 1;
  for (let box = root; box; box = box.parentElement) {
    const seen = letter(at, at + size(at)).getClientRects()[0];
    if (box.scrollHeight > box.clientHeight) box.scrollTop += seen.top - innerHeight / 2;
  }
  const first = letter(at, at + size(at)).getClientRects()[0];
  const rects = letter(lastStart, at + quote.length).getClientRects();
  const last = rects[rects.length - 1];
  const ofRightToLeft = /[\\u0590-\\u08ff\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}]/u;
  const rightToLeft = (offset) => ofRightToLeft.test(String.fromCodePoint(whole.codePointAt(offset)));
  return {
    from: [rightToLeft(at) ? first.right - 1 : first.left + 1, first.top + first.height / 2],
    to: [rightToLeft(lastStart) ? last.left + 1 : last.right - 1, last.top + last.height / 2],
  };
}
"""


@dataclass(frozen=True)
class Marked:
    """What an annotator meant to mark, for comparison with what was stored."""

    quote: str
    keys: str


def drag_over(page: Page, quote: str, occurrence: int = 0) -> None:
    """Selects the quote with the mouse, from its first letter to its last."""
    place = page.evaluate(PLACE, [quote, occurrence])
    assert place, f"{quote!r} is not on the page"
    page.mouse.move(*place["from"])
    page.mouse.down()
    page.mouse.move(*place["to"], steps=8)
    page.mouse.up()


def mark(page: Page, quote: str, keys: str, occurrence: int = 0) -> Marked:
    """Selects the quote with the mouse and presses the labels' keys; waits until the page and the server have it."""
    drag_over(page, quote, occurrence)
    return label(page, quote, keys)


def label(page: Page, quote: str, keys: str) -> Marked:
    """Presses the labels' keys on what is selected, which is this quote."""
    before = int(page.locator("#span-count").inner_text())
    page.keyboard.press(keys[0])
    expect(page.locator("#span-count")).to_have_text(str(before + 1))
    for key in keys[1:]:
        page.keyboard.press(key)
    arrived(page, quote, len(keys))
    page.keyboard.press("Escape")
    return Marked(quote, keys)


def arrived(page: Page, quote: str, changes: int) -> None:
    """Waits until the server has the span of this quote at the version that so many changes make."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if any(span["quote"] == quote and span["version"] <= changes for span in data_of(page)["spans"]):
            saved(page)
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{quote!r} did not reach the server: {data_of(page)['spans']}")


def ready(page: Page) -> None:
    """Waits until the labelling page takes keys."""
    page.locator("#key-bar button").first.wait_for()


def saved(page: Page) -> None:
    """Waits until the page says that nothing is on its way."""
    page.wait_for_timeout(50)
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved", timeout=10_000)


def data_of(page: Page) -> dict[str, Any]:
    """The open reading as the API gives it to whoever sees this page."""
    address = page.locator("main#label").get_attribute("data-api")
    set_id = page.url.rstrip("/").rsplit("/", 1)[1]
    answer = page.request.get(f"{address}/sets/{set_id}/")
    assert answer.ok, answer.text()
    return dict(answer.json())


def post(page: Page, address: str, data: Any) -> Any:
    """What the API answers to this body, sent as the signed-in person."""
    token = page.locator('meta[name="csrf-token"]').get_attribute("content")
    answer = page.request.post(address, data=data, headers={"X-CSRFToken": token or "", "Referer": page.url})
    assert answer.ok, answer.text()
    return answer.json() if answer.body() else None


def check_quotes(record: dict[str, Any], marked: list[Marked]) -> None:
    """Every stored fragment covers what its quote says, and the quotes are those that were marked."""
    text = record["document"]["text"]
    spans = record["spans"]
    for span in spans:
        assert " ".join(text[start:end] for start, end in span["fragments"]) == span["quote"]
    assert sorted(span["quote"] for span in spans) == sorted(one.quote for one in marked)


def submit(page: Page) -> None:
    """Submits without answering the questions on the whole document, of which the page reminds once."""
    here = page.url
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Submit as it is").click()
    page.wait_for_url(lambda url: url != here)
