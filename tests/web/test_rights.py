"""Every page under a project, for every role: who is let in, who is told no, and for whom there is nothing."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.annotations.models import AnnotationSet
from annotator.projects.models import Membership, Project
from annotator.web import urls
from tests.conftest import membership_of

pytestmark = pytest.mark.django_db

Visitor = Callable[..., Client]
# page -> the right to look, the right to post (None: there is no such method)
PAGES: dict[str, tuple[str | None, str | None]] = {
    "progress": ("see_project", None),
    "label": ("label", "label"),
    "set": ("see_sets", None),
    "documents": ("see_documents", None),
    "document": ("see_documents", None),
    "recuse": (None, "review"),
    "document_remove": (None, "add_documents"),
    "members": ("see_members", None),
    "member_add": ("manage_members", "manage_members"),
    "member_invite": ("manage_members", "manage_members"),
    "member_uninvite": (None, "manage_members"),
    "member": (None, "manage_members"),
    "member_remove": ("manage_members", "manage_members"),
    "member_take_back": (None, "manage_members"),
    "archive": ("archive_project", "archive_project"),
    "archive_end": (None, "archive_project"),
    "project_remove": (None, "archive_project"),
    "guideline": ("see_project", None),
    "guideline_edit": ("manage_scheme", "manage_scheme"),
    "settings": ("manage_project", "manage_project"),
    "targets": (None, "manage_scheme"),
    "target": (None, "manage_scheme"),
    "target_remove": ("manage_scheme", "manage_scheme"),
    "labels": (None, "manage_scheme"),
    "label_edit": ("manage_scheme", "manage_scheme"),
    "label_move": (None, "manage_scheme"),
    "label_remove": ("manage_scheme", "manage_scheme"),
    "put_back": (None, "manage_scheme"),
    "agreement": ("see_agreement", "request_agreement"),
    "report": ("see_agreement", None),
    "report_file": ("see_agreement", None),
    "report_csv": ("see_agreement", None),
    "report_documents": ("see_agreement", None),
    "report_document": ("see_agreement", None),
    "imports": ("import", "import"),
    "import": ("import", None),
    "import_look": (None, "import"),
    "import_apply": (None, "import"),
    "import_discard": (None, "import"),
    "exports": ("export", "export"),
    "job_cancel": (None, "see_project"),
}
# Posts that need no more than the right, in the order of the pages: put away, opened again, and too open to be deleted.
AT_ONCE = {("archive", "post"): 302, ("archive_end", "post"): 302, ("project_remove", "post"): 409}
NOWHERE = {
    "set_id": 987654,
    "document_id": 987654,
    "membership_id": 987654,
    "invitation_id": 987654,
    "target_id": 987654,
    "label_id": 987654,
    "line_id": 987654,
    "report_id": 987654,
    "import_id": 987654,
    "job_id": "00000000-0000-4000-8000-000000000000",
}


def address(name: str, project: Project) -> str:
    """The page's address in the project; what it is about does not exist."""
    pattern = next(
        entry for entry in urls.urlpatterns if isinstance(entry, URLPattern) and entry.name == name
    )
    wanted = pattern.pattern.converters.keys() - {"p"}
    return reverse(f"web:{name}", kwargs={"p": project.slug, **{key: NOWHERE[key] for key in wanted}})


def test_every_page_below_a_project_stands_in_the_table() -> None:
    below = {entry.name for entry in urls.urlpatterns if "p" in entry.pattern.converters}
    assert below == set(PAGES)


def test_who_is_not_signed_in_is_sent_to_the_sign_in_page_and_back(
    project: Project, visitor: Visitor
) -> None:
    client = visitor(None)
    for name in PAGES:
        where = address(name, project)
        for answer in (client.get(where), client.post(where)):
            assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={where}"), name


@pytest.mark.parametrize("superuser", [False, True])
def test_for_a_stranger_there_is_nothing_even_as_a_superuser(
    superuser: bool, project: Project, sam: User, visitor: Visitor
) -> None:
    User.objects.filter(pk=sam.pk).update(is_superuser=superuser, is_staff=superuser)
    client = visitor(sam)
    for name in PAGES:
        where = address(name, project)
        for answer in (client.get(where), client.post(where)):
            assert answer.status_code == 404, name
            assert project.name not in answer.content.decode(), name


@pytest.mark.parametrize("who", ["mona", "rosa", "ada", "otto"])
def test_a_member_is_let_in_by_their_role_alone(
    who: str, project: Project, visitor: Visitor, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    role, client = membership_of(project, user).role, visitor(user)
    for name, rights in PAGES.items():
        for method, right in zip(("get", "post"), rights, strict=True):
            status = getattr(client, method)(address(name, project)).status_code
            if right is None:
                assert status == 405, (name, method)
            elif not may(role, right):
                assert status == 403, (name, method)
            elif (name, method) in AT_ONCE:
                assert status == AT_ONCE[name, method]
            elif name == "label":
                # The right to label is further bound to those who take part.
                assert status == (200 if who == "ada" else 403)
            else:
                # Let in: the page, or what it says of a thing that is not there or of an empty form.
                assert status in (200, 400, 404), (name, method)


def test_a_thing_of_another_project_is_not_there(
    reading: AnnotationSet, mona: User, visitor: Visitor
) -> None:
    from annotator.projects import studies

    other = studies.create(actor=mona, slug="other", name="Other", template="sanctuary-stance")
    client = visitor(mona)
    project = reading.project
    label, target = project.labels.first(), project.targets.first()
    member = Membership.objects.filter(project=project, user__username="ada").get()
    for name, kwargs in {
        "document": {"document_id": reading.document_id},
        "set": {"set_id": reading.pk},
        "label_edit": {"label_id": label.pk},
    }.items():
        assert client.get(reverse(f"web:{name}", kwargs={"p": other.slug, **kwargs})).status_code == 404
    for name, kwargs in {
        "label_remove": {"label_id": label.pk},
        "label_move": {"label_id": label.pk},
        "target": {"target_id": target.pk},
        "target_remove": {"target_id": target.pk},
        "member": {"membership_id": member.pk},
        "document_remove": {"document_id": reading.document_id},
    }.items():
        answer = client.post(
            reverse(f"web:{name}", kwargs={"p": other.slug, **kwargs}), {"name": "x", "role": "manager"}
        )
        assert answer.status_code == 404
    assert project.labels.filter(pk=label.pk).exists()


def test_signed_in_pages_want_a_sign_in(visitor: Visitor, db: None) -> None:
    for where in ("/", "/projects/new/", "/accounts/tokens/", "/docs/"):
        assert visitor(None).get(where)["Location"] == f"/sign-in/?next={where}"
