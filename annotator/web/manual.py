"""The manual: Markdown pages that come with the program."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from annotator.errors import NotFound
from annotator.projects.guidelines import rendered
from annotator.web.door import show, signed_in

FOLDER = Path(__file__).parent / "manual"
ORDER = ("start", "labelling", "review", "agreement", "export", "api", "running")


@dataclass(frozen=True)
class Page:
    """A page of the manual; its title is its first line."""

    slug: str
    title: str
    html: str


@cache
def pages() -> tuple[Page, ...]:
    """All pages in reading order, read once."""
    return tuple(read(slug) for slug in ORDER)


def read(slug: str) -> Page:
    text = (FOLDER / f"{slug}.md").read_text(encoding="utf-8")
    return Page(slug, text.splitlines()[0].removeprefix("# "), rendered(text))


@require_safe
@signed_in
def manual(request: HttpRequest, slug: str = ORDER[0]) -> HttpResponse:
    """One page beside the list of all."""
    page = next((page for page in pages() if page.slug == slug), None)
    if page is None:
        raise NotFound("not_found", f"The manual has no page {slug!r}.")
    html = page.html.replace("HOST/", f"{request.scheme}://{escape(request.get_host())}/")
    return show(request, "manual.html", {"page": replace(page, html=html), "pages": pages()})
