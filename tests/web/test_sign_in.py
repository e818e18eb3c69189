"""/sign-in/ and /sign-out/."""

import pytest
from django.test import Client

from annotator.accounts.models import User

pytestmark = pytest.mark.django_db


def test_the_right_password_leads_to_where_one_wanted_to_go(mona: User) -> None:
    mona.set_password("a long enough secret")
    mona.save()
    answer = Client().post(
        "/sign-in/", {"username": "mona", "password": "a long enough secret", "next": "/docs/"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/docs/")


def test_a_wrong_password_is_said_so_and_nobody_is_signed_in(mona: User) -> None:
    client = Client()
    answer = client.post("/sign-in/", {"username": "mona", "password": "wrong"})
    assert "correct username and password" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_it_does_not_lead_to_another_site(mona: User) -> None:
    mona.set_password("a long enough secret")
    mona.save()
    given = {"username": "mona", "password": "a long enough secret", "next": "https://elsewhere.example/"}
    assert Client().post("/sign-in/", given)["Location"] == "/"


def test_signing_out_is_a_post(visitor, mona: User) -> None:
    client = visitor(mona)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/")["Location"] == "/sign-in/?next=/"


def test_a_post_without_the_forms_token_is_refused_on_a_page(visitor) -> None:
    answer = visitor(None, checks=True).post("/sign-in/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "Reload the page" in answer.content.decode()


def test_who_guesses_too_often_waits(visitor, mona: User, settings) -> None:
    settings.AXES_ENABLED = True
    client = visitor(None)
    given = {"username": "mona", "password": "wrong"}
    statuses = [client.post("/sign-in/", given).status_code for _ in range(settings.AXES_FAILURE_LIMIT + 1)]
    assert statuses[-1] == 429
    assert "Too many wrong passwords" in client.post("/sign-in/", given).content.decode()


def test_a_password_is_changed_by_who_knows_the_old_one(visitor, mona: User) -> None:
    mona.set_password("a long enough secret")
    mona.save()
    client = visitor(mona)
    new = {"new_password1": "another long secret", "new_password2": "another long secret"}
    assert client.post("/accounts/password/", {"old_password": "guess", **new}).status_code == 200
    assert (
        client.post("/accounts/password/", {"old_password": "a long enough secret", **new}).status_code == 302
    )
    mona.refresh_from_db()
    assert mona.check_password("another long secret")


def test_the_page_of_a_failure_asks_nothing_of_the_database(rf, django_assert_num_queries) -> None:
    from annotator.web.refusals import server_error

    with django_assert_num_queries(0):
        answer = server_error(rf.get("/somewhere/"))
    assert answer.status_code == 500
    assert "The server failed" in answer.content.decode()
