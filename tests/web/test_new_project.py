"""/projects/new/."""

import pytest

from annotator.accounts.models import User
from annotator.projects.models import Membership, Project

pytestmark = pytest.mark.django_db


def given(**values: object) -> dict[str, object]:
    return {"name": "Harbour ordinance", "template": "sanctuary-stance", "readers_per_document": 3, **values}


def test_it_is_made_from_the_template_and_its_maker_manages_it(visitor, mona: User) -> None:
    answer = visitor(mona).post("/projects/new/", given())
    assert answer["Location"] == "/projects/harbour-ordinance/"
    project = Project.objects.get()
    assert {"stance", "role", "relation", "document"} == set(project.labels.values_list("kind", flat=True))
    assert Membership.objects.get(project=project).role == "manager"


def test_it_may_begin_empty(visitor, mona: User) -> None:
    visitor(mona).post("/projects/new/", given(template=""))
    assert Project.objects.get().labels.count() == 0


def test_an_address_of_any_script_is_made_from_the_name(visitor, mona: User) -> None:
    assert visitor(mona).post("/projects/new/", given(name="دراسة الميناء"))["Location"].isascii()
    assert Project.objects.get().slug == "دراسة-الميناء"


def test_a_taken_address_is_said_at_its_field_and_nothing_is_lost(
    visitor, mona: User, project: Project
) -> None:
    answer = visitor(mona).post("/projects/new/", given(slug=project.slug, description="kept in the form"))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "is taken" in page
    assert "kept in the form" in page


@pytest.mark.parametrize(
    "values", [{"readers_per_document": 0}, {"name": ""}, {"slug": "Not A Slug"}, {"template": "x"}]
)
def test_what_cannot_be_is_refused(values: dict[str, object], visitor, mona: User) -> None:
    assert visitor(mona).post("/projects/new/", given(**values)).status_code == 400
    assert not Project.objects.exists()


def test_the_address_of_this_very_page_is_nobodys(visitor, mona: User) -> None:
    answer = visitor(mona).post("/projects/new/", given(name="New"))
    assert answer.status_code == 400
    assert not Project.objects.exists()
