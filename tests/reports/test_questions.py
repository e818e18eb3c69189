"""What a report is asked to be about narrows it, is checked by place, and what it leaves out is counted."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Span
from annotator.documents.models import Document
from annotator.projects import scheme as schemes
from annotator.projects import studies
from annotator.projects.models import Project
from annotator.reports.models import AgreementReport
from tests.api.refusals import check_refused, nothing_stored
from tests.conftest import add_document, membership_of
from tests.jobs.hands import finish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
URL = "/api/v1/projects/harbour/agreement/"
TEXT = "Cities are safer. The sheriff disagrees."


@pytest.fixture
def read(project: Project, mona: User, ada: User, ben: User) -> list[Document]:
    """Three documents, each read by both on a day of its own; of d2 Ben marked under the guideline's next version."""
    documents = [add_document(project, mona, f"d{number}", TEXT) for number in (1, 2, 3)]
    for number, document in enumerate(documents, start=1):
        for reader in (ada, ben):
            made = submitted(project, document, reader, datetime(2026, 3, number, 23, 30, tzinfo=UTC))
            span(made, 2 if (number, reader) == (2, ben) else 1)
    return documents


def submitted(project: Project, document: Document, reader: User, when: datetime) -> AnnotationSet:
    return AnnotationSet.objects.create(
        project=project,
        document=document,
        membership=membership_of(project, reader),
        state="submitted",
        submitted_at=when,
    )


def span(one: AnnotationSet, guideline: int) -> None:
    project = one.project
    stance = schemes.of(project).label_ids["stance", "", "pro-sanctuary"]
    Span.objects.create(
        set=one,
        uid=uuid.uuid4(),
        fragments=[[0, 17]],
        start=0,
        end=17,
        stance_id=stance,
        guideline=guideline,
        target=project.targets.first(),
    )


def computed(client: Any, **body: Any) -> dict[str, Any]:
    asked = client.post(URL, {"resamples": 0, **body})
    assert asked.status_code == 202, asked.content
    finish(asked.json()["job"]["id"])
    found: dict[str, Any] = client.get(f"{URL}{asked.json()['id']}/").json()
    return found


def left_out(report: dict[str, Any]) -> dict[str, int]:
    return {each["reason"]: each["count"] for each in report["left_out"]}


def test_pairs_of_a_paragraph_are_asked_for_and_told(api: Any, mona: User, read: list[Document]) -> None:
    report = computed(api(mona), layer="relation", candidates="paragraph")
    alphas = [each for each in report["figures"] if each["name"] == "relation_alpha"]
    assert alphas
    assert all(each["method"].endswith("pairs of one paragraph only") for each in alphas)
    assert AgreementReport.objects.get().specification["candidates"] == "paragraph"


def test_documents_narrow_and_the_others_are_counted(api: Any, mona: User, read: list[Document]) -> None:
    report = computed(api(mona), documents=["d3", "d1"])
    assert report["documents"] == 2
    assert left_out(report) == {"document_not_asked": 1}
    assert AgreementReport.objects.get().specification["documents"] == ["d1", "d3"]


def test_annotators_narrow_and_the_others_are_counted(api: Any, mona: User, read: list[Document]) -> None:
    report = computed(api(mona), annotators=["A1"])
    assert (report["documents"], report["sets"]) == (0, 0)
    assert left_out(report) == {"annotator_not_asked": 3, "fewer_than_two_sets": 3}
    assert all(each["value"] is None and each["reason"] for each in report["figures"])


@pytest.mark.parametrize(
    ("days", "documents", "outside"),
    [
        ({"submitted_from": "2026-03-02"}, 2, 2),
        ({"submitted_until": "2026-03-02"}, 2, 2),
        ({"submitted_from": "2026-03-02", "submitted_until": "2026-03-02"}, 1, 4),
        ({"submitted_from": "2026-03-01", "submitted_until": "2026-03-03"}, 3, 0),
    ],
)
def test_both_days_are_part_of_the_time(
    api: Any, mona: User, read: list[Document], days: dict[str, str], documents: int, outside: int
) -> None:
    report = computed(api(mona), **days)
    assert report["documents"] == documents
    assert left_out(report).get("outside_the_dates", 0) == outside


def test_a_set_marked_under_another_guideline_is_left_out_whole(
    api: Any, mona: User, read: list[Document], project: Project
) -> None:
    studies.write_guideline(project, "Another wording.", actor=mona)
    report = computed(api(mona), guidelines=[1])
    assert (report["documents"], report["sets"]) == (2, 4)
    assert left_out(report) == {"fewer_than_two_sets": 1, "other_guideline": 1}
    [reason] = [each for each in report["left_out"] if each["reason"] == "other_guideline"]
    other = AnnotationSet.objects.get(document__external_id="d2", membership__alias="A2")
    assert reason["ids"] == [str(other.pk)]
    both = computed(api(mona), guidelines=[2, 1])
    assert (both["documents"], left_out(both)) == (3, {})


def test_unfinished_readings_are_counted_as_left_out(api: Any, mona: User, read: list[Document]) -> None:
    AnnotationSet.objects.filter(document__external_id="d1", membership__alias="A1").update(state="returned")
    report = computed(api(mona))
    assert left_out(report) == {"fewer_than_two_sets": 1, "state_not_asked": 1}


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"annotators": ["A1", "nobody"]}, "annotators.1"),
        ({"annotators": []}, "annotators"),
        ({"annotators": "A1"}, "annotators"),
        ({"annotators": [1]}, "annotators.0"),
        ({"labels": []}, "labels"),
        ({"labels": ["pro-sanctuary", "claim"]}, "labels.1"),
        ({"labels": ["pro-sanctuary"], "layer": "relation"}, "labels.0"),
        ({"documents": ["d9"]}, "documents.0"),
        ({"documents": [["d1"]]}, "documents.0"),
        ({"guidelines": [1, 9]}, "guidelines.1"),
        ({"guidelines": ["1"]}, "guidelines.0"),
        ({"submitted_from": "yesterday"}, "submitted_from"),
        ({"submitted_until": "2026-02-30"}, "submitted_until"),
        ({"submitted_until": 2026}, "submitted_until"),
        ({"submitted_from": "2026-03-02", "submitted_until": "2026-03-01"}, "submitted_until"),
        ({"resamples": 10_001}, "resamples"),
        ({"layer": "relation", "candidates": "sentence"}, "candidates"),
    ],
)
def test_what_the_project_does_not_have_is_named_by_its_place(
    api: Any, mona: User, read: list[Document], body: dict[str, Any], attr: str
) -> None:
    with nothing_stored():
        check_refused(api(mona).post(URL, body), 400, attr=attr)


def test_the_last_day_there_is_can_be_asked_for(api: Any, mona: User, read: list[Document]) -> None:
    assert computed(api(mona), submitted_until="9999-12-31")["documents"] == 3


def test_another_studys_documents_and_aliases_are_unknown(
    api: Any, mona: User, read: list[Document], sam: User
) -> None:
    other = studies.create(actor=sam, slug="other", name="Other")
    add_document(other, sam, "theirs", TEXT)
    with nothing_stored():
        check_refused(api(mona).post(URL, {"documents": ["theirs"]}), 400, attr="documents.0")


def test_details_come_when_asked_for(api: Any, mona: User, read: list[Document]) -> None:
    report = computed(api(mona))
    assert "details" not in report
    details = api(mona).get(f"{URL}{report['id']}/?details=1").json()["details"]
    assert {row["id"] for row in details["documents"]} == {"d1", "d2", "d3"}
    assert details["documents_hidden"] == 0
    check_refused(api(mona).get(f"{URL}{report['id']}/?details=yes"), 400, attr="details")


def test_details_of_documents_that_one_may_still_read_are_hidden(
    api: Any, mona: User, read: list[Document], project: Project
) -> None:
    report = computed(api(mona))
    AnnotationSet.objects.create(project=project, document=read[0], membership=membership_of(project, mona))
    details = api(mona).get(f"{URL}{report['id']}/?details=1").json()["details"]
    assert {row["id"] for row in details["documents"]} == {"d2", "d3"}
    assert details["documents_hidden"] == 1


def test_labels_narrow_and_marks_with_others_are_counted(api: Any, mona: User, read: list[Document]) -> None:
    report = computed(api(mona), labels=["nuanced", "anti-sanctuary"])
    assert report["labels"] == ["anti-sanctuary", "nuanced"]
    assert left_out(report) == {"other_label": 6}
    assert computed(api(mona), labels=["pro-sanctuary"])["labels"] == ["pro-sanctuary"]
