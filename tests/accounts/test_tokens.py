"""Keys for scripts: kept as a digest, shown once, bounded in time, and theirs alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotator.accounts import tokens
from annotator.accounts.models import ApiToken, User
from annotator.history.models import Event
from annotator.projects.models import Project
from tests.api.refusals import check_refused, nothing_stored

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password for a test"


@pytest.fixture
def keyed(ada: User) -> User:
    ada.set_password(PASSWORD)
    ada.save()
    return ada


def make(client: Any, **values: Any) -> Any:
    return client.post(
        "/api/v1/tokens/", {"username": "ada", "password": PASSWORD, "name": "script", **values}
    )


def bearer(api: Any, key: str) -> Any:
    client = api(None)
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return client


def test_a_token_is_shown_once_and_kept_as_a_digest(api: Any, keyed: User) -> None:
    answer = make(api(None))
    assert answer.status_code == 201
    key = answer.json()["token"]
    stored = ApiToken.objects.values().get()
    assert len(stored["digest"]) == 64
    assert key not in str(stored)
    assert key not in str(list(Event.objects.values()))
    client = bearer(api, key)
    assert client.get("/api/v1/me/").json()["username"] == "ada"
    listed = client.get("/api/v1/tokens/").json()["results"]
    assert [row["name"] for row in listed] == ["script"]
    assert key not in str(listed)
    assert stored["digest"] not in str(listed)


def test_a_wrong_password_makes_no_token(api: Any, keyed: User) -> None:
    with nothing_stored():
        for values in ({"password": "wrong"}, {"username": "nobody"}, {"password": PASSWORD + " "}):
            check_refused(make(api(None), **values), 401, "authentication_failed")
        wrong: list[dict[str, Any]] = [
            {"name": ""},
            {"name": None},
            {"name": "x" * 101},
            {"password": None},
            {"username": ["ada"]},
        ]
        for given in wrong:
            check_refused(make(api(None), **given), 400)


def test_who_does_not_exist_and_who_gives_a_wrong_password_are_told_the_same(api: Any, keyed: User) -> None:
    wrong, unknown = make(api(None), password="wrong"), make(api(None), username="nobody")
    assert wrong.json() == unknown.json()


def test_a_token_ends_with_its_time(api: Any, keyed: User) -> None:
    client = bearer(api, make(api(None)).json()["token"])
    token = ApiToken.objects.get()
    assert token.expires_at
    assert timedelta(days=300) < token.expires_at - timezone.now() <= timedelta(days=366)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    check_refused(client.get("/api/v1/me/"), 401)
    assert not ApiToken.objects.get().alive(timezone.now())


def test_a_token_ends_with_its_person(api: Any, keyed: User) -> None:
    client = bearer(api, make(api(None)).json()["token"])
    User.objects.update(is_active=False)
    check_refused(client.get("/api/v1/me/"), 401)
    check_refused(make(api(None)), 401)


@pytest.mark.parametrize(
    "header",
    [
        "Token",
        "Token ",
        "Token x",
        "Token \u00e9",
        "Token x y",
        "token x",
        "Bearer x",
        "Basic YWRhOng=",
        "Token " + "x" * 5000,
    ],
)
def test_what_is_no_token_opens_nothing(api: Any, keyed: User, header: str) -> None:
    client = api(None)
    client.credentials(HTTP_AUTHORIZATION=header)
    check_refused(client.get("/api/v1/me/"), 401)


def test_a_digest_is_no_key(api: Any, keyed: User) -> None:
    make(api(None))
    check_refused(bearer(api, ApiToken.objects.get().digest).get("/api/v1/me/"), 401)


def test_the_last_use_is_kept_to_the_minute(keyed: User) -> None:
    now = timezone.now()
    key = tokens.make(keyed, name="script", now=now, actor=keyed)
    uses = []
    for seconds in (0, 30, 90, 100):
        tokens.find(key, now=now + timedelta(seconds=seconds))
        uses.append(ApiToken.objects.get().last_used_at)
    assert uses == [now, now, now + timedelta(seconds=90), now + timedelta(seconds=90)]


def test_a_person_ends_their_own_tokens_only(api: Any, keyed: User, ben: User) -> None:
    key = make(api(None)).json()["token"]
    url = f"/api/v1/tokens/{ApiToken.objects.get().pk}/"
    with nothing_stored():
        check_refused(api(ben).delete(url), 404)
    assert api(keyed).delete(url).status_code == 204
    check_refused(bearer(api, key).get("/api/v1/me/"), 401)
    assert Event.objects.filter(verb="token_ended").count() == 1


def test_scripts_need_no_csrf_token_and_get_no_session(api: Any, project: Project, keyed: User) -> None:
    client = api(None, enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"Token {make(api(None)).json()['token']}")
    answer = client.post("/api/v1/projects/", {"slug": "mine", "name": "Mine"})
    assert answer.status_code == 201
    assert not answer.cookies


def test_who_guesses_is_locked_out(api: Any, keyed: User, settings: Any) -> None:
    settings.AXES_ENABLED = True
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = make(api(None), password="wrong")
        assert answer.status_code in (401, 429)
    locked = make(api(None))
    assert locked.status_code in (401, 403, 429), "even the right password waits now"
    assert "token" not in locked.json()
    check_refused(locked, locked.status_code)
    assert ApiToken.objects.count() == 0
    assert api(keyed).get("/api/v1/me/").status_code == 200, "who is signed in stays"
