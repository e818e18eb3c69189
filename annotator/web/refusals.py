"""Refusals and errors outside the API's own views: one JSON shape under /api/, a plain page elsewhere."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from annotator.errors import Refused

Answer = Callable[[HttpRequest], HttpResponse]


class RefusalMiddleware:
    """Turns a refusal that a page's verb raised into a page that says what happened."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # PostgreSQL cannot even compare a text with one that contains NUL.
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return refused(request, 400, "nul_character", "An address cannot contain the NUL character.")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refused):
            return refused(request, error.status, error.code, error.detail)
        return None


def refused(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    """The one error shape for a program, a page for a person."""
    if request.path.startswith("/api/"):
        kind = "server_error" if status >= 500 else "client_error"
        body = {"type": kind, "errors": [{"code": code, "detail": detail, "attr": None}]}
        return JsonResponse(body, status=status)
    # After a failure of ours nothing is asked of the database again: who is signed in is left open.
    asked = request if status < 500 else None
    return render(asked, "web/refused.html", {"status": status, "detail": detail}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, 400, "bad_request", "The server could not make sense of this request.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, 403, "permission_denied", "You may not do this.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, 404, "not_found", "There is nothing at this address.")


def server_error(request: HttpRequest) -> HttpResponse:
    return refused(
        request, 500, "error", "The server failed on this request. It has been noted; nothing was changed."
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return refused(
        request, 403, "csrf_failed", "The form's token is missing or old. Reload the page and try again."
    )
