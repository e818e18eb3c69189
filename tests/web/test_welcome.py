"""/welcome/{token}/: the demo's one-click links, and that they stay out of the log."""

import logging

import pytest
from django.test import override_settings

from annotator.accounts import welcome
from annotator.accounts.models import User
from annotator.web.discretion import KeysLeftOut, blackened

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("ANNOTATOR_WELCOME_NONCE", "this-run")
    return "this-run"


@override_settings(PROFILE="demo")
def test_the_button_signs_in_and_looking_does_not(visitor, running: str, mona: User) -> None:
    client, where = visitor(None), f"/welcome/{welcome.make(mona, running)}/"
    assert "Sign in as mona" in client.get(where).content.decode()
    assert client.get("/").status_code == 302
    assert client.post(where)["Location"] == "/"
    assert client.get("/").status_code == 200


@override_settings(PROFILE="demo")
def test_a_link_of_another_run_is_no_use(visitor, running: str, mona: User) -> None:
    assert visitor(None).post(f"/welcome/{welcome.make(mona, 'an-earlier-run')}/").status_code == 404
    assert visitor(None).post("/welcome/invented/").status_code == 404


@override_settings(PROFILE="demo")
def test_who_was_made_inactive_is_not_signed_in(visitor, running: str, mona: User) -> None:
    token = welcome.make(mona, running)
    User.objects.update(is_active=False)
    assert visitor(None).post(f"/welcome/{token}/").status_code == 404


@pytest.mark.parametrize("profile", ["test", "production"])
def test_outside_the_demo_there_are_none(profile: str, visitor, running: str, mona: User) -> None:
    with override_settings(PROFILE=profile):
        assert visitor(None).post(f"/welcome/{welcome.make(mona, running)}/").status_code == 404


@override_settings(PROFILE="demo")
def test_without_a_running_servers_nonce_there_are_none(visitor, mona: User) -> None:
    assert visitor(None).get(f"/welcome/{welcome.make(mona, 'guess')}/").status_code == 404
    with pytest.raises(ValueError, match="nonce"):
        welcome.make(mona, "")


@override_settings(PROFILE="demo")
def test_a_key_in_an_address_is_not_logged(
    visitor, running: str, mona: User, caplog: pytest.LogCaptureFixture
) -> None:
    token = welcome.make(mona, running)
    client = visitor(None, checks=True)
    with caplog.at_level(logging.DEBUG):
        assert client.post(f"/welcome/{token}/").status_code == 403
        assert client.get("/welcome/invented-key/").status_code == 404
        assert client.get("/invitations/another-key/").status_code == 404
    assert caplog.records
    for secret in (token, "invented-key", "another-key"):
        assert secret not in caplog.text


def test_only_the_key_is_blackened() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s: %s", ("Not Found", "/welcome/abc:def/"), None)
    assert KeysLeftOut().filter(record)
    assert record.getMessage() == "Not Found: /welcome/.../"
    assert blackened("came from http://x:8/welcome/abc/") == "came from http://x:8/welcome/.../"
    assert blackened("/projects/welcome/documents/") == "/projects/welcome/documents/"
