"""`python -m annotator.agreement` on an export says what the job says, figure by figure, in every layer."""

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.accounts.models import User
from annotator.agreement.__main__ import main
from annotator.annotations.models import AnnotationSet, Span
from annotator.exchange import exports
from annotator.exchange.demo import load_demo
from annotator.exchange.uploads import full
from annotator.projects import studies
from annotator.projects.models import Membership, Project
from annotator.reports import agreement
from annotator.reports.models import AgreementReport
from tests.jobs.hands import finish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
DOCUMENTS = 8


@pytest.fixture
def study() -> Membership:
    """The demonstration study as its manager sees it; of one reading a mark was made under the next guideline."""
    project, _ = load_demo()
    manager = Membership.objects.select_related("project", "user").get(project=project, role="manager")
    assert manager.user is not None
    studies.write_guideline(project, "Another wording.", actor=manager.user)
    one = AnnotationSet.objects.filter(project=project, state="submitted", membership__alias="A2").first()
    assert one is not None
    changed = Span.objects.filter(set=one, deleted_at=None).first()
    assert changed is not None
    Span.objects.filter(pk=changed.pk).update(guideline=2)
    return manager


def exported(project: Project, actor: User) -> Path:
    job = exports.request(project, {"format": "bundle", "sets": "all"}, actor=actor)
    return full(finish(job.pk).file)


def narrowed(project: Project) -> tuple[dict[str, Any], list[str]]:
    """A question that leaves out something by every rule, as the job and as the command line are asked it."""
    names = [document.external_id for document in project.documents.order_by("id")[:DOCUMENTS]]
    asked = {
        "annotators": ["A1", "A2"],
        "documents": names,
        "guidelines": [1],
        "submitted_from": "2020-01-01",
        "submitted_until": "2039-12-31",
        "resamples": 40,
        "seed": 7,
    }
    options = [
        "--annotator",
        "A1",
        "--annotator",
        "A2",
        "--guideline",
        "1",
        "--resamples",
        "40",
        "--seed",
        "7",
    ]
    options += ["--since", "2020-01-01", "--until", "2040-01-01"]
    return asked, [*options, *(word for name in names for word in ("--document", name))]


@pytest.mark.parametrize("layer", ["stance", "role", "relation", "document"])
def test_every_figure_of_the_job_is_that_of_the_command_line(
    layer: str, study: Membership, capsys: pytest.CaptureFixture[str]
) -> None:
    assert study.user is not None
    file = exported(study.project, study.user)
    some, options = narrowed(study.project)
    first = {"role": "claim", "stance": "nuanced"}.get(layer)
    labels = {"labels": [first, "premise" if layer == "role" else "anti-sanctuary"]} if first else {}
    words = [word for label in labels.get("labels", ()) for word in ("--label", str(label))]
    for asked, given in (
        ({"resamples": 40}, ["--resamples", "40"]),
        (some, options),
        ({"resamples": 0, **labels}, ["--resamples", "0", *words]),
    ):
        job = computed(study, layer=layer, **asked)
        assert main([str(file), "--layer", layer, "--json", *given]) == 0
        [printed] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        compare(printed, job)
        assert any(figure["value"] is not None for figure in job["figures"])
    reasons = {row["reason"] for row in computed(study, layer=layer, **some)["left_out"]}
    assert {"annotator_not_asked", "document_not_asked", "other_guideline"} <= reasons


def computed(study: Membership, **asked: Any) -> dict[str, Any]:
    assert study.user is not None
    report = agreement.request(study, asked, actor=study.user)
    finish(report.job_id)
    return dict(AgreementReport.objects.get(pk=report.pk).result or {})


def compare(printed: dict[str, Any], job: dict[str, Any]) -> None:
    """All that both say; only a database knows the report's number and the last event."""
    assert {key: value for key, value in job.items() if key not in ("id", "through_event", "figures")} == {
        key: value for key, value in printed.items() if key != "figures"
    }
    assert len(printed["figures"]) == len(job["figures"])
    for ours, theirs in zip(job["figures"], printed["figures"], strict=True):
        assert ours == theirs
