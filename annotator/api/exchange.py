"""Files in and out: imports with their preview and application, exports, and what jobs have made."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, ClassVar
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import FileResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.api import answers
from annotator.api import jobs as job_views
from annotator.api.door import ProjectView, body, person, query
from annotator.api.fields import Strict, StrictChar
from annotator.api.paging import Cursor, Pages
from annotator.api.parsers import BodyTooLarge, check
from annotator.errors import Conflict, Invalid, NotFound
from annotator.exchange import exports, imports
from annotator.exchange.models import Import, ImportProblem
from annotator.exchange.previews import problem_record
from annotator.exchange.uploads import full


class UploadTooLarge(APIException):
    status_code = 413
    default_code = "file_too_large"
    default_detail = "A file may have 1 GB."


class UploadParser(MultiPartParser):
    """multipart/form-data, its files on disk; what Django refuses is answered in our shape."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RequestDataTooBig:
            raise BodyTooLarge from None
        except SuspiciousOperation as error:
            raise ParseError(str(error)) from None


def import_record(imported: Import) -> dict[str, Any]:
    """An import as its lists and its own address show it."""
    names = ("name", "size", "sha256", "format", "options", "state", "counts", "created_at")
    return {
        "id": imported.pk,
        **{name: getattr(imported, name) for name in names},
        "preview_job": job_key(imported.preview_job_id),
        "application_job": job_key(imported.application_job_id),
    }


def job_key(key: Any) -> str | None:
    return str(key) if key else None


def started(imported: Import, job: Any) -> Response:
    """202 with the job that does the work, and the import it belongs to."""
    return Response({"job": job_views.job_record(job), "import": import_record(imported)}, status=202)


class ImportsView(ProjectView):
    """The files that came in; POST takes one, as multipart/form-data, and has it looked at."""

    rights: ClassVar = {"GET": "import", "POST": "import"}
    parser_classes = [UploadParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Before anything reads the body: signing in by a session looks for its CSRF token there.
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if not declared.isdigit() or int(declared) > settings.UPLOAD_LIMIT + settings.JSON_BODY_LIMIT:
            raise UploadTooLarge
        super().initial(request, *args, **kwargs)

    @extend_schema(responses=answers.page(answers.Import))
    def get(self, request: Request, p: str) -> Response:
        query(request, set())
        rows = Import.objects.visible_to(self.membership).defer("preview")
        return self.paged(request, rows.order_by("-pk"), import_record, Pages())

    @extend_schema(
        request={
            "multipart/form-data": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "format": {"type": "string", "enum": ["auto", *Import.Format.values], "default": "auto"},
                    "options": {"type": "string", "description": "A JSON object.", "default": "{}"},
                },
            }
        },
        responses={202: answers.StartedImport},
    )
    def post(self, request: Request, p: str) -> Response:
        given: Any = request.data
        unknown = sorted(set(given) - {"file", "format", "options", "csrfmiddlewaretoken"})
        if unknown:
            raise Invalid("unknown_key", "This key is unknown here.", attr=unknown[0])
        file = request.FILES.get("file")
        if file is None:
            raise Invalid("required", "Send the file as a part named file.", attr="file")
        kind = given.get("format") or "auto"
        if not isinstance(kind, str):
            raise Invalid("invalid", "A format is a name.", attr="format")
        imported = imports.request(
            self.project, file, kind, options_of(given.get("options")), actor=person(request)
        )
        return started(imported, imported.preview_job)


def options_of(given: Any) -> dict[str, Any]:
    """The options, a JSON object in a form's field."""
    if not given:
        return {}
    try:
        value = json.loads(given)
    except (TypeError, ValueError, RecursionError):
        raise Invalid("invalid", "options is a JSON object.", attr="options") from None
    check(value)
    if not isinstance(value, dict):
        raise Invalid("invalid", "options is a JSON object.", attr="options")
    return value


class ImportView(ProjectView):
    """One import with its preview; DELETE forgets a file that was not taken over."""

    rights: ClassVar = {"GET": "import", "DELETE": "import"}

    @extend_schema(responses=answers.PreviewedImport)
    def get(self, request: Request, p: str, import_id: int) -> Response:
        found = imports.find(self.membership, import_id)
        return Response({**import_record(found), "preview": found.preview})

    @extend_schema(responses={204: None})
    def delete(self, request: Request, p: str, import_id: int) -> Response:
        imports.discard(imports.find(self.membership, import_id), actor=person(request))
        return Response(status=204)


class PreviewBody(Strict):
    options = serializers.DictField(default=dict)


class PreviewView(ImportView):
    """PUT looks at the same file with other options."""

    rights: ClassVar = {"PUT": "import"}
    http_method_names = ["put", "options"]

    @extend_schema(request=PreviewBody, responses={202: answers.StartedImport})
    def put(self, request: Request, p: str, import_id: int) -> Response:
        given = body(request, PreviewBody)
        looking = imports.look_again(
            imports.find(self.membership, import_id), given["options"], actor=person(request)
        )
        return started(looking, looking.preview_job)


class ApplicationBody(Strict):
    encoding = StrictChar(required=False, allow_null=True, help_text="Confirms a guessed encoding.")


class ApplicationView(ImportView):
    """PUT takes over what was previewed; again answers the same job."""

    rights: ClassVar = {"PUT": "import"}
    http_method_names = ["put", "options"]

    @extend_schema(request=ApplicationBody, responses={202: answers.StartedImport})
    def put(self, request: Request, p: str, import_id: int) -> Response:
        given = body(request, ApplicationBody)
        applied = imports.apply(
            imports.find(self.membership, import_id), actor=person(request), encoding=given.get("encoding")
        )
        return started(applied, applied.application_job)


class ProblemsView(ImportView):
    """Every row that was not taken and every remark, in the order of the file."""

    rights: ClassVar = {"GET": "import"}
    http_method_names = ["get", "head", "options"]

    @extend_schema(
        parameters=[OpenApiParameter("phase", enum=["preview", "application"])],
        responses=answers.stretch(answers.ImportProblem),
    )
    def get(self, request: Request, p: str, import_id: int) -> Response:
        given = query(request, {"phase"})
        if given.get("phase", "preview") not in ("preview", "application"):
            raise Invalid("invalid_choice", "A phase is preview or application.", attr="phase")
        rows = ImportProblem.objects.filter(imported=imports.find(self.membership, import_id), **given)
        return self.paged(request, rows.order_by("id"), problem_record, Cursor())


class ExportBody(Strict):
    format = StrictChar(default="jsonl", help_text="jsonl, csv or bundle")
    sets = StrictChar(default="submitted", help_text="all, submitted (or accepted) or gold")
    names = StrictChar(default="alias", help_text="alias or username")


class ExportsView(ProjectView):
    """The exports the caller may see; POST asks for one."""

    rights: ClassVar = {"GET": "export", "POST": "export"}

    @extend_schema(responses=answers.page(answers.Export))
    def get(self, request: Request, p: str) -> Response:
        query(request, set())
        rows = job_views.visible_jobs(self.membership).filter(kind="export")
        return self.paged(request, rows, export_record, Pages())

    @extend_schema(request=ExportBody, responses={202: answers.Started})
    def post(self, request: Request, p: str) -> Response:
        job = exports.request(self.project, body(request, ExportBody), actor=person(request))
        return Response({"job": job_views.job_record(job)}, status=202)


def export_record(job: Any) -> dict[str, Any]:
    return {**job_views.job_record(job), "parameters": job.parameters}


class JobFileView(ProjectView):
    """The file a job has made, as an attachment."""

    rights: ClassVar = {"GET": "export"}

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, p: str, job_id: Any) -> FileResponse:
        job = job_views.find(self.membership, job_id)
        if not exports.downloadable(job, self.membership):
            raise NotFound("not_found", "There is no such file.")
        if job.state != "done":
            raise Conflict("not_done", "The job has no file yet.")
        if not job.file or not full(job.file).is_file():
            raise NotFound("not_found", "This job has no file.")
        return attachment(full(job.file), (job.result or {}).get("file_name") or Path(job.file).name)


def attachment(file: Path, name: str) -> FileResponse:
    """The file, streamed; a browser saves it and never shows it."""
    response = FileResponse(file.open("rb"), content_type="application/octet-stream")
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in name)
    response["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("imports/", ImportsView.as_view()),
    path("imports/<int:import_id>/", ImportView.as_view()),
    path("imports/<int:import_id>/preview/", PreviewView.as_view()),
    path("imports/<int:import_id>/application/", ApplicationView.as_view()),
    path("imports/<int:import_id>/problems/", ProblemsView.as_view()),
    path("exports/", ExportsView.as_view()),
    path("jobs/<uuid:job_id>/file/", JobFileView.as_view()),
]
