"""Browsers without a browser: a client signed in as one of the cast."""

from collections.abc import Callable

import pytest
from django.test import Client

from annotator.accounts.models import User


@pytest.fixture
def browser() -> Callable[[User | None], Client]:
    """A client signed in as somebody, or as nobody."""

    def opened(user: User | None = None, **kwargs: bool) -> Client:
        client = Client(**kwargs)
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return opened
