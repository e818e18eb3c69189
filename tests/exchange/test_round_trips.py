"""What is exported goes in again and is the same; what is in a file comes out as it went in."""

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, Relation, Span
from annotator.exchange.demo import load_demo
from annotator.projects import studies
from annotator.projects.models import Holder, Label, Membership, Project
from tests.exchange.conftest import (
    AGREEMENT,
    DEMO,
    applied,
    documents_of,
    exported,
    previewed,
    taken,
    without_ids,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(db: None) -> Project:
    return load_demo()[0]


@pytest.fixture
def ines(demo: Project) -> User:
    return User.objects.get(username="ines")


@pytest.fixture
def empty(mona: User) -> Project:
    """A study with no scheme, whose only member is Mona."""
    return studies.create(actor=mona, slug="empty", name="Empty")


def test_a_bundle_gives_an_empty_study_the_same_documents_sets_and_scheme(
    demo: Project, ines: User, empty: Project, mona: User
) -> None:
    result, bundle = exported(demo, ines, format="bundle", sets="all")
    assert (result["documents"], result["sets"], result["spans"], result["relations"]) == (17, 42, 657, 299)
    imported = previewed(empty, mona, "bundle.zip", bundle, add_labels=True)
    assert imported.format == "neutral"
    found = applied(imported, mona)
    assert not found["counts"].get("not_taken")
    assert found["counts"]["sets"] == 42
    _, other = exported(empty, mona, format="bundle", sets="all")
    assert without_ids(documents_in(bundle)) == without_ids(documents_in(other))
    before, after = scheme_in(bundle), scheme_in(other)
    for part in ("labels", "targets", "holders", "guidelines", "memberships"):
        assert before[part] == after[part], part


def documents_in(bundle: bytes) -> list[dict[str, Any]]:
    return documents_of(member(bundle, "documents.jsonl"))


def scheme_in(bundle: bytes) -> dict[str, Any]:
    return dict(json.loads(member(bundle, "scheme.json")))


def member(bundle: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return archive.read(name)


def test_the_same_snapshot_gives_the_same_bytes(demo: Project, ines: User) -> None:
    for chosen in ("bundle", "jsonl", "csv"):
        first, one = exported(demo, ines, format=chosen, sets="all")
        second, other = exported(demo, ines, format=chosen, sets="all")
        assert one == other
        assert first["sha256"] == second["sha256"] == hashlib.sha256(one).hexdigest()
        assert first["bytes"] == len(one)


def test_a_manifest_holds_the_digests_of_its_files(demo: Project, ines: User) -> None:
    _, bundle = exported(demo, ines, format="bundle", sets="all")
    manifest = json.loads(member(bundle, "manifest.json"))
    for name, told in manifest["files"].items():
        data = member(bundle, name)
        assert told == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    assert manifest["counts"] == {"documents": 17, "sets": 42, "spans": 657, "relations": 299}


def test_the_demo_comes_out_as_its_files_say(demo: Project, ines: User) -> None:
    _, data = exported(demo, ines, format="jsonl", sets="all")
    written = documents_of((DEMO / "documents.jsonl").read_bytes())
    assert by_id(data) == {document["id"]: comparable(document) for document in written}


def by_id(data: bytes) -> dict[str, Any]:
    return {document["id"]: comparable(document) for document in documents_of(data)}


def comparable(document: dict[str, Any]) -> dict[str, Any]:
    """The record with its spans and relations by id: their order in a file means nothing."""
    sets = []
    for one in document["sets"]:
        marks = {
            part: {mark["id"]: mark for mark in one[part]} for part in ("spans", "relations", "comments")
        }
        sets.append({**one, **marks, "id": None})
    return {**document, "sets": sets}


def test_argument_spans_and_attacks_of_open_reviews_come_out_as_they_went_in(
    empty: Project, mona: User
) -> None:
    for label in json.loads((AGREEMENT / "mdpi_scheme.json").read_text())["labels"]:
        studies.put_label(empty, {**label, "group": ""}, actor=mona)
    data = (AGREEMENT / "mdpi.jsonl").read_bytes()
    found = taken(empty, mona, "mdpi.jsonl", data)
    assert found["counts"]["sets"] == 8
    assert "not_taken" not in found["counts"]
    _, out = exported(empty, mona, format="jsonl", sets="all")
    assert simple(documents_of(out)) == simple(documents_of(data))


def simple(documents: list[dict[str, Any]]) -> Any:
    """What is said of each text, by its words: ids may differ."""
    found = {}
    for document in documents:
        for one in document["sets"]:
            spans = {span["id"]: said(span) for span in one["spans"]}
            for fragments, quote, _ in spans.values():
                assert " ".join(document["text"][start:end] for start, end in fragments) == quote
            relations = sorted(
                (relation["label"], spans[relation["from"]["span"]], spans[relation["to"]["span"]])
                for relation in one["relations"]
            )
            found[document["id"], one["annotator"]] = (sorted(spans.values()), relations)
    return found


def said(span: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(map(tuple, span["fragments"])), span["quote"], span["role"]


def test_importing_an_export_again_changes_nothing(
    empty: Project, mona: User, demo: Project, ines: User
) -> None:
    _, bundle = exported(demo, ines, format="bundle", sets="all")
    taken(empty, mona, "bundle.zip", bundle, add_labels=True)
    before = [model.objects.count() for model in (AnnotationSet, Span, Relation, Membership, Label, Holder)]
    again = taken(empty, mona, "bundle.zip", bundle, add_labels=True)
    assert again["counts"]["documents_there"] == 17
    assert again["counts"]["sets_there"] == 42
    assert not again["counts"].get("not_taken")
    assert before == [
        model.objects.count() for model in (AnnotationSet, Span, Relation, Membership, Label, Holder)
    ]
