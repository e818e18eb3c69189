"""The coefficients of published cases on spans, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from annotator.agreement import alpha, alpha_u, kappa, matches, pooling, ratings, unitized
from annotator.agreement.case_data import Unknown, index_of, one_label
from annotator.agreement.case_kinds import first_of
from annotator.agreement.case_marks import Span, extent, in_order_of_size, spans_of
from annotator.agreement.collection import parts
from annotator.agreement.continua import Floats
from annotator.agreement.contributions import in_order
from annotator.agreement.marks import Mark
from annotator.agreement.specification import METRICS, Specification
from annotator.agreement.unitized import Coincidences, Ratio

Case = Mapping[str, Any]
Verb = Callable[[Case, Case], Any]


def _unitizing(data: Case, params: Case) -> dict[str, Ratio]:
    """Observed and expected disagreement of every label, 2004."""
    begin, length = extent(data)
    spans = spans_of(data, params)
    found = {}
    for label in dict.fromkeys(label for own in spans.values() for _, _, label in own):
        units = [[(start, end) for start, end, other in own if other == label] for own in spans.values()]
        found[label] = alpha_u.alpha_u(units, begin=begin, length=length)
    return found


def _alpha_u(data: Case, params: Case) -> Ratio:
    parts = _unitizing(data, params).values()
    return Ratio(
        np.asarray(sum(float(part.numerator) for part in parts)),
        np.asarray(sum(float(part.denominator) for part in parts)),
    )


def _alpha_u_label(data: Case, params: Case) -> Ratio:
    return _unitizing(data, params)[str(one_label(params))]


def _alpha_u_part(data: Case, params: Case) -> Ratio:
    """Of one label if the case names one, else summed over labels."""
    named = any(key in params for key in ("label", "category", "class", "k"))
    return _alpha_u_label(data, params) if named else _alpha_u(data, params)


def _spans(data: Case, params: Case) -> tuple[Coincidences, unitized.OwnContinua, list[str]]:
    """The example as one document, on the way that a report takes; nan where spans overlap."""
    begin, length = extent(data)
    spans = spans_of(data, params)
    labels = in_order_of_size({label for own in spans.values() for _, _, label in own})
    record = {
        "id": "case",
        "text": " " * length,
        "sets": [_set(name, own, begin) for name, own in spans.items()],
    }
    everybody = pooling.group(in_order(parts(record, Specification(layer="role")), labels=labels))
    joint, own = pooling.coincidences(everybody), pooling.own_continua(everybody)
    if pooling.offenders(everybody):
        joint = Coincidences(
            *(np.full_like(part, np.nan) for part in (joint.observed, joint.square, joint.star))
        )
    return (
        unitized.summed(joint),
        unitized.OwnContinua(*(getattr(own, f).sum(axis=0) for f in ("same", "mass", "square", "total"))),
        labels,
    )


def _set(annotator: str, spans: Sequence[Span], begin: int) -> dict[str, Any]:
    marked = [
        {"id": str(i), "start": s - begin, "end": e - begin, "role": str(k)}
        for i, (s, e, k) in enumerate(spans)
    ]
    return {"id": annotator, "annotator": annotator, "spans": marked}


def _joint(coefficient: Callable[[Coincidences], Ratio]) -> Verb:
    return lambda data, params: coefficient(_spans(data, params)[0])


def _of_label(data: Case, params: Case) -> float:
    joint, _, labels = _spans(data, params)
    values = unitized.ku_alpha(joint, _distance(params, joint, labels)).agreement
    return float(values[index_of(labels, one_label(params))])


def _label_coverage(data: Case, params: Case) -> float:
    joint, _, labels = _spans(data, params)
    return float(unitized.ku_coverage(joint).share[index_of(labels, one_label(params))])


def _cu_alpha(data: Case, params: Case) -> Ratio:
    joint, _, labels = _spans(data, params)
    return unitized.cu_alpha(joint, _distance(params, joint, labels))


def _distance(params: Case, joint: Coincidences, labels: Sequence[str]) -> Floats | None:
    """The distance of labels under a case's metric; None is nominal."""
    given = first_of(params, ("distance", "metric", "level", "weights")) or "nominal"
    if isinstance(given, list):
        order = [str(label) for label in params.get("labels") or params.get("categories") or labels]
        index = [index_of(order, label) for label in labels]
        return alpha.checked_distance(given, order)[np.ix_(index, index)]
    metric = str(given).lower()
    if metric not in METRICS:
        raise Unknown(f"metric {metric!r}")
    return None if metric == "nominal" else alpha.distances(metric, joint.observed[1:, 1:], labels)


def _own_label(data: Case, params: Case) -> float:
    _, own, labels = _spans(data, params)
    return float(unitized.label_u_alpha(own).agreement[index_of(labels, one_label(params))])


def _pooled(data: Case, params: Case) -> Ratio:
    return unitized.pooled_label_u_alpha(_spans(data, params)[1])


def _coverage(data: Case, params: Case) -> float:
    return float(unitized.cu_coverage(_spans(data, params)[0]).share)


def _marks(data: Case, params: Case) -> list[list[Mark]]:
    found = [
        [Mark(str(i), ((s, e),), label, None) for i, (s, e, label) in enumerate(own)]
        for own in spans_of(data, params).values()
    ]
    if len(found) < 2:
        raise ValueError("F1 compares two annotators")
    return found


Common = Callable[[list[Mark], list[Mark]], float]


def _f1(common: Common) -> Verb:
    """2 x common / all of two annotators; of more the mean over pairs."""

    def verb(data: Case, params: Case) -> float | None:
        pairs = list(combinations(_chosen(_marks(data, params), params), 2))
        values = [2 * common(a, b) / (len(a) + len(b)) for a, b in pairs if a or b]
        return float(np.mean(values)) if values else None

    return verb


def _part(common: Common, side: int) -> Verb:
    """Precision (side 1) and recall (side 0), the first annotator's spans being the reference."""

    def verb(data: Case, params: Case) -> float | None:
        found = _chosen(_marks(data, params), params)
        if len(found) != 2:
            raise Unknown("precision and recall of other than two annotators")
        return common(found[0], found[1]) / len(found[side]) if found[side] else None

    return verb


def _chosen(found: list[list[Mark]], params: Case) -> list[list[Mark]]:
    if not any(key in params for key in ("label", "category")):
        return found
    wanted = str(one_label(params))
    return [[mark for mark in own if mark.label == wanted] for own in found]


def _f1_characters(labelled: bool) -> Verb:
    def verb(data: Case, params: Case) -> float | None:
        sides = [
            {(p, m.label if labelled else "") for m in own for p in range(*m.hull)}
            for own in _chosen(_marks(data, params), params)
        ]
        pairs = [(a, b) for a, b in combinations(sides, 2) if a or b]
        values = [2 * len(a & b) / (len(a) + len(b)) for a, b in pairs]
        return float(np.mean(values)) if values else None

    return verb


def _f1_overlap(labelled: bool) -> Verb:
    """One to one, at an intersection over union of `iou`, one half unless the case says another."""

    def verb(data: Case, params: Case) -> Any:
        given = first_of(params, ("iou", "threshold", "t", "min_iou", "overlap"))
        share = matches.IOU if given is None else float(given)

        def common(a: list[Mark], b: list[Mark]) -> float:
            if not labelled:
                a, b = ([Mark(m.id, m.fragments, "", None) for m in side] for side in (a, b))
            return matches.overlapping(a, b, share=share).total()

        return _f1(common)(data, params)

    return verb


def _exact(a: list[Mark], b: list[Mark]) -> float:
    return matches.exact(a, b).total()


def _characters(data: Case, params: Case) -> ratings.Ratings:
    """What each annotator calls every character; "" is a gap, and several labels are one composed label."""
    begin, length = extent(data)
    columns = []
    for own in spans_of(data, params).values():
        names: list[set[str]] = [set() for _ in range(length)]
        for start, end, label in own:
            for place in range(start - begin, end - begin):
                names[place].add(label)
        columns.append(["+".join(sorted(labels)) for labels in names])
    return ratings.from_matrix([list(row) for row in zip(*columns, strict=True)])


def _alpha_characters(data: Case, params: Case) -> Ratio:
    observed = alpha.coincidences(_characters(data, params).distinct())
    return alpha.alpha(observed, alpha.distances("nominal", observed))


def _kappa_characters(data: Case, params: Case) -> float:
    """Of two annotators; of more the mean over pairs."""
    return kappa.mean_pairwise(_characters(data, params))[0]


SPANS = {
    "alpha_u_2004": _alpha_u,
    "alpha_u_2004_category": _alpha_u_label,
    "alpha_u_2004_do": lambda data, params: float(_alpha_u_part(data, params).numerator),
    "alpha_u_2004_de": lambda data, params: float(_alpha_u_part(data, params).denominator),
    "u_alpha": _joint(unitized.u_alpha),
    "bar_u_alpha": _joint(unitized.bar_u_alpha),
    "cu_alpha": _cu_alpha,
    "cu_coverage": _coverage,
    "ku_alpha": _of_label,
    "ku_coverage": _label_coverage,
    "label_u_alpha": _own_label,
    "pooled_label_u_alpha": _pooled,
    "span_f1_exact": _f1(_exact),
    "span_precision_exact": _part(_exact, 1),
    "span_recall_exact": _part(_exact, 0),
    "span_f1_unlabelled": _f1(matches.unlabelled),
    "span_f1_overlap": _f1_overlap(True),
    "span_f1_overlap_unlabelled": _f1_overlap(False),
    "span_f1_characters": _f1_characters(True),
    "span_f1_characters_unlabelled": _f1_characters(False),
    "alpha_characters": _alpha_characters,
    "cohen_kappa_characters": _kappa_characters,
}
