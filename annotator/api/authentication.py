"""API tokens: `Authorization: Token <key>`."""

from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from annotator.accounts import tokens


class TokenAuthentication(BaseAuthentication):
    """Knows a script by its token's digest."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        scheme, _, key = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"token":
            return None
        token = tokens.find(key.strip().decode("latin-1"), now=timezone.now())
        if token is None:
            raise AuthenticationFailed("This token is unknown or has expired.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"
