"""What a file's readings may refer to: the project's scheme, and what a bundle's scheme would add to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from annotator.accounts.models import User
from annotator.errors import Refused
from annotator.formats.neutral import Part, checked, note, one_of, string
from annotator.formats.rows import Problem
from annotator.formats.values import Unfit
from annotator.projects import holders as registry
from annotator.projects import studies
from annotator.projects.models import Guideline, Holder, Label, Membership, Project, Target

LABEL = {
    "kind": Part(one_of("stance", "role", "relation", "document"), required=True),
    "group": Part(string, ""),
    "slug": Part(string, required=True),
    "name": Part(string, required=True),
    "definition": Part(note, ""),
    "color": Part(string, ""),
    "key": Part(string, ""),
}
TARGET = {"slug": Part(string, required=True), "name": Part(string, required=True)}
HOLDER = {**TARGET, "parent": Part(string)}
GUIDELINE = {"text": Part(string, required=True)}


@dataclass
class Vocabulary:
    """Slugs and the keys they have; a key is None for what is only going to be added.

    Holders are by slug and by whom they are private to (None: the registry).
    """

    labels: dict[tuple[str, str, str], int | None]
    targets: dict[str, int | None]
    holders: dict[tuple[str, int | None], int | None]

    def holder(self, slug: str, membership: Membership | None) -> int | None:
        """The holder this member means; raises KeyError for an unknown slug."""
        own = (slug, membership.pk if membership else None)
        return self.holders[own] if own in self.holders else self.holders[slug, None]


@dataclass
class Additions:
    """What a scheme has and the project has not, each entry checked; problems with those that cannot be."""

    labels: list[dict[str, Any]] = field(default_factory=list)
    targets: list[dict[str, Any]] = field(default_factory=list)
    holders: list[dict[str, Any]] = field(default_factory=list)
    guideline: str | None = None
    problems: list[Problem] = field(default_factory=list)

    def record(self) -> dict[str, Any]:
        return {
            "labels": [
                {name: label[name] for name in ("kind", "group", "slug", "name")} for label in self.labels
            ],
            "targets": self.targets,
            "holders": self.holders,
            "guideline": self.guideline is not None,
        }


def of(project: Project) -> Vocabulary:
    """The project's vocabulary as it is now: three queries."""
    labels = Label.objects.filter(project=project).values_list("kind", "group", "slug", "pk")
    holders = Holder.objects.filter(project=project).values_list("slug", "private_to", "pk")
    return Vocabulary(
        labels={(kind, group, slug): key for kind, group, slug, key in labels},
        targets=dict(Target.objects.filter(project=project).values_list("slug", "pk")),
        holders={(slug, private): key for slug, private, key in holders},
    )


def additions(project: Project, scheme: Mapping[str, Any], known: Vocabulary) -> Additions:
    """What this scheme.json would add to the project."""
    found = Additions()
    for label in entries(scheme, "labels", LABEL, found):
        if (label["kind"], label["group"], label["slug"]) not in known.labels:
            found.labels.append(label)
    found.targets = [
        one for one in entries(scheme, "targets", TARGET, found) if one["slug"] not in known.targets
    ]
    found.holders = [
        one for one in entries(scheme, "holders", HOLDER, found) if (one["slug"], None) not in known.holders
    ]
    guidelines = entries(scheme, "guidelines", GUIDELINE, found)
    if guidelines and not Guideline.objects.filter(project=project).exists():
        found.guideline = guidelines[-1]["text"]
    return found


def entries(
    scheme: Mapping[str, Any], name: str, parts: Mapping[str, Part], found: Additions
) -> list[dict[str, Any]]:
    """The scheme's entries under this name; those of a wrong form become problems."""
    given = scheme.get(name) or []
    if not isinstance(given, list):
        found.problems.append(Problem("scheme.json", "wrong_type", f"{name!r} is not a list."))
        return []
    kept = []
    for number, raw in enumerate(given, start=1):
        try:
            kept.append(checked(raw, parts, f"{name} {number}"))
        except Unfit as unfit:
            found.problems.append(Problem("scheme.json", unfit.code, unfit.detail))
    return kept


def promise(known: Vocabulary, added: Additions) -> None:
    """Notes in the vocabulary what is going to be added."""
    for label in added.labels:
        known.labels.setdefault((label["kind"], label["group"], label["slug"]), None)
    for target in added.targets:
        known.targets.setdefault(target["slug"], None)
    for holder in added.holders:
        known.holders.setdefault((holder["slug"], None), None)


def extend(project: Project, added: Additions, *, membership: Membership, actor: User) -> list[Problem]:
    """Adds the entries to the project, in their order, a taken key left out; answers what could not be added."""
    problems = list(added.problems)
    keys = set(Label.objects.filter(project=project).exclude(key="").values_list("key", flat=True))
    for label in added.labels:
        if label["key"] in keys or label["key"].lower() in studies.RESERVED_KEYS:
            label = {**label, "key": ""}
        keys.add(label["key"])
        problems += attempted(
            label["slug"], lambda label=label: studies.put_label(project, label, actor=actor)
        )
    for target in added.targets:
        problems += attempted(
            target["slug"], lambda target=target: studies.put_target(project, target, actor=actor)
        )
    for holder in added.holders:
        problems += attempted(
            holder["slug"],
            lambda holder=holder: registry.add(project, **holder, membership=membership, actor=actor),
        )
    if added.guideline is not None:
        studies.write_guideline(project, added.guideline, actor=actor)
    return problems


def attempted(slug: str, add: Any) -> list[Problem]:
    """Nothing, or the problem with adding the entry; the verbs are atomic, so nothing half-added stays."""
    try:
        add()
    except Refused as refused:
        return [Problem("scheme.json", refused.code, f"{slug!r}: {refused.detail}")]
    return []
