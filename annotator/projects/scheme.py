"""The scheme as annotators meet it: read once a version and kept in the process."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from annotator.projects.models import Guideline, Label, Project, Target


@dataclass(frozen=True)
class Scheme:
    """Labels and targets of a project in their declared order, by slug and by key."""

    labels: tuple[Label, ...]
    targets: tuple[Target, ...]
    guideline: Guideline | None
    label_ids: dict[tuple[str, str, str], int]
    target_ids: dict[str, int]
    label_slugs: dict[int, str]
    target_slugs: dict[int, str]

    @property
    def guideline_version(self) -> int | None:
        return self.guideline.version if self.guideline else None

    def groups(self) -> list[str]:
        """The questions on whole documents, in order of their first answer."""
        return list(dict.fromkeys(label.group for label in self.labels if label.kind == "document"))


def of(project: Project) -> Scheme:
    """The scheme of this project at its present version: no query once a process has met it."""
    return read(project.pk, project.scheme_version)


@lru_cache(maxsize=256)
def read(project_id: int, version: int) -> Scheme:
    labels = tuple(Label.objects.filter(project_id=project_id))
    targets = tuple(Target.objects.filter(project_id=project_id))
    return Scheme(
        labels=labels,
        targets=targets,
        guideline=Guideline.objects.filter(project_id=project_id).last(),
        label_ids={(label.kind, label.group, label.slug): label.pk for label in labels},
        target_ids={target.slug: target.pk for target in targets},
        label_slugs={label.pk: label.slug for label in labels},
        target_slugs={target.pk: target.slug for target in targets},
    )


def label_record(label: Label) -> dict[str, Any]:
    fields = ("kind", "group", "slug", "name", "definition", "color", "key")
    return {field: getattr(label, field) for field in fields}


def target_record(target: Target) -> dict[str, Any]:
    return {"slug": target.slug, "name": target.name}


def guideline_record(guideline: Guideline) -> dict[str, Any]:
    return {"version": guideline.version, "text": guideline.text}


def holder_record(holder: Any) -> dict[str, Any]:
    """A holder with its parent's slug; select_related("parent") where there are many."""
    return {"slug": holder.slug, "name": holder.name, "parent": holder.parent.slug if holder.parent else None}
