"""Requesting and computing agreement reports."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.agreement import DocumentParts, SeveralTargets, Specification, parts_of, reduce
from annotator.annotations import records
from annotator.annotations.models import AnnotationSet
from annotator.documents.models import Document
from annotator.errors import Conflict, Forbidden, Invalid, NotFound
from annotator.history.events import record
from annotator.history.models import Event
from annotator.jobs import running
from annotator.jobs.handlers import handler
from annotator.jobs.models import Job
from annotator.jobs.running import Attempt
from annotator.projects import scheme as schemes
from annotator.projects.models import Membership
from annotator.projects.scheme import Scheme
from annotator.reports.models import AgreementReport

# Documents read together: few enough for memory, many enough that queries do not count.
CHUNK = 100
# Sets that change while they are read are read again, this often.
MOST_READINGS = 3
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
    reads = AnnotationSet.objects.filter(membership=membership, kind="human").exclude(state="withdrawn")
    if membership.takes_part or reads.exists():
        return reports.filter(created_by=membership.user_id)
    return reports


def find(membership: Membership, key: int) -> AgreementReport:
    report = visible_to(membership).filter(pk=key).first()
    if report is None:
        raise NotFound("not_found", "There is no such report.")
    return report


@handler("agreement")
def compute(attempt: Attempt) -> dict[str, Any]:
    """Computes the report of this job and stores it, once."""
    job = attempt.job
    report = AgreementReport.objects.get(job=job)
    specification = Specification.from_dict(report.specification)
    membership = Membership.objects.select_related("project").get(project=job.project, user=job.created_by)
    scheme = schemes.of(membership.project)
    for _ in range(MOST_READINGS):
        through = Event.objects.filter(project_id=job.project_id).aggregate(last=Max("id"))["last"]
        inputs = snapshot(membership, specification)
        parts = list(read(membership, inputs, specification, scheme, attempt))
        if snapshot(membership, specification) == inputs:
            break
    else:
        raise Conflict(
            "changing", "The readings changed while they were read. Ask again when fewer people submit."
        )
    attempt.tell(0.85)
    result = reduce(parts, specification=specification, scheme=scheme_dict(scheme)).as_dict()
    result = {"id": report.pk, **result, "through_event": through}
    store(attempt, report, result, digest_of(inputs), through)
    return {"report": report.pk}


Inputs = list[tuple[int, int, int]]


def snapshot(membership: Membership, specification: Specification) -> Inputs:
    """(document, set, version) of every set that may enter, in order."""
    sets = candidates(membership, specification)
    return list(sets.order_by("document_id", "id").values_list("document_id", "id", "version"))


def candidates(membership: Membership, specification: Specification) -> "QuerySet[AnnotationSet]":
    """The sets of the wanted kinds and states that the one who asks may see."""
    sets = AnnotationSet.objects.visible_to(membership)
    return sets.filter(kind__in=specification.kinds, state__in=specification.states)


def read(
    membership: Membership, inputs: Inputs, specification: Specification, scheme: Scheme, attempt: Attempt
) -> Iterator[DocumentParts]:
    """The parts of the project's documents, chunk by chunk; each document with the sets that enter.

    Documents without any enter too, with none, so that the report counts what it left out.
    """
    sets_of: dict[int, list[int]] = {}
    for document, found, _ in inputs:
        sets_of.setdefault(document, []).append(found)
    keys = list(
        Document.objects.filter(project=membership.project_id).order_by("id").values_list("pk", flat=True)
    )
    for first in range(0, len(keys), CHUNK):
        chunk = keys[first : first + CHUNK]
        yield parts_of(neutral_records(chunk, sets_of, scheme), specification)
        attempt.tell(0.8 * (first + len(chunk)) / len(keys))


def neutral_records(
    documents: Sequence[int], sets_of: Mapping[int, list[int]], scheme: Scheme
) -> Iterator[dict[str, Any]]:
    """The documents as neutral records with these sets: six queries a chunk."""
    found = Document.objects.in_bulk(documents)
    wanted = [key for document in documents for key in sets_of.get(document, ())]
    sets = list(AnnotationSet.objects.filter(pk__in=wanted).select_related("membership").order_by("id"))
    marks = records.gather(sets, {key: document.text for key, document in found.items()}, scheme=scheme)
    by_document: dict[int, list[dict[str, Any]]] = {}
    for one in sets:
        by_document.setdefault(one.document_id, []).append(records.set_record(one, marks[one.pk]))
    for key in documents:
        yield records.neutral_record(found[key], by_document.get(key, ()))


def digest_of(inputs: Inputs) -> str:
    """The SHA-256 of which sets entered at which version."""
    return hashlib.sha256("\n".join(" ".join(map(str, row)) for row in inputs).encode()).hexdigest()


@transaction.atomic
def store(
    attempt: Attempt, report: AgreementReport, result: dict[str, Any], digest: str, through: int | None
) -> None:
    """Stores the figures while this attempt still holds the job: a second delivery changes nothing."""
    attempt.lock()
    AgreementReport.objects.filter(pk=report.pk).update(
        result=result, inputs_sha256=digest, through_event=through, specification=report.specification
    )


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
