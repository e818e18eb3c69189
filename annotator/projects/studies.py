"""Creating a study and changing its settings, its scheme and its guideline."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from annotator.accounts.models import User
from annotator.accounts.roles import MANAGER
from annotator.errors import Conflict, Invalid
from annotator.history.events import record
from annotator.projects.archive import refuse_archived
from annotator.projects.models import Guideline, Label, Membership, Project, Target

# Keys that are commands on the labelling page; a label cannot take one.
RESERVED_KEYS = frozenset("g?hrtuxenfmljkz[],!/* ")
# /projects/new/ is the page where one is made.
RESERVED_SLUGS = frozenset({"new"})
TEMPLATES = {"sanctuary-stance": settings.ROOT / "fixtures" / "demo" / "scheme.json"}


def checked(row: Any) -> Any:
    """The row, if its fields may be so; raises Invalid with the first field that may not."""
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Invalid("invalid", messages[0], attr=None if field == "__all__" else field) from None
    slug = getattr(row, "slug", None)
    if slug is not None and slug != slug.lower():
        raise Invalid("invalid", "A slug is in lower case.", attr="slug")
    return row


@transaction.atomic
def create(
    *, actor: User, slug: str, name: str, description: str = "", template: str | None = None, **values: Any
) -> Project:
    """A new project with the actor as its manager, with the template's scheme and guideline or none.

    Raises Conflict where the slug is taken, by whomever.
    """
    if template is not None and template not in TEMPLATES:
        raise Invalid("unknown_template", f"There is no template {template!r}.", attr="template")
    if slug in RESERVED_SLUGS or Project.objects.filter(slug=slug).exists():
        raise Conflict("slug_taken", f"The address {slug!r} is taken.", attr="slug")
    project: Project = checked(Project(slug=slug, name=name, description=description, **values))
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError:  # somebody took it between the question and the answer
        raise Conflict("slug_taken", f"The address {slug!r} is taken.", attr="slug") from None
    Membership.objects.create(
        project=project, user=actor, alias=free_alias(project), role=MANAGER, takes_part=False
    )
    record("project_created", f"project:{slug}", actor_id=actor.pk, project_id=project.pk, template=template)
    if template:
        scheme = json.loads(TEMPLATES[template].read_text(encoding="utf-8"))
        apply_scheme(project, scheme)
    return project


def free_alias(project: Project) -> str:
    """The first of M1, M2, ... that nobody has."""
    taken = set(project.memberships.values_list("alias", flat=True))
    return next(alias for number in range(1, len(taken) + 2) if (alias := f"M{number}") not in taken)


def apply_scheme(project: Project, scheme: Mapping[str, Any]) -> None:
    """Adds the labels, targets and last guideline of a scheme.json to a project that has none."""
    for position, target in enumerate(scheme.get("targets", ())):
        checked(Target(project=project, slug=target["slug"], name=target["name"], position=position)).save()
    for position, label in enumerate(scheme.get("labels", ())):
        fields = {
            key: label.get(key) or ""
            for key in ("kind", "group", "slug", "name", "definition", "color", "key")
        }
        checked(Label(project=project, position=position, **fields)).save()
    for guideline in scheme.get("guidelines", ())[-1:]:
        Guideline.objects.create(project=project, version=1, text=guideline["text"])


SETTINGS = ("name", "description", "readers_per_document", "open_after", "lease_minutes", "may_reopen")


def lock(project: Project) -> Project:
    """The project's row, locked for a change; raises Conflict where it is archived."""
    locked = Project.objects.select_for_update().get(pk=project.pk)
    refuse_archived(locked)
    return locked


@transaction.atomic
def change(project: Project, values: Mapping[str, Any], *, actor: User) -> Project:
    """Changes settings; an unknown one is Invalid."""
    locked = lock(project)
    before = {}
    for name, value in values.items():
        if name not in SETTINGS:
            raise Invalid("unknown_key", f"There is no setting {name!r}.", attr=name)
        before[name] = getattr(locked, name)
        setattr(locked, name, value)
    checked(locked).save(update_fields=list(values))
    changed = {name: [before[name], value] for name, value in values.items() if before[name] != value}
    if changed:
        record(
            "project_changed",
            f"project:{locked.slug}",
            actor_id=actor.pk,
            project_id=locked.pk,
            changed=changed,
        )
    return locked


@transaction.atomic
def put_label(project: Project, values: Mapping[str, Any], *, actor: User) -> tuple[Label, bool]:
    """Adds a label, or changes the one of this kind, group and slug; answers whether it is new.

    Raises Conflict where the key is another label's or a command's.
    """
    lock(project)
    identity = {name: values.get(name, "") for name in ("kind", "group", "slug")}
    label = Label.objects.filter(project=project, **identity).first()
    created = label is None
    label = label or Label(project=project, position=next_position(project.labels), **identity)
    for name in ("name", "definition", "color", "key", "position"):
        if name in values:
            setattr(label, name, values[name])
    refuse_taken_key(label)
    if label.kind == "document" and not label.group:
        raise Invalid("no_group", "A document label answers a question: name its group.", attr="group")
    if label.kind != "document" and label.group:
        raise Invalid("group_of_document_only", "Only document labels have a group.", attr="group")
    checked(label).save()
    record(
        "label_put", f"label:{label.kind}:{label.slug}", actor_id=actor.pk, project_id=project.pk, **identity
    )
    return label, created


def refuse_taken_key(label: Label) -> None:
    if not label.key:
        return
    if label.key.lower() in RESERVED_KEYS:
        raise Conflict("key_reserved", f"The key {label.key!r} is a command.", attr="key")
    other = Label.objects.filter(project=label.project_id, key=label.key).exclude(pk=label.pk).first()
    if other:
        raise Conflict(
            "key_taken", f"The key {label.key!r} is already the one of {other.name!r}.", attr="key"
        )


def next_position(rows: Any) -> int:
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


@transaction.atomic
def put_target(project: Project, values: Mapping[str, Any], *, actor: User) -> tuple[Target, bool]:
    """Adds a target, or renames the one of this slug."""
    lock(project)
    target = Target.objects.filter(project=project, slug=values["slug"]).first()
    created = target is None
    target = target or Target(project=project, slug=values["slug"], position=next_position(project.targets))
    target.name = values["name"]
    checked(target).save()
    record("target_put", f"target:{target.slug}", actor_id=actor.pk, project_id=project.pk)
    return target, created


@transaction.atomic
def order_labels(project: Project, keys: Sequence[int], *, actor: User) -> None:
    """Puts the labels in this order; labels not named follow in their old order."""
    lock(project)
    labels = {label.pk: label for label in project.labels.select_for_update()}
    named = [labels.pop(key) for key in keys if key in labels]
    for position, label in enumerate([*named, *labels.values()]):
        label.position = position
        label.save(update_fields=["position"])
    record("labels_ordered", f"project:{project.slug}", actor_id=actor.pk, project_id=project.pk)


@transaction.atomic
def write_guideline(project: Project, text: str, *, actor: User) -> tuple[Guideline, bool]:
    """A new version of the guideline, unless the wording is the last one's."""
    lock(project)
    last = Guideline.objects.filter(project=project).last()
    if last and last.text == text:
        return last, False
    guideline = Guideline.objects.create(project=project, version=last.version + 1 if last else 1, text=text)
    record("guideline_written", f"guideline:{guideline.version}", actor_id=actor.pk, project_id=project.pk)
    return guideline, True
