"""What a report is asked to be about: a request's words, checked against the project, as a specification."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from annotator.agreement import SeveralTargets, Specification
from annotator.agreement.specification import CANDIDATES
from annotator.documents.models import Document
from annotator.errors import Invalid
from annotator.projects import scheme as schemes
from annotator.projects.models import Guideline, Membership, Project
from annotator.projects.scheme import Scheme

WHICH_SETS = {
    "submitted": ("human", "imported"),
    "all": ("human", "imported", "gold", "model"),
}
MOST_RESAMPLES = 10_000


def specified(given: Mapping[str, Any], project: Project) -> Specification:
    """The specification as the request and the scheme give it; raises Invalid naming what the project does not have."""
    scheme = schemes.of(project)
    target = given.get("target")
    if target is not None and target not in scheme.target_ids:
        raise Invalid("unknown_target", f"There is no target {target!r} in this project.", attr="target")
    kinds = WHICH_SETS.get(given.get("sets") or "submitted")
    if kinds is None:
        raise Invalid("invalid_choice", f"sets is one of {', '.join(WHICH_SETS)}.", attr="sets")
    bounds = bounded(given, project)
    try:
        asked = Specification(layer=given.get("layer", "stance"), target=target, kinds=kinds)
        asked = replace(asked, **bounds, labels=labels(given.get("labels"), asked.layer, scheme))
        return asked.resolved(scheme_dict(scheme))
    except SeveralTargets as error:
        raise Invalid(
            "several_targets", f"Stances have several targets here: {error}.", attr="target"
        ) from None
    except ValueError as error:
        raise Invalid("invalid_choice", str(error).capitalize() + ".", attr="layer") from None


def bounded(given: Mapping[str, Any], project: Project) -> dict[str, Any]:
    """The fields of a specification that narrow a report, and those of its resampling; what is not given is not there."""
    found: dict[str, Any] = {
        "annotators": aliases(given.get("annotators"), project),
        "documents": external_ids(given.get("documents"), project),
        "guidelines": versions(given.get("guidelines"), project),
        "candidates": among(given, "candidates", CANDIDATES),
        "resamples": number(given, "resamples", most=MOST_RESAMPLES),
        "seed": number(given, "seed", most=2**31 - 1),
        **days(given),
    }
    return {name: value for name, value in found.items() if value is not None}


def aliases(given: Sequence[str] | None, project: Project) -> tuple[str, ...] | None:
    known = set(Membership.objects.filter(project=project).values_list("alias", flat=True))
    return chosen(given, known, attr="annotators", what="annotator")


def external_ids(given: Sequence[str] | None, project: Project) -> tuple[str, ...] | None:
    if given is None:
        return None
    documents = Document.objects.filter(project=project, external_id__in=given)
    return chosen(
        given, set(documents.values_list("external_id", flat=True)), attr="documents", what="document"
    )


def labels(given: Sequence[str] | None, layer: str, scheme: Scheme) -> tuple[str, ...] | None:
    """The labels named, in the order of the scheme; of document labels those of any question."""
    declared = [label.slug for label in scheme.labels if label.kind == layer]
    found = chosen(given, set(declared), attr="labels", what=f"{layer} label")
    return found and tuple(slug for slug in dict.fromkeys(declared) if slug in found)


def versions(given: Sequence[int] | None, project: Project) -> tuple[int, ...] | None:
    known = set(Guideline.objects.filter(project=project).values_list("version", flat=True))
    return chosen(given, known, attr="guidelines", what="guideline version")


def chosen(given: Sequence[Any] | None, known: set[Any], *, attr: str, what: str) -> tuple[Any, ...] | None:
    """The values given, once each and in order; raises Invalid at the place of one that the project does not have."""
    if given is None:
        return None
    if not given:
        raise Invalid("empty", f"Name at least one {what}, or leave {attr} out for all.", attr=attr)
    for place, value in enumerate(given):
        if value not in known:
            raise Invalid("unknown", f"There is no {what} {value!r} in this project.", attr=f"{attr}.{place}")
    return tuple(sorted(set(given)))


def among(given: Mapping[str, Any], name: str, choices: Sequence[str]) -> str | None:
    value: str | None = given.get(name)
    if value is not None and value not in choices:
        raise Invalid("invalid_choice", f"{name} is one of {', '.join(choices)}.", attr=name)
    return value


def number(given: Mapping[str, Any], name: str, *, most: int) -> int | None:
    value = given.get(name)
    if value is not None and not 0 <= value <= most:
        raise Invalid("invalid", f"{name} is from 0 to {most:,}.", attr=name)
    return value


def days(given: Mapping[str, Any]) -> dict[str, str | None]:
    """The first and the last day of submission, both of UTC and both included, as the moments they begin and end."""
    first, last = day(given, "submitted_from"), day(given, "submitted_until")
    if first and last and first > last:
        raise Invalid("invalid", "The last day is before the first.", attr="submitted_until")
    return {
        "since": midnight(first) if first else None,
        "until": midnight(last + timedelta(days=1)) if last else None,
    }


def day(given: Mapping[str, Any], name: str) -> date | None:
    value = given.get(name)
    if value is None or isinstance(value, date):
        return value
    try:
        found = date.fromisoformat(value)
        return found if found < date.max else date.max - timedelta(days=1)
    except ValueError:
        raise Invalid("invalid", f"{name} is a day such as 2026-03-31.", attr=name) from None


def midnight(when: date) -> str:
    return datetime.combine(when, time.min, tzinfo=UTC).isoformat()


def scheme_dict(scheme: Scheme) -> dict[str, Any]:
    """What the agreement library wants to know of the scheme: labels and targets in their declared order."""
    return {
        "labels": [schemes.label_record(label) for label in scheme.labels],
        "targets": [schemes.target_record(target) for target in scheme.targets],
    }
