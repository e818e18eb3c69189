"""/docs/: the manual."""

import re

import pytest

from annotator.accounts.models import User
from annotator.accounts.roles import RIGHTS
from annotator.web.manual import ORDER, pages

pytestmark = pytest.mark.django_db


def test_every_page_is_served_and_listed_beside_the_others(visitor, sam: User) -> None:
    client = visitor(sam)
    for page in pages():
        answer = client.get(f"/docs/{page.slug}/").content.decode()
        assert page.html.replace("HOST/", "http://testserver/") in answer
        assert "HOST/" not in answer
        assert all(f'href="/docs/{slug}/"' in answer for slug in ORDER)


def test_an_invented_page_is_not_there(visitor, sam: User) -> None:
    assert visitor(sam).get("/docs/invented/").status_code == 404


def test_links_inside_the_manual_lead_somewhere(visitor, mona: User) -> None:
    client = visitor(mona)
    links = {link for page in pages() for link in re.findall(r'href="(/[^"]*)"', page.html)}
    assert links
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_the_manuals_table_of_rights_is_the_programs() -> None:
    start = next(page for page in pages() if page.slug == "start")
    row = re.search(
        r"<td>label</td>\s*<td>(.*?)</td>\s*<td>(.*?)</td>\s*<td>(.*?)</td>\s*<td>(.*?)</td>", start.html
    )
    assert row is not None
    said = {
        role: bool(cell)
        for role, cell in zip(("manager", "reviewer", "annotator", "observer"), row.groups(), strict=True)
    }
    assert said == {role: role in RIGHTS["label"] for role in said}
