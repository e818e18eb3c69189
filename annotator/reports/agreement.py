"""Requesting and computing agreement reports."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.agreement import SeveralTargets, Specification, parts_of, reduce
from annotator.annotations import reading, records
from annotator.annotations.models import AnnotationSet
from annotator.documents.models import Document
from annotator.errors import Forbidden, Invalid, NotFound
from annotator.history.events import record
from annotator.history.models import Event
from annotator.jobs import running
from annotator.jobs.attempts import Attempt
from annotator.jobs.handlers import InParts, in_parts
from annotator.jobs.models import Job
from annotator.projects import scheme as schemes
from annotator.projects.models import Membership
from annotator.projects.scheme import Scheme
from annotator.reports.models import AgreementReport

# Documents read together: few enough for memory, many enough that queries do not count.
CHUNK = 100
WHICH_SETS = {
    "submitted": ("human", "imported"),
    "all": ("human", "imported", "gold", "model"),
}


@transaction.atomic
def request(membership: Membership, given: Mapping[str, Any], *, actor: User) -> AgreementReport:
    """A new report and the job that computes it; raises Invalid for a layer or target that the project does not have."""
    if not may(membership.role, "request_agreement"):
        raise Forbidden("no_right", f"As {membership.role} you may not request agreement.")
    specification = specified(given, schemes.of(membership.project))
    job = running.request(
        membership.project, "agreement", {"specification": specification.as_dict()}, actor=actor
    )
    report = AgreementReport.objects.create(
        project=membership.project, job=job, specification=specification.as_dict(), created_by=actor
    )
    record(
        "agreement_requested", f"agreement:{report.pk}", actor_id=actor.pk, project_id=membership.project_id
    )
    return report


def specified(given: Mapping[str, Any], scheme: Scheme) -> Specification:
    """The specification as the request and the scheme give it."""
    target = given.get("target")
    if target is not None and target not in scheme.target_ids:
        raise Invalid("unknown_target", f"There is no target {target!r} in this project.", attr="target")
    kinds = WHICH_SETS.get(given.get("sets") or "submitted")
    if kinds is None:
        raise Invalid("invalid_choice", f"sets is one of {', '.join(WHICH_SETS)}.", attr="sets")
    chosen = {name: given[name] for name in ("resamples", "seed") if given.get(name) is not None}
    try:
        return Specification(
            layer=given.get("layer", "stance"), target=target, kinds=kinds, **chosen
        ).resolved(scheme_dict(scheme))
    except SeveralTargets as error:
        raise Invalid(
            "several_targets", f"Stances have several targets here: {error}.", attr="target"
        ) from None
    except ValueError as error:
        raise Invalid("invalid_choice", str(error).capitalize() + ".", attr="layer") from None


def scheme_dict(scheme: Scheme) -> dict[str, Any]:
    """What the agreement library wants to know of the scheme: labels and targets in their declared order."""
    return {
        "labels": [schemes.label_record(label) for label in scheme.labels],
        "targets": [schemes.target_record(target) for target in scheme.targets],
    }


def visible_to(membership: Membership) -> "QuerySet[AgreementReport]":
    """The reports a member may open. Who still labels sees those they asked for: these leave out what they are blind to."""
    reports = AgreementReport.objects.filter(project=membership.project_id).select_related(
        "job", "created_by"
    )
    if not may(membership.role, "see_agreement"):
        return reports.none()
    if reading.reads(membership):
        return reports.filter(created_by=membership.user_id)
    return reports


def find(membership: Membership, key: int) -> AgreementReport:
    report = visible_to(membership).filter(pk=key).first()
    if report is None:
        raise NotFound("not_found", "There is no such report.")
    return report


def plan(attempt: Attempt) -> list[dict[str, Any]]:
    """The project's documents in chunks; those that nobody read enter too, so that the report counts what it left out."""
    report = AgreementReport.objects.get(job=attempt.job)
    through = Event.objects.filter(project_id=report.project_id).aggregate(last=Max("id"))["last"]
    AgreementReport.objects.filter(pk=report.pk).update(through_event=through)
    documents = Document.objects.filter(project=report.project_id).order_by("id")
    keys = list(documents.values_list("pk", flat=True))
    return [{"documents": keys[first : first + CHUNK]} for first in range(0, len(keys), CHUNK)]


def compute_part(attempt: Attempt, parameters: dict[str, Any]) -> dict[str, Any]:
    """What these documents contribute, and which sets at which version that rests on."""
    specification = specification_of(attempt)
    membership = member_who_asked(attempt)
    scheme = schemes.of(membership.project)
    with one_moment():
        sets = candidates(membership, specification).filter(document__in=parameters["documents"])
        chosen = list(sets.select_related("membership").order_by("document_id", "id"))
        contribution = parts_of(neutral_records(parameters["documents"], chosen, scheme), specification)
    inputs = [[found.document_id, found.pk, found.version] for found in chosen]
    return {"inputs": inputs, "parts": contribution.as_dict()}


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is of one moment: a set that is submitted meanwhile is there whole or not at all."""
    with transaction.atomic():
        if connection.vendor == "postgresql" and not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def reduce_parts(attempt: Attempt, results: list[dict[str, Any]]) -> dict[str, Any]:
    """Adds the parts up to the report's figures and stores them, once."""
    report = AgreementReport.objects.select_related("project").get(job=attempt.job)
    scheme = scheme_dict(schemes.of(report.project))
    whole = reduce(
        (result["parts"] for result in results), specification=specification_of(attempt), scheme=scheme
    )
    figures = {"id": report.pk, **whole.as_dict(), "through_event": report.through_event}
    store(attempt, report, figures, digest_of(row for result in results for row in result["inputs"]))
    return {"report": report.pk}


in_parts("agreement", InParts(plan, compute_part, reduce_parts))


def specification_of(attempt: Attempt) -> Specification:
    return Specification.from_dict(AgreementReport.objects.get(job=attempt.job).specification)


def member_who_asked(attempt: Attempt) -> Membership:
    """Whose eyes the report is computed with; raises NotFound where they have left the project."""
    memberships = Membership.objects.select_related("project")
    membership = memberships.filter(project=attempt.job.project_id, user=attempt.job.created_by_id).first()
    if membership is None:
        raise NotFound("not_found", "Who asked for this report has left the project.")
    return membership


def candidates(membership: Membership, specification: Specification) -> "QuerySet[AnnotationSet]":
    """The sets of the wanted kinds and states that the one who asks may see."""
    sets = AnnotationSet.objects.visible_to(membership)
    return sets.filter(kind__in=specification.kinds, state__in=specification.states)


def neutral_records(
    documents: Sequence[int], sets: Sequence[AnnotationSet], scheme: Scheme
) -> Iterator[dict[str, Any]]:
    """The documents as neutral records with these sets: five queries a chunk."""
    found = Document.objects.in_bulk(documents)
    marks = records.gather(sets, {key: document.text for key, document in found.items()}, scheme=scheme)
    by_document: dict[int, list[dict[str, Any]]] = {}
    for one in sets:
        by_document.setdefault(one.document_id, []).append(records.set_record(one, marks[one.pk]))
    for key in documents:
        yield records.neutral_record(found[key], by_document.get(key, ()))


def digest_of(inputs: Iterable[Sequence[int]]) -> str:
    """The SHA-256 of which sets entered at which version, by document, set and version."""
    rows = sorted(tuple(row) for row in inputs)
    return hashlib.sha256("\n".join(" ".join(map(str, row)) for row in rows).encode()).hexdigest()


@transaction.atomic
def store(attempt: Attempt, report: AgreementReport, result: dict[str, Any], digest: str) -> None:
    """Stores the figures while this attempt still holds the job: a second delivery changes nothing."""
    attempt.lock()
    AgreementReport.objects.filter(pk=report.pk).update(result=result, inputs_sha256=digest)


def report_record(report: AgreementReport) -> dict[str, Any]:
    """A report for lists: what was asked and how far it is."""
    job: Job = report.job
    return {
        "id": report.pk,
        "specification": report.specification,
        "job": {"id": str(job.pk), "state": job.state, "progress": job.progress, "error": job.error},
        "created_at": report.created_at,
        "inputs_sha256": report.inputs_sha256,
        "through_event": report.through_event,
    }
