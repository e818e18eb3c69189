"""Published readings go in through the API, reader by reader, and the job's report has the published figures."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet
from annotator.history.models import Event
from annotator.jobs import running
from annotator.projects import members, studies
from annotator.projects.models import Project
from annotator.reports.models import AgreementReport
from tests.api.refusals import check_refused, nothing_stored
from tests.jobs.hands import finish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
FIXTURES = Path(__file__).parents[2] / "fixtures" / "agreement"
PASSWORD = "a long enough password for a test"


def records(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FIXTURES / name).read_text(encoding="utf-8").split("\n") if line]


def study(mona: User, readers: list[str], labels: list[dict[str, str]], targets: list[str]) -> Project:
    """A study with these people, each with a password, and this scheme."""
    project = studies.create(actor=mona, slug="study", name="Study", readers_per_document=len(readers))
    for label in labels:
        studies.put_label(project, label, actor=mona)
    for target in targets:
        studies.put_target(project, {"slug": target, "name": target}, actor=mona)
    for reader in readers:
        User.objects.create_user(reader, password=PASSWORD)
        members.add(project, actor=mona, alias=reader, role="annotator", username=reader)
    return project


class Reader:
    """A script that labels what it is given, with a token of its own."""

    def __init__(self, name: str) -> None:
        self.name, self.client = name, APIClient()
        body = {"username": name, "password": PASSWORD, "name": "script"}
        key = self.client.post("/api/v1/tokens/", body).json()["token"]
        self.client.credentials(HTTP_AUTHORIZATION=f"Token {key}")

    def read(self, readings: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Claims, labels and submits until nothing is left; gives what the API shows of each set, by document."""
        shown = {}
        while (given := self.client.post("/api/v1/projects/study/assignments/")).status_code != 204:
            assert given.status_code == 201
            url = f"/api/v1/projects/study/sets/{given.json()['set']}/"
            document = self.client.get(url).json()["document"]["external_id"]
            if document in readings:
                self.label(url, readings[document])
            assert self.client.put(f"{url}submission/").status_code == 200
            shown[document] = self.client.get(url).json()
        return shown

    def label(self, url: str, reading: dict[str, Any]) -> None:
        for span in reading["spans"]:
            body = {key: value for key, value in span.items() if key not in ("version", "guideline")}
            answer = self.client.put(f"{url}spans/{span['id']}/", body)
            assert answer.status_code == 201, answer.content
        for relation in reading["relations"]:
            body = {key: value for key, value in relation.items() if key not in ("version", "guideline")}
            answer = self.client.put(f"{url}relations/{relation['id']}/", body)
            assert answer.status_code == 201, answer.content


def with_uuids(reading: dict[str, Any]) -> dict[str, Any]:
    """The reading with UUIDs for its ids, as the API wants them."""
    names = uuid.uuid5(uuid.NAMESPACE_URL, str(reading["id"]))

    def new(name: str) -> str:
        return str(uuid.uuid5(names, name))

    spans = [{**span, "id": new(span["id"])} for span in reading["spans"]]
    relations = [
        {
            **relation,
            "id": new(relation["id"]),
            "from": {"span": new(relation["from"]["span"])},
            "to": {kind: new(end) for kind, end in relation["to"].items()},
        }
        for relation in reading["relations"]
    ]
    return {**reading, "spans": spans, "relations": relations}


def compute(client: Any, **body: Any) -> dict[str, Any]:
    asked = client.post("/api/v1/projects/study/agreement/", body)
    assert asked.status_code == 202, asked.content
    check_refused(client.get(f"/api/v1/projects/study/agreement/{asked.json()['id']}/"), 409, "not_ready")
    job = finish(asked.json()["job"]["id"])
    assert job.result == {"report": asked.json()["id"]}
    report: dict[str, Any] = client.get(f"/api/v1/projects/study/agreement/{asked.json()['id']}/").json()
    return report


def figure(report: dict[str, Any], name: str, label: str | None = None) -> dict[str, Any]:
    """The figure of everybody: not of one pair, not without somebody."""
    wanted = {"name": name, "label": label, "pair": None, "without": None}
    [found] = [each for each in report["figures"] if each.items() >= wanted.items()]
    return found


@pytest.mark.parametrize("layer", ["stance", "role"])
def test_the_papers_example_comes_out_of_the_job(api: Any, mona: User, layer: str) -> None:
    """Krippendorff, Mathet, Bouvry & Widlöcher 2016, "Alex, Paul, Suzan": u .510, |u .413, cu .724."""
    [paper] = records("paper.jsonl")
    assert len(paper["text"]) == 60
    labels = [{"kind": layer, "slug": str(at), "name": str(at)} for at in range(1, 8)]
    study(mona, ["Alex", "Paul", "Suzan"], labels, ["matter"])
    client = api(mona)
    document = {key: paper[key] for key in ("text", "title", "language")} | {"external_id": paper["id"]}
    assert client.post("/api/v1/projects/study/documents/", document).status_code == 201
    other = {"stance": "role", "role": "stance"}[layer]
    for given in paper["sets"]:
        given["spans"] = [{**span, other: None} for span in given["spans"]]
        Reader(given["annotator"]).read({paper["id"]: with_uuids(given)})
    report = compute(client, layer=layer)
    assert (report["layer"], report["documents"], report["sets"]) == (layer, 1, 3)
    assert report["annotators"] == ["Alex", "Paul", "Suzan"]
    assert report["labels"] == [str(at) for at in range(1, 8)]
    for name, value in {"u_alpha": 0.510, "bar_u_alpha": 0.413, "cu_alpha": 0.724}.items():
        assert figure(report, name)["value"] == pytest.approx(value, abs=0.0005), name
        assert figure(report, name)["interval"] is None, "one document cannot be resampled"
    for label, value in {"1": 1, "2": 0, "3": 0, "4": 0, "5": 1, "6": 1}.items():
        assert figure(report, "ku_alpha", label)["value"] == pytest.approx(value, abs=1e-9)
    seventh = figure(report, "ku_alpha", "7")
    assert (seventh["value"], seventh["reason"]) == (None, "no_coverage")


def test_the_reviews_go_in_reader_by_reader_and_give_the_published_figure(api: Any, mona: User) -> None:
    """fixtures/agreement/mdpi.jsonl: u_alpha .812947 for the layer of roles, by independent libraries."""
    scheme = json.loads((FIXTURES / "mdpi_scheme.json").read_text(encoding="utf-8"))
    labels = [
        {key: label[key] or "" for key in ("kind", "group", "slug", "name")} for label in scheme["labels"]
    ]
    readers = ["annotator_1", "annotator_2"]
    study(mona, readers, labels, [])
    given = records("mdpi.jsonl")
    documents = [
        {"external_id": each["id"], **{key: each[key] for key in ("text", "title", "language", "meta")}}
        for each in given
    ]
    alone = {"external_id": "alone", "text": "A text that one reads."}
    client = api(mona)
    assert client.post("/api/v1/projects/study/documents/", [*documents, alone]).status_code == 201
    put_in: dict[str, dict[str, dict[str, Any]]] = {reader: {} for reader in readers}
    for each in given:
        for one in each["sets"]:
            put_in[one["annotator"]][each["id"]] = with_uuids(one)
    for reader in readers:
        shown = Reader(reader).read(put_in[reader])
        for document, reading in put_in[reader].items():
            assert same_marks(shown[document]) == same_marks(reading)
            text = shown[document]["document"]["text"]
            for span in shown[document]["spans"]:
                assert span["quote"] == " ".join(text[start:end] for start, end in span["fragments"])
    AnnotationSet.objects.get(document__external_id="alone", membership__alias="annotator_2").delete()

    report = compute(client, layer="role", resamples=200)
    assert figure(report, "u_alpha")["value"] == pytest.approx(0.812947, abs=5e-7)
    expected = json.loads((FIXTURES / "expected.json").read_text(encoding="utf-8"))["mdpi"]["pooled"]
    for name in ("bar_u_alpha", "cu_alpha", "span_f1_exact"):
        assert figure(report, name)["value"] == pytest.approx(expected[name], abs=1e-6)
        assert figure(report, name)["interval"]["resamples"] == 200
    assert (report["documents"], report["sets"], report["annotators"]) == (4, 8, readers)
    left_out = {each["reason"]: (each["count"], each["ids"]) for each in report["left_out"]}
    assert [ids for count, ids in left_out.values() if ids and "alone" in str(ids)], left_out
    assert report["through_event"] <= Event.objects.latest("id").pk
    for each in report["figures"]:
        assert (each["value"] is None) != (each["reason"] is None), each
        assert each["method"], each
    assert AgreementReport.objects.get().inputs_sha256


def same_marks(reading: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """What a reading says, without what the server counts."""
    spans, relations = (
        sorted(
            (
                {key: value for key, value in mark.items() if key not in ("version", "guideline")}
                for mark in reading[kind]
            ),
            key=lambda mark: str(mark["id"]),
        )
        for kind in ("spans", "relations")
    )
    return spans, relations


def test_a_study_in_which_nobody_has_finished_gives_reasons(api: Any, mona: User, subtests: Any) -> None:
    labels = [{"kind": kind, "slug": kind, "name": kind} for kind in ("stance", "role", "relation")]
    labels.append({"kind": "document", "group": "genre", "slug": "news", "name": "News"})
    study(mona, ["Alex", "Paul"], labels, ["matter"])
    client = api(mona)
    for documents in (0, 1):
        if documents:
            assert (
                client.post(
                    "/api/v1/projects/study/documents/", {"external_id": "d", "text": "A."}
                ).status_code
                == 201
            )
        for layer in ("stance", "role", "document", "relation"):
            for resamples in (0, 50):
                with subtests.test(f"{documents} documents, {layer}, {resamples}"):
                    report = compute(client, layer=layer, resamples=resamples)
                    assert (report["documents"], report["sets"]) == (0, 0)
                    assert all(each["value"] is None and each["reason"] for each in report["figures"])


def test_empty_readings_agree_on_nothing_and_count(api: Any, mona: User) -> None:
    study(mona, ["Alex", "Paul"], [{"kind": "role", "slug": "claim", "name": "Claim"}], [])
    client = api(mona)
    client.post(
        "/api/v1/projects/study/documents/", [{"external_id": str(at), "text": "A text."} for at in range(3)]
    )
    for reader in ("Alex", "Paul"):
        assert len(Reader(reader).read({})) == 3
    report = compute(client, layer="role")
    assert (report["documents"], report["sets"]) == (3, 6)


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"layer": "tone"}, "layer"),
        ({"layer": None}, "layer"),
        ({"layer": ["role"]}, "layer"),
        ({"target": "zoning"}, "target"),
        ({"sets": "mine"}, "sets"),
        ({"sets": None}, "sets"),
        ({"resamples": -1}, "resamples"),
        ({"resamples": 10_001}, "resamples"),
        ({"resamples": "10"}, "resamples"),
        ({"resamples": 1.5}, "resamples"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**64}, "seed"),
        ({"annotators": ["Nobody"]}, "annotators.0"),
    ],
)
def test_a_report_that_cannot_be_is_refused(api: Any, mona: User, body: dict[str, Any], attr: str) -> None:
    study(mona, ["Alex"], [{"kind": "stance", "slug": "pro", "name": "Pro"}], ["matter"])
    with nothing_stored():
        check_refused(api(mona).post("/api/v1/projects/study/agreement/", body), 400, attr=attr)


def test_several_targets_want_one_named(api: Any, mona: User) -> None:
    study(mona, ["Alex"], [{"kind": "stance", "slug": "pro", "name": "Pro"}], ["schools", "parks"])
    with nothing_stored():
        answer = api(mona).post("/api/v1/projects/study/agreement/", {"layer": "stance"})
    check_refused(answer, 400, "several_targets", attr="target")
    assert compute(api(mona), layer="stance", target="parks")["target"] == "parks"


def test_the_same_readings_and_seed_give_the_same_report(api: Any, mona: User) -> None:
    study(mona, ["Alex", "Paul"], [{"kind": "role", "slug": "claim", "name": "Claim"}], [])
    client = api(mona)
    client.post(
        "/api/v1/projects/study/documents/", [{"external_id": str(at), "text": "A text."} for at in range(4)]
    )
    for at, reader in enumerate(("Alex", "Paul")):
        span = {"id": str(uuid.uuid4()), "start": at, "end": 5, "role": "claim"}
        Reader(reader).read(
            {"1": {"spans": [span], "relations": []}, "2": {"spans": [span], "relations": []}}
        )
    one, two = (compute(client, layer="role", resamples=50, seed=7) for _ in range(2))
    for report in (one, two):
        del report["id"], report["through_event"]
    assert one == two
    first, second = AgreementReport.objects.values_list("inputs_sha256", flat=True)
    assert first == second


def test_a_second_delivery_leaves_the_report_as_it_is(api: Any, mona: User) -> None:
    study(mona, ["Alex"], [{"kind": "role", "slug": "claim", "name": "Claim"}], [])
    compute(api(mona), layer="role")
    report = AgreementReport.objects.get()
    with nothing_stored():
        running.run(report.job_id)
