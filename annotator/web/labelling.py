"""The way to the labelling page: the next document, and one reading."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from annotator.annotations import reading
from annotator.assignments import queue
from annotator.web.door import MemberVisit, member, show


@never_cache
@member(see="label", change="label")
def label_next(request: MemberVisit) -> HttpResponse:
    """Claims the next document, or goes on with the one begun; says so where nothing is left."""
    claim = queue.claim_next(request.membership, actor=request.user, now=timezone.now())
    if claim is None:
        return show(request, "nothing_left.html")
    return redirect("web:set", p=request.project.slug, set_id=claim.assignment.set_id)


@never_cache
@member(see="see_sets")
def one_set(request: MemberVisit, set_id: int) -> HttpResponse:
    """The labelling page of one reading, read-only for who may only look."""
    found = reading.find(request.membership, set_id)
    context = {
        "set": reading.record(found, request.membership),
        "api": f"/api/v1/projects/{request.project.slug}",
        "next": reverse("web:label", kwargs={"p": request.project.slug}),
        "back": reverse("web:progress", kwargs={"p": request.project.slug}),
        "person": request.user.pk,
        "may_reopen": found.state == "submitted"
        and found.membership_id == request.membership.pk
        and request.project.may_reopen,
        "port": settings.PORT,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }
    return show(request, "label.html", context)
