"""What a file's readings may refer to: the project's scheme, and what a bundle's scheme would add to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.accounts.models import User
from annotator.errors import Refused
from annotator.formats.neutral import Part, checked, note, one_of, positive, string
from annotator.formats.rows import Problem
from annotator.formats.values import Unfit
from annotator.history.events import record
from annotator.projects import holders as registry
from annotator.projects import scheme as schemes
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
GUIDELINE = {"version": Part(positive, required=True), "text": Part(string, required=True)}


@dataclass
class Vocabulary:
    """Slugs and the keys they have, and the guideline's versions; a key is None for what is only going to be added.

    Holders are by slug and by whom they are private to (None: the registry).
    """

    labels: dict[tuple[str, str, str], int | None]
    targets: dict[str, int | None]
    holders: dict[tuple[str, int | None], int | None]
    guidelines: set[int]

    def holder(self, slug: str, membership: Membership | None) -> int | None:
        """The holder this member means; raises KeyError for an unknown slug."""
        own = (slug, membership.pk if membership else None)
        return self.holders[own] if own in self.holders else self.holders[slug, None]


@dataclass
class Additions:
    """What a scheme has and the project has not, each entry checked.

    `problems` has what cannot be added, and a remark on whatever is here already and is not the same.
    """

    labels: list[dict[str, Any]] = field(default_factory=list)
    targets: list[dict[str, Any]] = field(default_factory=list)
    holders: list[dict[str, Any]] = field(default_factory=list)
    guidelines: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def record(self) -> dict[str, Any]:
        return {
            "labels": [
                {name: label[name] for name in ("kind", "group", "slug", "name")} for label in self.labels
            ],
            "targets": self.targets,
            "holders": self.holders,
            "guideline": bool(self.guidelines),
        }


def of(project: Project) -> Vocabulary:
    """The project's vocabulary as it is now: four queries."""
    labels = Label.objects.filter(project=project).values_list("kind", "group", "slug", "pk")
    holders = Holder.objects.filter(project=project).values_list("slug", "private_to", "pk")
    return Vocabulary(
        labels={(kind, group, slug): key for kind, group, slug, key in labels},
        targets=dict(Target.objects.filter(project=project).values_list("slug", "pk")),
        holders={(slug, private): key for slug, private, key in holders},
        guidelines=set(Guideline.objects.filter(project=project).values_list("version", flat=True)),
    )


def additions(project: Project, scheme: Mapping[str, Any]) -> Additions:
    """What this scheme.json would add to the project, and in what it differs from what is here."""
    found = Additions()
    here: dict[Any, Mapping[str, Any]]
    here = {identity(label): schemes.label_record(label) for label in Label.objects.filter(project=project)}
    found.labels = lacking(
        entries(scheme, "labels", LABEL, found), here, ("name", "definition", "color", "key"), found
    )
    here = {one.slug: schemes.target_record(one) for one in Target.objects.filter(project=project)}
    found.targets = lacking(entries(scheme, "targets", TARGET, found), here, ("name",), found)
    registered = Holder.objects.filter(project=project, private_to=None).select_related("parent")
    here = {one.slug: schemes.holder_record(one) for one in registered}
    found.holders = lacking(entries(scheme, "holders", HOLDER, found), here, ("name", "parent"), found)
    add_guidelines(project, entries(scheme, "guidelines", GUIDELINE, found), found)
    return found


def identity(label: Any) -> tuple[str, str, str]:
    return label.kind, label.group, label.slug


def lacking(
    given: Sequence[dict[str, Any]],
    here: Mapping[Any, Mapping[str, Any]],
    compared: Sequence[str],
    found: Additions,
) -> list[dict[str, Any]]:
    """The entries that are not here; a remark for every part in which one that is here is another in the file."""
    new, known = [], dict(here)
    for entry in given:
        slug = entry["slug"]
        key = (entry["kind"], entry["group"], slug) if "kind" in entry else slug
        there = known.setdefault(key, entry)
        if there is entry:
            new.append(entry)
        for part in compared:
            if entry[part] != there[part]:
                detail = (
                    f"The {part} of {slug!r} is {entry[part]!r} in the file; here it stays {there[part]!r}."
                )
                found.problems.append(Problem("scheme.json", f"{part}_differs", detail, taken=True))
    return new


def add_guidelines(project: Project, given: Sequence[dict[str, Any]], found: Additions) -> None:
    """All versions where the project has none; else its own stay, and a remark for each of the file's that is not one."""
    here = dict(Guideline.objects.filter(project=project).values_list("version", "text"))
    seen: dict[int, str] = {}
    for guideline in given:
        version, text = guideline["version"], guideline["text"]
        if version in seen and seen[version] != text:
            detail = f"Version {version} of the guideline stands twice; the first is taken."
            found.problems.append(Problem("scheme.json", "guideline_repeated", detail))
        elif version not in seen and not here:
            found.guidelines.append(guideline)
        elif version not in seen and here.get(version) != text:
            words = "has another wording here" if version in here else "is not here"
            detail = f"Version {version} of the guideline {words}; the project keeps its own versions."
            found.problems.append(Problem("scheme.json", "guideline_differs", detail, taken=version in here))
        seen.setdefault(version, text)


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
    known.guidelines.update(guideline["version"] for guideline in added.guidelines)


def extend(project: Project, added: Additions, *, membership: Membership, actor: User) -> list[Problem]:
    """Adds the entries to the project, in their order, a taken key left out; answers what could not be added."""
    problems = list(added.problems)
    keys = set(Label.objects.filter(project=project).exclude(key="").values_list("key", flat=True))
    for label in added.labels:
        if label["key"] in keys or label["key"].lower() in studies.RESERVED_KEYS:
            detail = (
                f"The key {label['key']!r} of {label['slug']!r} is taken or a command; it comes without one."
            )
            problems.append(Problem("scheme.json", "key_left_out", detail, taken=True))
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
    for guideline in added.guidelines:
        keep_guideline(project, guideline, actor=actor)
    return problems


def keep_guideline(project: Project, guideline: Mapping[str, Any], *, actor: User) -> None:
    """The version under its own number, which spans refer to."""
    version = guideline["version"]
    Guideline.objects.create(project=project, version=version, text=guideline["text"])
    record("guideline_written", f"guideline:{version}", actor_id=actor.pk, project_id=project.pk)


def attempted(slug: str, add: Any) -> list[Problem]:
    """Nothing, or the problem with adding the entry; the verbs are atomic, so nothing half-added stays."""
    try:
        add()
    except Refused as refused:
        return [Problem("scheme.json", refused.code, f"{slug!r}: {refused.detail}")]
    return []
