"""Requesting and computing agreement reports."""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from annotator.accounts.models import User
from annotator.accounts.roles import may
from annotator.agreement import DocumentParts, Specification, parts_of, reduce
from annotator.agreement.contributions import NAMED, empty
from annotator.agreement.readings import choose
from annotator.annotations import blindness, records
from annotator.annotations.models import AnnotationSet, Relation, Span
from annotator.documents.models import Document
from annotator.errors import Forbidden, NotFound
from annotator.history.events import record
from annotator.history.models import Event
from annotator.jobs import running
from annotator.jobs.attempts import Attempt
from annotator.jobs.handlers import InParts, in_parts
from annotator.jobs.models import Job
from annotator.projects import scheme as schemes
from annotator.projects.models import Membership
from annotator.projects.scheme import Scheme
from annotator.reports.counts import counted
from annotator.reports.models import AgreementReport
from annotator.reports.packing import pack_parts, unpack_parts
from annotator.reports.questions import scheme_dict, specified
from annotator.reports.timelines import main_figures

# Documents read together: few enough for memory, many enough that queries do not count.
CHUNK = 100
# Columns of a report that lists do not need.
HEAVY = ("result", "details", "differences")
NO_MARKS: Mapping[str, Any] = {"spans": [], "relations": [], "document_labels": {}, "comments": []}


@transaction.atomic
def request(membership: Membership, given: Mapping[str, Any], *, actor: User) -> AgreementReport:
    """A new report and the job that computes it; raises Invalid for a layer or target that the project does not have."""
    if not may(membership.role, "request_agreement"):
        raise Forbidden("no_right", f"As {membership.role} you may not request agreement.")
    specification = specified(given, membership.project)
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


def visible_to(membership: Membership) -> "QuerySet[AgreementReport]":
    """The reports a member may open. Who still labels sees those they asked for: these leave out what they are blind to."""
    reports = AgreementReport.objects.filter(project=membership.project_id).select_related(
        "job", "created_by"
    )
    if not may(membership.role, "see_agreement"):
        return reports.none()
    if blindness.reads(membership):
        return reports.filter(created_by=membership.user_id)
    return reports


def find(membership: Membership, key: int) -> AgreementReport:
    report = visible_to(membership).filter(pk=key).first()
    if report is None:
        raise NotFound("not_found", "There is no such report.")
    return report


def plan(attempt: Attempt) -> list[dict[str, Any]]:
    """The documents asked for in chunks; those that nobody read enter too, so that the report counts what it left out."""
    report = AgreementReport.objects.get(job=attempt.job)
    through = Event.objects.filter(project_id=report.project_id).aggregate(last=Max("id"))["last"]
    AgreementReport.objects.filter(pk=report.pk).update(through_event=through)
    keys = list(asked_for(report).values_list("pk", flat=True))
    return [{"documents": keys[first : first + CHUNK]} for first in range(0, len(keys), CHUNK)]


def asked_for(report: AgreementReport) -> "QuerySet[Document]":
    documents = Document.objects.filter(project=report.project_id).order_by("id")
    named = report.specification.get("documents")
    return documents if named is None else documents.filter(external_id__in=named)


def compute_part(attempt: Attempt, parameters: dict[str, Any]) -> dict[str, Any]:
    """What these documents contribute, and which sets at which version that rests on."""
    specification = specification_of(attempt)
    membership = member_who_asked(attempt)
    with one_moment():
        sets = AnnotationSet.objects.visible_to(membership).filter(document__in=parameters["documents"])
        found = list(sets.select_related("membership").order_by("document_id", "id"))
        scheme = schemes.of(membership.project)
        documents, entering = asked_records(parameters["documents"], found, scheme, specification)
        contribution = parts_of(documents, specification)
    inputs = [[each.document_id, each.pk, each.version] for each in found if each.pk in entering]
    return {"inputs": inputs, "packed": b64encode(pack_parts(contribution)).decode("ascii")}


def asked_records(
    documents: Sequence[int],
    sets: Sequence[AnnotationSet],
    scheme: Scheme,
    specification: Specification,
) -> tuple[Iterator[dict[str, Any]], set[int]]:
    """The documents as neutral records for this question, and the keys of the sets that enter, as the library chooses."""
    known = versions([one.pk for one in sets]) if specification.guidelines is not None else {}
    by_document: dict[int, list[dict[str, Any]]] = {}
    for one in sets:
        listed = by_document.setdefault(one.document_id, [])
        listed.append(records.set_record(one, known.get(one.pk, NO_MARKS)))
    entering = {
        reading.content["id"]
        for key, listed in by_document.items()
        for reading in choose({"id": key, "sets": listed}, specification)[0]
    }
    return neutral_records(documents, sets, scheme, entering=entering, others=known), entering


def versions(sets: Sequence[int]) -> dict[int, dict[str, Any]]:
    """For every set marks that hold only the versions of the guideline under which its own were made."""
    made = [
        marks.values_list("set_id", "guideline").distinct()
        for marks in (kind.objects.filter(set__in=sets, deleted_at=None) for kind in (Span, Relation))
    ]
    found: dict[int, dict[str, Any]] = {}
    for key, version in (row for rows in made for row in rows):
        found.setdefault(key, {**NO_MARKS, "spans": []})["spans"].append({"guideline": version})
    return found


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
    specification = specification_of(attempt)
    contributions = [unpack_parts(b64decode(result["packed"])) for result in results]
    whole = reduce(
        [*contributions, documents_not_asked(report)],
        specification=specification,
        scheme=scheme_dict(schemes.of(report.project)),
    )
    result = {"id": report.pk, **whole.as_dict(), "through_event": report.through_event}
    store(
        attempt,
        report,
        result=result,
        headline=main_figures(specification.layer, result["figures"], result["documents"]),
        details=whole.details.as_dict(),
        differences=counted(contributions).packed(),
        inputs_sha256=digest_of(row for result in results for row in result["inputs"]),
    )
    return {"report": report.pk}


def documents_not_asked(report: AgreementReport) -> DocumentParts:
    """The part that says which documents the report was not asked to be about."""
    asked = asked_for(report).values("pk")
    others = Document.objects.filter(project=report.project_id).exclude(pk__in=asked)
    count = others.count() if report.specification.get("documents") is not None else 0
    if not count:
        return empty()
    ids = tuple(others.order_by("external_id").values_list("external_id", flat=True)[:NAMED])
    return replace(empty(), left_out={"document_not_asked": (count, ids)})


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


def neutral_records(
    documents: Sequence[int],
    sets: Sequence[AnnotationSet],
    scheme: Scheme,
    *,
    entering: Collection[int],
    others: Mapping[int, Mapping[str, Any]],
) -> Iterator[dict[str, Any]]:
    """The documents as neutral records with these sets, of which only those that enter show their marks: five queries.

    Those that do not enter have what `others` gives them, so that the library refuses them for the same reason.
    """
    found = Document.objects.in_bulk(documents)
    read = [one for one in sets if one.pk in entering]
    marks = records.gather(read, {key: document.text for key, document in found.items()}, scheme=scheme)
    by_document: dict[int, list[dict[str, Any]]] = {}
    for one in sets:
        listed = by_document.setdefault(one.document_id, [])
        listed.append(records.set_record(one, marks.get(one.pk) or others.get(one.pk, NO_MARKS)))
    for key in documents:
        yield records.neutral_record(found[key], by_document.get(key, ()))


def digest_of(inputs: Iterable[Sequence[int]]) -> str:
    """The SHA-256 of which sets entered at which version, by document, set and version."""
    rows = sorted(tuple(row) for row in inputs)
    return hashlib.sha256("\n".join(" ".join(map(str, row)) for row in rows).encode()).hexdigest()


@transaction.atomic
def store(attempt: Attempt, report: AgreementReport, **found: Any) -> None:
    """Stores what was found while this attempt still holds the job: a second delivery changes nothing."""
    attempt.lock()
    AgreementReport.objects.filter(pk=report.pk).update(**found)


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
