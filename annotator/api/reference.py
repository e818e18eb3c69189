"""How the reference at /api/v1/docs/ is made out of the views: names, groups and the two ways to sign in."""

import re
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_standardized_errors.openapi import AutoSchema

GROUPS = {"me": "People", "tokens": "People", "schema": "Reference"}
OF_PROJECT = {
    "memberships": "Members",
    "invitations": "Members",
    "labels": "Scheme",
    "targets": "Scheme",
    "holders": "Scheme",
    "guidelines": "Scheme",
    "documents": "Documents",
    "assignments": "Labelling",
    "sets": "Labelling",
    "agreement": "Agreement",
    "imports": "Files",
    "exports": "Files",
    "jobs": "Jobs",
    "events": "History",
}


class Reference(AutoSchema):
    """One name and one group for each call; errors have the one shape of drf-standardized-errors."""

    def get_operation_id(self) -> str:
        """The method and what the view is called: get_sets, put_span, delete_invitation."""
        view = type(self.view).__name__.removesuffix("View")
        return f"{self.method.lower()}_{re.sub(r'(?<!^)(?=[A-Z])', '_', view).lower()}"

    def get_tags(self) -> list[str]:
        """The room of the address: the part after the project, or the first."""
        parts = [part for part in self.path.removeprefix("/api/v1/").split("/") if part]
        if parts[0] == "projects":
            return [OF_PROJECT.get(parts[2], "Projects") if len(parts) > 2 else "Projects"]
        return [GROUPS.get(parts[0], parts[0])]


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Token <key>`."""

    target_class = "annotator.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Token, a space and the key, which POST /api/v1/tokens/ gives.",
        }


class OneOrMoreScheme(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """An object, or a list of such objects."""

    target_class = "annotator.api.answers.OneOrMore"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        one = auto_schema.resolve_serializer(self.target.row, direction).ref
        return {"oneOf": [one, {"type": "array", "items": one}]}
