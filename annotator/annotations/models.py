"""What readers mark: sets, spans, relations, labels on documents, comments."""

from django.db import models
from django.db.models import F, Q

from annotator.accounts.roles import SETS_OF_OTHERS
from annotator.documents.models import Document
from annotator.projects.models import Holder, Label, Membership, Project, Target


class AnnotationSetQuerySet(models.QuerySet["AnnotationSet"]):
    def visible_to(self, membership: Membership) -> "AnnotationSetQuerySet":
        """The member's own sets, and those of others that role and blindness allow (design, promise 4).

        Whoever has a reading of a document, or could be given one, sees no other set of it until their own is submitted
        and the project opens it; whoever gave the reading up (a recusal) sees what their role sees.
        """
        own = Q(membership=membership.pk)
        states = SETS_OF_OTHERS[membership.role]
        if states == ():
            return self.filter(project=membership.project_id).filter(own)
        others = Q(document__in=Document.objects.filter(open_to(membership), project=membership.project_id))
        if states is not None:
            others &= Q(state__in=states)
        return self.filter(project=membership.project_id).filter(own | others)

    def readings(self) -> "AnnotationSetQuerySet":
        """Finished readings: submitted or accepted."""
        return self.filter(state__in=["submitted", "accepted"])


def open_to(membership: Membership) -> Q:
    """The documents whose other sets this member is not blind to, as a condition on Document."""
    own = AnnotationSet.objects.filter(document=models.OuterRef("pk"), membership=membership.pk, kind="human")
    gave_up = Q(
        models.Exists(Recusal.objects.filter(document=models.OuterRef("pk"), membership=membership.pk))
    )
    read = Q(models.Exists(own.filter(state__in=["submitted", "accepted"])))
    match membership.project.open_after:
        case "own_submission":
            opened = read
        case "adjudication":
            gold = AnnotationSet.objects.filter(document=models.OuterRef("pk"), kind="gold").readings()
            opened = read & Q(models.Exists(gold))
        case _:
            opened = Q(pk__in=[])
    if membership.takes_part:
        return gave_up | opened
    return gave_up | opened | ~Q(models.Exists(own.exclude(state="withdrawn")))


def reads(membership: Membership) -> bool:
    """Whether the member has, or could be given, a reading: who does sees nothing that tells of all readings at once."""
    own = AnnotationSet.objects.filter(membership=membership, kind="human").exclude(state="withdrawn")
    return membership.takes_part or own.exists()


class AnnotationSet(models.Model):
    """One membership's reading of one document.

    `version` is the number of the set's last change. While a human set is open, `lease_until` is how long its seat is kept.
    """

    class Kind(models.TextChoices):
        HUMAN = "human"
        GOLD = "gold"
        IMPORTED = "imported"
        MODEL = "model"

    class State(models.TextChoices):
        OPEN = "open"
        SUBMITTED = "submitted"
        RETURNED = "returned"
        ACCEPTED = "accepted"
        WITHDRAWN = "withdrawn"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="annotation_sets")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="annotation_sets")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="annotation_sets")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.HUMAN)
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    version = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    active_at = models.DateTimeField(null=True, blank=True)
    active_seconds = models.PositiveIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = AnnotationSetQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["project", "state"], name="set_project_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "membership", "kind", "round"], name="set_once_a_reading"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["human", "gold", "imported", "model"]), name="set_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "submitted", "returned", "accepted", "withdrawn"]),
                name="set_state_known",
            ),
            models.CheckConstraint(condition=Q(round__gte=1), name="set_round_positive"),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "accepted"]) | Q(submitted_at__isnull=False),
                name="set_submitted_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} on {self.document_id}"

    @property
    def editable(self) -> bool:
        return self.state in (self.State.OPEN, self.State.RETURNED)


class Recusal(models.Model):
    """A member who looked at the readings of a document, and so is never given one of it."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="recusals")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="recusals")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "membership"], name="recusal_once")]

    def __str__(self) -> str:
        return f"{self.membership_id} from {self.document_id}"


class Mark(models.Model):
    """What spans, relations and comments share: an id of the client's, a version, a tombstone."""

    uid = models.UUIDField()
    version = models.PositiveIntegerField(default=1)
    note = models.TextField(blank=True)
    confidence = models.FloatField(null=True, blank=True)
    guideline = models.PositiveIntegerField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Span(Mark):
    """One or more fragments of the text; offsets are code points, half-open, into the document's text.

    `fragments` is sorted, and `start` and `end` are its hull.
    """

    set = models.ForeignKey(AnnotationSet, on_delete=models.CASCADE, related_name="spans")
    fragments = models.JSONField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    stance = models.ForeignKey(Label, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    role = models.ForeignKey(Label, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    explicit = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["start", "end", "id"]
        constraints = [
            models.UniqueConstraint(fields=["set", "uid"], name="span_uid_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="span_not_empty"),
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__gte=0, confidence__lte=1),
                name="span_confidence_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start}-{self.end}"


class Relation(Mark):
    """From a span to a span, or to another relation (an undercut attacks an inference)."""

    set = models.ForeignKey(AnnotationSet, on_delete=models.CASCADE, related_name="relations")
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Span, on_delete=models.CASCADE, related_name="outgoing")
    to_span = models.ForeignKey(
        Span, on_delete=models.CASCADE, null=True, blank=True, related_name="incoming"
    )
    to_relation = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="incoming"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["set", "uid"], name="relation_uid_once"),
            models.CheckConstraint(
                condition=Q(to_span__isnull=True, to_relation__isnull=False)
                | Q(to_span__isnull=False, to_relation__isnull=True),
                name="relation_one_end",
            ),
            models.CheckConstraint(condition=~Q(source=F("to_span")), name="relation_not_to_itself"),
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__gte=0, confidence__lte=1),
                name="relation_confidence_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.label_id}"


class DocumentLabel(models.Model):
    """A judgement on the whole document: one answer to the question its group names."""

    set = models.ForeignKey(AnnotationSet, on_delete=models.CASCADE, related_name="document_labels")
    group = models.CharField(max_length=80)
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["set", "group"], name="document_label_group_once")]

    def __str__(self) -> str:
        return f"{self.group}: {self.label_id}"


class Comment(models.Model):
    """A remark on a set, or on a span of it, with replies."""

    set = models.ForeignKey(AnnotationSet, on_delete=models.CASCADE, related_name="comments")
    uid = models.UUIDField()
    version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    span = models.ForeignKey(Span, on_delete=models.CASCADE, null=True, blank=True, related_name="comments")
    reply_to = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["set", "uid"], name="comment_uid_once")]

    def __str__(self) -> str:
        return self.text[:40]
