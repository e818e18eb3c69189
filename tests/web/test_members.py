"""/projects/{p}/members/."""

import re

import pytest

from annotator.accounts.models import User
from annotator.projects.models import Invitation, Membership, Project
from tests.conftest import membership_of

pytestmark = pytest.mark.django_db


def test_a_manager_adds_somebody_by_username(visitor, project: Project, mona: User, sam: User) -> None:
    given = {"member-username": "sam", "member-alias": "A3", "member-role": "annotator"}
    answer = visitor(mona).post(f"/projects/{project.slug}/members/new/", given)
    assert answer["Location"] == f"/projects/{project.slug}/members/"
    assert Membership.objects.get(project=project, user=sam).alias == "A3"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"member-username": "nobody"}, "Nobody here is called"),
        ({"member-alias": "A1"}, "already the alias"),
        ({"member-username": "ada"}, "already a member"),
        ({"member-role": "king"}, "valid choice"),
    ],
)
def test_what_cannot_be_is_said_and_nobody_is_added(
    given: dict[str, str], said: str, visitor, project: Project, mona: User, sam: User
) -> None:
    whole = {"member-username": "sam", "member-alias": "A3", "member-role": "annotator"} | given
    answer = visitor(mona).post(f"/projects/{project.slug}/members/new/", whole)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert Membership.objects.filter(project=project).count() == 5


def test_a_role_and_taking_part_are_changed_in_the_row(
    visitor, project: Project, mona: User, ben: User
) -> None:
    key = membership_of(project, ben).pk
    visitor(mona).post(f"/projects/{project.slug}/members/{key}/", {"role": "reviewer"})
    changed = membership_of(project, ben)
    assert (changed.role, changed.takes_part) == ("reviewer", False)


def test_a_project_keeps_a_manager(visitor, project: Project, mona: User) -> None:
    key = membership_of(project, mona).pk
    answer = visitor(mona).post(f"/projects/{project.slug}/members/{key}/", {"role": "observer"}, follow=True)
    assert "keeps at least one manager" in answer.content.decode()
    assert membership_of(project, mona).role == "manager"


def test_an_invitation_link_is_shown_once_and_kept_as_a_digest(visitor, project: Project, mona: User) -> None:
    given = {"invitation-alias": "A3", "invitation-role": "annotator"}
    client = visitor(mona)
    answer = client.post(f"/projects/{project.slug}/members/invitation/", given)
    [key] = re.findall(r"http://testserver/invitations/([^/]+)/", answer.content.decode())
    assert "no-store" in answer["Cache-Control"]
    assert key not in client.get(f"/projects/{project.slug}/members/").content.decode()
    assert Invitation.objects.get().digest != key


def test_an_observer_sees_aliases_only(visitor, project: Project, otto: User) -> None:
    page = visitor(otto).get(f"/projects/{project.slug}/members/").content.decode().split("<main")[1]
    assert "A1" in page
    assert "ada" not in page
    assert "<form" not in page


@pytest.mark.parametrize("more", [0, 40])
def test_it_takes_few_queries_however_many_members(
    more: int, visitor, at_most, project: Project, mona: User
) -> None:
    for number in range(more):
        user = User.objects.create_user(f"u{number}")
        Membership.objects.create(project=project, user=user, alias=f"U{number}")
    client = visitor(mona)
    client.get("/docs/")
    with at_most(8):
        assert client.get(f"/projects/{project.slug}/members/").status_code == 200


def test_an_invitation_is_withdrawn_with_its_link(visitor, project: Project, mona: User) -> None:
    form = {"invitation-alias": "A7", "invitation-role": "annotator"}
    page = visitor(mona).post(f"/projects/{project.slug}/members/invitation/", form).content.decode()
    found = re.search(r"/invitations/([^/<]+)/", page)
    assert found
    invitation = Invitation.objects.get(alias="A7")
    where = f"/projects/{project.slug}/members/invitation/{invitation.pk}/withdrawal/"
    assert visitor(mona).post(where).status_code == 302
    assert not Invitation.objects.filter(pk=invitation.pk).exists()
    assert visitor(None).get(found[0]).status_code == 404
