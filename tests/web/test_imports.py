"""/projects/{p}/imports/ and one import, with its jobs run by hand."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from annotator.accounts.models import User
from annotator.documents.models import Document
from annotator.exchange.models import Import
from annotator.exchange.uploads import full
from annotator.jobs import running
from annotator.projects import members
from annotator.projects.models import Membership, Project
from tests.web.conftest import HOSTILE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: object) -> Path:
    settings.FILES = tmp_path
    return tmp_path


@pytest.fixture
def here(project: Project) -> str:
    return f"/projects/{project.slug}/imports/"


def upload(client: Client, here: str, *files: tuple[str, bytes], kind: str = "auto") -> Import:
    given = [SimpleUploadedFile(name, content) for name, content in files]
    answer = client.post(here, {"file": given, "format": kind})
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("pk")


def looked_at(imported: Import) -> Import:
    assert imported.preview_job_id is not None
    running.run(imported.preview_job_id)
    imported.refresh_from_db()
    return imported


def test_a_file_is_looked_at_before_anything_is_taken(visitor, here: str, mona: User) -> None:
    client = visitor(mona)
    imported = upload(client, here, ("table.csv", b"id,text,year\n1,First text,2020\n2,,2021\n"))
    assert "data-job=" in client.get(f"{here}{imported.pk}/").content.decode()
    looked_at(imported)
    page = client.get(f"{here}{imported.pk}/").content.decode()
    assert "Nothing has been taken yet" in page
    assert "First text" in page
    assert "line 3" in page
    assert "not taken" in page
    assert not Document.objects.exists()
    client.post(f"{here}{imported.pk}/application/")
    imported.refresh_from_db()
    assert imported.application_job_id is not None
    running.run(imported.application_job_id)
    assert list(Document.objects.values_list("external_id", "text")) == [("1", "First text")]
    assert "Taken over" in client.get(f"{here}{imported.pk}/").content.decode()


def test_several_text_files_come_as_one_upload(visitor, here: str, mona: User) -> None:
    client = visitor(mona)
    texts = [("a.txt", "😊 One\r\ntwo".encode()), ("b.txt", b"Another"), ("a.txt", b"Of the same name")]
    imported = looked_at(upload(client, here, *texts))
    assert imported.preview["counts"]["documents"] == 3
    with zipfile.ZipFile(BytesIO(full(imported.path).read_bytes())) as archive:
        assert archive.read("a.txt") == "😊 One\r\ntwo".encode()


def test_several_files_of_another_kind_are_refused(visitor, here: str, mona: User) -> None:
    given = [SimpleUploadedFile("a.csv", b"text\nx"), SimpleUploadedFile("b.csv", b"text\ny")]
    answer = visitor(mona).post(here, {"file": given, "format": "csv"})
    assert answer.status_code == 400
    assert "Only text files can come several at once" in answer.content.decode()


def test_a_guessed_encoding_waits_for_a_yes(visitor, here: str, mona: User) -> None:
    client = visitor(mona)
    text = "L’été dernier, à Besançon, un garçon très élégant a déjà dîné. " * 20
    imported = looked_at(upload(client, here, ("old.txt", text.encode("cp1252"))))
    name = imported.preview["encoding"]["name"]
    page = client.get(f"{here}{imported.pk}/").content.decode()
    assert f"Yes, it is {name}" in page
    assert client.post(f"{here}{imported.pk}/application/").status_code == 409
    client.post(f"{here}{imported.pk}/application/", {"encoding": name})
    imported.refresh_from_db()
    assert imported.state == "applying"


def test_it_is_looked_at_again_with_another_encoding_and_column(visitor, here: str, mona: User) -> None:
    client = visitor(mona)
    content = "nr;text;note\n1;Erster;Größe\n".encode("cp1252")
    imported = looked_at(upload(client, here, ("t.csv", content)))
    given = {"encoding": "cp1252", "separator": ";", "text": "note"}
    client.post(f"{here}{imported.pk}/preview/", given)
    imported.refresh_from_db()
    assert looked_at(imported).preview["rows"][0]["text"] == "Größe"


def test_a_file_that_cannot_be_read_says_why(visitor, here: str, mona: User) -> None:
    client = visitor(mona)
    imported = looked_at(upload(client, here, ("broken.zip", b"PK\x03\x04 no archive"), kind="zip"))
    page = client.get(f"{here}{imported.pk}/").content.decode()
    assert "It failed:" in page
    assert "Discard the file" in page


def test_a_discarded_file_is_gone(visitor, here: str, mona: User) -> None:
    client = visitor(mona)
    imported = looked_at(upload(client, here, ("a.txt", b"Text")))
    client.post(f"{here}{imported.pk}/removal/")
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    "given", [{}, {"format": "text"}, {"file": SimpleUploadedFile("x.bin", b"\0"), "format": "auto"}]
)
def test_what_is_no_file_is_said(given: dict[str, object], visitor, here: str, mona: User) -> None:
    answer = visitor(mona).post(here, given)
    assert answer.status_code == 400
    assert not Import.objects.exists()


@override_settings(UPLOAD_LIMIT=10, JSON_BODY_LIMIT=10)
def test_a_body_that_is_too_large_is_refused_before_it_is_read(visitor, here: str, mona: User) -> None:
    answer = visitor(mona).post(here, {"file": SimpleUploadedFile("a.txt", b"x" * 1000), "format": "text"})
    assert answer.status_code == 413


def test_an_upload_wants_the_forms_token(visitor, here: str, mona: User) -> None:
    answer = visitor(mona, checks=True).post(
        here, {"file": SimpleUploadedFile("a.txt", b"x"), "format": "text"}
    )
    assert answer.status_code == 403
    assert not Import.objects.exists()


def test_hostile_names_and_texts_are_only_text(visitor, here: str, mona: User) -> None:
    client = visitor(mona)
    bold, column = "<b onmouseover=x>", HOSTILE.replace('"', '""')
    rows = f'id,title,text,"{column}"\n"{bold}","{bold}","{bold}",x\n'
    imported = looked_at(upload(client, here, (f"{bold}.csv", rows.encode())))
    for where in (here, f"{here}{imported.pk}/"):
        page = client.get(where).content.decode()
        assert "<b onmouseover" not in page
        assert "<script>alert" not in page


def test_a_file_of_another_project_is_not_there(visitor, here: str, mona: User) -> None:
    from annotator.projects import studies

    client = visitor(mona)
    imported = upload(client, here, ("a.txt", b"Text"))
    studies.create(actor=mona, slug="other", name="Other")
    for method, where in (("get", ""), ("post", "application/"), ("post", "preview/"), ("post", "removal/")):
        assert getattr(client, method)(f"/projects/other/imports/{imported.pk}/{where}").status_code == 404


@pytest.mark.parametrize("imports", [1, 30])
def test_the_list_takes_few_queries(imports: int, visitor, at_most, here: str, mona: User) -> None:
    client = visitor(mona)
    for number in range(imports):
        upload(client, here, (f"{number}.txt", b"Text"))
    with at_most(8):
        assert client.get(here).content.decode().count(".txt</a>") == imports


def test_a_name_in_the_file_is_mapped_to_a_member(visitor, here: str, mona: User) -> None:
    client = visitor(mona)
    record = b'{"id":"d1","text":"A text.","sets":[{"annotator":"A1","kind":"imported","state":"submitted","spans":[]}]}\n'
    imported = looked_at(upload(client, here, ("records.jsonl", record)))
    assert [each["alias"] for each in imported.preview["annotators"]] == ["A1-2"]
    client.post(f"{here}{imported.pk}/preview/", {"map-0": "A2"})
    imported.refresh_from_db()
    assert [each["alias"] for each in looked_at(imported).preview["annotators"]] == ["A2"]


def test_who_takes_part_sees_no_import_of_another(
    visitor, here: str, project: Project, mona: User, sam: User
) -> None:
    members.add(project, actor=mona, alias="M2", role="manager", username="sam")
    theirs = upload(visitor(sam), here, ("theirs.txt", b"One text"))
    own = upload(visitor(mona), here, ("own.txt", b"Another text"))
    assert "theirs.txt" in visitor(mona).get(here).content.decode()
    Membership.objects.filter(project=project, user=mona).update(takes_part=True)
    page = visitor(mona).get(here).content.decode()
    assert "own.txt" in page
    assert "theirs.txt" not in page
    assert visitor(mona).get(f"{here}{theirs.pk}/").status_code == 404
    assert visitor(mona).get(f"{here}{own.pk}/").status_code == 200
