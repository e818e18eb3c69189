"""The reference: whole, unambiguous, and able to find a wrong answer."""

from collections.abc import Callable

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from rest_framework.response import Response
from rest_framework.test import APIClient

from annotator.accounts.models import User
from annotator.api import projects
from annotator.projects.models import Project
from tests.api.reference import reference

METHODS = ("get", "put", "post", "patch", "delete")


def test_nothing_in_it_is_guessed() -> None:
    GENERATOR_STATS.reset()  # type: ignore[no-untyped-call]
    with GENERATOR_STATS.silence():  # type: ignore[no-untyped-call]
        SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    assert [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache] == []


def test_every_call_has_a_name_of_its_own_a_group_and_an_answer() -> None:
    calls = [
        call
        for address in reference()["paths"].values()
        for method, call in address.items()
        if method in METHODS
    ]
    names = [call["operationId"] for call in calls]
    assert len(set(names)) == len(names) > 50
    assert all(call["tags"] and any(code.startswith("2") for code in call["responses"]) for call in calls)


@pytest.mark.django_db
def test_an_answer_it_does_not_know_is_found(
    api: Callable[..., APIClient], mona: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reference()["paths"]  # drawn before the view is another
    wrong = Response({"slug": "harbour", "secret": 1})
    monkeypatch.setattr(projects.OneProjectView, "get", lambda *args, **kwargs: wrong)
    with pytest.raises(AssertionError, match="secret"):
        api(mona).get("/api/v1/projects/harbour/")
