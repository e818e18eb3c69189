"""/projects/{p}/guideline/ and its editor."""

import pytest

from annotator.accounts.models import User
from annotator.projects import studies
from annotator.projects.models import Project

pytestmark = pytest.mark.django_db


def test_everybody_in_the_project_reads_it(visitor, project: Project, mona: User, otto: User) -> None:
    studies.write_guideline(project, "# How to read\n\nSlowly.", actor=mona)
    assert (
        "<h1>How to read</h1>" in visitor(otto).get(f"/projects/{project.slug}/guideline/").content.decode()
    )


def test_older_versions_stay(visitor, project: Project, mona: User) -> None:
    studies.write_guideline(project, "The newest wording.", actor=mona)
    client = visitor(mona)
    assert (
        "The newest wording."
        not in client.get(f"/projects/{project.slug}/guideline/?version=1").content.decode()
    )
    for wrong in ("99", "x", "-1", "9" * 40):
        assert client.get(f"/projects/{project.slug}/guideline/?version={wrong}").status_code == 404


def test_a_script_in_it_is_only_text(visitor, project: Project, mona: User) -> None:
    text = "<script>alert(1)</script> <img src=x onerror=alert(2)> [x](javascript:alert(3))"
    studies.write_guideline(project, text, actor=mona)
    client = visitor(mona)
    shown = client.get(f"/projects/{project.slug}/guideline/").content.decode().split("<main")[1]
    edited = client.get(f"/projects/{project.slug}/guideline/edit/").content.decode().split("<main")[1]
    previewed = client.post(f"/projects/{project.slug}/guideline/edit/", {"text": text, "action": "preview"})
    for page in (shown, edited, previewed.content.decode().split("<main")[1]):
        assert "<script" not in page
        assert "<img" not in page
        assert 'href="javascript' not in page


def test_a_preview_saves_nothing_and_keeps_what_was_typed(visitor, project: Project, mona: User) -> None:
    before = project.guidelines.count()
    given = {"text": "Some **bold** words", "action": "preview"}
    page = visitor(mona).post(f"/projects/{project.slug}/guideline/edit/", given).content.decode()
    assert "<strong>bold</strong>" in page
    assert "Some **bold** words" in page
    assert project.guidelines.count() == before


def test_saving_makes_a_version_unless_the_wording_is_the_last_ones(
    visitor, project: Project, mona: User
) -> None:
    client = visitor(mona)
    before = project.guidelines.count()
    for _ in range(2):
        client.post(f"/projects/{project.slug}/guideline/edit/", {"text": "One\r\ntwo", "action": "save"})
    assert project.guidelines.count() == before + 1
    assert project.guidelines.last().text == "One\ntwo"
