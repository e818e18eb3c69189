"""/projects/{p}/exports/, with its jobs run by hand."""

import hashlib
from pathlib import Path

import pytest

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.jobs import running
from annotator.jobs.models import Job
from annotator.projects.models import Project

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: object) -> Path:
    settings.FILES = tmp_path
    return tmp_path


def test_an_export_is_asked_for_and_offered_with_counts_and_digest(
    visitor, mona: User, reading: AnnotationSet
) -> None:
    client, here = visitor(mona), "/projects/harbour/exports/"
    client.post(here, {"format": "jsonl", "sets": "all", "names": "alias"})
    job = Job.objects.get(kind="export")
    assert "data-job=" in client.get(here).content.decode()
    running.run(job.pk)
    page = client.get(here).content.decode()
    assert "1 document, 1 reading, 0 spans, 0 relations" in page
    where = f"/api/v1/projects/harbour/jobs/{job.pk}/file/"
    assert f'href="{where}"' in page
    content = b"".join(client.get(where).streaming_content)
    assert hashlib.sha256(content).hexdigest() in page


def test_an_annotator_is_not_offered_usernames(visitor, ada: User, project: Project) -> None:
    client = visitor(ada)
    assert "By username" not in client.get("/projects/harbour/exports/").content.decode()
    client.post("/projects/harbour/exports/", {"format": "csv", "sets": "all", "names": "username"})
    assert Job.objects.get(kind="export").parameters["names"] == "alias"


def test_ones_exports_are_ones_own(visitor, mona: User, rosa: User, project: Project) -> None:
    visitor(rosa).post("/projects/harbour/exports/", {"format": "csv", "sets": "submitted", "names": "alias"})
    assert "exported nothing yet" in visitor(mona).get("/projects/harbour/exports/").content.decode()


def test_an_unknown_format_is_refused(visitor, mona: User, project: Project) -> None:
    answer = visitor(mona).post(
        "/projects/harbour/exports/", {"format": "exe", "sets": "all", "names": "alias"}
    )
    assert answer.status_code == 400
    assert not Job.objects.exists()


@pytest.mark.parametrize("exports", [1, 30])
def test_the_list_takes_few_queries(exports: int, visitor, at_most, mona: User, project: Project) -> None:
    client = visitor(mona)
    for _ in range(exports):
        client.post("/projects/harbour/exports/", {"format": "csv", "sets": "submitted", "names": "alias"})
    with at_most(8):
        assert client.get("/projects/harbour/exports/").content.decode().count("data-job=") == exports
