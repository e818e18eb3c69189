"""Every error under /api/ in one shape: {"type", "errors": [{"code", "detail", "attr"}]}."""

from typing import Any

from drf_standardized_errors.handler import exception_handler
from rest_framework.response import Response

from annotator.errors import Refused


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: our own refusals here, the framework's by drf-standardized-errors."""
    if isinstance(error, Refused):
        from rest_framework.views import set_rollback

        set_rollback()
        return Response(body(error), status=error.status)
    return exception_handler(error, context)  # type: ignore[arg-type]


def body(refused: Refused) -> dict[str, Any]:
    kind = "validation_error" if refused.status == 400 else "client_error"
    error = {"code": refused.code, "detail": refused.detail, "attr": refused.attr}
    return {"type": kind, "errors": [error], **refused.extra}
