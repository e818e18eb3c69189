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
