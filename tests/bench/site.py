"""The program as it is served, and beside it in the same process the floor: a bare view that inserts one row.

Whatever the server, the interpreter and the database cost, both pay; what is more is ours.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, path

from annotator.web import serving

FLOOR = "/floor/"


def insert_one_row(request: HttpRequest) -> HttpResponse:
    from annotator.history.models import Event  # not before the program has loaded its apps

    # A body that nobody reads costs the connection.
    Event.objects.create(verb="floor", subject="floor:1", data={"body": request.body.decode()})
    return HttpResponse(b"{}", content_type="application/json", status=201)


urlpatterns = [path(FLOOR.strip("/") + "/", insert_one_row)]


class Bare(WSGIHandler):
    """Django without any middleware, with one address."""

    def load_middleware(self, is_async: bool = False) -> None:
        kept, settings.MIDDLEWARE = settings.MIDDLEWARE, []
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = kept

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        request.urlconf = __name__
        return super().resolve_request(request)


def application() -> Callable[..., Iterable[bytes]]:
    """Both, made in the process that serves them."""
    program = serving.application()
    floor = Bare()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        found: Iterable[bytes] = (floor if environ["PATH_INFO"] == FLOOR else program)(
            environ, start_response
        )
        return found

    return answer
