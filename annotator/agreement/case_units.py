"""The coefficients of published cases on fixed units, by their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from annotator.agreement import alpha, dawid_skene, kappa, ratings
from annotator.agreement.case_data import (
    Unknown,
    declared,
    index_of,
    labels_counted,
    near_of,
    numbered,
    one_label,
    ratings_of,
    table_of,
    tally_of,
)
from annotator.agreement.ratings import Tally
from annotator.agreement.specification import METRICS
from annotator.agreement.unitized import Ratio


def _cohen(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    table, labels = table_of(data, params)
    return kappa.cohen(table, 1 - near_of(params, labels))


def _cohen_label(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    table, labels = table_of(data, params)
    return kappa.cohen(kappa.binary(table, index_of(labels, one_label(params))))


def _cohen_error(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    table, labels = table_of(data, params)
    return kappa.cohen_error(table, 1 - near_of(params, labels))


def _alpha(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    tally, labels = tally_of(data, params)
    observed = alpha.coincidences(tally)
    if "distance" in params:
        order = declared(data, params) or labels
        distance = alpha.checked_distance(params["distance"], order)
        index = [index_of(order, label) for label in labels]
        return alpha.alpha(observed, distance[np.ix_(index, index)])
    metric = str(params.get("metric") or params.get("level") or "nominal")
    if metric in ("jaccard", "masi"):
        sets = [frozenset(label) for label in labels]
        return alpha.alpha(observed, alpha.jaccard(sets) if metric == "jaccard" else alpha.masi(sets))
    if metric not in METRICS:
        raise Unknown(f"metric {metric!r}")
    return alpha.alpha(observed, alpha.distances(metric, observed, labels))


def _alpha_label(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    tally, labels = tally_of(data, params)
    chosen = tally.rows[:, index_of(labels, one_label(params))]
    rows = np.stack([chosen, tally.rows.sum(axis=1) - chosen], axis=1)
    observed = alpha.coincidences(Tally(rows, tally.times))
    return alpha.alpha(observed, alpha.distances("nominal", observed))


def _percent(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    tally, labels = tally_of(data, params)
    return kappa.observed(tally, near_of(params, labels))


def _fleiss(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    tally, labels = tally_of(data, params)
    return kappa.fleiss(tally, near_of(params, labels))


def _fleiss_label(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    tally, labels = tally_of(data, params)
    return kappa.fleiss_label(tally, index_of(labels, one_label(params)))


def _scott(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    """Of more than two annotators Fleiss' kappa, which is what multi-pi is called elsewhere."""
    tally, labels = tally_of(data, params)
    if tally.rows.sum(axis=1).max(initial=0) > 2:
        return kappa.fleiss(tally, near_of(params, labels))
    return kappa.scott(table_of(data, params)[0]) if data.get("kind") != "counts" else kappa.fleiss(tally)


def _gwet(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    tally, labels = tally_of(data, params)
    near = near_of(params, labels)
    counted = labels_counted(params)
    return kappa.gwet(tally, near if counted in (None, len(near)) else None, labels=counted)


def _brennan_prediger(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    tally, labels = tally_of(data, params)
    near = near_of(params, labels)
    counted = labels_counted(params)
    return kappa.brennan_prediger(tally, near if counted in (None, len(near)) else None, labels=counted)


def _conger(data: Mapping[str, Any], params: Mapping[str, Any]) -> Ratio:
    found = ratings_of(data, params)
    return kappa.conger(found, near_of(params, found.labels))


def _light(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    found = ratings_of(data, params)
    return kappa.mean_pairwise(found, 1 - near_of(params, found.labels))[0]


def _competence(
    data: Mapping[str, Any], params: Mapping[str, Any]
) -> tuple[dawid_skene.Competence, Any, Any]:
    rows = data["rows_unit_annotator_label"]
    labels = ratings.ordered((row[2] for row in rows), declared(data, params))
    units, annotators = numbered(row[0] for row in rows), numbered(row[1] for row in rows)
    code = {label: i for i, label in enumerate(labels)}
    columns = np.array([(units[u], annotators[a], code[k]) for u, a, k in rows], dtype=np.int64).T
    shape = (len(units), len(annotators), len(labels))
    fitted = dawid_skene.fit(*columns, shape=shape, smoothing=float(params.get("smoothing") or 0))
    return fitted, labels, annotators


def _class_marginal(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    fitted, labels, _ = _competence(data, params)
    return float(fitted.prior[index_of(labels, one_label(params))])


def _error_rate(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    fitted, labels, annotators = _competence(data, params)
    observer = annotators[params["observer"]]
    return float(
        fitted.confusion[observer, index_of(labels, params["true"]), index_of(labels, params["given"])]
    )


def _posterior(data: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    fitted, labels, _ = _competence(data, params)
    units = numbered(row[0] for row in data["rows_unit_annotator_label"])
    return float(fitted.posterior[units[params["unit"]], index_of(labels, one_label(params))])


UNITS = {
    "percent_agreement": _percent,
    "percent": _percent,
    "cohen_kappa": _cohen,
    "weighted_kappa": _cohen,
    "cohen_kappa_se": _cohen_error,
    "cohen_kappa_max": lambda data, params: kappa.cohen_ceiling(table_of(data, params)[0]),
    "cohen_kappa_per_category": _cohen_label,
    "scott_pi": _scott,
    "multi_pi": _fleiss,
    "multi_kappa": _conger,
    "fleiss_kappa": _fleiss,
    "fleiss_kappa_missing": _fleiss,
    "fleiss_kappa_per_category": _fleiss_label,
    "krippendorff_alpha": _alpha,
    "alpha_nominal": _alpha,
    "alpha_per_label": _alpha_label,
    "gwet_ac1": _gwet,
    "gwet_ac2": _gwet,
    "brennan_prediger": _brennan_prediger,
    "bennett_s": _brennan_prediger,
    "randolph_kappa": _brennan_prediger,
    "pabak": _brennan_prediger,
    "conger_kappa": _conger,
    "hubert_kappa": _conger,
    "light_kappa": _light,
    "mean_pairwise_kappa": _light,
    "dawid_skene_class_marginal": _class_marginal,
    "dawid_skene_error_rate": _error_rate,
    "dawid_skene_posterior": _posterior,
    "F1 as limit of kappa": lambda data, params: kappa.cohen(table_of(data, params)[0]),
}
