"""Whose stance it is: who sees a new holder, and when."""

import pytest

from annotator.accounts.models import User
from annotator.projects import holders
from annotator.projects.models import Membership, Project
from tests.conftest import membership_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("takes_part", "private"), [(False, False), (True, True)])
def test_a_manager_who_labels_adds_for_their_own_eyes_first(
    project: Project, mona: User, ada: User, takes_part: bool, private: bool
) -> None:
    Membership.objects.filter(user=mona).update(takes_part=takes_part)
    manager = membership_of(project, mona)
    holder, _ = holders.add(
        project, slug="ferryman", name="The ferryman", parent=None, membership=manager, actor=mona
    )
    assert (holder.private_to_id == manager.pk) is private
    seen = holders.known_by(membership_of(project, ada)).filter(slug="ferryman")
    assert seen.exists() is not private
