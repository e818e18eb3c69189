"""Who I am, and the tokens my scripts carry."""

from typing import Any

from django.contrib.auth import authenticate
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts import tokens
from annotator.accounts.models import ApiToken, User
from annotator.api import answers
from annotator.api.door import body, person
from annotator.api.fields import Strict, StrictChar
from annotator.errors import NotFound


class TokenBody(Strict):
    username = StrictChar(max_length=150)
    password = StrictChar(max_length=4096)
    name = StrictChar(max_length=100)


class TokensView(APIView):
    """POST makes a token for who gives name and password; it is shown this once. GET lists the caller's."""

    permission_classes = [AllowAny]

    @extend_schema(request=TokenBody, responses={201: answers.NewToken})
    def post(self, request: Request) -> Response:
        given = body(request, TokenBody)
        # The Django request carries the address that the lock-out counts by.
        user = authenticate(request._request, username=given["username"], password=given["password"])
        if not isinstance(user, User):
            raise AuthenticationFailed("Name or password is wrong.")
        key = tokens.make(user, name=given["name"], now=timezone.now(), actor=user)
        return Response({"token": key}, status=201)

    @extend_schema(responses=answers.Tokens)
    def get(self, request: Request) -> Response:
        if not request.user.is_authenticated:
            self.permission_denied(request)
        return Response({"results": [token_record(token) for token in request.user.api_tokens.all()[:200]]})


class TokenView(APIView):
    """DELETE ends one of the caller's tokens."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, token_id: int) -> Response:
        token = ApiToken.objects.filter(user=request.user.pk, pk=token_id).first()
        if token is None:
            raise NotFound("not_found", "There is no such token.")
        tokens.end(token, actor=person(request))
        return Response(status=204)


def token_record(token: ApiToken) -> dict[str, Any]:
    names = ("name", "created_at", "expires_at", "last_used_at")
    return {"id": token.pk, **{name: getattr(token, name) for name in names}}


class MeView(APIView):
    """The signed-in person and their memberships."""

    @extend_schema(responses=answers.Me)
    def get(self, request: Request) -> Response:
        user = person(request)
        memberships = user.memberships.select_related("project")
        return Response(
            {
                "username": user.username,
                "name": user.get_full_name(),
                "memberships": [
                    {
                        "project": row.project.slug,
                        "alias": row.alias,
                        "role": row.role,
                        "takes_part": row.takes_part,
                    }
                    for row in memberships
                ],
            }
        )
