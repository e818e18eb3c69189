"""Every address, method and role: who is let in, who is refused, and for whom there is nothing there."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver
from django.utils import timezone

from annotator.accounts import tokens
from annotator.accounts.models import ApiToken, User
from annotator.annotations.models import AnnotationSet
from annotator.api import urls
from annotator.exchange.models import Import
from annotator.jobs.models import Job
from annotator.projects import members
from annotator.projects.models import Project
from annotator.reports.models import AgreementReport
from tests.api.refusals import check_refused
from tests.conftest import add_document, claim, membership_of

pytestmark = pytest.mark.django_db
U = [uuid.UUID(int=number) for number in range(1, 9)]
SPAN = {"start": 2, "end": 19, "role": "claim", "note": "again"}
RELATION = {"label": "attacks", "from": {"span": str(U[0])}, "to": {"span": str(U[1])}}
NEW_LABEL = {"kind": "role", "slug": "backing", "name": "Backing"}
REPORT: dict[str, Any] = {
    **dict.fromkeys(("id", "documents", "sets", "through_event"), 1),
    **{name: [] for name in ("labels", "annotators", "left_out", "figures")},
    "layer": "stance",
    "target": None,
}
MEMBERS = ("manager", "reviewer", "annotator", "colleague", "observer")
ALL = (200,) * 5
MANAGER = (403,) * 4
S = "projects/<str:p>/"
ONE = f"{S}sets/<int:set_id>/"

# Below a project: route -> method -> (body, the answers to Mona, Rosa, Ada, Ben, Otto). The set, the assignment and the
# marks are Ada's, the job, the report and the import Mona's. Nobody: 401. Sam, and a superuser without membership: 404.
TABLE: dict[str, dict[str, tuple[Any, tuple[int, ...]]]] = {
    S: {"GET": (None, ALL), "PATCH": ({"description": "x"}, (200, *MANAGER))},
    f"{S}archive/": {"PUT": (None, (200, *MANAGER)), "DELETE": (None, (200, *MANAGER))},
    f"{S}memberships/": {
        "GET": (None, (200, 200, 403, 403, 200)),
        "POST": ({"alias": "X", "role": "annotator"}, (201, *MANAGER)),
    },
    f"{S}memberships/<int:membership_id>/": {
        "GET": (None, (200, 200, 403, 403, 200)),
        "PATCH": ({"role": "observer"}, (200, *MANAGER)),
        "DELETE": (None, (204, *MANAGER)),
    },
    f"{S}invitations/": {
        "GET": (None, (200, *MANAGER)),
        "POST": ({"alias": "X", "role": "annotator"}, (201, *MANAGER)),
    },
    f"{S}invitations/<int:invitation_id>/": {"DELETE": (None, (204, *MANAGER))},
    f"{S}labels/": {"GET": (None, ALL), "POST": (NEW_LABEL, (201, *MANAGER))},
    f"{S}labels/<int:entry_id>/": {"DELETE": (None, (204, *MANAGER))},
    f"{S}targets/": {"GET": (None, ALL), "POST": ({"slug": "x", "name": "X"}, (201, *MANAGER))},
    f"{S}targets/<int:entry_id>/": {"DELETE": (None, (204, *MANAGER))},
    f"{S}holders/": {"GET": (None, ALL), "POST": ({"slug": "x", "name": "X"}, (201, 201, 201, 201, 403))},
    f"{S}guidelines/": {"GET": (None, ALL), "POST": ({"text": "Read."}, (201, *MANAGER))},
    f"{S}documents/": {"GET": (None, ALL), "POST": ({"external_id": "x", "text": "X."}, (201, *MANAGER))},
    f"{S}documents/<int:document_id>/": {"GET": (None, ALL), "DELETE": (None, (204, *MANAGER))},
    f"{S}documents/<int:document_id>/recusal/": {"PUT": (None, (204, 204, 403, 403, 403))},
    f"{S}assignments/": {"GET": (None, (200, 200, 200, 200, 403)), "POST": (None, (403, 403, 200, 201, 403))},
    f"{S}assignments/<int:assignment_id>/": {
        "GET": (None, (404, 404, 200, 404, 403)),
        "PATCH": ({"action": "heartbeat"}, (404, 404, 200, 404, 403)),
        "DELETE": (None, (404, 404, 204, 404, 403)),
    },
    f"{S}sets/": {"GET": (None, ALL)},
    ONE: {"GET": (None, (200, 404, 200, 404, 404))},
    f"{ONE}spans/<uuid:uid>/": {
        "PUT": (SPAN, (403, 404, 200, 404, 404)),
        "DELETE": (None, (403, 404, 200, 404, 404)),
    },
    f"{ONE}relations/<uuid:uid>/": {
        "PUT": (RELATION, (403, 404, 201, 404, 404)),
        "DELETE": (None, (403, 404, 404, 404, 404)),
    },
    f"{ONE}comments/<uuid:uid>/": {
        "PUT": ({"text": "?"}, (201, 404, 201, 404, 404)),
        "DELETE": (None, (404, 404, 404, 404, 404)),
    },
    f"{ONE}document-labels/": {"PUT": ({"genre": "news"}, (403, 404, 200, 404, 404))},
    f"{ONE}submission/": {
        "PUT": (None, (403, 404, 200, 404, 404)),
        "DELETE": (None, (403, 404, 200, 404, 404)),
    },
    f"{ONE}review/": {"PUT": ({"decision": "accepted"}, (409, 404, 403, 404, 404))},
    f"{S}agreement/": {
        "GET": (None, (200, 200, 403, 403, 200)),
        "POST": ({"layer": "role"}, (202, 202, 403, 403, 403)),
    },
    f"{S}agreement/<int:report_id>/": {"GET": (None, (200, 200, 403, 403, 200))},
    f"{S}jobs/": {"GET": (None, ALL)},
    f"{S}jobs/<uuid:job_id>/": {
        "GET": (None, (200, 404, 404, 404, 404)),
        "DELETE": (None, (200, 404, 404, 404, 404)),
    },
    f"{S}jobs/<uuid:job_id>/file/": {"GET": (None, (409, 404, 404, 404, 404))},
    f"{S}events/": {"GET": (None, (200, 200, 403, 403, 403))},
    f"{S}imports/": {"GET": (None, (200, *MANAGER)), "POST": (None, (400, *MANAGER))},
    f"{S}imports/<int:import_id>/": {"GET": (None, (200, *MANAGER)), "DELETE": (None, (204, *MANAGER))},
    f"{S}imports/<int:import_id>/preview/": {"PUT": ({}, (202, *MANAGER))},
    f"{S}imports/<int:import_id>/application/": {"PUT": ({}, (202, *MANAGER))},
    f"{S}imports/<int:import_id>/problems/": {"GET": (None, (200, *MANAGER))},
    f"{S}exports/": {"GET": (None, ALL), "POST": ({"format": "jsonl"}, (202,) * 5)},
}

# The same for Ada's other reading, which she has submitted.
SUBMITTED: dict[str, dict[str, tuple[Any, tuple[int, ...]]]] = {
    ONE: {"GET": (None, (200, 200, 200, 404, 200))},
    f"{ONE}spans/<uuid:uid>/": {
        "PUT": (SPAN, (403, 403, 409, 404, 403)),
        "DELETE": (None, (403, 403, 409, 404, 403)),
    },
    f"{ONE}comments/<uuid:uid>/": {"PUT": ({"text": "?"}, (201, 201, 201, 404, 403))},
    f"{ONE}document-labels/": {"PUT": ({"genre": "news"}, (403, 403, 409, 404, 403))},
    f"{ONE}submission/": {
        "PUT": (None, (403, 403, 200, 404, 403)),
        "DELETE": (None, (403, 403, 200, 404, 403)),
    },
    f"{ONE}review/": {"PUT": ({"decision": "accepted"}, (200, 200, 403, 404, 403))},
}

# Outside projects: (body, nobody, Sam, Ada); a wrong password is 401 whoever sends it, the token is Ada's.
PASSWORD = {"username": "ada", "password": "wrong", "name": "x"}
OUTSIDE: dict[str, dict[str, tuple[Any, tuple[int, ...]]]] = {
    "schema/": {"GET": (None, (401, 200, 200))},
    "docs/": {"GET": (None, (401, 200, 200))},
    "tokens/": {"GET": (None, (401, 200, 200)), "POST": (PASSWORD, (401, 401, 401))},
    "tokens/<int:token_id>/": {"DELETE": (None, (401, 404, 204))},
    "me/": {"GET": (None, (401, 200, 200))},
    "find/": {"GET": (None, (401, 200, 200))},
    "projects/": {"GET": (None, (401, 200, 200)), "POST": ({"slug": "x", "name": "X"}, (401, 201, 201))},
}


def routes(patterns: Any = urls.urlpatterns, before: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every address of the API with the methods its view has."""
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        else:
            assert isinstance(each, URLPattern)
            view = getattr(each.callback, "cls", None) or each.callback.view_class
            offered = {name for name in view.http_method_names if hasattr(view, name)}
            yield route, {name.upper() for name in offered} - {"OPTIONS", "HEAD"}


def test_every_address_and_method_is_in_the_table() -> None:
    known = {route: set(methods) for route, methods in (TABLE | OUTSIDE).items()}
    assert dict(routes()) == known


@pytest.fixture
def cast(mona: User, rosa: User, ada: User, ben: User, otto: User, sam: User) -> dict[str, User]:
    return dict(zip((*MEMBERS, "stranger"), (mona, rosa, ada, ben, otto, sam), strict=True))


@pytest.fixture
def world(project: Project, mona: User, ada: User, ben: User, api: Any) -> dict[str, Any]:
    """What the placeholders of the routes stand for."""
    add_document(project, mona, "d0", "Submitted already. It has text.")
    done = claim(project, ada)
    client = api(ada)
    assert client.put(f"/api/v1/projects/harbour/sets/{done.pk}/submission/").status_code == 200
    add_document(project, mona, "d1", "😊 Cities are safer. Data show it. And more.")
    own = claim(project, ada)
    for uid in U[:2]:
        url = f"/api/v1/projects/harbour/sets/{own.pk}/spans/{uid}/"
        assert client.put(url, {"start": 2, "end": 19 + uid.int, "role": "claim"}).status_code == 201
    free = add_document(project, mona, "d2", "Nobody has read this.")
    job = Job.objects.create(project=project, kind="agreement", created_by=mona)
    report = AgreementReport.objects.create(
        project=project, job=job, specification={}, result=REPORT, created_by=mona
    )
    imported = Import.objects.create(
        project=project, name="x.csv", path="x", size=1, sha256="0" * 64, format="csv", created_by=mona,
        state="previewed", preview={},
    )  # fmt: skip
    tokens.make(ada, name="script", now=timezone.now(), actor=ada)
    invitation, _ = members.invite(project, actor=mona, alias="A9", role="annotator", now=timezone.now())
    label = project.labels.create(kind="role", slug="unused", name="Unused")
    target = project.targets.create(slug="unused", name="Unused")
    return {
        "<str:p>": "harbour",
        "<int:membership_id>": membership_of(project, ben).pk,
        "<int:invitation_id>": invitation.pk,
        "labels/<int:entry_id>": f"labels/{label.pk}",
        "targets/<int:entry_id>": f"targets/{target.pk}",
        "<int:document_id>": free.pk,
        "<int:assignment_id>": own.assignments.get().pk,
        "<int:set_id>": own.pk,
        "submitted": done.pk,
        "relations/<uuid:uid>": f"relations/{U[5]}",
        "comments/<uuid:uid>": f"comments/{U[6]}",
        "<uuid:uid>": U[0],
        "<int:report_id>": report.pk,
        "<uuid:job_id>": job.pk,
        "<int:import_id>": imported.pk,
        "<int:token_id>": ApiToken.objects.get(user=ada).pk,
    }


def address(route: str, world: dict[str, Any]) -> str:
    for name, value in world.items():
        route = route.replace(name, str(value))
    assert "<" not in route, route
    return f"/api/v1/{route}"


def ask(client: Any, method: str, url: str, body: Any) -> Any:
    """The answer, in a world in which nothing has happened."""
    kind = "multipart" if url.endswith("/imports/") else "json"
    with transaction.atomic():
        answer = client.generic(method, url) if method == "HEAD" else getattr(client, method.lower())(
            url, **({} if method == "GET" else {"data": body, "format": kind})
        )  # fmt: skip
        answer.content if not answer.streaming else None  # noqa: B018
        transaction.set_rollback(True)
    return answer


def check(answer: Any, status: int) -> None:
    if status >= 400 and answer.headers["Content-Type"].startswith("application/json"):
        check_refused(answer, status)
    else:  # pages for people, and the schema, say no in their own form
        assert answer.status_code == status, (answer.status_code, getattr(answer, "content", b"")[:300])


def walk(
    table: dict[str, dict[str, tuple[Any, tuple[int, ...]]]],
    clients: dict[str, Any],
    world: dict[str, Any],
    subtests: Any,
) -> None:
    for route, methods in table.items():
        url = address(route, world)
        for method, (body, statuses) in methods.items():
            for (who, client), status in zip(clients.items(), statuses, strict=True):
                with subtests.test(f"{who}: {method} {route}"):
                    check(ask(client, method, url, body), status)
                    if method == "GET":
                        assert ask(client, "HEAD", url, None).status_code == status


def test_members_are_let_in_by_their_role(
    api: Any, cast: dict[str, User], world: dict[str, Any], subtests: Any
) -> None:
    clients = {who: api(cast[who]) for who in MEMBERS}
    walk(TABLE, clients, world, subtests)


def test_a_submitted_reading_is_open_to_more_and_writable_by_nobody(
    api: Any, cast: dict[str, User], world: dict[str, Any], subtests: Any
) -> None:
    clients = {who: api(cast[who]) for who in MEMBERS}
    walk(SUBMITTED, clients, world | {"<int:set_id>": world["submitted"]}, subtests)


def test_for_strangers_there_is_no_project(
    api: Any, cast: dict[str, User], world: dict[str, Any], subtests: Any
) -> None:
    root = User.objects.create_superuser("root")
    for who, client in (("stranger", api(cast["stranger"])), ("superuser", api(root))):
        for route, methods in TABLE.items():
            for method, (body, _) in methods.items():
                with subtests.test(f"{who}: {method} {route}"):
                    check(ask(client, method, address(route, world), body), 404)


def test_nobody_is_asked_to_sign_in(api: Any, world: dict[str, Any], subtests: Any) -> None:
    for route, methods in TABLE.items():
        for method, (body, _) in methods.items():
            with subtests.test(f"{method} {route}"):
                answer = ask(api(None), method, address(route, world), body)
                check(answer, 401)
                assert "WWW-Authenticate" in answer.headers


def test_outside_projects(api: Any, cast: dict[str, User], world: dict[str, Any], subtests: Any) -> None:
    clients = {"nobody": api(None), "Sam": api(cast["stranger"]), "Ada": api(cast["annotator"])}
    walk(OUTSIDE, clients, world, subtests)


def test_what_is_another_projects_is_not_here(
    api: Any, mona: User, world: dict[str, Any], subtests: Any
) -> None:
    """Mona manages both studies; the numbers of one lead nowhere in the other."""
    assert api(mona).post("/api/v1/projects/", {"slug": "elsewhere", "name": "E"}).status_code == 201
    elsewhere = world | {"<str:p>": "elsewhere"}
    for route, methods in TABLE.items():
        if route.count("<") == 1:
            continue
        for method, (body, _) in methods.items():
            with subtests.test(f"{method} {route}"):
                check(ask(api(mona), method, address(route, elsewhere), body), 404)


def test_who_left_the_role_loses_the_right(
    api: Any, project: Project, ada: User, reading: AnnotationSet
) -> None:
    """An annotator made an observer no longer writes, not even in what they began."""
    membership = membership_of(project, ada)
    membership.role = "observer"
    membership.save()
    check_refused(
        api(ada).put(f"/api/v1/projects/harbour/sets/{reading.pk}/spans/{U[0]}/", SPAN), 403, "no_right"
    )


def test_who_is_not_active_is_nobody(api: Any, project: Project, ada: User) -> None:
    client = api(ada)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    check_refused(client.get("/api/v1/me/"), 401)
