"""The way to the labelling page: the next document, and one reading."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from annotator.accounts.roles import may
from annotator.annotations import leases, reading
from annotator.annotations.models import AnnotationSet
from annotator.assignments import queue
from annotator.assignments.models import Review
from annotator.documents.models import Document
from annotator.web.door import MemberVisit, member, show


@never_cache
@member(see="label", change="label")
def label_next(request: MemberVisit) -> HttpResponse:
    """Claims the next document, or goes on with the one begun; says so where nothing is left."""
    if not is_meant(request):
        return show(request, "label_next.html")
    if "submitted" in request.GET:  # said on the page that follows, whichever that is
        messages.success(request, "Submitted.")
        return redirect("web:label", p=request.project.slug)
    claim = queue.claim_next(request.membership, actor=request.user, now=timezone.now())
    if claim is None:
        return show(request, "nothing_left.html")
    return redirect("web:set", p=request.project.slug, set_id=claim.assignment.set_id)


def is_meant(request: MemberVisit) -> bool:
    """Whether a person wants the next document: a seat is not taken by a look ahead, nor by a link on another site."""
    if request.method == "POST":
        return True
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    elsewhere = request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")
    return request.method == "GET" and not ahead and not elsewhere


@never_cache
@member(see="see_sets")
def one_set(request: MemberVisit, set_id: int) -> HttpResponse:
    """The labelling page of one reading, read-only for who may only look."""
    found: Any = reading.find(request.membership, set_id, **WHERE_IT_STANDS)
    own = found.membership_id == request.membership.pk
    context = {
        "set": reading.record(found, request.membership),
        "api": f"/api/v1/projects/{request.project.slug}",
        "next": reverse("web:label", kwargs={"p": request.project.slug}),
        "back": reverse("web:progress", kwargs={"p": request.project.slug}),
        "person": request.user.pk,
        "reopens": own and request.project.may_reopen,
        "may_comment": own or may(request.membership.role, "review"),
        "place": (found.number, found.documents) if own and found.kind == "human" else None,
        "withdrawn": leases.withdrawn(found).detail if own and found.state == "withdrawn" else None,
        "returned_with": found.review_note if own and found.state == "returned" else None,
        "port": settings.PORT,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }
    return show(request, "label.html", context)


def count_of(rows: Any, by: str) -> Subquery:
    """How many rows there are, as a part of another query."""
    return Subquery(rows.order_by().values(by).annotate(count=Count("pk")).values("count"))


# Which of the member's readings this is, how many documents there are, and what the reviewer said last: asked with the set.
WHERE_IT_STANDS = {
    "number": count_of(
        AnnotationSet.objects.filter(
            membership=OuterRef("membership"), kind=OuterRef("kind"), pk__lte=OuterRef("pk")
        ).exclude(state="withdrawn"),
        by="membership",
    ),
    "documents": count_of(Document.objects.filter(project=OuterRef("project")), by="project"),
    "review_note": Subquery(
        Review.objects.filter(set=OuterRef("pk"), decision="returned").order_by("-pk").values("note")[:1]
    ),
}
