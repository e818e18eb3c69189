"""Accepting an invitation, with an account or by making one."""

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotator.accounts.models import User
from annotator.projects import members
from annotator.projects.models import Invitation
from annotator.web.door import show
from annotator.web.forms import AccountForm, posted, tried
from annotator.web.signing import BACKEND


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """Says what one is invited to; a POST accepts, for who has no account with the new one."""
    found = members.find_invitation(key, now=timezone.now())
    if isinstance(request.user, User):
        if request.method == "POST":
            members.accept(found, user=request.user, now=timezone.now())
            return redirect("web:progress", p=found.project.slug)
        return show(request, "invitation.html", {"invitation": found})
    form = AccountForm(posted(request))
    if request.method == "POST" and form.is_valid():
        user = tried(form, lambda: join(found, **form.cleaned_data))
        if user is not None:
            login(request, user, backend=BACKEND)
            return redirect("web:progress", p=found.project.slug)
    return show(
        request, "invitation.html", {"invitation": found, "form": form}, status=400 if form.is_bound else 200
    )


@transaction.atomic
def join(found: Invitation, *, username: str, password: str) -> User:
    """An account and its membership, both or neither."""
    user = members.register(username=username, password=password)
    members.accept(found, user=user, now=timezone.now())
    return user
