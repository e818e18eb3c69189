"""The scheme kept in the process is never that of a change which was rolled back."""

import pytest
from django.db import transaction

from annotator.accounts.models import User
from annotator.projects import scheme, studies
from annotator.projects.models import Project

pytestmark = pytest.mark.django_db


def names(project: Project) -> list[str]:
    project.refresh_from_db()
    return [target.name for target in scheme.of(project).targets]


def test_a_scheme_read_before_a_rollback_is_not_met_again(project: Project, mona: User) -> None:
    with transaction.atomic():
        studies.put_target(project, {"slug": "other", "name": "Rolled back"}, actor=mona)
        assert "Rolled back" in names(project)
        transaction.set_rollback(True)
    assert "Rolled back" not in names(project)
    studies.put_target(project, {"slug": "other", "name": "Kept"}, actor=mona)
    assert "Kept" in names(project)
    assert "Rolled back" not in names(project)
