"""/invitations/{key}/."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotator.accounts.models import User
from annotator.projects import members
from annotator.projects.models import Membership, Project

pytestmark = pytest.mark.django_db
ACCOUNT = {"username": "newcomer", "password": "a long enough secret"}


@pytest.fixture
def key(project: Project, mona: User) -> str:
    return members.invite(project, actor=mona, alias="A3", role="annotator", now=timezone.now())[1]


def test_who_has_no_account_makes_one_and_is_in(visitor, project: Project, key: str) -> None:
    client = visitor(None)
    assert project.name in client.get(f"/invitations/{key}/").content.decode()
    answer = client.post(f"/invitations/{key}/", ACCOUNT)
    assert answer["Location"] == f"/projects/{project.slug}/"
    assert client.get(f"/projects/{project.slug}/").status_code == 200
    assert Membership.objects.get(project=project, alias="A3").user.username == "newcomer"


def test_who_is_signed_in_joins_by_a_button(visitor, project: Project, key: str, sam: User) -> None:
    client = visitor(sam)
    assert "Join as sam" in client.get(f"/invitations/{key}/").content.decode()
    client.post(f"/invitations/{key}/")
    assert Membership.objects.filter(project=project, user=sam).exists()


def test_it_works_once(visitor, key: str, sam: User) -> None:
    visitor(sam).post(f"/invitations/{key}/")
    assert visitor(None).get(f"/invitations/{key}/").status_code == 410
    assert visitor(None).post(f"/invitations/{key}/", ACCOUNT).status_code == 410
    assert not User.objects.filter(username="newcomer").exists()


def test_a_member_does_not_use_it_up(visitor, key: str, ada: User) -> None:
    assert visitor(ada).post(f"/invitations/{key}/").status_code == 409
    assert visitor(None).get(f"/invitations/{key}/").status_code == 200


def test_an_old_one_and_an_invented_one_are_no_use(visitor, project: Project, mona: User) -> None:
    long_ago = timezone.now() - timedelta(days=30)
    old = members.invite(project, actor=mona, alias="A4", role="annotator", now=long_ago)[1]
    assert visitor(None).get(f"/invitations/{old}/").status_code == 410
    assert visitor(None).get("/invitations/invented/").status_code == 404


@pytest.mark.parametrize(
    "given", [{"password": "password"}, {"password": "x1"}, {"username": "ada"}, {"username": "a b<script>"}]
)
def test_a_weak_password_or_a_bad_name_is_said_and_no_account_is_made(
    given: dict[str, str], visitor, key: str, ada: User
) -> None:
    people = User.objects.count()
    answer = visitor(None).post(f"/invitations/{key}/", ACCOUNT | given)
    assert answer.status_code == 400
    assert "has-error" in answer.content.decode()
    assert User.objects.count() == people
