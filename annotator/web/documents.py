"""The documents of a project, and one of them with the readings that may be seen."""

import json
from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect

from annotator.accounts.roles import may
from annotator.annotations.blindness import reads, refuse_who_reads
from annotator.annotations.models import AnnotationSet, Recusal
from annotator.assignments import queue
from annotator.documents import texts
from annotator.documents.models import Document
from annotator.errors import Conflict, NotFound
from annotator.projects.models import Membership
from annotator.web.door import MemberVisit, member, show

A_PAGE = 50
SHOWN = 200_000


@member(see="see_documents")
def documents(request: MemberVisit) -> HttpResponse:
    """The list, searched in titles, ids and texts; six queries whatever its length."""
    wanted = request.GET.get("q", "").replace("\0", "").strip()[:200]
    found = Document.objects.filter(project=request.project).defer("text", "meta")
    if wanted:
        found = found.filter(
            Q(title__icontains=wanted) | Q(external_id__icontains=wanted) | Q(text__icontains=wanted)
        )
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    counts = states_of(rows, request.membership)
    context = {
        "page": page,
        "q": wanted,
        "rows": [(row, sorted(counts.get(row.pk, Counter()).items())) for row in rows],
    }
    return show(request, "documents.html", context)


def states_of(rows: list[Document], membership: Membership) -> dict[int, Counter[str]]:
    """How many visible readings of each document are in which state."""
    sets = (
        AnnotationSet.objects.visible_to(membership).filter(document__in=[row.pk for row in rows]).order_by()
    )
    counted: dict[int, Counter[str]] = {}
    for document, state, n in sets.values_list("document", "state").annotate(n=Count("pk")):
        counted.setdefault(document, Counter())[state] = n
    return counted


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
