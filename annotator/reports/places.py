"""The differences of one document, from the readings that the viewer may see: where a figure becomes a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.agreement import Specification
from annotator.agreement.differences import Difference, differences
from annotator.agreement.marks import Fragments, fragments
from annotator.agreement.readings import choose
from annotator.annotations.blindness import give_up
from annotator.annotations.models import AnnotationSet
from annotator.documents.models import Document
from annotator.errors import NotFound
from annotator.projects import scheme as schemes
from annotator.projects.models import Membership
from annotator.reports.agreement import asked_records, one_moment
from annotator.reports.details import is_open
from annotator.reports.models import AgreementReport


@dataclass(frozen=True)
class Places:
    """A document's differences as of now, the sets they are between, and all that each reader marked."""

    document: Document
    differences: tuple[Difference, ...]
    sets: tuple[AnnotationSet, ...]
    spans: Mapping[str, Sequence[Fragments]]


def of(report: AgreementReport, membership: Membership, document_id: int) -> Places:
    """The differences of a document by the report's question; raises NotFound where the viewer is blind to its readings.

    Whoever looks is never given that document to read, as with a single reading.
    """
    document = Document.objects.filter(project=report.project_id, pk=document_id).first()
    if document is None or not is_open(membership, document):
        raise NotFound("not_found", "There is no such document in this report.")
    specification = Specification.from_dict(report.specification)
    if specification.documents is not None and document.external_id not in specification.documents:
        raise NotFound("not_found", "This report is not about that document.")
    with one_moment():
        seen = AnnotationSet.objects.visible_to(membership).filter(document=document)
        sets = list(seen.select_related("membership").order_by("id"))
        scheme = schemes.of(membership.project)
        asked, entering = asked_records([document.pk], sets, scheme, specification)
        [record] = asked
    if any(one.membership_id != membership.pk for one in sets):
        give_up(membership, [document.pk])
    found = differences(record, specification)
    return Places(
        document, found, tuple(one for one in sets if one.pk in entering), spans_of(record, specification)
    )


def spans_of(record: Mapping[str, Any], specification: Specification) -> dict[str, list[Fragments]]:
    """What each reader whose reading enters marked."""
    readings, _ = choose(record, specification)
    length = len(record["text"])
    return {
        reading.annotator: [
            fragments(span, length=length, where=reading.set_id)
            for span in reading.content.get("spans") or ()
        ]
        for reading in readings
    }
