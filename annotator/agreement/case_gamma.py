"""The coefficients of published cases that rest on the best alignment (gamma), by their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.agreement import alpha, gamma
from annotator.agreement.case_data import Unknown, one_label
from annotator.agreement.case_kinds import first_of
from annotator.agreement.case_marks import spans_of
from annotator.agreement.case_names import plain
from annotator.agreement.shuffles import Shuffle

Case = Mapping[str, Any]
#: Seconds that one case's gamma may take.
SECONDS = 60.0


def _measure(params: Case) -> gamma.Dissimilarity:
    delta = first_of(params, ("deltaEmpty", "delta_empty", "delta"))
    apart: dict[tuple[str, str], float] = {}
    given = first_of(params, ("distance", "category_distance", "cat_dissimilarity"))
    if isinstance(given, list):
        order = [str(label) for label in params.get("labels") or params.get("categories") or ()]
        matrix = alpha.checked_distance(given, order)
        apart = {(a, b): float(matrix[i, j]) for i, a in enumerate(order) for j, b in enumerate(order)}
    elif given is not None:
        raise Unknown(f"dissimilarity {given!r}")
    return gamma.Dissimilarity(
        float(params.get("alpha", 1.0)),
        float(params.get("beta", 1.0)),
        1.0 if delta is None else float(delta),
        apart,
    )


def _continuum(data: Case, params: Case) -> list[list[gamma.Unit]]:
    return [
        [gamma.Unit(start, end, label) for start, end, label in own]
        for own in spans_of(data, params).values()
    ]


def _sampler(continuum: gamma.Continuum, params: Case) -> Any:
    """How random continua are drawn; None is the way of the reports. Unknown for another."""
    named = (
        plain(str(params.get("sampler") or "statistical")).removesuffix("_sampler").removesuffix("_continuum")
    )
    if named == "statistical":
        return None
    if named in ("shuffle", "shuffled"):
        return Shuffle.of(continuum).sample
    raise Unknown(f"sampler {params['sampler']!r}")


def _gamma_of(data: Case, params: Case) -> gamma.Gamma:
    continuum = _continuum(data, params)
    samples = first_of(params, ("n_samples", "samples"))
    return gamma.gamma(
        continuum,
        dissimilarity=_measure(params),
        samples=int(samples or 30),
        precision=first_of(params, ("precision", "precision_level")),
        seed=int(params.get("seed") or 2026),
        seconds=SECONDS,
        sample=_sampler(continuum, params),
    )


def _gamma_k(data: Case, params: Case) -> float | None:
    return _gamma_of(data, params).k(str(one_label(params)))


def _gamma_disorder(data: Case, params: Case) -> float:
    return gamma.disorder(_continuum(data, params), _measure(params))


def _gamma_cat_disorder(data: Case, params: Case) -> float:
    """Of the labels of aligned units, or of those of one label; `unaligned` counts units against none."""
    continuum, measure = _continuum(data, params), _measure(params)
    named = any(key in params for key in ("label", "category", "class", "k"))
    label = str(one_label(params)) if named else None
    annotators = len(continuum) if params.get("unaligned") else None
    best = gamma.alignment(continuum, measure)
    return gamma.label_disorder(best, measure, label, annotators=annotators)


def _gamma_categorical(data: Case, params: Case) -> float:
    one, other = _two_units(data)
    return float(_measure(params).categorical([one], [other])[0, 0])


def _two_units(data: Case) -> tuple[gamma.Unit, gamma.Unit]:
    one, other = (
        gamma.Unit(data[side][0], data[side][1], str(data[side][2]) if len(data[side]) > 2 else "")
        for side in ("a", "b")
    )
    return one, other


def _gamma_positional(data: Case, params: Case) -> float:
    one, other = _two_units(data)
    return float(_measure(params).positional([one], [other])[0, 0])


def _gamma_between(data: Case, params: Case) -> float:
    one, other = _two_units(data)
    return float(_measure(params).between([one], [other])[0, 0])


GAMMA = {
    "gamma": lambda data, params: _gamma_of(data, params).value,
    "gamma_cat": lambda data, params: _gamma_of(data, params).cat,
    "gamma_k": _gamma_k,
    "gamma_observed_disorder": _gamma_disorder,
    "gamma_expected_disorder": lambda data, params: _gamma_of(data, params).expected,
    "gamma_positional_dissimilarity": _gamma_positional,
    "gamma_cat_observed_disorder": _gamma_cat_disorder,
    "gamma_categorical_dissimilarity": _gamma_categorical,
    "gamma_dissimilarity": _gamma_between,
}
