"""/projects/{p}/imports/ and one import, with its jobs run by hand."""

import json
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from annotator.accounts.models import User
from annotator.documents.models import Document
from annotator.exchange.models import Import
from annotator.exchange.uploads import full
from annotator.formats import jsonl
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


def test_an_empty_file_among_others_is_named_and_the_others_can_go_on_without_it(
    visitor, here: str, mona: User
) -> None:
    client = visitor(mona)
    imported = looked_at(upload(client, here, ("a.txt", b"A text"), ("minutes of may.txt", b"")))
    page = client.get(f"{here}{imported.pk}/").content.decode()
    assert "minutes of may.txt: The file is empty." in page
    assert "Take it over without what is named above" in page
    assert not Document.objects.exists()
    client.post(f"{here}{imported.pk}/application/")
    imported.refresh_from_db()
    assert imported.application_job_id is not None
    running.run(imported.application_job_id)
    assert list(Document.objects.values_list("external_id", flat=True)) == ["a.txt"]


@pytest.mark.parametrize("names", [["empty.txt"], ["empty.txt", "void.txt"]])
def test_files_with_nothing_in_them_are_refused_by_name(
    names: list[str], visitor, here: str, mona: User
) -> None:
    given = [SimpleUploadedFile(name, b"") for name in names]
    answer = visitor(mona).post(here, {"file": given, "format": "auto"})
    assert answer.status_code == 400
    assert f"There is nothing in {', '.join(names)}." in answer.content.decode()
    assert not Import.objects.exists()


@pytest.mark.parametrize("kind", ["auto", "zip", "text", "csv"])
def test_a_sheet_is_refused_with_what_to_do(kind: str, visitor, here: str, mona: User) -> None:
    sheet = BytesIO()
    with zipfile.ZipFile(sheet, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    given = {"file": SimpleUploadedFile("study.xlsx", sheet.getvalue()), "format": kind}
    answer = visitor(mona).post(here, given)
    assert answer.status_code == 400
    assert "This is an Excel sheet. Save it as CSV (UTF-8) and upload that." in answer.content.decode()
    assert not Import.objects.exists()


def test_annotations_of_another_tool_are_counted_before_the_question(visitor, here: str, mona: User) -> None:
    client = visitor(mona)
    data = b'{"text": "Cities are safer.", "label": [[0, 6, "claim"], [11, 16, "premise"]]}\n'
    imported = looked_at(upload(client, here, ("all.jsonl", data)))
    page = client.get(f"{here}{imported.pk}/").content.decode()
    assert "2 spans" in page
    assert "doccano" in page
    assert page.index("Annotations of another tool") < page.index("Take it over")
    assert imported.preview["counts"]["foreign_kept"] == 2
    client.post(f"{here}{imported.pk}/application/")
    imported.refresh_from_db()
    assert imported.application_job_id is not None
    running.run(imported.application_job_id)
    assert Document.objects.get().meta == {"label": [[0, 6, "claim"], [11, 16, "premise"]]}


def test_a_file_of_annotations_is_refused_with_their_number(visitor, here: str, mona: User) -> None:
    data = b"T1\tClaim 0 6\tCities\nT2\tPremise 11 16\tsafer\n"
    for kind in ("auto", "text"):
        given = {"file": SimpleUploadedFile("doc.ann", data), "format": kind}
        answer = visitor(mona).post(here, given)
        assert answer.status_code == 400
        assert "brat: 2 spans" in answer.content.decode()


@pytest.mark.parametrize("kind", ["auto", "text"])
@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("doc.ann", b"T1\tClaim 0 6\tCities\n" * 5_000, "brat: 5,000 spans. Its annotations are not read"),
        (
            "state.json",
            json.dumps({"instance_id_to_span_to_value": {}, "rest": "x" * 100_000}).encode(),
            "Potato: 0 spans. Its annotations are not read",
        ),
    ],
)
def test_a_long_file_of_annotations_is_refused_by_the_job_and_nobody_waits_for_it(
    name: str, data: bytes, words: str, kind: str, visitor, here: str, mona: User
) -> None:
    client = visitor(mona)
    imported = looked_at(upload(client, here, (name, data), kind=kind))
    assert imported.state == "failed"
    assert imported.preview_job is not None
    assert words in client.get(f"{here}{imported.pk}/").content.decode()


def test_a_long_object_is_taken_apart_only_where_it_may_have_readings(
    visitor, here: str, mona: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    record: dict[str, object] = {"id": "d1", "text": "word " * 20_000}
    assert upload(visitor(mona), here, ("a.json", json.dumps(record).encode())).format == "jsonl"
    record["sets"] = []
    assert upload(visitor(mona), here, ("a.json", json.dumps(record).encode())).format == "neutral"
    monkeypatch.setattr(jsonl, "objects", None)
    del record["sets"]
    assert upload(visitor(mona), here, ("b.json", json.dumps(record).encode())).format == "jsonl"


def bundled(scheme: Mapping[str, object], *annotators: str) -> bytes:
    reading = {"kind": "imported", "round": 1, "state": "open", "spans": [], "relations": []}
    sets = [{"annotator": name, **reading} for name in annotators]
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("documents.jsonl", json.dumps({"id": "d", "text": "Text", "sets": sets}))
        archive.writestr("scheme.json", json.dumps(scheme))
    return file.getvalue()


@pytest.mark.parametrize(
    ("scheme", "offer", "otherwise"),
    [
        (
            {"targets": [{"slug": "curfew", "name": "Curfew"}]},
            "Add them too, and look again",
            "What was labelled with them is not taken unless they are added.",
        ),
        (
            {"guidelines": [{"version": 1, "text": "Mark every claim."}]},
            "Add it too, and look again",
            "Without it the readings come in, and say no version of the guideline.",
        ),
    ],
)
def test_what_a_bundle_would_add_is_offered_before_it_is_taken_over(
    scheme: Mapping[str, object], offer: str, otherwise: str, visitor, here: str, project: Project, mona: User
) -> None:
    project.guidelines.all().delete()
    client = visitor(mona)
    imported = looked_at(upload(client, here, ("bundle.zip", bundled(scheme, "Z1"))))
    page = client.get(f"{here}{imported.pk}/").content.decode()
    assert otherwise in page
    assert page.index(offer) < page.index("Take it over without")
    client.post(f"{here}{imported.pk}/preview/", {"add_labels": "on"})
    imported.refresh_from_db()
    looked_at(imported)
    page = client.get(f"{here}{imported.pk}/").content.decode()
    assert "They are added when the file is taken over." in page
    assert offer not in page
    assert "Take it over</button>" in page


def test_adding_what_is_lacking_keeps_whose_readings_they_are(
    visitor, here: str, project: Project, mona: User
) -> None:
    members.add(project, actor=mona, alias="Z9", role="annotator")
    client = visitor(mona)
    scheme = {"targets": [{"slug": "curfew", "name": "Curfew"}]}
    imported = looked_at(upload(client, here, ("bundle.zip", bundled(scheme, "Z1"))))
    client.post(f"{here}{imported.pk}/preview/", {"map-0": "Z9"})
    imported.refresh_from_db()
    looked_at(imported)
    page = client.get(f"{here}{imported.pk}/").content.decode()
    assert '<input type="hidden" name="map-0" value="Z9">' in page
