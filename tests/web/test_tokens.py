"""/accounts/tokens/."""

import re

import pytest

from annotator.accounts.models import ApiToken, User

pytestmark = pytest.mark.django_db


def test_a_token_is_shown_once_and_opens_the_api(visitor, ada: User, api) -> None:
    client = visitor(ada)
    answer = client.post("/accounts/tokens/", {"name": "lab script"})
    [key] = re.findall(r"<code data-copy>([^<]+)</code>", answer.content.decode())
    assert key not in client.get("/accounts/tokens/").content.decode()
    assert "no-store" in answer["Cache-Control"]
    caller = api(None)
    caller.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    assert caller.get("/api/v1/me/").status_code == 200


def test_a_token_without_a_name_is_not_made(visitor, ada: User) -> None:
    visitor(ada).post("/accounts/tokens/", {"name": ""})
    assert not ApiToken.objects.exists()


def test_only_ones_own_token_is_ended(visitor, ada: User, ben: User) -> None:
    visitor(ada).post("/accounts/tokens/", {"name": "hers"})
    token = ApiToken.objects.get()
    assert visitor(ben).post(f"/accounts/tokens/{token.pk}/end/").status_code == 404
    assert visitor(ada).get(f"/accounts/tokens/{token.pk}/end/").status_code == 405
    visitor(ada).post(f"/accounts/tokens/{token.pk}/end/")
    assert not ApiToken.objects.exists()
