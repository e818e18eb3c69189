"""Adding documents to a project."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from annotator.accounts.models import User
from annotator.documents.models import Document, FoldedText, digest_of, folded_of
from annotator.errors import Conflict, Invalid
from annotator.history.events import record
from annotator.projects.archive import refuse_archived
from annotator.projects.models import Project

LONGEST = 20_000_000


@dataclass(frozen=True)
class NewDocument:
    """A text to be added, as a reader of files or the API gives it."""

    external_id: str
    text: str
    title: str = ""
    language: str = ""
    meta: dict[str, Any] = field(default_factory=dict)


def check(new: NewDocument) -> None:
    """Refuses what no document may be: empty, blank, with NUL or lone surrogates, or far too long."""
    if not new.external_id:
        raise Invalid("no_external_id", "A document needs an external_id.", attr="external_id")
    if not new.text.strip():
        raise Invalid("empty_text", f"The text of {new.external_id!r} is empty.", attr="text")
    if len(new.text) > LONGEST:
        raise Invalid(
            "text_too_long",
            f"The text of {new.external_id!r} is longer than {LONGEST:,} characters.",
            attr="text",
        )
    for name in ("external_id", "text", "title", "language"):
        refuse_unstorable(getattr(new, name), attr=name)


def refuse_unstorable(text: str, *, attr: str) -> None:
    """Refuses NUL and lone surrogates, naming where they stand (in code points)."""
    at = text.find("\0")
    if at >= 0:
        raise Invalid("nul_character", f"There is a NUL character at {at}.", attr=attr)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Invalid("lone_surrogate", f"There is a lone surrogate at {error.start}.", attr=attr) from None


@transaction.atomic
def add(project: Project, news: Sequence[NewDocument], *, actor: User) -> list[tuple[Document, bool]]:
    """Adds all or none, each with whether it is new: the same id with the same text again adds nothing.

    Raises Conflict where an id stands for another text, in the project or earlier in the same list.
    """
    for new in news:
        check(new)
    # Two uploads at once would each see no twin; the project's row makes them take turns.
    refuse_archived(Project.objects.select_for_update().get(pk=project.pk))
    known = {
        document.external_id: document
        for document in Document.objects.filter(
            project=project, external_id__in=[new.external_id for new in news]
        ).defer("text")
    }
    added: list[Document] = []
    answer: list[tuple[Document, bool]] = []
    for new in news:
        twin = known.get(new.external_id)
        if twin is None:
            twin = known[new.external_id] = prepared(project, new)
            added.append(twin)
            answer.append((twin, True))
        elif twin.sha256 == digest_of(new.text):
            answer.append((twin, False))
        else:
            raise Conflict(
                "document_differs",
                f"{new.external_id!r} is already the name of another text.",
                attr="external_id",
            )
    Document.objects.bulk_create(added, batch_size=200)
    FoldedText.objects.bulk_create(map(folded_of, added), batch_size=200)
    if added:
        record(
            "documents_added",
            f"project:{project.slug}",
            actor_id=actor.pk,
            project_id=project.pk,
            count=len(added),
        )
    return answer


def prepared(project: Project, new: NewDocument) -> Document:
    document = Document(
        project=project,
        external_id=new.external_id,
        title=new.title,
        text=new.text,
        language=new.language,
        meta=new.meta,
    )
    document.measure()
    return document


@transaction.atomic
def remove(document: Document, *, actor: User) -> None:
    """Takes out a document that nobody has read; one that somebody has is refused."""
    refuse_archived(document.project)
    record(
        "document_removed",
        f"document:{document.pk}",
        actor_id=actor.pk,
        project_id=document.project_id,
        external_id=document.external_id,
    )
    try:
        document.delete()
    except ProtectedError:
        raise Conflict("document_read", "Somebody has read this document, so it stays.") from None
