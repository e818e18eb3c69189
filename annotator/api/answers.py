"""What the API answers, field by field: the reference is made of these, and the tests hold every answer to them.

Nothing is computed here: what is answered are the records of the rooms below (design.md, section 6).
"""

from functools import cache
from typing import Any

from rest_framework import serializers
from rest_framework.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    DateTimeField,
    DictField,
    FloatField,
    IntegerField,
    JSONField,
    ListField,
    Serializer,
    UUIDField,
)

from annotator.annotations.models import AnnotationSet
from annotator.jobs.models import Job as JobRow
from annotator.projects.models import Label as LabelRow

OPTIONAL: dict[str, Any] = {"allow_null": True}


def codes() -> ListField:
    """[start, end) in Unicode code points."""
    return ListField(child=IntegerField(), min_length=2, max_length=2)


class Me(Serializer):  # type: ignore[type-arg]
    username = CharField()
    name = CharField()
    memberships = ListField(child=DictField(), help_text="project, alias, role and takes_part of each.")


class NewToken(Serializer):  # type: ignore[type-arg]
    token = CharField(help_text="Shown this once; kept only as a digest.")


class Token(Serializer):  # type: ignore[type-arg]
    id = IntegerField()
    name = CharField()
    created_at = DateTimeField()
    expires_at = DateTimeField(**OPTIONAL)
    last_used_at = DateTimeField(**OPTIONAL)


class Tokens(Serializer):  # type: ignore[type-arg]
    results = Token(many=True)


class Project(Serializer):  # type: ignore[type-arg]
    slug = CharField()
    name = CharField()
    description = CharField()
    readers_per_document = IntegerField()
    open_after = CharField(
        help_text="When readers see the readings of others: never, own_submission or adjudication."
    )
    lease_minutes = IntegerField()
    may_reopen = BooleanField()
    archived_at = DateTimeField(help_text="Since when it is read only.", **OPTIONAL)


class Member(Serializer):  # type: ignore[type-arg]
    id = IntegerField()
    alias = CharField()
    role = CharField()
    takes_part = BooleanField(help_text="Is given documents to label.")
    username = CharField(
        required=False, **OPTIONAL, help_text="Left out for who knows members by alias only."
    )


class Invitation(Serializer):  # type: ignore[type-arg]
    id = IntegerField()
    alias = CharField()
    role = CharField()
    created_at = DateTimeField()
    expires_at = DateTimeField()
    accepted_at = DateTimeField(**OPTIONAL)
    link = CharField(required=False, help_text="In the answer to POST, and never again.")


class SetLabel(Serializer):  # type: ignore[type-arg]
    kind = ChoiceField(choices=LabelRow.Kind.choices)
    group = CharField(help_text="The question that a label of kind document answers.")
    slug = CharField()
    name = CharField()
    definition = CharField()
    color = CharField()
    key = CharField()


class Label(SetLabel):
    id = IntegerField()


class SetTarget(Serializer):  # type: ignore[type-arg]
    slug = CharField()
    name = CharField()


class Target(SetTarget):
    id = IntegerField()


class Holder(Serializer):  # type: ignore[type-arg]
    slug = CharField()
    name = CharField()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "parent": CharField(**OPTIONAL)}


class Guideline(Serializer):  # type: ignore[type-arg]
    version = IntegerField()
    text = CharField(help_text="Markdown.")


class SetGuideline(Guideline):
    html = CharField()


class DocumentRow(Serializer):  # type: ignore[type-arg]
    id = IntegerField()
    external_id = CharField()
    title = CharField()
    language = CharField()
    length = IntegerField(help_text="In code points.")
    sha256 = CharField()
    created_at = DateTimeField()
    meta = DictField(help_text="Empty for who labels: an upload may bring others' labels there.")


class Document(DocumentRow):
    text = CharField()


class SetDocument(Serializer):  # type: ignore[type-arg]
    id = IntegerField()
    external_id = CharField()
    title = CharField()
    text = CharField()
    language = CharField()
    meta = DictField()


class SetDocumentName(Serializer):  # type: ignore[type-arg]
    id = IntegerField()
    external_id = CharField()
    title = CharField()


class Assignment(Serializer):  # type: ignore[type-arg]
    id = IntegerField()
    set = IntegerField()
    document = IntegerField()
    lease_until = DateTimeField(**OPTIONAL)
    created_at = DateTimeField()
    ended_at = DateTimeField(**OPTIONAL)
    outcome = CharField()
    reason = CharField()


class Span(Serializer):  # type: ignore[type-arg]
    id = UUIDField()
    version = IntegerField()
    fragments = ListField(child=codes(), help_text="Sorted, apart from one another, in code points.")
    start = IntegerField()
    end = IntegerField()
    quote = CharField()
    stance = CharField(**OPTIONAL)
    role = CharField(**OPTIONAL)
    holder = CharField(**OPTIONAL)
    target = CharField(**OPTIONAL)
    explicit = BooleanField(**OPTIONAL)
    note = CharField()
    confidence = FloatField(**OPTIONAL)
    guideline = IntegerField(**OPTIONAL)


class End(Serializer):  # type: ignore[type-arg]
    """A span, or a relation: one of the two."""

    span = UUIDField(required=False)
    relation = UUIDField(required=False)


class Relation(Serializer):  # type: ignore[type-arg]
    id = UUIDField()
    version = IntegerField()
    to = End()
    note = CharField()
    confidence = FloatField(**OPTIONAL)
    guideline = IntegerField(**OPTIONAL)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "label": CharField(), "from": End()}


class Comment(Serializer):  # type: ignore[type-arg]
    id = UUIDField()
    version = IntegerField()
    author = CharField()
    text = CharField()
    span = UUIDField(**OPTIONAL)
    reply_to = UUIDField(**OPTIONAL)
    created_at = DateTimeField()


class Gone(Serializer):  # type: ignore[type-arg]
    spans = ListField(child=UUIDField())
    relations = ListField(child=UUIDField())


class Deleted(Serializer):  # type: ignore[type-arg]
    deleted = Gone()


class Scheme(Serializer):  # type: ignore[type-arg]
    labels = SetLabel(many=True)
    targets = SetTarget(many=True)
    holders = Holder(many=True)
    guideline = SetGuideline(**OPTIONAL)


class SetState(Serializer):  # type: ignore[type-arg]
    id = IntegerField()
    state = ChoiceField(choices=AnnotationSet.State.choices)
    version = IntegerField()
    submitted_at = DateTimeField(**OPTIONAL)


class Warning(Serializer):  # type: ignore[type-arg]  # noqa: A001
    code = CharField()
    detail = CharField()
    spans = ListField(child=UUIDField(), help_text="The first hundred.")


class SubmittedSet(SetState):
    warnings = Warning(many=True, help_text="What was taken and may have been overlooked.")


class SetRow(SetState):
    document = SetDocumentName()
    annotator = CharField(help_text="An alias.")
    kind = ChoiceField(choices=AnnotationSet.Kind.choices)
    round = IntegerField()
    active_seconds = IntegerField()


class Set(SetState):
    kind = ChoiceField(choices=AnnotationSet.Kind.choices)
    round = IntegerField()
    annotator = CharField(help_text="An alias.")
    editable = BooleanField()
    active_seconds = IntegerField()
    project = SetTarget(help_text="Its slug and name.")
    document = SetDocument()
    scheme = Scheme()
    spans = Span(many=True)
    relations = Relation(many=True)
    document_labels = DictField(child=CharField(), help_text="{question: slug}")
    comments = Comment(many=True)


class Job(Serializer):  # type: ignore[type-arg]
    id = UUIDField()
    kind = CharField()
    state = ChoiceField(choices=JobRow.State.choices)
    progress = FloatField(help_text="0 to 1")
    result = JSONField(help_text="An object, or null.")
    error = CharField(allow_blank=True, **OPTIONAL)
    created_at = DateTimeField()
    finished_at = DateTimeField(**OPTIONAL)


class Started(Serializer):  # type: ignore[type-arg]
    job = Job()


class Export(Job):
    parameters = DictField()


class Import(Serializer):  # type: ignore[type-arg]
    id = IntegerField()
    name = CharField()
    size = IntegerField(help_text="In bytes.")
    sha256 = CharField()
    format = CharField()
    options = DictField()
    state = CharField()
    counts = DictField()
    created_at = DateTimeField()
    preview_job = UUIDField(**OPTIONAL)
    application_job = UUIDField(**OPTIONAL)


class PreviewedImport(Import):
    preview = JSONField(help_text="An object, or null.")


class StartedImport(Started):
    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "import": Import()}


class ImportProblem(Serializer):  # type: ignore[type-arg]
    place = CharField()
    code = CharField()
    detail = CharField()
    taken = BooleanField()


class ReportJob(Serializer):  # type: ignore[type-arg]
    id = UUIDField()
    state = ChoiceField(choices=JobRow.State.choices)
    progress = FloatField()
    error = CharField(allow_blank=True, **OPTIONAL)


class ReportRow(Serializer):  # type: ignore[type-arg]
    id = IntegerField()
    specification = DictField()
    job = ReportJob()
    created_at = DateTimeField()
    inputs_sha256 = CharField(allow_blank=True, **OPTIONAL)
    through_event = IntegerField(**OPTIONAL)


class StartedReport(Started):
    id = IntegerField()


class LeftOut(Serializer):  # type: ignore[type-arg]
    reason = CharField()
    count = IntegerField()
    ids = ListField(child=CharField())


class Figure(Serializer):  # type: ignore[type-arg]
    name = CharField()
    pair = ListField(child=CharField(), **OPTIONAL)
    group = CharField(**OPTIONAL)
    without = CharField(**OPTIONAL)
    value = FloatField(**OPTIONAL)
    reason = CharField(**OPTIONAL, help_text="Why there is no value.")
    numerator = FloatField(**OPTIONAL)
    denominator = FloatField(**OPTIONAL)
    interval = DictField(**OPTIONAL, help_text="low, high, level, method, resamples, seed and more.")
    units = IntegerField()
    dropped = LeftOut(many=True)
    method = CharField()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "label": CharField(**OPTIONAL)}


class Report(Serializer):  # type: ignore[type-arg]
    id = IntegerField()
    layer = CharField()
    target = CharField(**OPTIONAL)
    labels = ListField(child=CharField())
    annotators = ListField(child=CharField())
    documents = IntegerField()
    sets = IntegerField()
    left_out = LeftOut(many=True)
    through_event = IntegerField(**OPTIONAL)
    figures = Figure(many=True)
    details = DictField(
        required=False, **OPTIONAL, help_text="With ?details=1: what stands behind the figures."
    )


class Event(Serializer):  # type: ignore[type-arg]
    id = IntegerField()
    verb = CharField()
    subject = CharField()
    at = DateTimeField()
    actor_id = IntegerField(**OPTIONAL)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "data": DictField()}


class OneOrMore(Serializer):  # type: ignore[type-arg]
    """One object, or a list of them; `reference` draws it."""

    row: type["Serializer[Any]"]


@cache
def one_or_more(row: type["Serializer[Any]"]) -> type[OneOrMore]:
    return type(f"OneOrMore{row.__name__}", (OneOrMore,), {"row": row})


@cache
def page(row: type["Serializer[Any]"]) -> type["Serializer[Any]"]:
    """A page of a list, counted."""
    fields = {"count": IntegerField(), **_leaves(row)}
    return type(f"{row.__name__}Page", (Serializer,), fields)


@cache
def stretch(row: type["Serializer[Any]"]) -> type["Serializer[Any]"]:
    """A page of a list that grows, found by cursor and not counted."""
    return type(f"{row.__name__}Stretch", (Serializer,), _leaves(row))


def _leaves(row: type["Serializer[Any]"]) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
    address = {"allow_null": True, "help_text": "An address, or null at the end."}
    return {
        "next": CharField(**address),  # type: ignore[arg-type]
        "previous": CharField(**address),  # type: ignore[arg-type]
        "results": row(many=True),
    }
