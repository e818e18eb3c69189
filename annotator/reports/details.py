"""What stands behind a report's figures, for those who may see it: of single documents only what they are not blind to."""

from collections.abc import Iterable
from typing import Any

from annotator.annotations.models import open_to
from annotator.documents.models import Document
from annotator.projects.models import Membership
from annotator.reports.models import AgreementReport


def of(report: AgreementReport, membership: Membership) -> dict[str, Any] | None:
    """The report's details; None where it was computed before there were any.

    Whoever may still read a document learns nothing of it, though the report was computed when they could not.
    """
    if report.details is None:
        return None
    rows = report.details["documents"]
    seen = open_documents(membership, [row["id"] for row in rows])
    shown = [row for row in rows if row["id"] in seen]
    return {**report.details, "documents": shown, "documents_hidden": len(rows) - len(shown)}


def open_documents(membership: Membership, external_ids: Iterable[str]) -> dict[str, Document]:
    """Those of the documents to whose readings the member is not blind, by external id, without their text."""
    wanted = set(external_ids)
    documents = Document.objects.filter(open_to(membership), project=membership.project_id)
    slim = documents.only("id", "external_id", "title", "project_id")
    return {each.external_id: each for each in slim if each.external_id in wanted}


def is_open(membership: Membership, document: Document) -> bool:
    """Whether the member is not blind to the document's readings."""
    return Document.objects.filter(open_to(membership), pk=document.pk).exists()
