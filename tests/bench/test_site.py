"""The floor is what it says: one row, no middleware, in the same process as the program."""

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator.history.models import Event
from annotator.web import serving
from tests.bench import site


@pytest.fixture
def application(monkeypatch: pytest.MonkeyPatch) -> Any:
    # What a server does besides, such as ending with its parent, has no place in a test.
    monkeypatch.setattr(serving, "application", get_wsgi_application)
    return site.application()


def status_of(application: Any, method: str, path: str, body: bytes = b"") -> str:
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80",
        "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)), "wsgi.url_scheme": "http",
    }  # fmt: skip
    found: list[str] = []
    list(application(environ, lambda status, headers, *rest: found.append(status)))
    return found[0]


@pytest.mark.django_db(transaction=True)
def test_the_floor_inserts_one_row_by_one_query(application: Any) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert status_of(application, "POST", "/floor/", b"{}") == "201 Created"
    assert len(captured) == 1
    assert Event.objects.filter(verb="floor").count() == 1


@pytest.mark.django_db(transaction=True)
def test_everything_else_is_the_program_with_all_it_does(application: Any) -> None:
    assert settings.MIDDLEWARE
    assert status_of(application, "GET", "/api/v1/me/") == "401 Unauthorized"
