"""The coefficients of published cases on spans and segmentations, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from annotator.agreement import alpha, alpha_u, gamma, matches, pooling, segmentation, unitized
from annotator.agreement.case_data import (
    Unknown,
    index_of,
    one_label,
)
from annotator.agreement.collection import parts
from annotator.agreement.continua import Floats
from annotator.agreement.contributions import in_order
from annotator.agreement.marks import Mark
from annotator.agreement.specification import Specification
from annotator.agreement.unitized import Coincidences, Ratio

Verb = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]


def _unitizing(data: Mapping[str, Any]) -> dict[str, Ratio]:
    """Observed and expected disagreement of every label, 2004."""
    begin, length = int(data.get("begin") or 0), int(data["length"])
    found = {}
    for label, annotators in data["spans_start_len_by_category"].items():
        units = [[(start, start + size) for start, size in spans] for spans in annotators]
        found[str(label)] = alpha_u.alpha_u(units, begin=begin, length=length)
    return found


def _alpha_u(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    parts = _unitizing(data).values()
    return Ratio(
        np.asarray(sum(float(part.numerator) for part in parts)),
        np.asarray(sum(float(part.denominator) for part in parts)),
    )


def _alpha_u_label(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    return _unitizing(data)[str(one_label(params))]


def _spans(data: Mapping[str, Any]) -> tuple[Coincidences, unitized.OwnContinua, list[str]]:
    """The example as one document, on the way that a report takes; nan where spans overlap."""
    spans = data["spans_start_end_label"]
    labels = sorted({str(label) for own in spans.values() for _, _, label in own})
    record = {
        "id": "case",
        "text": " " * int(data["length"]),
        "sets": [_set(name, own) for name, own in spans.items()],
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


def _set(annotator: str, spans: Sequence[Any]) -> dict[str, Any]:
    marked = [{"id": str(i), "start": s, "end": e, "role": str(k)} for i, (s, e, k) in enumerate(spans)]
    return {"id": annotator, "annotator": annotator, "spans": marked}


def _joint(coefficient: Callable[[Coincidences], Ratio]) -> Verb:
    return lambda data, params: coefficient(_spans(data)[0])


def _of_label(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    joint, _, labels = _spans(data)
    values = unitized.ku_alpha(joint, _distance(params, joint, labels)).agreement
    return float(values[index_of(labels, one_label(params))])


def _label_coverage(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    joint, _, labels = _spans(data)
    return float(unitized.ku_coverage(joint).share[index_of(labels, one_label(params))])


def _cu_alpha(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    joint, _, labels = _spans(data)
    return unitized.cu_alpha(joint, _distance(params, joint, labels))


def _distance(params: Mapping[str, Any], joint: Coincidences, labels: Sequence[str]) -> Floats | None:
    """The distance of labels under a case's metric; None is nominal."""
    metric = str(params.get("metric") or "nominal")
    return None if metric == "nominal" else alpha.distances(metric, joint.observed[1:, 1:], labels)


def _own_label(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    _, own, labels = _spans(data)
    return float(unitized.label_u_alpha(own).agreement[index_of(labels, one_label(params))])


def _pooled(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    return unitized.pooled_label_u_alpha(_spans(data)[1])


def _coverage(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    return float(unitized.cu_coverage(_spans(data)[0]).share)


def _marks(data: Mapping[str, Any]) -> tuple[list[Mark], list[Mark]]:
    left, right = (
        [Mark(str(i), ((s, e),), str(label), None) for i, (s, e, label) in enumerate(data[side])]
        for side in ("a", "b")
    )
    return left, right


def _f1(common: Callable[[list[Mark], list[Mark]], float]) -> Verb:
    def verb(data: Mapping[str, Any], params: Mapping[str, Any]) -> float | None:
        left, right = _marks(data)
        total = len(left) + len(right)
        return 2 * common(left, right) / total if total else None

    return verb


def _f1_characters(data: Mapping[str, Any], params: Mapping[str, Any]) -> float | None:
    left, right = ({(p, m.label) for m in side for p in range(*m.hull)} for side in _marks(data))
    total = len(left) + len(right)
    return 2 * len(left & right) / total if total else None


def _f1_overlap(data: Mapping[str, Any], params: Mapping[str, Any]) -> float | None:
    share = float(params.get("iou") or params.get("threshold") or params.get("t") or matches.IOU)
    verb = _f1(lambda a, b: matches.overlapping(a, b, share=share).total())
    result: float | None = verb(data, params)
    return result


def _measure(params: Mapping[str, Any]) -> gamma.Dissimilarity:
    delta = params.get("deltaEmpty", params.get("delta_empty", 1.0))
    return gamma.Dissimilarity(float(params.get("alpha", 1.0)), float(params.get("beta", 1.0)), float(delta))


def _continuum(data: Mapping[str, Any]) -> list[list[gamma.Unit]]:
    by_annotator: dict[str, list[gamma.Unit]] = {str(name): [] for name in data.get("annotators") or ()}
    for annotator, start, end, label in data["units"]:
        by_annotator.setdefault(str(annotator), []).append(gamma.Unit(start, end, str(label)))
    return list(by_annotator.values())


def _gamma_of(data: Mapping[str, Any], params: Mapping[str, Any]) -> gamma.Gamma:
    return gamma.gamma(
        _continuum(data),
        dissimilarity=_measure(params),
        samples=int(params.get("n_samples") or 30),
        precision=params.get("precision"),
        seed=int(params.get("seed") or 2026),
        seconds=60,
    )


def _gamma_k(data: Mapping[str, Any], params: Mapping[str, Any]) -> float | None:
    return _gamma_of(data, params).k(str(one_label(params)))


def _gamma_disorder(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    return gamma.disorder(_continuum(data), _measure(params))


def _gamma_positional(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    one, other = (gamma.Unit(data[side][0], data[side][1], "") for side in ("a", "b"))
    return float(_measure(params).positional([one], [other])[0, 0])


def _n_t(params: Mapping[str, Any]) -> int:
    return int(params.get("n_t") or 2)


def _boundary(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    return segmentation.boundary_similarity(data["a"], data["b"], n_t=_n_t(params))


def _segmentation(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    return segmentation.segmentation_similarity(data["a"], data["b"], n_t=_n_t(params))


def _of_items(coefficient: Callable[..., Any]) -> Verb:
    def verb(data: Mapping[str, Any], params: Mapping[str, Any]) -> Any:
        if not isinstance(data.get("items"), Mapping):
            raise Unknown("segmentations that are not given with the case")
        return coefficient(data["items"], n_t=_n_t(params))

    return verb


def _window(metric: Callable[..., float]) -> Verb:
    return lambda data, params: metric(data["a"], data["b"], window=params.get("k") or params.get("window"))


SPANS = {
    "alpha_u_2004": _alpha_u,
    "alpha_u_2004_category": _alpha_u_label,
    "alpha_u_2004_Do": lambda data, params: float(_alpha_u_label(data, params).numerator),
    "alpha_u_2004_De": lambda data, params: float(_alpha_u_label(data, params).denominator),
    "u_alpha": _joint(unitized.u_alpha),
    "u_alpha_nominal": _joint(unitized.u_alpha),
    "bar_u_alpha": _joint(unitized.bar_u_alpha),
    "bar_u_alpha_binary": _joint(unitized.bar_u_alpha),
    "cu_alpha": _cu_alpha,
    "cu_alpha_nominal": _cu_alpha,
    "cu_coverage": _coverage,
    "ku_alpha": _of_label,
    "ku_alpha_nominal": _of_label,
    "ku_alpha_coverage": _label_coverage,
    "ku_coverage": _label_coverage,
    "label_u_alpha": _own_label,
    "pooled_label_u_alpha": _pooled,
    "span_f1_exact_label": _f1(lambda a, b: matches.exact(a, b).total()),
    "span_f1_exact": _f1(lambda a, b: matches.exact(a, b).total()),
    "span_f1_exact_unlabelled": _f1(matches.unlabelled),
    "span_f1_unlabelled": _f1(matches.unlabelled),
    "span_f1_overlap": _f1_overlap,
    "span_f1_character_level": _f1_characters,
    "span_f1_characters": _f1_characters,
    "gamma": lambda data, params: _gamma_of(data, params).value,
    "gamma_cat": lambda data, params: _gamma_of(data, params).cat,
    "gamma_k": _gamma_k,
    "gamma_observed_disorder": _gamma_disorder,
    "gamma_positional_dissimilarity": _gamma_positional,
    "boundary_similarity": _boundary,
    "segmentation_similarity": _segmentation,
    "segeval_actual_agreement_linear": _of_items(segmentation.actual_agreement),
    "segeval_fleiss_kappa_linear": _of_items(segmentation.fleiss_kappa),
    "segeval_fleiss_pi_linear": _of_items(segmentation.fleiss_pi),
    "window_diff": _window(segmentation.window_difference),
    "window_difference": _window(segmentation.window_difference),
    "windowdiff": _window(segmentation.window_difference),
    "p_k": _window(segmentation.p_k),
    "pk": _window(segmentation.p_k),
}
