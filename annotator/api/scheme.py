"""The scheme of a project: labels, targets, holders and guidelines."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.annotations.blindness import reads, refuse_who_reads
from annotator.api import answers
from annotator.api.door import ProjectView, body, person, query
from annotator.api.fields import Strict, StrictChar, StrictInteger
from annotator.api.paging import Pages
from annotator.errors import NotFound
from annotator.projects import holders, removals, studies
from annotator.projects import scheme as schemes
from annotator.projects.models import Holder, SchemeEntry


class LabelBody(Strict):
    kind = StrictChar()
    group = StrictChar(allow_blank=True, default="", max_length=80)
    slug = StrictChar(max_length=80)
    name = StrictChar(max_length=200)
    definition = StrictChar(allow_blank=True, required=False)
    color = StrictChar(allow_blank=True, required=False, max_length=7)
    key = StrictChar(allow_blank=True, required=False, max_length=1)
    position = StrictInteger(required=False)


class TargetBody(Strict):
    slug = StrictChar(max_length=80)
    name = StrictChar(max_length=200)


class HolderBody(Strict):
    slug = StrictChar(max_length=80)
    name = StrictChar(max_length=200)
    parent = StrictChar(allow_null=True, default=None)  # type: ignore[assignment]


class GuidelineBody(Strict):
    text = StrictChar(allow_blank=True, max_length=200_000)


class SchemeView(ProjectView):
    """A list of the scheme: read by every member, written by managers; the same again is 200 and adds nothing."""

    rights: ClassVar = {"GET": "see_project", "POST": "manage_scheme"}
    body_class: ClassVar[type[Strict]]

    def rows(self) -> "QuerySet[Any]":
        raise NotImplementedError

    def add(self, values: dict[str, Any]) -> tuple[Any, bool]:
        raise NotImplementedError

    def record(self, row: Any) -> dict[str, Any]:
        raise NotImplementedError

    def get(self, request: Request, p: str) -> Response:
        query(request, set())
        return self.paged(request, self.rows(), self.record, Pages())

    def post(self, request: Request, p: str) -> Response:
        row, created = self.add(body(request, self.body_class))
        return Response(self.record(row), status=201 if created else 200)


def told(body_class: type[Strict], row: Any) -> Any:
    """What the reference says of a list of the scheme: the body that adds to it, and what is answered."""
    return extend_schema_view(
        get=extend_schema(responses=answers.page(row)),
        post=extend_schema(request=body_class, responses={200: row, 201: row}),
    )


def numbered(record: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    """The record with the row's number, for the addresses of single entries."""
    return lambda row: {"id": row.pk, **record(row)}


@told(LabelBody, answers.Label)
class LabelsView(SchemeView):
    body_class = LabelBody

    def rows(self) -> "QuerySet[Any]":
        return self.project.labels.all()

    def add(self, values: dict[str, Any]) -> tuple[Any, bool]:
        return studies.put_label(self.project, values, actor=person(self.request))

    def record(self, row: Any) -> dict[str, Any]:
        return numbered(schemes.label_record)(row)


@told(TargetBody, answers.Target)
class TargetsView(SchemeView):
    body_class = TargetBody

    def rows(self) -> "QuerySet[Any]":
        return self.project.targets.all()

    def add(self, values: dict[str, Any]) -> tuple[Any, bool]:
        return studies.put_target(self.project, values, actor=person(self.request))

    def record(self, row: Any) -> dict[str, Any]:
        return numbered(schemes.target_record)(row)


@told(HolderBody, answers.Holder)
class HoldersView(SchemeView):
    """Whose stances they are: annotators add holders too, for their own eyes until they submit."""

    rights: ClassVar = {"GET": "see_project", "POST": "add_holders"}
    body_class = HolderBody

    def rows(self) -> "QuerySet[Any]":
        known = Holder.objects.filter(project=self.project)
        # Who labels, or did, would read of others' additions what these saw in the text.
        known &= (
            holders.known_by(self.membership)
            if reads(self.membership)
            else Holder.objects.visible_to(self.membership)
        )
        return known.select_related("parent")

    def add(self, values: dict[str, Any]) -> tuple[Any, bool]:
        return holders.add(self.project, membership=self.membership, actor=person(self.request), **values)

    def record(self, row: Any) -> dict[str, Any]:
        return schemes.holder_record(row)


@told(GuidelineBody, answers.Guideline)
class GuidelinesView(SchemeView):
    body_class = GuidelineBody

    def rows(self) -> "QuerySet[Any]":
        return self.project.guidelines.all()

    def add(self, values: dict[str, Any]) -> tuple[Any, bool]:
        return studies.write_guideline(self.project, values["text"], actor=person(self.request))

    def record(self, row: Any) -> dict[str, Any]:
        return schemes.guideline_record(row)


class SchemeEntryView(ProjectView):
    """DELETE takes an unused label or target out of the scheme."""

    rights: ClassVar = {"DELETE": "manage_scheme"}
    model: type[SchemeEntry]

    @classmethod
    def of(cls, model: type[SchemeEntry]) -> Any:
        return type(f"{model.__name__}View", (cls,), {"model": model, "__doc__": cls.__doc__}).as_view()  # type: ignore[attr-defined]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, p: str, entry_id: int) -> Response:
        rows: Any = self.model._default_manager.all()
        entry = rows.filter(project=self.project, pk=entry_id).first()
        if entry is None:
            raise NotFound("not_found", "There is no such entry.")
        refuse_who_reads(self.membership)
        removals.remove(entry, actor=person(request))
        return Response(status=204)
