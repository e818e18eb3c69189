"""What a published case may ask of a coefficient besides its value: errors, limits, observed and expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt
from typing import Any

import numpy as np

from annotator.agreement import kappa, variances
from annotator.agreement.case_alpha import alpha_distance, krippendorff
from annotator.agreement.case_data import Unknown, near_of, ratings_of, table_of, tally_of
from annotator.agreement.case_kinds import first_of, kind_of
from annotator.agreement.case_names import plain
from annotator.agreement.case_units import UNITS, scheme_of
from annotator.agreement.continua import Floats
from annotator.agreement.ratings import Tally
from annotator.agreement.student import student_quantile
from annotator.agreement.unitized import Ratio

Case = Mapping[str, Any]

#: Which linearised standard error belongs to which coefficient.
LINEARISED = {
    "percent_agreement": "percent",
    "scott_pi": "fleiss",
    "multi_pi": "fleiss",
    "fleiss_kappa": "fleiss",
    "fleiss_kappa_missing": "fleiss",
    "gwet_ac1": "gwet",
    "gwet_ac2": "gwet",
    "brennan_prediger": "brennan_prediger",
    "pabak": "brennan_prediger",
    "krippendorff_alpha": "alpha",
}
COHEN = ("cohen_kappa", "weighted_kappa")
CONGER = ("conger_kappa", "multi_kappa")


def statistic(coefficient: str, which: str, data: Case, params: Case) -> float:
    """The statistic of a coefficient; Unknown where none is defined here."""
    verb = _VERBS.get(which)
    if verb is None:
        raise Unknown(f"{which} of {coefficient}")
    return verb(coefficient, data, params)


def _value(coefficient: str, data: Case, params: Case) -> float:
    found = UNITS[coefficient](data, params)
    return float(found.agreement) if isinstance(found, Ratio) else float(found)


def _parts(coefficient: str, data: Case, params: Case) -> tuple[float, float]:
    """Observed and expected disagreement, 0 to 1 for labels that are the same or as different as can be."""
    if coefficient == "krippendorff_alpha":
        observed, _ = alpha_distance(data, params)
        found = krippendorff(data, params)
        scale = float(observed.sum())
        return float(found.numerator) / scale, float(found.denominator) / scale
    found = UNITS[coefficient](data, params)
    if not isinstance(found, Ratio):
        raise Unknown(f"observed and expected agreement of {coefficient}")
    return float(found.numerator), float(found.denominator)


def error(coefficient: str, data: Case, params: Case) -> float:
    """The standard error by the method the case names, or the one customary for the coefficient."""
    method = plain(str(first_of(params, ("method", "se_method", "variance", "se")) or ""))
    if method in ("null", "h0", "under_h0"):
        return null_error(coefficient, data, params)
    if coefficient in COHEN:
        return _cohen_error(method, data, params)
    if coefficient in CONGER:
        found = ratings_of(data, params)
        return variances.conger_error(found, near_of(params, found.labels))
    if coefficient.startswith("fleiss") and method in ("fleiss_1971", "fleiss1971"):
        return variances.fleiss_error_of_1971(_unweighted(data, params))
    if coefficient not in LINEARISED:
        raise Unknown(f"standard error of {coefficient}")
    return _linearised(coefficient, data, params)


def _cohen_error(method: str, data: Case, params: Case) -> float:
    table, labels = table_of(data, params)
    near = near_of(params, labels)
    if method in ("cohen_1960", "cohen1960", "simple", "approximate"):
        found = kappa.cohen(table, 1 - near)
        agreed, chance = 1 - float(found.numerator), float(found.denominator)
        return sqrt(agreed * (1 - agreed) / float(table.sum())) / chance
    if method not in (
        "",
        "fleiss_cohen_everitt",
        "fce",
        "fleiss_1969",
        "asymptotic",
        "delta",
        "gwet",
        "irrcac",
    ):
        raise Unknown(f"standard error by {method}")
    return kappa.cohen_error(table, 1 - near)


def _linearised(coefficient: str, data: Case, params: Case) -> float:
    kind = LINEARISED[coefficient]
    if kind == "alpha":
        tally, _ = tally_of(data, params)
        distance = alpha_distance(data, params)[1]
        near = 1 - distance / max(float(distance.max()), 1e-300)
    elif kind in ("gwet", "brennan_prediger"):
        tally, near = scheme_of(data, params)
    else:
        tally, labels = tally_of(data, params)
        near = near_of(params, labels)
    return _of_tally(kind, tally, near, whole_table=kind_of(data) in ("table", "2x2"))


def _of_tally(kind: str, tally: Tally, near: Floats, *, whole_table: bool) -> float:
    """A contingency table's alpha has Scott's error: the correction for few units is left aside there."""
    shown = "fleiss" if kind == "alpha" and whole_table else kind
    return variances.standard_error(shown, tally, near, whole_table=whole_table)


def null_error(coefficient: str, data: Case, params: Case) -> float:
    """The standard error if there is no agreement beyond chance."""
    if coefficient in COHEN:
        table, labels = table_of(data, params)
        return variances.cohen_null_error(table, near_of(params, labels))
    if coefficient in ("fleiss_kappa", "multi_pi"):
        return variances.fleiss_null_error(_unweighted(data, params))
    raise Unknown(f"standard error of {coefficient} under no agreement")


def _unweighted(data: Case, params: Case) -> Tally:
    """The count rows; Unknown where labels are weighed, for which the printed error is not."""
    tally, labels = tally_of(data, params)
    if not np.array_equal(near_of(params, labels), np.eye(len(labels))):
        raise Unknown("this standard error with weights")
    return tally


def _limit(side: int) -> Callable[[str, Case, Case], float]:
    def verb(coefficient: str, data: Case, params: Case) -> float:
        level = float(
            first_of(params, ("level_of_confidence", "confidence", "confidence_level", "conf")) or 0.95
        )
        reach = _quantile(coefficient, data, params, level) * error(coefficient, data, params)
        limit = _value(coefficient, data, params) + side * reach
        clipped = side > 0 and _student(coefficient, params)
        return min(limit, 1.0) if clipped else limit

    return verb


def _student(coefficient: str, params: Case) -> bool:
    """Student's t for what irrCAC prints, the normal for Cohen's kappa, unless the case says which."""
    named = plain(str(params.get("distribution") or ""))
    if named:
        return named in ("t", "student", "student_t")
    method = plain(str(first_of(params, ("method", "se_method")) or ""))
    return coefficient not in COHEN or method in ("gwet", "irrcac")


def _quantile(coefficient: str, data: Case, params: Case, level: float) -> float:
    if not _student(coefficient, params):
        return variances.normal_quantile(level)
    least = 2 if coefficient == "krippendorff_alpha" else 1
    tally, _ = tally_of(data, params)
    units = float(tally.times[tally.rows.sum(axis=1) >= least].sum())
    return student_quantile(level, round(units) - 1)


def _z(coefficient: str, data: Case, params: Case) -> float:
    """Over the error under no agreement where that is customary (Cohen, Fleiss), else over its own."""
    custom = coefficient in (*COHEN, "fleiss_kappa") and not params.get("method")
    spread = null_error if custom else error
    return _value(coefficient, data, params) / spread(coefficient, data, params)


def _observed(coefficient: str, data: Case, params: Case) -> float:
    if coefficient == "percent_agreement":
        return _value(coefficient, data, params)
    return 1 - _parts(coefficient, data, params)[0]


def _ceiling(coefficient: str, data: Case, params: Case) -> float:
    if coefficient != "cohen_kappa":
        raise Unknown(f"maximum of {coefficient}")
    return float(kappa.cohen_ceiling(table_of(data, params)[0]).agreement)


def _of_label(coefficient: str, data: Case, params: Case) -> float:
    name = {"krippendorff_alpha": "alpha_per_label"}.get(coefficient, f"{coefficient}_per_category")
    if name not in UNITS:
        raise Unknown(f"{coefficient} of one label")
    return _value(name, data, params)


_VERBS: dict[str, Callable[[str, Case, Case], float]] = {
    "se": error,
    "se_null": null_error,
    "variance": lambda name, data, params: error(name, data, params) ** 2,
    "variance_null": lambda name, data, params: null_error(name, data, params) ** 2,
    "z": _z,
    "low": _limit(-1),
    "high": _limit(1),
    "po": _observed,
    "pe": lambda name, data, params: 1 - _parts(name, data, params)[1],
    "do": lambda name, data, params: _parts(name, data, params)[0],
    "de": lambda name, data, params: _parts(name, data, params)[1],
    "max": _ceiling,
    "label": _of_label,
}
