"""Setting up a study: settings, people, scheme, guideline, documents."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from annotator.accounts.models import User
from annotator.documents.models import Document
from annotator.errors import Conflict, Gone, NotFound
from annotator.history.models import Event
from annotator.projects import members, studies
from annotator.projects import scheme as schemes
from annotator.projects.models import Invitation, Membership, Project
from tests.api.refusals import check_refused, nothing_stored
from tests.conftest import membership_of

P = "/api/v1/projects/harbour/"
pytestmark = pytest.mark.django_db


def test_who_creates_a_project_is_its_manager(api: Any, sam: User) -> None:
    answer = api(sam).post("/api/v1/projects/", {"slug": "ufer-straße", "name": "Ufer"})
    assert answer.status_code == 201
    [membership] = Membership.objects.all()
    assert (membership.user, membership.role, membership.takes_part) == (sam, "manager", False)
    assert api(sam).get("/api/v1/projects/ufer-stra%C3%9Fe/").json()["name"] == "Ufer"
    assert Event.objects.get(verb="project_created").actor_id == sam.pk


BAD_PROJECTS: list[tuple[dict[str, Any], str]] = [
    ({"slug": "Harbour2"}, "slug"), ({"slug": "a b"}, "slug"), ({"slug": "-a"}, "slug"), ({"slug": "a/b"}, "slug"),
    ({"slug": ""}, "slug"), ({"slug": "x" * 81}, "slug"), ({"slug": None}, "slug"), ({"slug": 1}, "slug"),
    ({"slug": "a\n"}, "slug"), ({"slug": ".."}, "slug"), ({"name": ""}, "name"), ({"name": "x" * 201}, "name"),
    ({"name": None}, "name"), ({"readers_per_document": 0}, "readers_per_document"),
    ({"readers_per_document": -1}, "readers_per_document"), ({"readers_per_document": 101}, "readers_per_document"),
    ({"readers_per_document": "3"}, "readers_per_document"), ({"readers_per_document": 2**40}, "readers_per_document"),
    ({"open_after": "soon"}, "open_after"), ({"lease_minutes": 0}, "lease_minutes"),
    ({"lease_minutes": 43_201}, "lease_minutes"), ({"may_reopen": 1}, "may_reopen"), ({"template": "none"}, "template"),
    ({"scheme_version": 9}, "scheme_version"),
]  # fmt: skip


def test_a_project_that_cannot_be_is_refused(api: Any, mona: User, project: Project, subtests: Any) -> None:
    for change, attr in BAD_PROJECTS:
        with subtests.test(str(change)), nothing_stored():
            answer = api(mona).post("/api/v1/projects/", {"slug": "fresh", "name": "Fresh", **change})
            check_refused(answer, 400, attr=attr)
            if attr not in ("slug", "template"):
                check_refused(api(mona).patch(P, change), 400, attr=attr)
    with nothing_stored():
        check_refused(
            api(mona).post("/api/v1/projects/", {"slug": "harbour", "name": "X"}), 409, "slug_taken"
        )
        check_refused(api(mona).patch(P, {"slug": "other"}), 400, "unknown_key")


BAD_LABELS: list[tuple[dict[str, Any], int, str]] = [
    ({"kind": "tone"}, 400, "kind"), ({"slug": "Backing"}, 400, "slug"), ({"slug": "a b"}, 400, "slug"),
    ({"name": ""}, 400, "name"), ({"color": "red"}, 400, "color"), ({"color": "#12345g"}, 400, "color"),
    ({"key": "xy"}, 400, "key"), ({"key": "c"}, 409, "key"), ({"key": "g"}, 409, "key"), ({"key": "G"}, 409, "key"),
    ({"position": -1}, 400, "position"), ({"group": "genre"}, 400, "group"), ({"kind": "document"}, 400, "group"),
    ({"kind": "document", "group": "Genre X"}, 400, "group"), ({"definition": None}, 400, "definition"),
    ({"project": 1}, 400, "project"),
]  # fmt: skip


def test_a_label_that_cannot_be_is_refused(api: Any, mona: User, project: Project, subtests: Any) -> None:
    good = {"kind": "role", "slug": "backing", "name": "Backing"}
    for change, status, attr in BAD_LABELS:
        with subtests.test(str(change)), nothing_stored():
            check_refused(api(mona).post(f"{P}labels/", {**good, **change}), status, attr=attr)
    assert api(mona).post(f"{P}labels/", good).status_code == 201


def test_the_same_label_again_is_changed_and_not_doubled(api: Any, mona: User, project: Project) -> None:
    label = {"kind": "role", "slug": "backing", "name": "Backing", "key": "b", "color": "#123456"}
    first, again = (api(mona).post(f"{P}labels/", {**label, "name": name}) for name in ("Backing", "Support"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert project.labels.get(slug="backing").name == "Support"


def test_every_change_of_the_scheme_is_seen_by_who_labels(
    api: Any, mona: User, ada: User, reading: Any
) -> None:
    """The scheme is kept in the process by its version; a stale one would refuse what the manager has just added."""
    url = f"{P}sets/{reading.pk}/"
    assert len(api(ada).get(url).json()["scheme"]["targets"]) == 1
    span = {"start": 0, "end": 5, "role": "backing", "target": "parks"}
    uid = "00000000-0000-0000-0000-000000000001"
    check_refused(api(ada).put(f"{url}spans/{uid}/", span), 400)
    api(mona).post(f"{P}labels/", {"kind": "role", "slug": "backing", "name": "Backing"})
    api(mona).post(f"{P}targets/", {"slug": "parks", "name": "Parks"})
    assert api(ada).put(f"{url}spans/{uid}/", span).status_code == 201
    api(mona).post(f"{P}guidelines/", {"text": "# Read *twice*\n\n<script>alert(1)</script>"})
    guideline = api(ada).get(url).json()["scheme"]["guideline"]
    assert guideline["version"] == 2
    assert "<em>twice</em>" in guideline["html"]
    assert "<script" not in guideline["html"]
    changed = api(ada).put(f"{url}spans/{uid}/", {**span, "note": "n"}).json()
    assert changed["guideline"] == 2, "a mark says by which guideline it was made"
    assert schemes.of(Project.objects.get()).guideline_version == 2


def test_a_guideline_of_the_same_words_is_the_same_version(api: Any, mona: User, project: Project) -> None:
    assert [api(mona).post(f"{P}guidelines/", {"text": text}).status_code for text in ("A", "A", "B", "A")] == [
        201, 200, 201, 201,
    ]  # fmt: skip


# Documents


def test_documents_come_all_or_none_and_once(api: Any, mona: User, project: Project) -> None:
    client, url = api(mona), f"{P}documents/"
    one, two = ({"external_id": name, "text": f"Text of {name}.\r\n"} for name in ("a", "b"))
    assert client.post(url, [one, two]).status_code == 201
    with nothing_stored():
        again = client.post(url, [one, two, one])
        assert (again.status_code, len(again.json())) == (200, 3)
        check_refused(
            client.post(url, {**one, "text": "Other."}), 409, "document_differs", attr="external_id"
        )
        check_refused(client.post(url, [{"external_id": "c", "text": "C."}, {**one, "text": "Other."}]), 409)
        check_refused(
            client.post(url, [{"external_id": "c", "text": "1"}, {"external_id": "c", "text": "2"}]), 409
        )
        check_refused(
            client.post(url, [{"external_id": "c", "text": "C."}, {"external_id": "d", "text": ""}]), 400
        )
    assert client.post(url, [one, {"external_id": "c", "text": "C."}]).status_code == 201
    assert Document.objects.count() == 3
    assert Document.objects.get(external_id="a").text == "Text of a.\r\n"


BAD_DOCUMENTS: list[Any] = [
    {"external_id": "", "text": "x"}, {"external_id": "x" * 201, "text": "x"}, {"text": "x"}, {"external_id": "x"},
    {"external_id": "x", "text": ""}, {"external_id": "x", "text": " \r\n\t\u2003"}, {"external_id": "x", "text": None},
    {"external_id": "x", "text": 5}, {"external_id": 5, "text": "x"}, {"external_id": "x", "text": ["x"]},
    {"external_id": "x", "text": "x", "title": "t" * 501}, {"external_id": "x", "text": "x", "language": "l" * 36},
    {"external_id": "x", "text": "x", "meta": []}, {"external_id": "x", "text": "x", "meta": "m"},
    {"external_id": "x", "text": "x", "meta": None}, {"external_id": "x", "text": "x", "sha256": "0"},
    {"external_id": "x", "text": "x", "project": 2}, ["x"], [None], [[]],
]  # fmt: skip


def test_a_document_that_cannot_be_is_refused(api: Any, mona: User, project: Project, subtests: Any) -> None:
    for body in BAD_DOCUMENTS:
        with subtests.test(str(body)[:60]), nothing_stored():
            check_refused(api(mona).post(f"{P}documents/", body), 400)


def test_too_many_at_once_are_refused(api: Any, mona: User, project: Project) -> None:
    many = [{"external_id": str(at), "text": "x"} for at in range(5_001)]
    with nothing_stored():
        check_refused(api(mona).post(f"{P}documents/", many), 400)


# Members


def test_a_project_keeps_a_manager(api: Any, mona: User, ada: User, project: Project) -> None:
    url = f"{P}memberships/{membership_of(project, mona).pk}/"
    with nothing_stored():
        check_refused(api(mona).patch(url, {"role": "annotator"}), 409, "last_manager")
        other = f"{P}memberships/{membership_of(project, ada).pk}/"
        check_refused(api(mona).patch(other, {"role": "king"}), 400, attr="role")
        check_refused(api(mona).patch(url, {"alias": "X"}), 400, "unknown_key")


def test_members_that_cannot_be_are_refused(
    api: Any, mona: User, project: Project, sam: User, subtests: Any
) -> None:
    for body, status, code in [
        ({"alias": "A1", "role": "annotator"}, 409, "alias_taken"),
        ({"alias": "X", "role": "annotator", "username": "ada"}, 409, "already_member"),
        ({"alias": "X", "role": "annotator", "username": "nobody"}, 400, "unknown_user"),
        ({"alias": " ", "role": "annotator"}, 400, "bad_alias"),
        ({"alias": "X", "role": "king"}, 400, "unknown_role"),
        ({"alias": "X"}, 400, "required"),
    ]:
        with subtests.test(str(body)), nothing_stored():
            check_refused(api(mona).post(f"{P}memberships/", body), status, code)
    added = api(mona).post(
        f"{P}memberships/", {"alias": "S1", "role": "observer", "username": "sam", "takes_part": True}
    )
    assert (added.status_code, added.json()["takes_part"]) == (201, False), "an observer labels nothing"


def test_an_invitation_is_used_once_and_in_time(
    api: Any, mona: User, project: Project, sam: User, ben: User
) -> None:
    made = api(mona).post(f"{P}invitations/", {"alias": "S1", "role": "annotator"}).json()
    key = made["link"].rstrip("/").rsplit("/", 1)[-1]
    assert key not in str(list(Invitation.objects.values()))
    now = timezone.now()
    with pytest.raises(NotFound):
        members.find_invitation("x", now=now)
    with pytest.raises(Gone, match="invitation_expired"):
        members.find_invitation(key, now=now + timedelta(days=15))
    found = members.find_invitation(key, now=now)
    with pytest.raises(Conflict, match="already_member"):
        members.accept(found, user=ben, now=now)
    assert members.accept(found, user=sam, now=now).alias == "S1"
    with pytest.raises(Gone, match="invitation_used"):
        members.find_invitation(key, now=now)
    with pytest.raises(Gone, match="invitation_used"):
        members.accept(found, user=sam, now=now)


def at_once(work: Sequence[Callable[[], Any]]) -> list[Any]:
    gate = threading.Barrier(len(work))
    given: list[Any] = []

    def run(each: Callable[[], Any]) -> None:
        gate.wait()
        try:
            given.append(each())
        except Exception as error:
            given.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given


@pytest.mark.django_db(transaction=True)
def test_one_address_taken_twice_at_once_is_one_project(mona: User, sam: User) -> None:
    given = at_once(
        [partial(studies.create, actor=user, slug="fresh", name="Fresh") for user in (mona, sam)] * 2
    )
    assert Project.objects.count() == 1
    assert sorted(type(each).__name__ for each in given) == ["Conflict"] * 3 + ["Project"]


@pytest.mark.django_db(transaction=True)
def test_one_name_for_two_texts_at_once_is_one_document(project: Project, mona: User) -> None:
    from annotator.documents import texts

    given = at_once([
        partial(texts.add, project, [texts.NewDocument("same", f"Text {at % 2}.")], actor=mona) for at in range(6)
    ])  # fmt: skip
    assert Document.objects.count() == 1
    assert sum(isinstance(each, Conflict) for each in given) == 3
    assert not [each for each in given if isinstance(each, Exception) and not isinstance(each, Conflict)]
