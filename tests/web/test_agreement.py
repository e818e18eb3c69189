"""/projects/{p}/agreement/ and one report."""

import json
from typing import Any

import pytest
from django.test import Client

from annotator.accounts.models import User
from annotator.jobs import running
from annotator.jobs.models import Job
from annotator.projects import members, studies
from annotator.projects.models import Project
from annotator.reports.models import AgreementReport
from tests.conftest import membership_of
from tests.web.conftest import HOSTILE
from tests.web.test_figures import figure

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(project: Project) -> str:
    return f"/projects/{project.slug}/agreement/"


def result(**more: Any) -> dict[str, Any]:
    """A computed report: one label with a value, one without."""
    return {
        "layer": "stance",
        "target": "sanctuary-policy",
        "labels": ["pro-sanctuary", "nuanced"],
        "annotators": ["A1", "A2"],
        "documents": 4,
        "sets": 8,
        "left_out": [{"reason": "fewer_than_two_sets", "count": 1, "ids": ["d9"]}],
        "through_event": 7,
        "figures": [
            figure("u_alpha", 0.51, interval=(0.4, 0.6)),
            figure("bar_u_alpha", 0.413),
            figure("cu_alpha", 0.724),
            figure("label_u_alpha", 0.5, label="pro-sanctuary", interval=(-0.1, 0.8)),
            figure("label_u_alpha", None, label="nuanced", reason="no_spans"),
            figure("span_f1_exact", 0.4, pair=["A1", "A2"]),
        ],
        **more,
    }


def reported(client: Client, here: str, **stored: Any) -> AgreementReport:
    client.post(here, {"layer": "stance", "sets": "submitted"})
    report = AgreementReport.objects.get()
    AgreementReport.objects.filter(pk=report.pk).update(result=result(**stored))
    Job.objects.filter(pk=report.job_id).update(state="done", progress=1.0)
    return report


def test_a_report_is_asked_for_and_its_page_follows_the_job(visitor, here: str, rosa: User) -> None:
    client = visitor(rosa)
    answer = client.post(here, {"layer": "stance", "sets": "submitted"})
    report = AgreementReport.objects.get()
    assert answer["Location"] == f"{here}{report.pk}/"
    page = client.get(answer["Location"]).content.decode()
    assert f'data-job="/api/v1/projects/harbour/jobs/{report.job_id}/"' in page
    assert "<progress" in page


def test_what_cannot_be_asked_is_said(visitor, here: str, mona: User, project: Project) -> None:
    assert visitor(mona).post(here, {"layer": "weather", "sets": "submitted"}).status_code == 400
    studies.put_target(project, {"slug": "jail", "name": "Jail contract"}, actor=mona)
    page = visitor(mona).get(here).content.decode()
    assert "Jail contract" in page


def test_the_report_has_its_sentence_picture_tables_and_method(visitor, here: str, mona: User) -> None:
    client = visitor(mona)
    report = reported(client, here)
    page = client.get(f"{here}{report.pk}/").content.decode()
    assert "Readers agree on where spans are (.41) and on their stance where two gave a stance (.72)" in page
    assert "4 documents with 8 readings by 2 readers (A1, A2)" in page
    assert "Pro-sanctuary: .50; Nuanced: Nobody marked" in page
    assert ".510" in page
    assert "Nobody marked anything of this kind." in page
    assert "1 document with fewer than two finished readings" in page
    assert "Krippendorff" in page
    assert " style=" not in page


def test_it_is_downloaded_as_the_apis_own_object(visitor, here: str, mona: User) -> None:
    client = visitor(mona)
    report = reported(client, here)
    answer = client.get(f"{here}{report.pk}/json/")
    assert json.loads(answer.content) == result()
    assert "attachment" in answer["Content-Disposition"]


def test_before_it_is_computed_there_is_nothing_to_download(visitor, here: str, mona: User) -> None:
    client = visitor(mona)
    client.post(here, {"layer": "role", "sets": "submitted"})
    assert client.get(f"{here}{AgreementReport.objects.get().pk}/json/").status_code == 409


def test_a_failed_one_says_why(visitor, here: str, mona: User) -> None:
    client = visitor(mona)
    client.post(here, {"layer": "role", "sets": "submitted"})
    Job.objects.update(
        state="failed", error={"code": "changing", "detail": "The readings changed.", "attr": None}
    )
    page = client.get(f"{here}{AgreementReport.objects.get().pk}/").content.decode()
    assert "It failed: The readings changed." in page


def test_an_observer_reads_but_does_not_ask(visitor, here: str, mona: User, otto: User) -> None:
    report = reported(visitor(mona), here)
    client = visitor(otto)
    assert client.get(f"{here}{report.pk}/").status_code == 200
    assert "Compute" not in client.get(here).content.decode()


def test_who_takes_part_does_not_open_what_others_asked_for(
    visitor, here: str, mona: User, rosa: User, project: Project
) -> None:
    report = reported(visitor(mona), here)
    members.change(membership_of(project, rosa), {"takes_part": True}, actor=mona)
    client = visitor(rosa)
    assert client.get(f"{here}{report.pk}/").status_code == 404
    assert f"{here}{report.pk}/" not in client.get(here).content.decode()


def test_hostile_names_in_a_report_are_only_text(visitor, here: str, mona: User, project: Project) -> None:
    label = project.labels.get(kind="stance", slug="nuanced")
    type(label).objects.filter(pk=label.pk).update(name=HOSTILE, color='#12"><b')
    client = visitor(mona)
    report = reported(client, here, annotators=[HOSTILE, "A2"])
    page = client.get(f"{here}{report.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<b" not in page.split("<main")[1].replace("<button", "").replace("<br", "")


@pytest.mark.parametrize("reports", [1, 30])
def test_the_list_takes_few_queries(
    reports: int, visitor, at_most, here: str, mona: User, project: Project
) -> None:
    for _ in range(reports):
        job = running.request(project, "agreement", {}, actor=mona)
        specification = {"layer": "stance", "target": "sanctuary-policy"}
        AgreementReport.objects.create(project=project, job=job, created_by=mona, specification=specification)
    client = visitor(mona)
    client.get(here)  # a process meets a scheme once
    with at_most(8):
        assert client.get(here).content.decode().count("data-job") == reports


def test_ones_own_job_is_cancelled_and_nobody_elses(visitor, here: str, mona: User, rosa: User) -> None:
    visitor(mona).post(here, {"layer": "stance", "sets": "submitted"})
    job = Job.objects.get()
    where = f"/projects/harbour/jobs/{job.pk}/cancel/"
    assert visitor(rosa).post(where).status_code == 404
    assert visitor(mona).post(where)["Location"] == here
    job.refresh_from_db()
    assert job.state == "cancelled"
