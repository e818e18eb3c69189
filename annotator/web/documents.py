"""The documents of a project, and one of them with the readings that may be seen."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from annotator.accounts.roles import MANAGER, may
from annotator.annotations import sightings
from annotator.annotations.blindness import reads, refuse_who_reads
from annotator.annotations.models import AnnotationSet, Recusal
from annotator.annotations.sightings import Seen, Sighting
from annotator.assignments import queue
from annotator.documents import texts
from annotator.documents.models import Document
from annotator.errors import Conflict, NotFound
from annotator.projects.models import Membership
from annotator.web.door import MemberVisit, member, show
from annotator.web.looking import Search

A_PAGE = 50
SIGHTINGS = 3
SHOWN = 200_000


@dataclass(frozen=True)
class Row:
    """A document of the list: the states of its visible readings, and where the words were found."""

    seen: Seen
    states: list[tuple[str, int]]

    @property
    def document(self) -> Document:
        return self.seen.document

    @property
    def first(self) -> list[Sighting]:
        return self.seen.sightings[:SIGHTINGS]

    @property
    def more(self) -> int:
        return max(len(self.seen.sightings) - SIGHTINGS, 0)


@member(see="see_documents")
def documents(request: MemberVisit) -> HttpResponse:
    """The list, searched in texts and in the readings one may see; at most eight queries whatever its length."""
    search = Search(request.GET, request.membership, timezone.now())
    page = Paginator(list(search.documents().values_list("pk", flat=True)), A_PAGE)
    shown = page.get_page(request.GET.get("page"))
    found = sightings.read(list(shown), search.question, search.sets, search.scheme, search.vocabulary)
    context = {
        "page": shown,
        "search": search,
        "query": search.query(),
        "rows": [Row(seen, counted(seen)) for seen in found],
        "counts_some": reads_some(request.membership),
    }
    return show(request, "documents.html", context)


def counted(seen: Seen) -> list[tuple[str, int]]:
    return sorted(Counter(state for _, state, _ in seen.readings).items())


def reads_some(membership: Membership) -> bool:
    """Whether there may be readings that are not counted here."""
    return membership.role != MANAGER or membership.takes_part


@member(see="see_documents")
def document(request: MemberVisit, document_id: int) -> HttpResponse:
    """The text, where it comes from, and its readings as far as they may be seen."""
    found = find(request, document_id)
    membership = request.membership
    sets = AnnotationSet.objects.visible_to(membership).filter(document=found).select_related("membership")
    marked = sets.annotate(marks=Count("spans", filter=Q(spans__deleted_at=None)))
    recused = Recusal.objects.filter(document=found, membership=membership).exists()
    context: dict[str, Any] = {
        "document": found,
        "text": found.text[:SHOWN],
        "cut": found.length > SHOWN,
        "meta": [] if reads(membership) else source_of(found),
        "sets": marked.order_by("membership__alias", "round", "id"),
        "recused": recused,
        "may_look": membership.takes_part and may(membership.role, "review") and not recused,
        "tab": "web:documents",
    }
    return show(request, "document.html", context)


def source_of(found: Document) -> list[tuple[str, str]]:
    """The document's source data in words: what is no plain value as JSON."""
    return [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in sorted(found.meta.items())
    ]


@member(change="review")
def recuse(request: MemberVisit, document_id: int) -> HttpResponse:
    """Gives up being given the document, in order to see the readings of others."""
    queue.recuse(request.membership, find(request, document_id))
    return redirect("web:document", p=request.project.slug, document_id=document_id)


@member(change="add_documents")
def remove(request: MemberVisit, document_id: int) -> HttpResponse:
    """Takes out a document that nobody has read; who takes part would learn from the answer whether somebody has."""
    found = find(request, document_id)
    refuse_who_reads(request.membership)
    try:
        texts.remove(found, actor=request.user)
    except Conflict as refused:
        messages.error(request, refused.detail)
        return redirect("web:document", p=request.project.slug, document_id=document_id)
    messages.success(request, f"“{found}” was removed.")
    return redirect("web:documents", p=request.project.slug)


def find(request: MemberVisit, document_id: int) -> Document:
    found = Document.objects.filter(project=request.project, pk=document_id).first()
    if found is None:
        raise NotFound("not_found", "There is no such document in this project.")
    return found
