"""Imports, exports and files over the API: to whom, in which shape, and what is refused."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.documents.models import Document
from annotator.exchange.models import Import
from annotator.jobs import running
from annotator.jobs.models import Job
from annotator.projects import members, studies
from annotator.projects.models import Membership, Project

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
ROOT = "/api/v1/projects/harbour"
LINES = b'{"id": "1", "text": "one"}\nno json\n{"id": "2", "text": "two"}\n'


@pytest.fixture(autouse=True)
def files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(settings, "FILES", tmp_path / "files")
    return tmp_path / "files"


def upload(client: APIClient, name: str = "a.jsonl", data: bytes = LINES, **fields: Any) -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post(f"{ROOT}/imports/", {"file": file, **fields}, format="multipart")


def error(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["code"]


def run(job: dict[str, Any]) -> Job:
    running.run(job["id"])
    return Job.objects.get(pk=job["id"])


def read(answer: Any) -> bytes:
    """The whole file, which is then closed."""
    return b"".join(answer.streaming_content)


# Imports


def test_a_file_is_looked_at_and_taken_without_a_second_upload(
    api: Api, mona: User, project: Project
) -> None:
    client = api(mona)
    answer = upload(client, format="jsonl", options=json.dumps({"text": "text"}))
    assert answer.status_code == 202, answer.content
    body = answer.json()
    assert body["job"]["state"] == "queued"
    assert body["import"]["preview_job"] == body["job"]["id"]
    job = run(body["job"])
    assert job.state == "done"
    where = f"{ROOT}/imports/{body['import']['id']}/"
    shown = client.get(where).json()
    assert shown["state"] == "previewed"
    assert shown["preview"]["counts"] == {"documents": 2, "not_taken": 1}
    assert job.result is not None
    assert job.result["counts"] == shown["preview"]["counts"]
    problems = client.get(f"{where}problems/?phase=preview").json()["results"]
    assert problems == [
        {"place": "line 2", "code": "not_json", "detail": problems[0]["detail"], "taken": False}
    ]
    applying = client.put(f"{where}application/", {})
    assert applying.status_code == 202
    again = client.put(f"{where}application/")
    assert again.status_code == 202
    assert again.json()["job"]["id"] == applying.json()["job"]["id"]
    run(applying.json()["job"])
    assert client.get(where).json()["state"] == "applied"
    assert Document.objects.count() == 2


def test_another_look_takes_other_options(api: Api, mona: User, project: Project) -> None:
    client = api(mona)
    body = upload(client, "a.txt", "Łódź".encode("cp1250")).json()
    where = f"{ROOT}/imports/{body['import']['id']}/"
    assert error(client.put(f"{where}preview/", {"options": {}})) == (409, "preview_running")
    run(body["job"])
    assert error(client.put(f"{where}application/", {})) == (409, "encoding_unconfirmed")
    again = client.put(f"{where}preview/", {"options": {"encoding": "windows-1250"}})
    assert again.status_code == 202
    run(again.json()["job"])
    assert client.get(where).json()["preview"]["rows"][0]["text"] == "Łódź"


def test_a_guess_is_confirmed_by_its_name(api: Api, mona: User, project: Project) -> None:
    client = api(mona)
    body = upload(client, "a.txt", "“Zürich”".encode("cp1252")).json()
    run(body["job"])
    where = f"{ROOT}/imports/{body['import']['id']}/application/"
    assert error(client.put(where, {"encoding": "cp1250"})) == (409, "encoding_unconfirmed")
    assert error(client.put(where, {"coding": "cp1252"})) == (400, "unknown_key")
    run(client.put(where, {"encoding": "cp1252"}).json()["job"])
    assert Document.objects.get().text == "“Zürich”"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"format": "xml"}, "unknown_format"),
        ({"options": "{"}, "invalid"),
        ({"options": "[]"}, "invalid"),
        ({"options": '{"colour": 1}'}, "unknown_key"),
        ({"options": "[" * 50_000}, "invalid"),
        ({"options": '{"map": {"a": "\\ud83d"}}'}, "lone_surrogate"),
        ({"colour": "red"}, "unknown_key"),
    ],
)
def test_a_form_that_cannot_be_is_refused(
    api: Api, mona: User, project: Project, files: Path, fields: Any, code: str
) -> None:
    assert error(upload(api(mona), **fields)) == (400, code)
    assert not Import.objects.exists()
    assert not any(path.is_file() for path in files.rglob("*"))


def test_an_upload_has_a_file(api: Api, mona: User, project: Project) -> None:
    client = api(mona)
    assert error(client.post(f"{ROOT}/imports/", {"format": "csv"}, format="multipart")) == (400, "required")
    assert error(client.post(f"{ROOT}/imports/", {"file": "text"}, format="multipart")) == (400, "required")
    assert error(client.post(f"{ROOT}/imports/", {"file": "text"}, format="json"))[0] == 415


def test_an_upload_that_says_it_is_too_large_is_not_read(api: Api, mona: User, project: Project) -> None:
    answer = api(mona).post(
        f"{ROOT}/imports/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(2 * 1024**3),
    )
    assert error(answer) == (413, "file_too_large")


def test_the_name_of_a_file_leads_nowhere(api: Api, mona: User, project: Project, files: Path) -> None:
    answer = upload(api(mona), "..\\..\\evil\u202e.txt", b"text")
    assert answer.json()["import"]["name"] == "evil.txt"
    [kept] = [path for path in files.rglob("*") if path.is_file()]
    assert kept.parent == files / "imports"
    assert kept.name.isalnum()


def test_an_unwanted_upload_is_deleted(api: Api, mona: User, project: Project) -> None:
    client = api(mona)
    body = upload(client).json()
    where = f"{ROOT}/imports/{body['import']['id']}/"
    assert client.delete(where).status_code == 204
    assert error(client.get(where)) == (404, "not_found")


def test_imports_are_for_managers(
    api: Api, project: Project, mona: User, ada: User, rosa: User, otto: User, sam: User
) -> None:
    body = upload(api(mona)).json()
    key = body["import"]["id"]
    ways: list[tuple[str, str]] = [
        ("get", "imports/"),
        ("get", f"imports/{key}/"),
        ("delete", f"imports/{key}/"),
        ("put", f"imports/{key}/preview/"),
        ("put", f"imports/{key}/application/"),
        ("get", f"imports/{key}/problems/"),
    ]
    for method, where in ways:
        for user, status in ((None, 401), (sam, 404), (ada, 403), (rosa, 403), (otto, 403)):
            answer = getattr(api(user), method)(f"{ROOT}/{where}")
            assert answer.status_code == status, (method, where, user)
    for user, status in ((None, 401), (sam, 404), (ada, 403), (rosa, 403), (otto, 403)):
        assert upload(api(user)).status_code == status
    assert Import.objects.count() == 1


def test_a_manager_who_takes_part_neither_imports_readings_nor_sees_the_files_of_others(
    api: Api, project: Project, mona: User, sam: User
) -> None:
    members.add(project, actor=mona, alias="M2", role="manager", username="sam")
    reading = {
        "annotator": "Z1",
        "kind": "imported",
        "round": 1,
        "state": "open",
        "spans": [],
        "relations": [],
    }
    holding = json.dumps({"id": "z", "text": "one", "sets": [reading]}).encode()
    others, own = (upload(api(user), data=holding).json()["import"]["id"] for user in (sam, mona))
    plain = upload(api(mona)).json()["import"]["id"]
    Membership.objects.filter(project=project, user=mona).update(takes_part=True)
    client = api(mona)
    assert error(upload(client, data=holding)) == (403, "takes_part")
    assert [one["id"] for one in client.get(f"{ROOT}/imports/").json()["results"]] == [plain]
    for method, where in (("get", ""), ("put", "preview/"), ("put", "application/"), ("get", "problems/")):
        for key, answer in ((others, (404, "not_found")), (own, (403, "takes_part"))):
            assert error(getattr(client, method)(f"{ROOT}/imports/{key}/{where}")) == answer, where


def test_who_begins_to_take_part_loses_the_jobs_that_looked_at_readings(
    api: Api, project: Project, mona: User
) -> None:
    reading = {
        "annotator": "Z1",
        "kind": "imported",
        "round": 1,
        "state": "open",
        "spans": [],
        "relations": [],
    }
    holding = json.dumps({"id": "z", "text": "one", "sets": [reading]}).encode()
    client = api(mona)
    told, plain = (upload(client, data=data).json()["job"]["id"] for data in (holding, LINES))
    discarded = upload(client, data=holding).json()
    client.delete(f"{ROOT}/imports/{discarded['import']['id']}/")
    keys = [told, discarded["job"]["id"], plain]
    assert [client.get(f"{ROOT}/jobs/{key}/").status_code for key in keys] == [200, 200, 200]
    Membership.objects.filter(project=project, user=mona).update(takes_part=True)
    assert [client.get(f"{ROOT}/jobs/{key}/").status_code for key in keys] == [404, 404, 200]
    assert [row["id"] for row in client.get(f"{ROOT}/jobs/").json()["results"]] == [plain]


def test_an_import_of_another_project_is_not_there(api: Api, mona: User, project: Project) -> None:
    studies.create(actor=mona, slug="other", name="Other")
    client = api(mona)
    key = upload(client).json()["import"]["id"]
    for method, where in (
        ("get", ""),
        ("delete", ""),
        ("put", "preview/"),
        ("put", "application/"),
        ("get", "problems/"),
    ):
        answer = getattr(client, method)(f"/api/v1/projects/other/imports/{key}/{where}")
        assert error(answer) == (404, "not_found"), where


def test_an_upload_needs_its_token(api: Api, mona: User, project: Project) -> None:
    assert upload(api(mona, enforce_csrf_checks=True)).status_code == 403
    assert not Import.objects.exists()


def test_an_upload_with_its_token_comes_in(api: Api, mona: User, project: Project) -> None:
    client = api(mona, enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "x" * 32
    answer = client.post(
        f"{ROOT}/imports/",
        {"file": SimpleUploadedFile("a.jsonl", LINES)},
        format="multipart",
        headers={"X-CSRFToken": "x" * 32},
    )
    assert answer.status_code == 202, answer.content


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not settings.EMBEDDED, reason="without Redis the jobs run in this process")
def test_the_whole_way_in_and_out_by_jobs_in_the_background(api: Api, mona: User, project: Project) -> None:
    client = api(mona)
    body = upload(client).json()
    assert finished(client, body["job"])["result"]["counts"] == {"documents": 2, "not_taken": 1}
    applying = client.put(f"{ROOT}/imports/{body['import']['id']}/application/", {}).json()
    assert finished(client, applying["job"])["state"] == "done"
    exporting = client.post(f"{ROOT}/exports/", {"sets": "all"}).json()
    assert finished(client, exporting["job"])["progress"] == 1.0
    lines = read(client.get(f"{ROOT}/jobs/{exporting['job']['id']}/file/")).splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["one", "two"]


def finished(client: APIClient, job: dict[str, Any]) -> dict[str, Any]:
    """The job once it has ended by itself."""
    for _ in range(300):
        found: dict[str, Any] = client.get(f"{ROOT}/jobs/{job['id']}/").json()
        if found["state"] not in ("queued", "running"):
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def test_lists_take_a_constant_number_of_queries(
    api: Api, mona: User, project: Project, django_assert_max_num_queries: Any
) -> None:
    client = api(mona)
    for number in range(12):
        upload(client, f"{number}.jsonl")
        client.post(f"{ROOT}/exports/", {})
    for where in ("imports/", "exports/"):
        with django_assert_max_num_queries(5):
            assert len(client.get(f"{ROOT}/{where}").json()["results"]) == 12


# Exports and files


def test_an_export_is_downloaded(api: Api, mona: User, project: Project, document: Document) -> None:
    client = api(mona)
    answer = client.post(f"{ROOT}/exports/", {"format": "jsonl", "sets": "all", "names": "alias"})
    assert answer.status_code == 202
    key = answer.json()["job"]["id"]
    assert error(client.get(f"{ROOT}/jobs/{key}/file/")) == (409, "not_done")
    job = run(answer.json()["job"])
    file = client.get(f"{ROOT}/jobs/{key}/file/")
    data = read(file)
    assert json.loads(data)["text"] == document.text
    assert job.result is not None
    assert job.result["bytes"] == len(data)
    assert (
        file.headers["Content-Disposition"]
        == "attachment; filename=\"harbour-all.jsonl\"; filename*=UTF-8''harbour-all.jsonl"
    )
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert int(file.headers["Content-Length"]) == len(data)


def test_the_name_of_a_file_is_safe_in_ascii_and_whole_in_unicode(api: Api, mona: User, db: None) -> None:
    studies.create(actor=mona, slug="città", name="Città")
    client = api(mona)
    body = client.post("/api/v1/projects/città/exports/", {}).json()
    run(body["job"])
    file = client.get(f"/api/v1/projects/città/jobs/{body['job']['id']}/file/")
    assert read(file) == b""
    wanted = "attachment; filename=\"citt_-submitted.jsonl\"; filename*=UTF-8''citt%C3%A0-submitted.jsonl"
    assert file.headers["Content-Disposition"] == wanted


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"format": "xml"}, "invalid_choice"),
        ({"sets": "mine"}, "invalid_choice"),
        ({"names": "email"}, "invalid_choice"),
        ({"only": [1]}, "unknown_key"),
        ({"format": 5}, "invalid"),
    ],
)
def test_an_export_that_there_is_not_is_refused(
    api: Api, mona: User, project: Project, given: Any, code: str
) -> None:
    assert error(api(mona).post(f"{ROOT}/exports/", given)) == (400, code)
    assert not Job.objects.exists()


def test_who_may_export_and_by_which_names(
    api: Api, project: Project, mona: User, ada: User, rosa: User, otto: User, sam: User
) -> None:
    for user, status in ((None, 401), (sam, 404), (ada, 202), (rosa, 202), (otto, 202), (mona, 202)):
        assert api(user).post(f"{ROOT}/exports/", {}).status_code == status
    for user, status in ((ada, 403), (otto, 403), (rosa, 202), (mona, 202)):
        assert api(user).post(f"{ROOT}/exports/", {"names": "username"}).status_code == status


def test_a_file_is_for_who_asked_and_a_manager_who_is_not_blind(
    api: Api,
    project: Project,
    reading: AnnotationSet,
    mona: User,
    ada: User,
    ben: User,
    rosa: User,
    otto: User,
    sam: User,
) -> None:
    body = api(ada).post(f"{ROOT}/exports/", {"sets": "all"}).json()
    run(body["job"])
    where = f"{ROOT}/jobs/{body['job']['id']}/file/"
    for user, status in (
        (None, 401),
        (sam, 404),
        (ben, 404),
        (rosa, 404),
        (otto, 404),
        (ada, 200),
        (mona, 200),
    ):
        answer = api(user).get(where)
        assert answer.status_code == status, user
        if answer.streaming:
            assert json.loads(read(answer))["text"]
    Membership.objects.filter(project=project, user=mona).update(takes_part=True)
    assert api(mona).get(where).status_code == 404


def test_a_job_without_a_file_has_none(api: Api, mona: User, project: Project) -> None:
    client = api(mona)
    body = upload(client).json()
    run(body["job"])
    assert error(client.get(f"{ROOT}/jobs/{body['job']['id']}/file/")) == (404, "not_found")


def test_a_file_of_another_project_is_not_there(api: Api, mona: User, project: Project) -> None:
    studies.create(actor=mona, slug="other", name="Other")
    client = api(mona)
    body = client.post(f"{ROOT}/exports/", {}).json()
    run(body["job"])
    assert error(client.get(f"/api/v1/projects/other/jobs/{body['job']['id']}/file/")) == (404, "not_found")
