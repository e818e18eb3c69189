"""Running imports and exports to their end, here and now."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from annotator.accounts.models import User
from annotator.exchange import exports, imports
from annotator.exchange.models import Import
from annotator.exchange.uploads import full
from annotator.jobs import running
from annotator.jobs.models import Job
from annotator.projects.models import Project

DEMO = Path(__file__).resolve().parents[2] / "fixtures" / "demo"
AGREEMENT = DEMO.parent / "agreement"


class Sent(io.BytesIO):
    """A file as a browser sends it."""

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(data)
        self.name = name

    def chunks(self) -> Iterator[bytes]:
        while piece := self.read(1 << 16):
            yield piece


@pytest.fixture(autouse=True)
def files(settings: LazySettings, tmp_path: Path) -> Path:
    settings.FILES = tmp_path / "files"
    return Path(settings.FILES)


def done(job: Job | None) -> Job:
    """The job, run to its end; it must have succeeded."""
    assert job is not None
    running.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job


def previewed(
    project: Project, actor: User, name: str, data: bytes, kind: str = "auto", **options: Any
) -> Import:
    imported = imports.request(project, Sent(name, data), kind, options, actor=actor)
    done(imported.preview_job)
    imported.refresh_from_db()
    return imported


def applied(imported: Import, actor: User, **given: Any) -> dict[str, Any]:
    """The result of applying what was previewed."""
    job = done(imports.apply(imported, actor=actor, **given).application_job)
    imported.refresh_from_db()
    return dict(job.result or {})


def taken(
    project: Project, actor: User, name: str, data: bytes, kind: str = "auto", **options: Any
) -> dict[str, Any]:
    return applied(previewed(project, actor, name, data, kind, **options), actor)


def exported(project: Project, actor: User, **given: Any) -> tuple[dict[str, Any], bytes]:
    """The result of an export and the bytes of its file."""
    job = done(exports.request(project, given, actor=actor))
    return dict(job.result or {}), full(job.file).read_bytes()


def documents_of(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.split(b"\n") if line]


def without_ids(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records without what is this database's own: the numbers of sets."""
    return [{**document, "sets": [{**one, "id": None} for one in document["sets"]]} for document in documents]


Record = Callable[..., dict[str, Any]]


@pytest.fixture
def record() -> Record:
    """A neutral record of one document with one reading."""

    def made(**fields: Any) -> dict[str, Any]:
        text = "😊 Cities are safer. Data show it."
        claim, premise = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
        reading = {
            "annotator": "Z1",
            "kind": "imported",
            "round": 1,
            "state": "submitted",
            "submitted_at": "2026-03-05T11:44:48+00:00",
            "active_seconds": 60,
            "spans": [
                span(claim, [[2, 19]], "Cities are safer.", stance="pro-sanctuary", role="claim"),
                span(premise, [[20, 33]], "Data show it.", role="premise"),
            ],
            "relations": [
                {
                    "id": "33333333-3333-4333-8333-333333333333",
                    "label": "supports",
                    "from": {"span": premise},
                    "to": {"span": claim},
                }
            ],
            "document_labels": {"genre": "news"},
            "comments": [],
        }
        reading |= fields.pop("reading", {})
        return {
            "id": "z",
            "title": "",
            "text": text,
            "language": "en",
            "meta": {},
            "sets": [reading],
            **fields,
        }

    return made


def span(key: str, fragments: list[list[int]], quote: str, **fields: Any) -> dict[str, Any]:
    return {"id": key, "fragments": fragments, "quote": quote, **fields}


def lines(*documents: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(document).encode() + b"\n" for document in documents)
