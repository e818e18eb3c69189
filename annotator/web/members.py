"""Who is in a project: adding, changing, inviting."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from annotator.accounts.roles import OBSERVER, ROLE_CHOICES, SEES_USERNAMES
from annotator.annotations import blindness
from annotator.assignments import departures, taking_part
from annotator.errors import Conflict, Invalid, NotFound
from annotator.projects import members as verbs
from annotator.projects.models import Invitation, Membership
from annotator.web.door import MemberVisit, member, show
from annotator.web.forms import InvitationForm, MemberForm, posted, tried


@never_cache
@member(see="see_members")
def members(request: MemberVisit) -> HttpResponse:
    return page(request)


def page(
    request: MemberVisit,
    *,
    adding: forms.Form | None = None,
    inviting: forms.Form | None = None,
    link: str | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = Membership.objects.filter(project=request.project)
    context: dict[str, Any] = {
        "members": rows.present().select_related("user"),
        "removed": rows.removed().select_related("former"),
        "names": request.membership.role in SEES_USERNAMES,
        "roles": ROLE_CHOICES,
        "observer": OBSERVER,
        "adding": adding or MemberForm(prefix="member"),
        "inviting": inviting or InvitationForm(prefix="invitation"),
        "invitations": standing(request),
        "link": link,
    }
    return show(request, "members.html", context, status=status)


def standing(request: MemberVisit) -> models.QuerySet[Invitation]:
    """Invitations that somebody could still accept."""
    invitations = Invitation.objects.filter(project=request.project, accepted_at=None)
    return invitations.filter(expires_at__gt=timezone.now())


@never_cache
@member(see="manage_members", change="manage_members")
def add(request: MemberVisit) -> HttpResponse:
    """Makes an account's owner a member."""
    form = MemberForm(posted(request), prefix="member")
    if form.is_valid():
        added = tried(form, lambda: verbs.add(request.project, actor=request.user, **form.cleaned_data))
        if added is not None:
            messages.success(request, f"{added.alias} is a member now.")
            return redirect("web:members", p=request.project.slug)
    return page(request, adding=form, status=400 if form.is_bound else 200)


@member(change="manage_members")
def change(request: MemberVisit, membership_id: int) -> HttpResponse:
    """Changes a member's role and whether they take part."""
    found = find(request, membership_id)
    values = {
        "role": request.POST.get("role", found.role),
        "takes_part": request.POST.get("takes_part") == "on",
    }
    try:
        taking_part.change(found, values, actor=request.user)
        messages.success(request, f"{found.alias} was changed.")
    except (Conflict, Invalid) as refused:
        messages.error(request, refused.detail)
    return redirect("web:members", p=request.project.slug)


def find(request: MemberVisit, membership_id: int) -> Membership:
    """The member of this number, removed or not."""
    found = Membership.objects.filter(project=request.project, pk=membership_id).first()
    if found is None:
        raise NotFound("not_found", "There is no such member in this project.")
    return found


@member(see="manage_members", change="manage_members")
def remove(request: MemberVisit, membership_id: int) -> HttpResponse:
    """Asks whether the member shall go, saying what becomes of their work; a post removes them."""
    found = find(request, membership_id)
    if request.method != "POST":
        # Who takes part learns of nobody how much they have read.
        work = None if blindness.reads(request.membership) else departures.work_of(found)
        return show(request, "member_removal.html", {"found": found, "work": work, "tab": "web:members"})
    try:
        departures.remove(found, actor=request.user, now=timezone.now())
    except Conflict as refused:
        messages.error(request, refused.detail)
        return redirect("web:members", p=request.project.slug)
    messages.success(request, f"{found.alias} was removed. They can be taken back below.")
    if found.pk == request.membership.pk:
        return redirect("web:work")
    return redirect("web:members", p=request.project.slug)


@member(change="manage_members")
def take_back(request: MemberVisit, membership_id: int) -> HttpResponse:
    """Makes who was removed a member again, under the same alias and in the same role."""
    found = verbs.take_back(find(request, membership_id), actor=request.user)
    messages.success(request, f"{found.alias} is a member again.")
    return redirect("web:members", p=request.project.slug)


@never_cache
@member(see="manage_members", change="manage_members")
def invite(request: MemberVisit) -> HttpResponse:
    """Makes a link for one person; the answer shows it this once."""
    form = InvitationForm(posted(request), prefix="invitation")
    if form.is_valid():
        made = tried(
            form,
            lambda: verbs.invite(
                request.project, actor=request.user, now=timezone.now(), **form.cleaned_data
            ),
        )
        if made is not None:
            link = request.build_absolute_uri(reverse("web:invitation", kwargs={"key": made[1]}))
            return page(request, link=link)
    return page(request, inviting=form, status=400 if form.is_bound else 200)


@member(change="manage_members")
def withdraw(request: MemberVisit, invitation_id: int) -> HttpResponse:
    """Ends an invitation that nobody has accepted yet."""
    found = Invitation.objects.filter(project=request.project, pk=invitation_id).first()
    if found is None:
        raise NotFound("not_found", "There is no such invitation in this project.")
    try:
        verbs.withdraw(found, actor=request.user)
        messages.success(request, f"The link for {found.alias} is worth nothing any more.")
    except Conflict as refused:
        messages.error(request, refused.detail)
    return redirect("web:members", p=request.project.slug)
