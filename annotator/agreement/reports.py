"""The agreement report: from parts of documents to figures that say what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from annotator.agreement import answers, relations, spans
from annotator.agreement.bootstrap import FEW, Resampling
from annotator.agreement.collection import parts_of
from annotator.agreement.contributions import DocumentParts, in_order, join
from annotator.agreement.details import Details, details
from annotator.agreement.figures import Figure, LeftOut, find
from annotator.agreement.specification import SeveralTargets, Specification

#: Documents whose parts are computed together.
CHUNK = 128

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Report:
    """What was asked, what entered, what was left out, and the figures."""

    layer: str
    target: str | None
    labels: tuple[str, ...]
    annotators: tuple[str, ...]
    documents: int
    sets: int
    left_out: tuple[LeftOut, ...]
    figures: tuple[Figure, ...]
    specification: Specification
    undeclared: tuple[str, ...] = ()
    details: Details = field(default_factory=Details)

    def as_dict(self) -> dict[str, Any]:
        """The report of the API, without the id and the event that only a database knows.

        What stands behind the figures is in `details.as_dict()`.
        """
        return {
            "layer": self.layer,
            "target": self.target,
            "labels": list(self.labels),
            "annotators": list(self.annotators),
            "documents": self.documents,
            "sets": self.sets,
            "left_out": [entry.as_dict() for entry in self.left_out],
            "figures": [figure.as_dict() for figure in self.figures],
        }

    def figure(self, name: str, **which: Any) -> Figure:
        """The one figure of that name (and label, pair, group, without); LookupError if there is none."""
        return find(self.figures, name, **which)


def report(
    documents: Iterable[Mapping[str, Any]],
    *,
    specification: Specification,
    scheme: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Report:
    """The report on neutral records, read once and not kept.

    `progress` is told the share of documents done (if their number is known), at the end 1.0.
    Raises Unreadable for what is no neutral record, SeveralTargets where one must be named.
    """
    specification = specification.resolved(scheme)
    total = len(documents) if isinstance(documents, Sized) else None
    chunks: list[DocumentParts] = []
    done = 0
    for chunk in _chunks(documents):
        chunks.append(parts_of(chunk, specification))
        done += len(chunk)
        if progress is not None and total:
            progress(0.8 * done / total)
    result = reduce(chunks, specification=specification, scheme=scheme)
    if progress is not None:
        progress(1.0)
    return result


def reduce(
    parts: Iterable[DocumentParts | Mapping[str, Any]],
    *,
    specification: Specification,
    scheme: Mapping[str, Any] | None = None,
) -> Report:
    """The report from parts of documents, in whatever chunks and order; as objects or as their JSON.

    The parts must have been computed with this specification, resolved by this scheme.
    """
    specification = specification.resolved(scheme)
    declared = declared_labels(scheme, specification)
    whole = in_order(
        join(part if isinstance(part, DocumentParts) else DocumentParts.from_dict(part) for part in parts),
        labels=declared,
    )
    if specification.layer == "stance" and specification.target is None and len(whole.targets) > 1:
        raise SeveralTargets(whole.targets)
    resampling = _resampling(whole, specification)
    figures = _figures(whole, specification, scheme, resampling)
    return Report(
        layer=specification.layer,
        target=specification.target or (whole.targets[0] if len(whole.targets) == 1 else None),
        labels=whole.labels,
        annotators=whole.annotators,
        documents=len(whole.documents),
        sets=len(whole.sets),
        left_out=tuple(LeftOut(reason, n, ids) for reason, (n, ids) in whole.left_out.items()),
        figures=tuple(figures),
        specification=specification,
        undeclared=tuple(name for name in whole.labels if name not in declared),
        details=details(whole, layer=specification.layer, resampling=resampling),
    )


def declared_labels(scheme: Mapping[str, Any] | None, specification: Specification) -> tuple[str, ...]:
    """The labels of the layer (and question) in the order the scheme declares them."""
    labels = (scheme or {}).get("labels") or ()
    return tuple(
        str(label["slug"])
        for label in labels
        if label.get("kind") == specification.layer
        and (specification.group is None or label.get("group") == specification.group)
        and (specification.labels is None or label["slug"] in specification.labels)
    )


def declared_answers(scheme: Mapping[str, Any] | None) -> dict[str, list[str]]:
    """The labels of every question on documents, in the order the scheme declares them."""
    declared: dict[str, list[str]] = {}
    for label in (scheme or {}).get("labels") or ():
        if label.get("kind") == "document":
            declared.setdefault(str(label.get("group")), []).append(str(label["slug"]))
    return declared


def _figures(
    whole: DocumentParts,
    specification: Specification,
    scheme: Mapping[str, Any] | None,
    resampling: Resampling,
) -> Sequence[Figure]:
    if specification.layer == "document":
        declared = declared_answers(scheme)
        return answers.figures(whole, resampling, declared=declared, metric=specification.metric)
    if specification.layer == "relation":
        return relations.figures(whole, resampling, candidates=specification.candidates)
    return spans.figures(whole, resampling)


def _resampling(whole: DocumentParts, specification: Specification) -> Resampling:
    documents = len(whole.documents)
    method = specification.interval
    if method == "auto":
        method = "jackknife" if documents < FEW else "bootstrap"
    return Resampling(documents, specification.resamples, specification.seed, specification.level, method)


def _chunks(documents: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    source = iter(documents)
    while chunk := list(islice(source, CHUNK)):
        yield chunk
