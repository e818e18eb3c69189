"""The family of weights or distances a published case names, under whichever parameter or in the name itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotator.agreement.case_data import Unknown
from annotator.agreement.case_kinds import ANNOTATORS, LABELS, UNITS
from annotator.agreement.case_names import FAMILIES, Name, plain
from annotator.agreement.case_remarks import FORMS

Case = Mapping[str, Any]

#: Parameters for distances of labels, for what labels are, and for weights, by what they are plainly called.
METRIC, LEVEL, WEIGHTS = "metric", "level", "weights"
KEYS = {
    METRIC: (
        "metric", "level", "distance", "distance_function", "distance_metric", "distance_matrix", "difference",
        "difference_function", "delta", "dissimilarity", "method", "type", "kind",
    ),
    LEVEL: (
        "level_of_measurement", "levelofmeasurement", "measurement_level", "level_measurement", "measurement", "scale",
        "scale_type", "scale_of_measurement", "value_domain", "domain", "data_type", "data_level", "data",
    ),
    WEIGHTS: (
        "weights", "weighting", "weight", "weight_type", "weights_type", "weighting_type", "weighting_scheme", "weighted",
        "weight_matrix", "weights_matrix", "weight_function", "kappa_weights", "w", "wt",
    ),
}  # fmt: skip
_KIND = {key: kind for kind, keys in KEYS.items() for key in keys}
#: Parameters that may say something else than a family; and those that hold the name of a label, a unit, a reader.
OTHERWISE = ("method", "type", "kind", "scale", "value_domain", "domain", "data_type", "data", "measurement")
NAMES = (
    *LABELS,
    *UNITS,
    *ANNOTATORS,
    "k",
    "without",
    "true",
    "given",
    "pos_label",
    "positive_label",
    "positive",
)

#: Families by other names. In each of these groups all are the same, for weights and for distances of numbers.
SAME = {
    "identity": ("nominal", "unweighted", "none", "null", "unit", "binary"),
    "quadratic": ("interval", "squared", "numeric"),
    "linear": ("equal", "absolute"),
    "ordinal": ("rank",),
    "bipolar": ("polar",),
    "circular": ("polar_circular",),
    "passonneau_2004": ("set",),
    "masi_nltk": (),
}
_SAME = {other: name for name, others in SAME.items() for other in (name, *others)}
_ENDS = (
    "weights", "weighted", "weighting", "weight", "distance", "distances", "metric", "data", "scale", "level",
    "difference", "differences", "function",
)  # fmt: skip
#: What data may say of itself.
SAID = ("metric", "level", "level_of_measurement", "scale", "measurement")

#: Coefficients that are made of distances, and those that are made of weights.
MEASURED = ("krippendorff_alpha", "alpha_per_unit")
UNITIZED = ("cu_alpha", "ku_alpha")
WEIGHED = (
    "percent_agreement", "item_agreement", "cohen_kappa", "weighted_kappa", "scott_pi", "multi_pi", "multi_kappa",
    "fleiss_kappa", "fleiss_kappa_missing", "gwet_ac1", "gwet_ac2", "brennan_prediger", "pabak", "conger_kappa",
    "light_kappa",
)  # fmt: skip
#: Alpha's metrics where the family has another name.
METRICS = {"identity": "nominal", "quadratic": "interval"}


@dataclass(frozen=True)
class _Family:
    name: str
    kind: str


def with_family(coefficient: str, name: Name, data: Case, params: Case) -> Case:
    """The parameters with the one family that they or the name carry where the coefficient reads it.

    What the data says of itself counts for coefficients that are made of distances.

    Unknown where two are named, where it would not be read, or where weights are spoken of and none are named.
    """
    said = next((data[key] for key in SAID if family_named(data.get(key)) is not None), None)
    if coefficient in MEASURED and said is not None:
        params = {"data_level": said, **params}
    matrix, named, rest = _taken(params)
    if name.family is not None:
        named.append(_Family(_same(name.family), name.kind or METRIC))
    if matrix is not None:
        return {**rest, **_placed_matrix(coefficient, matrix)}
    named = _told_apart(coefficient, named)
    if not named:
        if name.kind in (METRIC, WEIGHTS):
            raise Unknown("weights or a metric without their name")
        return rest
    family = named[0]
    if coefficient not in (*MEASURED, *UNITIZED, *WEIGHED) or name.statistic in ("max", "label"):
        if family.name != "identity":
            raise Unknown(f"{family.name} {family.kind} of {coefficient}")
        return rest
    return {**rest, **_placed(coefficient, family)}


def _taken(params: Case) -> tuple[tuple[str, Any] | None, list[_Family], dict[str, Any]]:
    """A matrix and the kind it stands under, the families, and all other parameters."""
    matrix, named, rest = None, [], {}
    for key, value in params.items():
        kind = _KIND.get(plain(str(key)))
        family = family_named(value)
        if kind is not None and family is not None:
            named.append(_Family(family, kind))
        elif kind in (METRIC, WEIGHTS) and _is_matrix(value):
            matrix = matrix or (kind, value)
        elif kind is None and family not in (None, "identity") and key not in NAMES:
            raise Unknown(f"{value!r} as {key!r}")
        elif (
            kind is not None and plain(str(key)) not in OTHERWISE and isinstance(value, str | bool) and value
        ):
            raise Unknown(f"{key} {value!r}")
        else:
            rest[str(key)] = value
    return matrix, named, rest


def family_named(value: Any) -> str | None:
    """The family that a text names, one name for all that are the same; None if it names none."""
    if not isinstance(value, str):
        return None
    words = plain(value)
    words = FORMS.get(words, words)
    while words not in _SAME and words not in FAMILIES:
        rest, _, last = words.rpartition("_")
        if last not in _ENDS:
            return None
        words = FORMS.get(rest, rest)
    return _same(words)


def _same(family: str) -> str:
    return _SAME.get(family, family)


def _is_matrix(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, list) for row in value)


def _told_apart(coefficient: str, named: list[_Family]) -> list[_Family]:
    """One family or none: what the labels are counts where no other is named, and never as weights."""
    chosen = [family for family in named if family.kind != LEVEL]
    if coefficient in WEIGHED and not chosen and any(family.name != "identity" for family in named):
        raise Unknown("what the labels are, but not how they are weighed")
    named = chosen or named
    if len({family.name for family in named}) > 1:
        raise Unknown("two families: " + ", ".join(family.name for family in named))
    if any(family.name == "custom" for family in named):
        raise Unknown("distances of its own that are not given")
    return named


def _placed(coefficient: str, family: _Family) -> dict[str, str]:
    """Under the parameter that the coefficient reads."""
    if coefficient in WEIGHED:
        return {"weights": family.name}
    by_weights = family.kind == WEIGHTS or family.name in ("linear", "radical")
    if coefficient in UNITIZED or not by_weights or family.name in METRICS:
        return {"metric": METRICS.get(family.name, family.name)}
    return {"weights": family.name}


def _placed_matrix(coefficient: str, matrix: tuple[str, Any]) -> dict[str, Any]:
    kind, value = matrix
    if coefficient in WEIGHED or (coefficient in MEASURED and kind == WEIGHTS):
        return {"weights": value}
    if coefficient not in (*MEASURED, *UNITIZED):
        raise Unknown(f"{kind} of {coefficient}")
    return {"distance": value}
