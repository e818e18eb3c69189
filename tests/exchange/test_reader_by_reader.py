"""What two readers put in through the API comes out of an export as they put it in, mark by mark."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from annotator.accounts.models import User
from annotator.jobs import running
from annotator.projects import members, studies
from annotator.projects.models import Project
from tests.exchange.conftest import AGREEMENT, documents_of

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/projects/reviews"
HOLDERS = ["author", "reviewer"]
Api = Callable[..., APIClient]


@pytest.fixture
def reviews(mona: User, ada: User, ben: User) -> Project:
    """A study of open reviews that Ada and Ben read, under the names the file gives its annotators."""
    made = studies.create(actor=mona, slug="reviews", name="Reviews", readers_per_document=2)
    for label in json.loads((AGREEMENT / "mdpi_scheme.json").read_text(encoding="utf-8"))["labels"]:
        studies.put_label(made, {**label, "group": ""}, actor=mona)
    for user, alias in ((ada, "annotator_1"), (ben, "annotator_2")):
        members.add(made, actor=mona, alias=alias, role="annotator", username=user.username)
    return made


def test_what_readers_put_in_comes_out_of_an_export(
    api: Api, reviews: Project, mona: User, ada: User, ben: User
) -> None:
    given = documents_of((AGREEMENT / "mdpi.jsonl").read_bytes())
    bodies = [{"external_id": one["id"], "text": one["text"]} for one in given]
    assert api(mona).post(f"{ROOT}/documents/", bodies).status_code == 201
    put_in: dict[tuple[str, str], Any] = {}
    for user, alias in ((ada, "annotator_1"), (ben, "annotator_2")):
        readings = {
            document["id"]: drafted(document["text"], one)
            for document in given
            for one in document["sets"]
            if one["annotator"] == alias
        }
        read_all(api(user), readings)
        put_in |= {(document, alias): reading for document, reading in readings.items()}
    came_out = {
        (document["id"], one["annotator"]): said(one["spans"], one["relations"])
        for document in export(api(mona))
        for one in document["sets"]
    }
    assert came_out == {key: said(*marks) for key, marks in put_in.items()}
    spans = [span for found, _ in came_out.values() for span in found.values()]
    assert (len(spans), sum(len(found) for _, found in came_out.values())) == (163, 81)
    assert {len(span["fragments"]) for span in spans} == {1, 2}
    assert {span["holder"] for span in spans} == {None, *HOLDERS}


def drafted(text: str, reading: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The reading's marks as its annotator puts them, some in two fragments, with a holder, with a note."""
    names = uuid.uuid5(uuid.NAMESPACE_URL, f"{reading['annotator']} {text}")

    def new(name: str) -> str:
        return str(uuid.uuid5(names, name))

    spans = []
    for number, span in enumerate(reading["spans"]):
        fragments = in_two(span["fragments"]) if number % 3 == 0 else span["fragments"]
        spans.append(
            {
                "id": new(span["id"]),
                "fragments": fragments,
                "quote": " ".join(text[start:end] for start, end in fragments),
                "role": span["role"],
                "holder": [None, *HOLDERS][number % 3],
                "note": f"😊 note {number}" if number % 2 else "",
            }
        )
    relations = [
        {
            "id": new(one["id"]),
            "label": one["label"],
            "from": {"span": new(one["from"]["span"])},
            "to": {"span": new(one["to"]["span"])},
        }
        for one in reading["relations"]
    ]
    return spans, relations


def in_two(fragments: list[list[int]]) -> list[list[int]]:
    """The span without the character in its middle."""
    [[start, end]] = fragments
    middle = (start + end) // 2
    return [[start, middle], [middle + 1, end]] if end - start > 4 else fragments


def read_all(client: APIClient, readings: dict[str, Any]) -> None:
    """Claims, marks and submits until nothing is left."""
    for slug in HOLDERS:
        assert client.post(f"{ROOT}/holders/", {"slug": slug, "name": slug.title()}).status_code in (200, 201)
    for _ in readings:
        claimed = client.post(f"{ROOT}/assignments/")
        assert claimed.status_code == 201, claimed.content
        where = f"{ROOT}/sets/{claimed.json()['set']}"
        spans, relations = readings[client.get(f"{where}/").json()["document"]["external_id"]]
        for kind, marks in (("spans", spans), ("relations", relations)):
            for mark in marks:
                answer = client.put(f"{where}/{kind}/{mark['id']}/", mark)
                assert answer.status_code == 201, answer.content
        assert client.put(f"{where}/submission/").status_code == 200
    assert client.post(f"{ROOT}/assignments/").status_code == 204


def export(client: APIClient) -> list[dict[str, Any]]:
    asked = client.post(f"{ROOT}/exports/", {"format": "jsonl", "sets": "submitted"})
    assert asked.status_code == 202
    key = asked.json()["job"]["id"]
    running.run(key)
    return documents_of(b"".join(client.get(f"{ROOT}/jobs/{key}/file/").streaming_content))


def said(
    spans: list[dict[str, Any]], relations: list[dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is said, by the id of each mark."""
    span_parts, relation_parts = ("fragments", "quote", "role", "holder", "note"), ("label", "from", "to")
    return (
        {one["id"]: {part: one[part] for part in span_parts} for one in spans},
        {one["id"]: {part: one[part] for part in relation_parts} for one in relations},
    )
