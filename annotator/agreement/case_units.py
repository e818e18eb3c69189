"""The coefficients of published cases on fixed units, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from annotator.agreement import kappa
from annotator.agreement.case_alpha import (
    krippendorff,
    krippendorff_change,
    krippendorff_label,
    krippendorff_unit,
    krippendorff_without,
)
from annotator.agreement.case_data import (
    Unknown,
    binary_tally,
    index_of,
    labels_counted,
    near_of,
    one_label,
    ratings_of,
    table_of,
    tally_of,
    unit_of,
)
from annotator.agreement.case_fourfold import FOURFOLD
from annotator.agreement.case_kinds import kind_of
from annotator.agreement.continua import Floats
from annotator.agreement.ratings import Tally
from annotator.agreement.unitized import Ratio

Case = Mapping[str, Any]


def cohen(data: Case, params: Case) -> Ratio:
    table, labels = table_of(data, params)
    return kappa.cohen(table, 1 - near_of(params, labels))


def weighted(data: Case, params: Case) -> Ratio:
    """Weighted kappa; a case that names no weights is not guessed at."""
    needs_weights(params)
    return cohen(data, params)


def needs_weights(params: Case) -> None:
    """Unknown unless the case says how labels are weighed."""
    if not any(key in params for key in ("weights", "distance", "weighting", "weight", "metric", "level")):
        raise Unknown("a weighted coefficient without its weights")


def cohen_label(data: Case, params: Case) -> Ratio:
    table, labels = table_of(data, params)
    return kappa.cohen(kappa.binary(table, index_of(labels, one_label(params))))


def percent(data: Case, params: Case) -> float:
    tally, labels = tally_of(data, params)
    return kappa.observed(tally, near_of(params, labels))


def item_percent(data: Case, params: Case) -> float:
    """The agreement of one unit, by its name."""
    found = ratings_of(data, params)
    unit = unit_of(data, params)
    return kappa.observed(Tally.of(found.counts()[[unit]]), near_of(params, found.labels))


def complete_percent(data: Case, params: Case) -> float:
    """The share of units on which all annotators agree (of those that two judged)."""
    tally, _ = tally_of(data, params)
    judged = tally.rows.sum(axis=1)
    same = tally.rows.max(axis=1) == judged
    pairable = judged >= 2
    return float(tally.times[pairable] @ same[pairable] / tally.times[pairable].sum())


def fleiss(data: Case, params: Case) -> Ratio:
    """Fleiss' kappa; the "exact" one of some tools is Conger's."""
    if params.get("exact"):
        return conger(data, params)
    tally, labels = tally_of(data, params)
    return kappa.fleiss(tally, near_of(params, labels))


def fleiss_label(data: Case, params: Case) -> Ratio:
    tally, labels = tally_of(data, params)
    return kappa.fleiss_label(tally, index_of(labels, one_label(params)))


def scott(data: Case, params: Case) -> Ratio:
    """Of more than two annotators Fleiss' kappa, which is what multi-pi is called elsewhere."""
    tally, labels = tally_of(data, params)
    if kind_of(data) == "counts" or tally.rows.sum(axis=1).max(initial=0) > 2:
        return kappa.fleiss(tally, near_of(params, labels))
    near = near_of(params, labels)
    if np.array_equal(near, np.eye(len(near))):
        return kappa.scott(table_of(data, params)[0])
    return kappa.fleiss(tally, near)


def scott_label(data: Case, params: Case) -> Ratio:
    return kappa.fleiss(binary_tally(data, params))


def gwet(data: Case, params: Case) -> Ratio:
    tally, near = scheme_of(data, params)
    return kappa.gwet(tally, near)


def gwet_weighted(data: Case, params: Case) -> Ratio:
    """AC2; a case that names no weights is not guessed at."""
    needs_weights(params)
    return gwet(data, params)


def brennan_prediger(data: Case, params: Case) -> Ratio:
    tally, near = scheme_of(data, params)
    return kappa.brennan_prediger(tally, near)


def scheme_of(data: Case, params: Case) -> tuple[Tally, Floats]:
    """Count rows and the nearness of all labels of the scheme, used or not."""
    tally, labels = tally_of(data, params)
    near, counted = near_of(params, labels), labels_counted(params)
    if counted is not None and counted > len(near):
        if not np.array_equal(near, np.eye(len(near))):
            raise Unknown("weights of labels that are counted but not named")
        near = np.eye(counted)
    return tally, near


def conger(data: Case, params: Case) -> Ratio:
    found = ratings_of(data, params)
    return kappa.conger(found, near_of(params, found.labels))


def light(data: Case, params: Case) -> float:
    found = ratings_of(data, params)
    return kappa.mean_pairwise(found, 1 - near_of(params, found.labels))[0]


def mean_pairwise_percent(data: Case, params: Case) -> float:
    """The mean over pairs of annotators of the share of units they agree on."""
    found = ratings_of(data, params)
    tables = kappa.pair_tables(found)
    first, second = np.triu_indices(len(tables), 1)
    total = tables[first, second].sum(axis=(1, 2))
    same = np.trace(tables[first, second], axis1=1, axis2=2)
    return float((same[total > 0] / total[total > 0]).mean())


def bangdiwala(data: Case, params: Case) -> float:
    """B: the agreement's squares in the rectangles of the marginals (Bangdiwala 1985)."""
    table, _ = table_of(data, params)
    return float((np.diag(table) ** 2).sum() / (table.sum(axis=0) @ table.sum(axis=1)))


def two_labels(data: Case, params: Case) -> Ratio:
    """2 Po - 1: PABAK and G, which are of two labels."""
    tally, labels = tally_of(data, params)
    if labels_counted(params) not in (None, 2) or len(labels) > 2:
        return brennan_prediger(data, params)
    return kappa.brennan_prediger(tally, labels=2)


UNITS: Mapping[str, Callable[[Case, Case], Any]] = {
    "percent_agreement": percent,
    "mean_pairwise_percent": mean_pairwise_percent,
    "item_agreement": item_percent,
    "complete_agreement": complete_percent,
    "cohen_kappa": cohen,
    "weighted_kappa": weighted,
    "cohen_kappa_max": lambda data, params: kappa.cohen_ceiling(table_of(data, params)[0]),
    "cohen_kappa_per_category": cohen_label,
    "scott_pi": scott,
    "scott_pi_per_category": scott_label,
    "multi_pi": fleiss,
    "multi_kappa": conger,
    "fleiss_kappa": fleiss,
    "fleiss_kappa_missing": fleiss,
    "fleiss_kappa_per_category": fleiss_label,
    "krippendorff_alpha": krippendorff,
    "alpha_per_label": krippendorff_label,
    "alpha_per_unit": krippendorff_unit,
    "alpha_without": krippendorff_without,
    "alpha_without_change": krippendorff_change,
    "gwet_ac1": gwet,
    "gwet_ac2": gwet_weighted,
    "brennan_prediger": brennan_prediger,
    "pabak": two_labels,
    "conger_kappa": conger,
    "light_kappa": light,
    "f1_as_limit_of_kappa": lambda data, params: kappa.cohen(table_of(data, params)[0]),
    "bangdiwala_b": bangdiwala,
    **FOURFOLD,
}
