"""A study: its members, what stances are toward, the scheme of labels, the guideline, whose stances they are."""

import re
import time
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from annotator.accounts.models import User
from annotator.accounts.roles import ANNOTATOR, ROLE_CHOICES

# Lower case, letters of any script; Python's \w knows them, and upper case is refused beside it.
SLUG = re.compile(r"^[\w]+(?:[-_:][\w]+)*\Z")
slug_validator = RegexValidator(
    SLUG, "Lower-case letters of any script, digits, '-', '_' and ':' between them."
)


class SlugField(models.CharField):  # type: ignore[type-arg]
    """A name in addresses and files: lower case, letters of any script."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 80)
        kwargs.setdefault("validators", [slug_validator])
        super().__init__(*args, **kwargs)


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: User) -> "ProjectQuerySet":
        """The projects this person is a member of; being a superuser changes nothing here."""
        return self.filter(memberships__user_id=user.pk)


class Project(models.Model):
    """A study."""

    class OpenAfter(models.TextChoices):
        NEVER = "never", "Never"
        OWN_SUBMISSION = "own_submission", "After their own submission"
        ADJUDICATION = "adjudication", "After adjudication"

    slug = SlugField(unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    readers_per_document = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    open_after = models.CharField(max_length=20, choices=OpenAfter.choices, default=OpenAfter.ADJUDICATION)
    lease_minutes = models.PositiveIntegerField(
        default=240, validators=[MinValueValidator(1), MaxValueValidator(43200)]
    )
    may_reopen = models.BooleanField(default=True, help_text="Annotators may reopen what they submitted.")
    # A time and no counter: that of a change that is rolled back never comes again, so nothing kept by it can be wrong.
    scheme_version = models.BigIntegerField(default=time.time_ns, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(readers_per_document__gte=1), name="project_readers_positive"),
            models.CheckConstraint(condition=Q(lease_minutes__gte=1), name="project_lease_positive"),
            models.CheckConstraint(
                condition=Q(open_after__in=["never", "own_submission", "adjudication"]),
                name="project_open_after_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def present(self) -> "MembershipQuerySet":
        """All but those who were removed."""
        return self.filter(former=None)

    def removed(self) -> "MembershipQuerySet":
        return self.exclude(former=None)


class Membership(models.Model):
    """Somebody in a project under a stable alias; an imported annotator or a model has no login.

    Who is removed keeps the row, for the readings that stand under the alias: it has no `user` any more, and `former` is who
    gets the alias back with a new membership.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    former = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="former_memberships",
    )
    alias = models.CharField(max_length=80)
    role = models.CharField(max_length=12, choices=ROLE_CHOICES, default=ANNOTATOR)
    takes_part = models.BooleanField(default=True, help_text="Is given documents to label.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["alias", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "alias"], name="membership_alias_once"),
            models.UniqueConstraint(
                fields=["project", "user"], condition=Q(user__isnull=False), name="membership_user_once"
            ),
            models.UniqueConstraint(
                fields=["project", "former"], condition=Q(former__isnull=False), name="membership_former_once"
            ),
            models.CheckConstraint(
                condition=Q(former=None) | Q(user=None, takes_part=False), name="membership_former_is_gone"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role for role, _ in ROLE_CHOICES]), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return self.alias


class Invitation(models.Model):
    """A link that makes whoever opens it a member, once; kept as a digest."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=12, choices=ROLE_CHOICES, default=ANNOTATOR)
    alias = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"invitation of {self.alias}"


class SchemeEntry(models.Model):
    """Part of what annotators choose from; saving or deleting one makes a new version of the project's scheme."""

    class Meta:
        abstract = True

    project: models.ForeignKey[Project, Project]
    project_id: int

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        self._renew_scheme()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)
        self._renew_scheme()
        return gone

    def _renew_scheme(self) -> None:
        Project.objects.filter(pk=self.project_id).update(scheme_version=time.time_ns())


class Target(SchemeEntry):
    """What stances are toward."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="targets")
    slug = SlugField()
    name = models.CharField(max_length=200)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "slug"], name="target_slug_once")]

    def __str__(self) -> str:
        return self.name


class Label(SchemeEntry):
    """An entry of the scheme; a document label answers the question named by its group."""

    class Kind(models.TextChoices):
        STANCE = "stance"
        ROLE = "role"
        RELATION = "relation"
        DOCUMENT = "document"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="labels")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    group = models.CharField(max_length=80, blank=True, validators=[slug_validator])
    slug = SlugField()
    name = models.CharField(max_length=200)
    definition = models.TextField(blank=True)
    color = models.CharField(max_length=7, blank=True, validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")])
    key = models.CharField(max_length=1, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "kind", "group", "slug"], name="label_slug_once"),
            models.UniqueConstraint(fields=["project", "key"], condition=~Q(key=""), name="label_key_once"),
            models.CheckConstraint(
                condition=Q(kind="document", group__gt="") | (~Q(kind="document") & Q(group="")),
                name="label_group_of_document_only",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Guideline(SchemeEntry):
    """A version of the coding instructions, in Markdown; a new wording is a new version."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="guidelines")
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["project", "version"], name="guideline_version_once")]

    def __str__(self) -> str:
        return f"guideline {self.version}"


class HolderQuerySet(models.QuerySet["Holder"]):
    def visible_to(self, membership: Membership) -> "HolderQuerySet":
        """The registry and the member's own additions; reviewers and managers who do not label see everybody's."""
        if membership.role in ("manager", "reviewer") and not membership.takes_part:
            return self
        return self.filter(Q(private_to=None) | Q(private_to=membership.pk))


class Holder(models.Model):
    """Whose stance it is. An annotator's addition is private to them until they submit a set with it.

    Two annotators may add the same slug without learning of each other; at submission the second joins the first.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="holders")
    slug = SlugField()
    name = models.CharField(max_length=200)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    private_to = models.ForeignKey(
        Membership, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    objects = HolderQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "slug"], condition=Q(private_to=None), name="holder_slug_once"
            ),
            models.UniqueConstraint(
                fields=["project", "private_to", "slug"],
                condition=Q(private_to__isnull=False),
                name="holder_private_slug_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name
