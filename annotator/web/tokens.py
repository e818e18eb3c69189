"""The person's own API tokens: make one, see it once, end it."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotator.accounts import tokens
from annotator.accounts.models import ApiToken
from annotator.web.door import Visit, show, signed_in
from annotator.web.forms import posted


class TokenForm(forms.Form):
    name = forms.CharField(
        max_length=100, label="What it is for", help_text="Such as “upload script on the lab server”."
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mine(request: Visit) -> HttpResponse:
    """The list; a POST makes a token, whose key the answer shows this once."""
    form = TokenForm(posted(request))
    key = None
    if request.method == "POST" and form.is_valid():
        key = tokens.make(
            request.user, name=form.cleaned_data["name"], now=timezone.now(), actor=request.user
        )
        form = TokenForm()
    return show(request, "tokens.html", {"form": form, "key": key, "tokens": request.user.api_tokens.all()})


@require_POST
@signed_in
def end(request: Visit, token_id: int) -> HttpResponse:
    """Ends one of the person's own tokens at once."""
    tokens.end(get_object_or_404(ApiToken, pk=token_id, user=request.user), actor=request.user)
    return redirect("web:tokens")
