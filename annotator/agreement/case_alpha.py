"""Krippendorff's alpha of published cases: its metrics, its parts and what is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from annotator.agreement import alpha, kappa, weights
from annotator.agreement.case_data import (
    Unknown,
    binary_tally,
    declared,
    index_of,
    near_of,
    ratings_of,
    tally_of,
    unit_of,
)
from annotator.agreement.case_kinds import first_of
from annotator.agreement.continua import Floats
from annotator.agreement.specification import METRICS
from annotator.agreement.unitized import Ratio

Case = Mapping[str, Any]


def alpha_distance(data: Case, params: Case) -> tuple[Floats, Floats]:
    """Coincidences and the distances of their labels under the case's metric."""
    observed, labels = _coincidences(data, params)
    given = first_of(params, ("distance", "distance_matrix", "delta"))
    if isinstance(given, list):
        order = declared(data, params) or labels
        index = [index_of(order, label) for label in labels]
        return observed, alpha.checked_distance(given, order)[np.ix_(index, index)]
    metric = first_of(params, ("metric", "level", "level_of_measurement", "distance", "measurement"))
    if metric is None and first_of(params, ("weights", "weighting")) is not None:
        return observed, 1 - near_of(params, labels)
    return observed, _distances(str(metric or "nominal").lower(), observed, labels, params)


def _coincidences(data: Case, params: Case) -> tuple[Floats, tuple[Any, ...]]:
    """Coincidences and their labels: counted, or as the case prints them."""
    if "coincidence" not in str(data.get("kind")):
        tally, labels = tally_of(data, params)
        return alpha.coincidences(tally), labels
    observed = np.asarray(first_of(data, ("matrix", "coincidences", "table")), dtype=np.float64)
    if observed.ndim != 2 or not np.array_equal(observed, observed.T):
        raise ValueError("a coincidence matrix is square and symmetric")
    return observed, tuple(declared(data, params) or range(1, len(observed) + 1))


def _distances(metric: str, observed: Floats, labels: Any, params: Case) -> Floats:
    metric = metric.removesuffix("_distance").removesuffix("_metric")
    if metric in ("jaccard", "masi", "masi_nltk", "passonneau_2004", "set"):
        sets = [as_set(label) for label in labels]
        variant = str(params.get("variant") or ("nltk" if metric == "masi_nltk" else ""))
        return set_distances(metric, sets, variant)
    values = None if metric in ("nominal", "ordinal") else alpha.numbers(labels)
    if metric in ("circular", "polar_circular") and values is not None:
        return weights.circular(values, first_of(params, ("circumference", "U", "period", "around")))
    if metric in ("bipolar", "polar") and values is not None:
        low, high = (
            first_of(params, names)
            for names in (("minimum", "min", "cmin", "low"), ("maximum", "max", "cmax", "high"))
        )
        return weights.bipolar(values, low, high)
    metric = {"binary": "nominal", "rank": "ordinal"}.get(metric, metric)
    if metric not in METRICS:
        raise Unknown(f"metric {metric!r}")
    return alpha.distances(metric, observed, labels)


def as_set(label: Any) -> frozenset[Any]:
    """A label set; a text is the set of the labels it lists, or of itself."""
    if isinstance(label, frozenset):
        return label
    parts = [part.strip() for part in str(label).replace("+", ",").replace("|", ",").split(",")]
    return frozenset(part for part in parts if part)


def set_distances(metric: str, sets: list[frozenset[Any]], variant: str = "") -> Floats:
    """Distances of label sets: jaccard, masi (variant nltk, as NLTK was, rounds its thirds), passonneau_2004."""
    if metric == "jaccard":
        return alpha.jaccard(sets)
    if metric in ("passonneau_2004", "set"):
        return alpha.monotone(sets)
    if variant in ("dkpro", "product"):
        return alpha.masi_product(sets)
    return alpha.masi(sets, monotonicity=(0.67, 0.33) if variant == "nltk" else alpha.THIRDS)


def krippendorff(data: Case, params: Case) -> Ratio:
    return alpha.alpha(*alpha_distance(data, params))


def krippendorff_label(data: Case, params: Case) -> Ratio:
    observed = alpha.coincidences(binary_tally(data, params))
    return alpha.alpha(observed, alpha.distances("nominal", observed))


def krippendorff_unit(data: Case, params: Case) -> float:
    """One unit's own alpha: its disagreement over what chance gives."""
    distance = alpha_distance(data, params)[1]
    rows = ratings_of(data, params).counts()
    return float(alpha.of_units(rows, distance)[1][unit_of(data, params)])


def krippendorff_without(data: Case, params: Case) -> float:
    """Nominal alpha without one annotator."""
    found = ratings_of(data, params)
    absent = str(first_of(params, ("annotator", "without", "rater", "coder", "observer")))
    return float(kappa.leave_one_out(found)[found.annotators.index(absent)])


def krippendorff_change(data: Case, params: Case) -> float:
    """The same less alpha of everybody: above 0 if the annotator lowers it."""
    return krippendorff_without(data, params) - float(krippendorff(data, {}).agreement)
