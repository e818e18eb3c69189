"""The one query of every write: the set's row locked, with what a write must know of its project, member and document.

It is SQL by hand because it runs at every key press: written by the ORM it took a quarter of a save's time, four times
what it takes here, nearly all of it in putting the statement together. It speaks PostgreSQL and SQLite alike.
"""

from collections.abc import Sequence

from django.db import connection

from annotator.annotations.models import AnnotationSet
from annotator.documents.models import Document
from annotator.projects.models import Membership, Project

LOCK = """
SELECT s.id, s.project_id, s.document_id, s.membership_id, s.kind, s.round, s.state, s.version, s.lease_until,
       s.created_at, s.active_at, s.active_seconds, s.submitted_at,
       m.user_id, m.alias, m.role, m.takes_part,
       p.slug, p.scheme_version, p.readers_per_document, p.lease_minutes, p.may_reopen, p.open_after, p.archived_at,
       d.length, {quote} AS quote
FROM annotations_annotationset s
JOIN projects_membership m ON m.id = s.membership_id
JOIN projects_project p ON p.id = s.project_id
JOIN documents_document d ON d.id = s.document_id
WHERE s.id = %s AND p.slug = %s
{lock}
"""
LARGEST_KEY = 2**63 - 1
OF_MEMBERSHIP = ("user_id", "alias", "role", "takes_part")
OF_PROJECT = (
    "slug",
    "scheme_version",
    "readers_per_document",
    "lease_minutes",
    "may_reopen",
    "open_after",
    "archived_at",
)


def lock(project: str, set_id: int, quote: Sequence[tuple[int, int]] = ()) -> AnnotationSet | None:
    """The set with this number in the project of this slug, its row locked until the transaction ends, or None.

    Its `project`, `membership` and `document` hold the columns above and no others. Its `quote` is the text of the fragments
    (code points), joined by one space and cut where it is stored, so that no long text travels.
    """
    if set_id > LARGEST_KEY:  # SQLite's driver cannot even ask for it
        return None
    cuts = [number for start, end in quote for number in (start + 1, end - start)]
    sql = LOCK.format(
        quote=" || ' ' || ".join(["substr(d.text, %s, %s)"] * len(quote)) or "''",
        lock="FOR UPDATE OF s" if connection.features.has_select_for_update else "",
    )
    for found in AnnotationSet.objects.raw(sql, [*cuts, set_id, project]):
        return assembled(found)
    return None


def assembled(found: AnnotationSet) -> AnnotationSet:
    """The set with its neighbours made of the columns that came along."""
    columns = vars(found)
    found.project = Project(pk=found.project_id, **{name: columns[name] for name in OF_PROJECT})
    found.membership = Membership(
        pk=found.membership_id, project=found.project, **{name: columns[name] for name in OF_MEMBERSHIP}
    )
    found.document = Document(pk=found.document_id, project=found.project, length=columns["length"])
    return found
