"""What is changed at the desk goes through the verbs and leaves a line of history."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.assignments import departures
from annotator.documents import texts
from annotator.documents.models import Document
from annotator.errors import Conflict
from annotator.history.models import Event
from annotator.projects import archive, holders, members, studies
from annotator.projects.models import Guideline, Invitation, Label, Membership, Project, Target
from tests.conftest import TEXT, membership_of
from tests.desk.conftest import list_of, page_of, staff

SETTINGS = {
    "name": "Harbour", "description": "", "readers_per_document": 2, "open_after": "adjudication", "lease_minutes": 240,
    "may_reopen": "on",
}  # fmt: skip


@pytest.fixture
def manager(project: Project, mona: User, desk: Callable[[User], Client]) -> Client:
    return desk(staff(mona))


def verbs_by(user: User) -> list[str]:
    return list(Event.objects.filter(actor_id=user.pk).values_list("verb", flat=True))


def add_at(client: Client, name: str, given: dict[str, Any]) -> Any:
    return client.post(reverse(f"admin:projects_{name}_add"), given)


def test_settings_are_changed_with_an_event(project: Project, mona: User, manager: Client) -> None:
    manager.post(page_of(project), SETTINGS | {"readers_per_document": 3, "slug": "another"})
    project.refresh_from_db()
    assert (project.readers_per_document, project.slug) == (3, "harbour")
    event = Event.objects.get(verb="project_changed")
    assert event.data == {"changed": {"readers_per_document": [2, 3]}}


def test_settings_out_of_bounds_are_refused(project: Project, manager: Client) -> None:
    manager.post(page_of(project), SETTINGS | {"readers_per_document": 0})
    project.refresh_from_db()
    assert project.readers_per_document == 2


def test_a_new_project_has_its_maker_as_manager(project: Project, mona: User, manager: Client) -> None:
    add_at(manager, "project", SETTINGS | {"slug": "second", "name": "Second"})
    assert membership_of(Project.objects.get(slug="second"), mona).role == "manager"


def test_a_label_is_added_changed_and_removed_and_the_scheme_renewed(
    project: Project, mona: User, manager: Client
) -> None:
    given = {"project": project.pk, "kind": "stance", "group": "", "slug": "unsure", "name": "Unsure", "definition": "",
             "color": "#123456", "key": ""}  # fmt: skip
    before = project.scheme_version
    add_at(manager, "label", given)
    label = Label.objects.get(slug="unsure")
    manager.post(page_of(label), given | {"name": "Not sure", "position": 7})
    label.refresh_from_db()
    project.refresh_from_db()
    assert (label.name, label.position, project.scheme_version > before) == ("Not sure", 7, True)
    manager.post(reverse("admin:projects_label_delete", args=[label.pk]), {"post": "yes"})
    assert not Label.objects.filter(pk=label.pk).exists()
    assert verbs_by(mona)[-3:] == ["label_put", "label_put", "scheme_entry_removed"]


def test_a_key_that_is_a_command_is_refused_on_the_page(project: Project, manager: Client) -> None:
    label = project.labels.get(kind="stance", slug="nuanced")
    given = {
        "name": label.name,
        "definition": "",
        "color": label.color,
        "key": "g",
        "position": label.position,
    }
    answer = manager.post(page_of(label), given, follow=True)
    label.refresh_from_db()
    assert label.key != "g"
    assert "is a command" in answer.content.decode()


def test_targets_and_guidelines_go_through_their_verbs(project: Project, mona: User, manager: Client) -> None:
    add_at(manager, "target", {"project": project.pk, "slug": "policing", "name": "Policing"})
    target = Target.objects.get(slug="policing")
    manager.post(page_of(target), {"name": "Police work"})
    add_at(manager, "guideline", {"project": project.pk, "text": "# New wording"})
    target.refresh_from_db()
    last = Guideline.objects.filter(project=project).last()
    assert last is not None
    assert (target.name, last.version, last.text) == ("Police work", 2, "# New wording")
    assert verbs_by(mona)[-3:] == ["target_put", "target_put", "guideline_written"]
    assert manager.post(page_of(last), {"text": "forged"}).status_code == 403


def test_members_are_added_by_username_and_change_role(
    project: Project, mona: User, sam: User, manager: Client
) -> None:
    given = {"project": project.pk, "username": "sam", "alias": "A3", "role": "annotator", "takes_part": "on"}
    add_at(manager, "membership", given)
    membership = membership_of(project, sam)
    manager.post(page_of(membership), {"role": "reviewer"})
    membership.refresh_from_db()
    assert (membership.role, membership.takes_part, membership.alias) == ("reviewer", False, "A3")
    assert verbs_by(mona)[-2:] == ["member_added", "member_changed"]


def test_an_unknown_person_is_said_so_and_the_last_manager_stays(
    project: Project, mona: User, manager: Client
) -> None:
    given = {"project": project.pk, "username": "nobody", "alias": "A3", "role": "annotator"}
    assert "Nobody here is called" in add_at(manager, "membership", given).content.decode()
    manager.post(page_of(membership_of(project, mona)), {"role": "annotator"})
    assert membership_of(project, mona).role == "manager"


def test_a_manager_adds_nothing_to_another_project(
    project: Project, elsewhere: AnnotationSet, manager: Client
) -> None:
    given = {"project": elsewhere.project_id, "slug": "policing", "name": "Policing"}
    page = add_at(manager, "target", given).content.decode()
    assert "Elsewhere" not in page
    assert not Target.objects.filter(slug="policing").exists()


@pytest.mark.parametrize("name", ["label", "target", "guideline", "membership"])
def test_a_reviewer_sees_the_scheme_and_changes_nothing(
    name: str, project: Project, rosa: User, desk: Callable[[User], Client]
) -> None:
    client = desk(staff(rosa))
    rows: Any = {"label": Label, "target": Target, "guideline": Guideline, "membership": Membership}[name]
    row = rows.objects.filter(project=project).first()
    before = Event.objects.count()
    assert client.get(page_of(row)).status_code == 200
    assert client.post(page_of(row), {"name": "x", "role": "manager", "text": "x"}).status_code == 403
    assert add_at(client, name, {"project": project.pk}).status_code == 403
    assert (
        client.post(reverse(f"admin:projects_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert Event.objects.count() == before


def test_a_documents_title_is_put_right_and_its_text_never(
    project: Project, document: Document, mona: User, manager: Client
) -> None:
    manager.post(
        page_of(document), {"title": "Minutes", "language": "en", "text": "forged", "external_id": "forged"}
    )
    document.refresh_from_db()
    assert (document.title, document.text, document.external_id) == ("Minutes", TEXT, "d1")
    assert verbs_by(mona)[-1] == "document_changed"


def test_a_document_that_was_read_stays(project: Project, submitted: AnnotationSet, manager: Client) -> None:
    address = reverse("admin:documents_document_delete", args=[submitted.document_id])
    answer = manager.post(address, {"post": "yes"}, follow=True)
    assert "Somebody has read this document" in answer.content.decode()
    assert Document.objects.filter(pk=submitted.document_id).exists()


def test_an_account_is_made_and_changed_by_a_superuser_with_events(
    sue: User, desk: Callable[[User], Client]
) -> None:
    client = desk(sue)
    given = {"username": "nora", "usable_password": "false", "password1": "", "password2": ""}
    client.post(reverse("admin:accounts_user_add"), given)
    nora = User.objects.get(username="nora")
    client.post(page_of(nora), {"username": "nora", "first_name": "Nora", "is_active": "on"})
    nora.refresh_from_db()
    assert nora.first_name == "Nora"
    assert verbs_by(sue) == ["account_made", "account_changed"]
    assert "password" not in str(Event.objects.filter(actor_id=sue.pk).values_list("data", flat=True))


def test_an_invitation_is_withdrawn_and_one_that_was_accepted_stays(
    project: Project, mona: User, sam: User, manager: Client
) -> None:
    now = timezone.now()
    waiting, _ = members.invite(project, actor=mona, alias="A3", role="annotator", now=now)
    accepted, _ = members.invite(project, actor=mona, alias="A4", role="annotator", now=now)
    members.accept(accepted, user=sam, now=now)
    for invitation in (waiting, accepted):
        address = reverse("admin:projects_invitation_delete", args=[invitation.pk])
        answer = manager.post(address, {"post": "yes"}, follow=True)
    assert "has been accepted" in answer.content.decode()
    assert list(Invitation.objects.all()) == [accepted]
    assert Event.objects.filter(verb="invitation_withdrawn").count() == 1


def test_a_holders_name_is_put_right_by_its_verb(project: Project, mona: User, manager: Client) -> None:
    holder, _ = holders.add(
        project,
        slug="chief",
        name="The cheif",
        parent=None,
        membership=membership_of(project, mona),
        actor=mona,
    )
    manager.post(page_of(holder), {"name": "The chief", "slug": "forged"})
    manager.post(page_of(holder), {"name": "The chief"})
    manager.post(page_of(holder), {"name": ""})
    holder.refresh_from_db()
    assert (holder.name, holder.slug) == ("The chief", "chief")
    event = Event.objects.get(verb="holder_renamed")
    assert (event.actor_id, event.data) == (mona.pk, {"name": "The chief", "before": "The cheif"})


def test_nothing_of_an_archived_project_changes_at_the_desk(
    project: Project, document: Document, mona: User, ada: User, manager: Client
) -> None:
    mine = membership_of(project, mona)
    holder, _ = holders.add(project, slug="chief", name="The chief", parent=None, membership=mine, actor=mona)
    invitation, _ = members.invite(project, actor=mona, alias="A3", role="annotator", now=timezone.now())
    label, target = (
        Label.objects.filter(project=project).first(),
        Target.objects.filter(project=project).first(),
    )
    archive.archive(project, actor=mona, now=timezone.now())
    changes: list[tuple[str, dict[str, Any]]] = [
        (page_of(membership_of(project, ada)), {"role": "manager"}),
        (page_of(holder), {"name": "Another"}),
        (page_of(document), {"title": "Minutes", "language": "en"}),
        *[
            (reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"})
            for name, row in {
                "projects_label": label,
                "projects_target": target,
                "projects_invitation": invitation,
                "documents_document": document,
            }.items()
            if row
        ],
    ]
    before = Event.objects.count()
    for where, given in changes:
        answer = manager.post(where, given, follow=True)
        assert "This project is archived" in answer.content.decode(), where
    manager.post(list_of(Document), {"action": "give_up_reading", "_selected_action": [document.pk]})
    assert Event.objects.count() == before


def test_the_verbs_refuse_an_archived_project_by_themselves(project: Project, mona: User, ada: User) -> None:
    mine, hers = membership_of(project, mona), membership_of(project, ada)
    archived = archive.archive(project, actor=mona, now=timezone.now())
    now = timezone.now()
    for verb in (
        lambda: departures.remove(hers, actor=mona, now=now),
        lambda: members.invite(archived, actor=mona, alias="A3", role="annotator", now=now),
        lambda: studies.order_labels(project, [], actor=mona),
        lambda: texts.add(project, [texts.NewDocument("d2", "Text.")], actor=mona),
        lambda: holders.add(project, slug="x", name="X", parent=None, membership=mine, actor=mona),
    ):
        with pytest.raises(Conflict, match="project_archived"):
            verb()
    archive.reopen(project, actor=mona)
    gone = departures.remove(hers, actor=mona, now=now)
    archive.archive(project, actor=mona, now=now)
    with pytest.raises(Conflict, match="project_archived"):
        members.take_back(gone, actor=mona)
