"""Browsers without a visitor: a client signed in as one of the cast, and what several pages are asked about."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotator.accounts.models import User

HOSTILE = '<script>alert("x")</script><b onmouseover=x>'


@pytest.fixture
def visitor() -> Callable[..., Client]:
    """A client signed in as somebody, or as nobody; `checks` wants the form's token as a browser would send it."""

    def opened(user: User | None = None, *, checks: bool = False) -> Client:
        client = Client(enforce_csrf_checks=checks)
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return opened


@pytest.fixture
def at_most() -> Callable[[int], AbstractContextManager[Any]]:
    """Fails where more queries are made than so many, savepoints aside."""

    @contextmanager
    def watched(most: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as caught:
            yield
        asked = [query["sql"] for query in caught.captured_queries if "SAVEPOINT" not in query["sql"]]
        assert len(asked) <= most, "\n".join(asked)

    return watched
