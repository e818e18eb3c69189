"""Staff at the desk are as blind to readings as their membership is: in lists, pages, counts, history and refusals."""

from collections.abc import Callable

import pytest
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Recusal, Span
from annotator.annotations.sets import Address
from annotator.assignments import queue, reviewing
from annotator.desk import visibility
from annotator.desk.viewers import Viewer, memberships_of
from annotator.documents.models import Document
from annotator.exchange.models import Import
from annotator.history.events import record
from annotator.history.models import Event
from annotator.jobs.models import Job
from annotator.projects import holders, members, studies
from annotator.projects.models import Membership, Project
from annotator.reports.models import AgreementReport
from tests.conftest import add_document, claim, membership_of
from tests.desk.conftest import list_of, mark, page_of, staff, submit


def viewer(user: User) -> Viewer:
    return Viewer(user, tuple(memberships_of(user)))


def take_part(project: Project, user: User) -> Membership:
    Membership.objects.filter(project=project, user=user).update(takes_part=True)
    return membership_of(project, user)


@pytest.fixture
def labelling_manager(project: Project, submitted: AnnotationSet, mona: User) -> User:
    """Mona manages and labels: she could be given the document that Ada has read."""
    take_part(project, mona)
    return staff(mona)


def test_a_manager_who_takes_part_sees_no_reading_of_what_they_could_be_given(
    labelling_manager: User, submitted: AnnotationSet, desk: Callable[[User], Client]
) -> None:
    client = desk(labelling_manager)
    span = submitted.spans.first()
    assert span is not None
    assert client.get(page_of(submitted)).status_code == 404
    assert client.get(page_of(span)).status_code == 404
    for model in (AnnotationSet, Span):
        assert client.get(list_of(model)).context["cl"].result_count == 0


def test_nor_do_counts_tell_of_it(
    labelling_manager: User, submitted: AnnotationSet, sue: User, desk: Callable[[User], Client]
) -> None:
    [blind] = desk(labelling_manager).get(list_of(Document)).context["cl"].result_list
    [seen] = desk(sue).get(list_of(Document)).context["cl"].result_list
    assert (blind.readings_n, seen.readings_n) == (0, 1)


def test_nor_history(labelling_manager: User, project: Project, submitted: AnnotationSet, sue: User) -> None:
    about = {"span_put", "document_claimed", "set_submitted"}
    assert about <= set(visibility.events(viewer(sue)).values_list("verb", flat=True))
    seen = set(visibility.events(viewer(labelling_manager)).values_list("verb", flat=True))
    assert seen & about == set()
    assert {"project_created", "member_added", "documents_added"} <= seen


def test_nor_what_others_computed_over_all_readings(
    labelling_manager: User, project: Project, rosa: User, desk: Callable[[User], Client]
) -> None:
    mine = Job.objects.create(project=project, kind="agreement", created_by=labelling_manager)
    other = Job.objects.create(project=project, kind="agreement", created_by=rosa, result={"u_alpha": 0.5})
    AgreementReport.objects.create(project=project, job=other, specification={}, created_by=rosa)
    client = desk(labelling_manager)
    assert [row.pk for row in client.get(list_of(Job)).context["cl"].result_list] == [mine.pk]
    assert client.get(list_of(AgreementReport)).context["cl"].result_count == 0
    assert [row.pk for row in desk(staff(rosa)).get(list_of(Job)).context["cl"].result_list] == [other.pk]
    assert desk(rosa).get(list_of(AgreementReport)).context["cl"].result_count == 1


def test_nor_the_holder_an_annotator_added(
    labelling_manager: User, project: Project, ada: User, rosa: User
) -> None:
    member = membership_of(project, ada)
    holder, _ = holders.add(
        project, slug="chief", name="The chief", parent=None, membership=member, actor=ada
    )
    assert not visibility.holders(viewer(labelling_manager)).filter(pk=holder.pk).exists()
    assert not visibility.events(viewer(labelling_manager)).filter(verb="holder_added").exists()
    assert visibility.holders(viewer(rosa)).filter(pk=holder.pk).exists()


def test_nor_can_they_review_it_by_its_number(
    labelling_manager: User, submitted: AnnotationSet, desk: Callable[[User], Client]
) -> None:
    client = desk(labelling_manager)
    assert client.post(page_of(submitted), {"decision": "accepted"}).status_code == 404
    client.post(list_of(AnnotationSet), {"action": "accept", "_selected_action": [submitted.pk]})
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_giving_up_the_reading_opens_it(
    labelling_manager: User, submitted: AnnotationSet, desk: Callable[[User], Client]
) -> None:
    client = desk(labelling_manager)
    client.post(list_of(Document), {"action": "give_up_reading", "_selected_action": [submitted.document_id]})
    assert Recusal.objects.filter(document=submitted.document, membership__user=labelling_manager).exists()
    assert Event.objects.filter(verb="recused", actor_id=labelling_manager.pk).count() == 1
    assert client.get(page_of(submitted)).status_code == 200


def test_who_looks_at_a_reading_or_a_mark_is_never_given_its_document(
    project: Project, submitted: AnnotationSet, mona: User, rosa: User, desk: Callable[[User], Client]
) -> None:
    span = submitted.spans.first()
    assert span is not None
    for user, page in [(mona, page_of(submitted)), (rosa, page_of(span))]:
        desk(staff(user)).get(page)
        membership = take_part(project, user)
        assert Recusal.objects.filter(document=submitted.document, membership=membership).count() == 1
        assert queue.claim_next(membership, actor=user, now=timezone.now()) is None


def test_a_reviewer_sees_no_open_reading_nor_its_history(
    project: Project, reading: AnnotationSet, ada: User, rosa: User, desk: Callable[[User], Client]
) -> None:
    mark(reading, ada, 2, 19, stance="nuanced")
    client = desk(staff(rosa))
    assert client.get(page_of(reading)).status_code == 404
    assert not visibility.events(viewer(rosa)).filter(verb="span_put").exists()
    submit(reading, ada)
    assert client.get(page_of(reading)).status_code == 200
    assert visibility.events(viewer(rosa)).filter(verb="span_put").exists()


def test_a_superuser_who_labels_in_a_project_is_blind_there_and_nowhere_else(
    project: Project,
    submitted: AnnotationSet,
    elsewhere: AnnotationSet,
    sue: User,
    mona: User,
    desk: Callable[[User], Client],
) -> None:
    members.add(project, actor=mona, alias="S1", role="annotator", username="sue")
    client = desk(sue)
    assert client.get(page_of(submitted)).status_code == 404
    assert client.get(page_of(elsewhere)).status_code == 200
    assert not visibility.events(viewer(sue)).filter(subject=f"set:{submitted.pk}").exists()
    assert visibility.events(viewer(sue)).filter(subject=f"set:{elsewhere.pk}").exists()
    unplaced = record("account_made", "user:1", actor_id=None, project_id=None)
    assert visibility.events(viewer(sue)).filter(pk=unplaced.pk).exists()


def test_deleting_a_label_tells_nothing_of_who_used_it(
    labelling_manager: User, project: Project, submitted: AnnotationSet, desk: Callable[[User], Client]
) -> None:
    label = project.labels.get(kind="stance", slug="pro-sanctuary")
    address = reverse("admin:projects_label_delete", args=[label.pk])
    client = desk(labelling_manager)
    page = client.get(address)
    assert (page.context["protected"], page.context["deleted_objects"]) == ([], [str(label)])
    client.post(address, {"post": "yes"})
    assert project.labels.filter(pk=label.pk).exists()


def test_a_decision_keeps_to_what_the_reviewer_sees(
    project: Project, submitted: AnnotationSet, ben: User, rosa: User, desk: Callable[[User], Client]
) -> None:
    mine = claim(project, ben)
    client = desk(staff(rosa))
    client.post(list_of(AnnotationSet), {"action": "accept", "_selected_action": [submitted.pk, mine.pk]})
    mine.refresh_from_db()
    submitted.refresh_from_db()
    assert (submitted.state, mine.state) == ("accepted", "open")
    reviewing.decide(Address(project.slug, submitted.pk), "accepted", note="", actor=rosa, now=timezone.now())


def test_who_labels_sees_at_the_desk_their_own_imports_without_readings_only(
    project: Project, mona: User, sam: User, desk: Callable[[User], Client]
) -> None:
    members.add(project, actor=mona, alias="M2", role="manager", username="sam")
    rows = {
        name: Import.objects.create(
            project=project, name=name, size=1, format="neutral", holds_sets=holds_sets, created_by=user
        )
        for name, holds_sets, user in [
            ("plain", False, mona),
            ("holding", True, mona),
            ("theirs", False, sam),
        ]
    }
    client = desk(staff(mona))
    assert {client.get(page_of(row)).status_code for row in rows.values()} == {200}
    take_part(project, mona)
    assert [client.get(page_of(row)).status_code for row in rows.values()] == [200, 404, 404]


def test_nor_in_history_what_others_imported(project: Project, mona: User, sam: User) -> None:
    members.add(project, actor=mona, alias="M2", role="manager", username="sam")
    for user in (mona, sam):
        record("import_applied", "import:7", actor_id=user.pk, project_id=project.pk, counts={"sets": 3})
        record("readings_imported", "project:harbour", actor_id=user.pk, project_id=project.pk, sets=[1])
    of_imports = Q(verb="import_applied") | Q(verb="readings_imported")
    staff(mona)
    assert visibility.events(viewer(mona)).filter(of_imports).count() == 4
    take_part(project, mona)
    seen = visibility.events(viewer(mona))
    assert set(seen.filter(of_imports).values_list("actor_id", flat=True)) == {mona.pk}
    assert seen.filter(verb="member_added", actor_id=mona.pk).exists()


def test_removing_is_refused_to_who_labels_in_the_same_words_whether_it_was_used_or_not(
    labelling_manager: User,
    project: Project,
    submitted: AnnotationSet,
    mona: User,
    desk: Callable[[User], Client],
) -> None:
    unread = add_document(project, mona, "unread", "A text that nobody reads.")
    labels = [project.labels.get(kind="stance", slug=slug) for slug in ("pro-sanctuary", "nuanced")]
    extra, _ = studies.put_label(project, {"kind": "stance", "slug": "new", "name": "New"}, actor=mona)
    unused, _ = studies.put_target(project, {"slug": "new", "name": "New"}, actor=mona)
    answers = set()
    for row in (submitted.document, unread, *labels, extra, unused):
        address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_delete", args=[row.pk])
        answer = desk(labelling_manager).post(address, {"post": "yes"}, follow=True)
        answers.add(tuple(str(message) for message in answer.context["messages"]))
        assert type(row).objects.filter(pk=row.pk).exists()
    assert answers == {("This is for a manager who does not take part in the reading.",)}
