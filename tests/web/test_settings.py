"""/projects/{p}/settings/: settings, targets and labels."""

import uuid

import pytest
from django.utils import timezone

from annotator.accounts.models import User
from annotator.annotations.models import AnnotationSet, DocumentLabel, Span
from annotator.history.models import Event
from annotator.projects import studies
from annotator.projects.models import Label, Membership, Project
from tests.web.conftest import HOSTILE

pytestmark = pytest.mark.django_db
SETTINGS = {
    "name": "Harbour",
    "description": "",
    "readers_per_document": 4,
    "open_after": "never",
    "lease_minutes": 30,
}


@pytest.fixture
def here(project: Project) -> str:
    return f"/projects/{project.slug}/settings/"


def added(here: str, visitor, mona: User, **values: str) -> object:
    given = {
        "kind": "stance",
        "group": "",
        "name": "Torn",
        "definition": "",
        "key": "",
        "color": "#445566",
    } | values
    return visitor(mona).post(f"{here}labels/", {f"label-{name}": value for name, value in given.items()})


def test_settings_are_saved(here: str, visitor, mona: User, project: Project) -> None:
    assert visitor(mona).post(here, SETTINGS)["Location"].startswith(here)
    project.refresh_from_db()
    assert (project.readers_per_document, project.open_after, project.may_reopen) == (4, "never", False)


def test_what_cannot_be_is_said(here: str, visitor, mona: User, project: Project) -> None:
    assert visitor(mona).post(here, SETTINGS | {"readers_per_document": 0}).status_code == 400
    project.refresh_from_db()
    assert project.readers_per_document == 2


def test_a_label_is_added_at_the_end_of_its_kind(here: str, visitor, mona: User, project: Project) -> None:
    assert added(here, visitor, mona, key="w").status_code == 302
    assert project.labels.filter(kind="stance").last().slug == "torn"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"key": "1"}, "is already the one of"),
        ({"key": "g"}, "is a command"),
        ({"name": "Nuanced"}, "already"),
        ({"kind": "document"}, "name its group"),
        ({"group": "genre"}, "Only document labels"),
        ({"name": "!!!"}, "at least one letter"),
        ({"color": "teal"}, "valid"),
    ],
)
def test_a_label_that_cannot_be_is_said_and_not_added(
    values: dict[str, str], said: str, here: str, visitor, mona: User, project: Project
) -> None:
    before = project.labels.count()
    answer = added(here, visitor, mona, **values)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert project.labels.count() == before


def test_a_label_is_edited_but_keeps_its_slug(here: str, visitor, mona: User, project: Project) -> None:
    label = project.labels.get(slug="nuanced", kind="stance")
    given = {"name": "In between", "definition": "Both.", "key": "3", "color": "#112233"}
    visitor(mona).post(f"{here}labels/{label.pk}/", given)
    label.refresh_from_db()
    assert (label.name, label.slug, label.definition) == ("In between", "nuanced", "Both.")


def test_labels_move_among_their_kind_alone(here: str, visitor, mona: User, project: Project) -> None:
    client = visitor(mona)
    stances = list(project.labels.filter(kind="stance"))
    client.post(f"{here}labels/{stances[1].pk}/place/", {"to": "up"})
    client.post(f"{here}labels/{stances[1].pk}/place/", {"to": "up"})
    after = list(project.labels.filter(kind="stance").values_list("slug", flat=True))
    assert after[:2] == [stances[1].slug, stances[0].slug]
    last = project.labels.filter(kind="stance").last()
    client.post(f"{here}labels/{last.pk}/place/", {"to": "down"})
    assert project.labels.filter(kind="role").first().slug == "claim"


def test_a_used_label_stays(here: str, visitor, mona: User, reading: AnnotationSet) -> None:
    label = Label.objects.get(project=reading.project, group="genre", slug="news")
    DocumentLabel.objects.create(set=reading, group=label.group, label=label)
    client = visitor(mona)
    answer = client.post(f"{here}labels/{label.pk}/removal/", follow=True)
    assert "so it stays" in answer.content.decode()
    unused = Label.objects.get(project=reading.project, slug="supports")
    client.post(f"{here}labels/{unused.pk}/removal/")
    assert not Label.objects.filter(pk=unused.pk).exists()
    assert Label.objects.filter(pk=label.pk).exists()


def test_the_page_asks_before_a_label_goes_and_says_where_it_stands(
    here: str, visitor, mona: User, ada: User, reading: AnnotationSet
) -> None:
    role = Label.objects.get(project=reading.project, kind="role", slug="claim")
    for deleted_at in (None, None, timezone.now()):
        Span.objects.create(
            set=reading,
            uid=uuid.uuid4(),
            fragments=[[2, 8]],
            start=2,
            end=8,
            role=role,
            deleted_at=deleted_at,
        )
    client = visitor(mona)
    used = client.get(f"{here}labels/{role.pk}/removal/").content.decode()
    assert "on 2 spans" in used
    assert "on a deleted mark" in used
    assert "Remove claim" not in used
    unused = Label.objects.get(project=reading.project, slug="supports")
    assert "Nobody has labelled with it" in client.get(f"{here}labels/{unused.pk}/removal/").content.decode()
    assert Label.objects.filter(pk=unused.pk).exists(), "looking removes nothing"
    Membership.objects.filter(user=mona).update(takes_part=True)
    assert client.get(f"{here}labels/{role.pk}/removal/").status_code == 403, (
        "counts tell who reads of others"
    )


def test_what_was_removed_is_put_back_as_it_was(
    here: str, visitor, mona: User, project: Project, sam: User
) -> None:
    client = visitor(mona)
    names = ("kind", "group", "slug", "name", "definition", "color", "key", "position")
    label = project.labels.get(slug="supports")
    before = {name: getattr(label, name) for name in names}
    key = label.key
    client.post(f"{here}labels/{label.pk}/removal/")
    page = client.get(here).content.decode()
    line = Event.objects.get(verb="scheme_entry_removed").pk
    assert f"{here}removals/{line}/" in page
    client.post(f"{here}removals/{line}/")
    again = project.labels.get(slug="supports")
    assert {name: getattr(again, name) for name in names} == before
    assert "Removed lately" not in client.get(here).content.decode()
    assert client.post(f"{here}removals/{line}/").status_code == 404, "it is here"
    client.post(f"{here}labels/{again.pk}/removal/")
    project.labels.filter(slug="attacks").update(key=key)
    client.post(f"{here}removals/{Event.objects.filter(verb='scheme_entry_removed').last().pk}/")
    assert project.labels.get(slug="supports").key == ""


def test_a_removed_target_is_put_back(here: str, visitor, mona: User, project: Project) -> None:
    client = visitor(mona)
    target = project.targets.get()
    assert "Nobody has labelled with it" in client.get(f"{here}targets/{target.pk}/removal/").content.decode()
    client.post(f"{here}targets/{target.pk}/removal/")
    assert not project.targets.exists()
    client.post(f"{here}removals/{Event.objects.get(verb='scheme_entry_removed').pk}/")
    assert project.targets.get().name == target.name


def test_targets_are_added_renamed_and_removed(here: str, visitor, mona: User, project: Project) -> None:
    client = visitor(mona)
    client.post(f"{here}targets/", {"target-name": "The jail contract"})
    target = project.targets.get(slug="the-jail-contract")
    client.post(f"{here}targets/{target.pk}/", {"name": "Jail"})
    target.refresh_from_db()
    assert target.name == "Jail"
    assert client.post(f"{here}targets/", {"target-name": "The jail contract"}).status_code == 400
    client.post(f"{here}targets/{target.pk}/removal/")
    assert not project.targets.filter(pk=target.pk).exists()


def test_an_empty_name_of_a_target_is_refused(here: str, visitor, mona: User, project: Project) -> None:
    target = project.targets.get()
    answer = visitor(mona).post(f"{here}targets/{target.pk}/", {"name": " "}, follow=True)
    assert "cannot be blank" in answer.content.decode()
    assert project.targets.get().name == target.name


def test_hostile_names_are_only_text(here: str, visitor, mona: User, project: Project) -> None:
    given = {"kind": "stance", "slug": "evil", "name": HOSTILE[:200], "definition": HOSTILE}
    label, _ = studies.put_label(project, given, actor=mona)
    studies.put_target(project, {"slug": "evil", "name": HOSTILE}, actor=mona)
    client = visitor(mona)
    for where in (here, f"{here}labels/{label.pk}/"):
        page = client.get(where).content.decode()
        assert "<script>alert" not in page
        assert "<b onmouseover" not in page


def test_it_takes_few_queries(here: str, visitor, at_most, mona: User) -> None:
    client = visitor(mona)
    client.get("/docs/")
    with at_most(8):
        assert client.get(here).status_code == 200
