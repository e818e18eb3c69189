"""Signing in and out, and the demo's one-click links."""

import os
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotator.accounts import welcome as welcomes
from annotator.errors import NotFound
from annotator.web.door import show
from annotator.web.refusals import refused

BACKEND = "django.contrib.auth.backends.ModelBackend"


@method_decorator(never_cache, name="dispatch")
class SignIn(LoginView):
    """Username and password; who is signed in already goes on."""

    template_name = "web/sign_in.html"
    redirect_authenticated_user = True
    extra_context = {"demo": settings.PROFILE == "demo"}


class SignOut(LogoutView):
    """By POST only."""

    http_method_names = ["post", "options"]

    def get_success_url(self) -> str:
        return reverse("web:sign_in")


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: object) -> HttpResponse:
    """What who guessed too often is told."""
    return refused(
        request, 429, "locked_out", "Too many wrong passwords. Wait a quarter of an hour and try again."
    )


class NewPassword(PasswordChangeView):
    """A new password, by who knows the old one."""

    template_name = "web/new_password.html"
    success_url = "/accounts/tokens/"

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "Your password is changed.")
        return super().form_valid(form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """A page whose button signs in the person of the link; only while the demo's server runs."""
    nonce = os.environ.get("ANNOTATOR_WELCOME_NONCE", "")
    person = welcomes.find(token, nonce) if settings.PROFILE == "demo" and nonce else None
    if person is None:
        raise NotFound("not_found", "This link is not one of this server's. They end when the server does.")
    if request.method == "POST":
        login(request, person, backend=BACKEND)
        return redirect("web:work")
    return show(request, "welcome.html", {"person": person})
