"""The browsable page of the API."""

from typing import Any

from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response


# Swagger's page sets styles of its own on its elements; scripts stay the server's only.
@method_decorator(csp_update({"style-src": ["'unsafe-inline'"]}), name="dispatch")
class BrowseView(SpectacularSwaggerSplitView):
    """The API with a form for every call, for signed-in people."""

    renderer_classes = [TemplateHTMLRenderer]
    url_name = "api-schema"
    url_self = None

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        answer: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        return answer
